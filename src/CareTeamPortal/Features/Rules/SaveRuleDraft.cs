using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Rules;

/// <summary>An officer begins a draft, or writes one anew. A table that cannot decide is refused, with all that is wrong with it.</summary>
internal sealed class SaveRuleDraft(CareDesk desk)
{
    /// <param name="Number">The draft; null begins one from the version in force.</param>
    /// <param name="Seen">The text of the draft as it was read: what somebody else wrote meanwhile is not overwritten.</param>
    internal sealed record Request(int? Number, string? Seen, RuleDocument Table, string? Note);

    public async Task<RuleResult> RunAsync(Actor actor, Request request, CancellationToken ct)
    {
        if (!RuleOfficers.IsOfficer(actor))
            return new RuleResult.NotYours();
        if (request.Note is { Length: > RuleOfficers.LongestNote })
            return new RuleResult.NoteTooLong(RuleOfficers.LongestNote);
        if (RuleDocuments.Faults(request.Table) is { Count: > 0 } faults)
            return new RuleResult.Nonsense(faults);
        var note = SafeText.Line(request.Note ?? "", RuleOfficers.LongestNote) is { Length: > 0 } words ? words : null;
        return await desk.KeepOwnAsync<RuleResult>(actor, (session, _, now) =>
        {
            if (request.Number is { } number)
            {
                if (RuleSql.Find(session, number) is not { State: RuleState.Draft } draft || draft.Json != request.Seen)
                    return new RuleResult.ChangedMeanwhile();
                // A draft stays what it was begun from: bringing it up to date is a deed of its own, which is seen.
                var edited = RuleDocuments.Write(request.Table with { BasedOn = RuleDocuments.Parse(draft.Json).BasedOn });
                RuleSql.Edit(session, number, edited, note);
                RuleSql.Record(session, actor.Person, number, RuleStep.Edited, edited, now);
                return new RuleResult.Done(number);
            }

            var versions = RuleSql.All(session);
            var current = versions.Where(v => v.State == RuleState.Current).Select(v => v.Number).DefaultIfEmpty(0).Max();
            var next = versions.Select(v => v.Number).DefaultIfEmpty(0).Max() + 1;
            var json = RuleDocuments.Write(request.Table with { BasedOn = current });
            RuleSql.Add(session, new RuleVersionRow { Number = next, State = RuleState.Draft, Json = json, MadeBy = actor.Person, MadeAt = now, Note = note });
            RuleSql.Record(session, actor.Person, next, RuleStep.Drafted, json, now);
            return new RuleResult.Done(next);
        }, ct);
    }
}

/// <summary>
/// Brings a stale draft up to date: what it changes in the version that it began from is changed in the version in force. The number stays; the officer
/// sees the comparison anew before it is proposed.
/// </summary>
internal sealed class RenewRuleDraft(CareDesk desk)
{
    public async Task<RuleResult> RunAsync(Actor actor, int number, string seen, CancellationToken ct)
    {
        if (!RuleOfficers.IsOfficer(actor))
            return new RuleResult.NotYours();
        return await desk.KeepOwnAsync<RuleResult>(actor, (session, _, now) =>
        {
            if (RuleSql.Find(session, number) is not { State: RuleState.Draft } draft || draft.Json != seen || RuleSql.CurrentNumber(session) is not { } current || RuleSql.Find(session, current) is not { } inForce)
                return new RuleResult.ChangedMeanwhile();
            var mine = RuleDocuments.Parse(draft.Json);
            var began = mine.BasedOn is { } from && RuleSql.Find(session, from) is { } before ? RuleDocuments.Parse(before.Json) : mine;
            var renewed = Merge(began, mine, RuleDocuments.Parse(inForce.Json)) with { BasedOn = current };
            if (RuleDocuments.Faults(renewed) is { Count: > 0 } faults)
                return new RuleResult.Nonsense(faults);
            var json = RuleDocuments.Write(renewed);
            // Numbers only go on: a version that is published is the highest.
            if (number < current)
            {
                var next = RuleSql.All(session)[0].Number + 1;
                RuleSql.Move(session, number, RuleState.Draft, RuleState.PutAside);
                RuleSql.Record(session, actor.Person, number, RuleStep.PutAside, draft.Json, now);
                RuleSql.Add(session, new RuleVersionRow { Number = next, State = RuleState.Draft, Json = json, MadeBy = actor.Person, MadeAt = now, Note = draft.Note });
                RuleSql.Record(session, actor.Person, next, RuleStep.Drafted, json, now);
                return new RuleResult.Done(next);
            }

            RuleSql.Edit(session, number, json, draft.Note);
            RuleSql.Record(session, actor.Person, number, RuleStep.Edited, json, now);
            return new RuleResult.Done(number);
        }, ct);
    }

    /// <summary>The newer table with the changes that a draft made to an older one: right by right, so that both stay.</summary>
    internal static RuleDocument Merge(RuleDocument began, RuleDocument mine, RuleDocument now)
    {
        RuleLine? Find(RuleDocument table, RuleLine line) => table.Lines.FirstOrDefault(l => l.Role == line.Role && l.Line == line.Line);
        static InformationCategory Both(InformationCategory from, InformationCategory to, InformationCategory now) => (now | (to & ~from)) & ~(from & ~to);
        var lines = new List<RuleLine>();
        foreach (var line in now.Lines)
        {
            var (from, to) = (Find(began, line), Find(mine, line));
            if (from is null || to is null)
            {
                if (from is null || to is not null)
                    lines.Add(to is null ? line : to with { Number = line.Number }); // theirs alone, or added by both
                continue; // taken away by me
            }

            lines.Add(line with { Read = Both(from.Read, to.Read, line.Read), Write = Both(from.Write, to.Write, line.Write), HandOff = Both(from.HandOff, to.HandOff, line.HandOff), Invite = Both(from.Invite, to.Invite, line.Invite) });
        }

        foreach (var added in mine.Lines.Where(l => Find(now, l) is null && Find(began, l) is null))
            lines.Add(lines.Exists(l => l.Number == added.Number) ? added with { Number = lines.Max(l => l.Number) + 1 } : added);
        return new([.. lines]);
    }
}
