using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Pathways;

/// <summary>How a running pathway would change by the newest version of its template, in lines; what is done or made stays.</summary>
internal sealed class ReadNewVersion(CareDesk desk, PathwayFiling pathways, TemplateLibrary library) : PatientUseCase<ReadNewVersion.Request, IReadOnlyList<string>>(desk)
{
    internal sealed record Request(string Id);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<IReadOnlyList<string>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
        ValueTask.FromResult<IReadOnlyList<string>>(pathways.Find(reader.Session, room, request.Id) is { } stored && ReadStart.MayStart(room) && library.Find(reader.Session, stored.Pathway.Template, null) is { } template
            ? [.. NewVersion.Compare(stored.Pathway, template).Select(NewVersion.Say)] : []), ct);
}

/// <summary>Takes over a newer version of the template for one patient: what nothing was made for follows it; what is made or done stays as it is. Never by itself: a person accepts.</summary>
internal sealed class TakeNewVersion(CareDesk desk, PathwayFiling pathways, TemplateLibrary library, TaskFiling tasks) : PatientUseCase<TakeNewVersion.Request, PathwayOutcome>(desk)
{
    /// <param name="Version">The version that the person saw the comparison of.</param>
    internal sealed record Request(string Id, int SeenVersion, int Version);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<PathwayOutcome> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => PathwayChange.RunAsync(room, pathways, request.Id, request.SeenVersion, (writer, stored, by) =>
    {
        var pathway = stored.Pathway;
        if (library.Find(writer.Session, pathway.Template, null) is not { Status: TemplateStatus.Active } template || template.Version != request.Version || template.Version <= pathway.TemplateVersion)
            throw PathwayChange.Refuse(PathwayOutcome.ChangedMeanwhile);
        var next = NewVersion.Apply(pathway, template);
        // A role that the new version brings is its leader's until somebody else is asked.
        foreach (var step in next.Steps.Where(s => s is { Made: null, Skipped: false, DoneAt: null }))
        {
            if (!PathwayPlan.IsSound(step))
                throw PathwayChange.Refuse(PathwayOutcome.NotSound);
            if (tasks.Eligible(writer.Session, room.Patient, step.Owner, step.ForProfessionals ? Audience.Professionals : pathway.Audience, InformationCategory.Tasks, room.Now).Count == 0)
                throw PathwayChange.Refuse(PathwayOutcome.Nobody);
        }

        next = next with { Steps = [.. next.Steps.Select(s => PathwayPlan.IsMadeNow(next, s, room.Now) && next.Phases.Any(p => p.Id == s.Phase && p.IsCurrent) ? pathways.Make(writer, next, s) : s)] };
        return (next, [new PathwayEvent("version", PathwayWords.Get("Event.Version", next.Title, template.Version))]);
    }, ct);
}

/// <summary>What a newer version of a template changes in a running pathway. Pure.</summary>
internal static class NewVersion
{
    internal enum Change
    {
        Added = 0,
        Gone = 1,

        /// <summary>Its words, day or limits are others; nothing was made for it yet.</summary>
        Other = 2,

        /// <summary>The same, but it is made or done: it stays as it is.</summary>
        Stays = 3,
        Phase = 4,
    }

    public static string Say((Change Change, string Title) line) => PathwayWords.Get($"Version.{line.Change}", line.Title);

    private static bool IsFixed(PathwayStep step) => step.Made is not null || step.DoneAt is not null || step.Skipped || step.Added;

    /// <summary>The pathway as the template would have it now.</summary>
    public static Pathway Apply(Pathway pathway, PathwayTemplate template)
    {
        var roles = pathway.Roles.ToDictionary(r => r.Id, r => r.Party, StringComparer.Ordinal);
        foreach (var role in template.Roles)
            roles.TryAdd(role.Id, pathway.Lead);
        var present = pathway.Steps.ToDictionary(s => s.Id, StringComparer.Ordinal);
        var steps = new List<PathwayStep>();
        foreach (var (phase, step) in template.Steps)
        {
            var planned = PathwayPlan.StepOf(template, phase, step, pathway.StartedAt, roles, null) with { Goal = null };
            steps.Add(!present.TryGetValue(step.Id, out var old) ? planned : IsFixed(old) ? old with { Phase = phase.Id } : planned with { Owner = old.Owner, Due = old.Due != old.Planned ? old.Due : planned.Due, Goal = old.Goal });
        }

        var kept = pathway.Phases.ToDictionary(p => p.Id, StringComparer.Ordinal);
        List<PathwayPhase> phases = [.. template.Phases.Select(p => PathwayPlan.PhaseOf(p, pathway.StartedAt) is var fresh && kept.TryGetValue(p.Id, out var was) ? fresh with { EnteredAt = was.EnteredAt, LeftAt = was.LeftAt, LeftBy = was.LeftBy, ByCriteria = was.ByCriteria } : fresh)];
        // A phase that is gone stays when the patient is in it or went through it, or when work of it is made.
        var ids = template.Steps.Select(s => s.Step.Id).ToHashSet(StringComparer.Ordinal);
        steps.AddRange(pathway.Steps.Where(s => !ids.Contains(s.Id) && IsFixed(s)));
        phases.AddRange(pathway.Phases.Where(p => !phases.Exists(n => n.Id == p.Id) && (p.EnteredAt is not null || steps.Exists(s => s.Phase == p.Id))));
        return pathway with
        {
            TemplateVersion = template.Version, Title = template.Title, Purpose = template.Purpose, Phases = [.. phases.OrderBy(p => p.PlannedFrom)], Steps = steps,
            Roles = [.. template.Roles.Select(r => new PathwayRole(r.Id, r.Title, roles[r.Id])), .. pathway.Roles.Where(r => !template.Roles.Any(t => t.Id == r.Id))],
        };
    }

    /// <summary>The differences, in the order of the phases.</summary>
    public static IReadOnlyList<(Change Change, string Title)> Compare(Pathway pathway, PathwayTemplate template)
    {
        var next = Apply(pathway, template);
        var present = pathway.Steps.ToDictionary(s => s.Id, StringComparer.Ordinal);
        var lines = new List<(Change, string)>();
        lines.AddRange(next.Phases.Where(p => pathway.Phases.FirstOrDefault(o => o.Id == p.Id) is not { } old || old.Title != p.Title || old.PlannedUntil != p.PlannedUntil).Select(p => (Change.Phase, p.Title)));
        foreach (var step in next.Steps)
        {
            if (!present.TryGetValue(step.Id, out var old))
                lines.Add((Change.Added, step.Title));
            else if (IsFixed(old))
            {
                if (template.Steps.FirstOrDefault(s => s.Step.Id == step.Id) is { Step: { } fresh } && !old.Added && (fresh.Title != old.Title || Pathway.DueOf(fresh.Due, pathway.StartedAt) != old.Planned))
                    lines.Add((Change.Stays, old.Title));
            }
            else if (!IsSame(old, step))
                lines.Add((Change.Other, step.Title));
        }

        lines.AddRange(pathway.Steps.Where(s => !next.Steps.Any(n => n.Id == s.Id)).Select(s => (Change.Gone, s.Title)));
        return lines;
    }

    private static bool IsSame(PathwayStep one, PathwayStep other) => (one.Title, one.Detail, one.Planned, one.Phase, one.Repeat, one.IsOptional, one.Priority, one.Loinc, one.Questionnaire, one.Scope) == (other.Title, other.Detail, other.Planned, other.Phase, other.Repeat, other.IsOptional, other.Priority, other.Loinc, other.Questionnaire, other.Scope)
        && one.Checklist.SequenceEqual(other.Checklist) && one.Limits.Select(l => l.Threshold).SequenceEqual(other.Limits.Select(l => l.Threshold with { Since = DateTime.UnixEpoch }));
}
