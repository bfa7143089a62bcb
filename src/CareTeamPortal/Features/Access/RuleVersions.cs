using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// The versions of the sharing rules: anyone signed in reads them; governance officers write a draft, propose it, and another officer approves. From that
/// moment on it is what decides, for everyone, everywhere.
/// </summary>
internal sealed class RuleVersions(CareDesk desk, RuleBook rules, PeopleDirectory people)
{
    internal sealed record Version(int Number, RuleState State, RuleDocument Table, string? MadeBy, DateTime MadeAt, string? ProposedBy, DateTime? ProposedAt, string? ApprovedBy, DateTime? ApprovedAt, string? Note, bool MayEdit, bool MayApprove);

    internal abstract record Result;

    internal sealed record Done(int Number) : Result;

    /// <summary>Not an officer, not in that state any more, or the approval of one's own proposal.</summary>
    internal sealed record NotPossible : Result;

    /// <summary>It is no table that can decide; the words are for who edits it.</summary>
    internal sealed record BadTable(string Words) : Result;

    /// <summary>Keeps version 1 in the table of versions, once.</summary>
    public Task SeedAsync(CancellationToken ct) => desk.KeepOwnAsync(Actor.Portal, (session, _, now) => RuleSql.CurrentNumber(session) is null
        && RuleSql.Add(session, new RuleVersionRow { Number = 1, State = RuleState.Current, Json = RuleDocuments.First(), MadeAt = now, ApprovedAt = now }), ct);

    /// <summary>All versions, newest first; drafts for officers only.</summary>
    public Task<IReadOnlyList<Version>> ReadAsync(Actor actor, CancellationToken ct) => desk.ReadForTheClockAsync<IReadOnlyList<Version>>(session =>
        [.. RuleSql.All(session).Where(v => v.State is RuleState.Current or RuleState.Older || IsOfficer(actor)).Select(v => new Version(
            v.Number, v.State, RuleDocuments.Parse(v.Json), Name(v.MadeBy), v.MadeAt, Name(v.ProposedBy), v.ProposedAt, Name(v.ApprovedBy), v.ApprovedAt, v.Note,
            IsOfficer(actor) && v.State == RuleState.Draft, IsOfficer(actor) && v.State == RuleState.Proposed && v.ProposedBy != actor.Person))], ct);

    /// <summary>Begins a draft, or writes the text of one anew.</summary>
    /// <param name="number">The draft; null for a new one.</param>
    public Task<Result> DraftAsync(Actor actor, int? number, RuleDocument table, string? note, CancellationToken ct)
    {
        string json;
        try
        {
            RuleDocuments.Check(table);
            json = RuleDocuments.Write(table);
        }
        catch (RuleDocumentException fault)
        {
            return Task.FromResult<Result>(new BadTable(fault.Message));
        }

        var why = note is null ? null : SafeText.Line(note, 1000);
        return WriteAsync(actor, (session, now) => number is { } draft
            ? RuleSql.Edit(session, draft, json, why) ? draft : null
            : RuleSql.All(session).Select(v => v.Number).DefaultIfEmpty(0).Max() + 1 is var next && RuleSql.Add(session, new RuleVersionRow { Number = next, State = RuleState.Draft, Json = json, MadeBy = actor.Person, MadeAt = now, Note = why }) ? next : null, ct);
    }

    /// <summary>Puts a draft before the other officers.</summary>
    public Task<Result> ProposeAsync(Actor actor, int number, CancellationToken ct) => WriteAsync(actor, (session, now) =>
    {
        if (!RuleSql.Move(session, number, RuleState.Draft, RuleState.Proposed))
            return null;
        RuleSql.SetProposed(session, number, actor.Person, now);
        return number;
    }, ct);

    /// <summary>Takes a proposal back into a draft, or puts a draft aside.</summary>
    public Task<Result> TakeBackAsync(Actor actor, int number, CancellationToken ct) => WriteAsync(actor, (session, _) =>
    {
        if (RuleSql.Move(session, number, RuleState.Proposed, RuleState.Draft))
        {
            RuleSql.SetProposed(session, number, null, null);
            return number;
        }

        return RuleSql.Move(session, number, RuleState.Draft, RuleState.PutAside) ? number : null;
    }, ct);

    /// <summary>Approves what another officer proposed: it is in force at once, and the one before is an older one.</summary>
    public async Task<Result> ApproveAsync(Actor actor, int number, CancellationToken ct)
    {
        var result = await WriteAsync(actor, (session, now) =>
        {
            var current = RuleSql.CurrentNumber(session);
            // A proposal from before the present version was published would take that one back unseen: it is made anew.
            if (RuleSql.Find(session, number) is not { State: RuleState.Proposed } proposal || proposal.ProposedBy == actor.Person || number <= current)
                return null;
            if (current is { } before)
                RuleSql.Move(session, before, RuleState.Current, RuleState.Older);
            RuleSql.Move(session, number, RuleState.Proposed, RuleState.Current);
            RuleSql.SetApproved(session, number, actor.Person, now);
            return number;
        }, ct);
        if (result is Done)
            await desk.ReadForTheClockAsync(session => rules.Follow(session, number), ct);
        return result;
    }

    /// <summary>What changes for whom.</summary>
    public static IReadOnlyList<RuleChange> Compare(RuleDocument before, RuleDocument after) => RuleChanges.Between(before, after);

    private async Task<Result> WriteAsync(Actor actor, Func<DbSession, DateTime, int?> write, CancellationToken ct) =>
        IsOfficer(actor) && await desk.KeepOwnAsync(actor, (session, _, now) => write(session, now), ct) is { } number ? new Done(number) : new NotPossible();

    private static bool IsOfficer(Actor actor) => actor.Discipline == Discipline.GovernanceOfficer;

    private string? Name(PersonId? person) => person is { } id ? people.Find(id)?.DisplayName ?? id.Value : null;
}
