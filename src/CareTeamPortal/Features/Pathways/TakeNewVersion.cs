using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Pathways;

/// <summary>One thing that a newer version of the template changes for a patient.</summary>
/// <param name="Details">What of it changes, each as it was and as it becomes.</param>
public sealed record VersionLine(string Words, IReadOnlyList<string> Details);

/// <summary>How a running pathway would change by the newest version of its template, in lines; what is done or made stays.</summary>
internal sealed class ReadNewVersion(CareDesk desk, PathwayFiling pathways, TemplateLibrary library) : PatientUseCase<ReadNewVersion.Request, IReadOnlyList<VersionLine>>(desk)
{
    internal sealed record Request(string Id);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<IReadOnlyList<VersionLine>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
        ValueTask.FromResult<IReadOnlyList<VersionLine>>(pathways.Find(reader.Session, room, request.Id) is { } stored && ReadStart.MayStart(room) && library.Find(reader.Session, stored.Pathway.Template, null) is { } template
            ? NewVersion.Compare(stored.Pathway, library.Find(reader.Session, stored.Pathway.Template, stored.Pathway.TemplateVersion), template, room.Now) : []), ct);
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

        next = next with { Steps = [.. next.Steps.Select(s => PathwayPlan.IsMadeNow(next, s, room.Now) && next.Phases.Any(p => p.Id == s.Phase && p.IsCurrent) ? pathways.Make(writer, next, s, share: true) : s)] };
        return (next, [new PathwayEvent("version", PathwayWords.Get("Event.Version", next.Title, template.Version))]);
    }, ct);
}

/// <summary>What a newer version of a template changes in a running pathway. Pure.</summary>
internal static class NewVersion
{
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

    /// <summary>The differences, in the order of the phases: what comes, what changes and how, what goes, and what stays although the template has it otherwise.</summary>
    /// <param name="before">The version that the pathway follows; null when it is not kept: then what is made is compared as it stands.</param>
    /// <param name="now">Today, for words of days.</param>
    public static IReadOnlyList<VersionLine> Compare(Pathway pathway, PathwayTemplate? before, PathwayTemplate template, DateTime now)
    {
        var next = Apply(pathway, template);
        var present = pathway.Steps.ToDictionary(s => s.Id, StringComparer.Ordinal);
        var phases = pathway.Phases.Concat(next.Phases).DistinctBy(p => p.Id).ToDictionary(p => p.Id, p => p.Title, StringComparer.Ordinal);
        var roles = next.Roles.ToDictionary(r => r.Id, r => r.Party, StringComparer.Ordinal);
        var lines = new List<VersionLine>();
        void Add(string kind, string title, IReadOnlyList<string>? details = null) => lines.Add(new(PathwayWords.Get("Version." + kind, title), details ?? []));

        if (pathway.Title != template.Title)
            Add("Title", template.Title);
        foreach (var role in template.Roles.Where(r => pathway.Roles.All(o => o.Id != r.Id)))
            Add("Role", role.Title, [PathwayWords.Get("Version.Role.Lead", pathway.Lead.Display)]);
        foreach (var phase in next.Phases)
        {
            if (pathway.Phases.FirstOrDefault(o => o.Id == phase.Id) is not { } old)
                Add("PhaseNew", phase.Title, [Days(phase, now)]);
            else if (old.Title != phase.Title || old.PlannedFrom != phase.PlannedFrom || old.PlannedUntil != phase.PlannedUntil || old.Entry != phase.Entry || old.Exit != phase.Exit)
                Add("Phase", old.Title, [.. Texts(("Field.Title", old.Title, phase.Title), ("Change.Days", Days(old, now), Days(phase, now)), ("Field.Entry", old.Entry, phase.Entry), ("Field.Exit", old.Exit, phase.Exit))]);
        }

        foreach (var phase in pathway.Phases.Where(p => next.Phases.All(n => n.Id != p.Id)))
            Add("PhaseGone", phase.Title);
        foreach (var step in next.Steps)
        {
            if (!present.TryGetValue(step.Id, out var old))
                Add("Added", step.Title, [phases[step.Phase], step.Kind is StepKind.Information ? "" : PathwayChange.Day(step.Due, now), .. step.Limits.Select(l => TemplateWords.Get("Change.LimitNew", Limit(l)))]);
            else if (!IsFixed(old))
            {
                if (Differences(old, step, phases, now) is { Count: > 0 } other)
                    Add("Other", old.Title, other);
            }
            else if (!old.Added)
            {
                if (template.Steps.FirstOrDefault(s => s.Step.Id == step.Id) is not { Step: { } fresh } found)
                    Add("GoneStays", old.Title);
                // What a person adapted for this patient is no difference between the versions.
                else if (Differences(before?.Steps.FirstOrDefault(s => s.Step.Id == step.Id) is { Step: not null } was ? PathwayPlan.StepOf(before, was.Phase, was.Step, pathway.StartedAt, roles, null) : old, PathwayPlan.StepOf(template, found.Phase, fresh, pathway.StartedAt, roles, null), phases, now) is { Count: > 0 } otherwise)
                    Add("Stays", old.Title, otherwise);
            }
        }

        foreach (var gone in pathway.Steps.Where(s => next.Steps.All(n => n.Id != s.Id)))
            Add("Gone", gone.Title, [phases[gone.Phase]]);
        return [.. lines.Select(l => l with { Details = [.. l.Details.Where(d => d.Length > 0)] })];
    }

    /// <summary>What of a step differs, in words.</summary>
    private static List<string> Differences(PathwayStep old, PathwayStep step, Dictionary<string, string> phases, DateTime now)
    {
        var found = Texts(
            ("Field.Title", old.Title, step.Title), ("Change.PhaseOf", phases.GetValueOrDefault(old.Phase), phases.GetValueOrDefault(step.Phase)), ("Field.Kind", TemplateWords.Get("Kind." + old.Kind), TemplateWords.Get("Kind." + step.Kind)),
            ("Field.Due", PathwayChange.Day(old.Planned, now), PathwayChange.Day(step.Planned, now)), ("Field.Repeat", Often(old), Often(step)), ("Field.Detail", old.Detail, step.Detail), ("Field.Scope", old.Scope, step.Scope),
            ("Field.Loinc", Measured(old), Measured(step)), ("Field.Questionnaire", Asks(old), Asks(step)), ("Priority", TemplateWords.Get("Priority." + old.Priority), TemplateWords.Get("Priority." + step.Priority)), ("Field.Source", old.Source, step.Source)).ToList();
        if (old.Planned != step.Planned && old.Due != old.Planned && old.Due != step.Due)
            found.Add(PathwayWords.Get("Version.DayKept", PathwayChange.Day(old.Due, now)));
        found.AddRange(step.Checklist.Except(old.Checklist).Select(c => TemplateWords.Get("Change.CheckNew", c)));
        found.AddRange(old.Checklist.Except(step.Checklist).Select(c => TemplateWords.Get("Change.CheckGone", c)));
        if (old.IsOptional != step.IsOptional)
            found.Add(TemplateWords.Get(step.IsOptional ? "Change.Optional" : "Change.Mandatory"));
        if (old.ForProfessionals != step.ForProfessionals)
            found.Add(TemplateWords.Get(step.ForProfessionals ? "Change.Professionals" : "Change.Everyone"));
        foreach (var limit in step.Limits)
        {
            if (old.Limits.FirstOrDefault(l => l.Threshold.Id == limit.Threshold.Id) is not { } was)
                found.Add(TemplateWords.Get("Change.LimitNew", Limit(limit)));
            else if (was.Threshold with { Since = DateTime.UnixEpoch } != limit.Threshold with { Since = DateTime.UnixEpoch } || was.ToDo != limit.ToDo || was.Owner?.IsSame(limit.Owner) == false)
                found.Add(Limit(was) == Limit(limit) ? TemplateWords.Get("Change.LimitSaid", Limit(limit)) : TemplateWords.Get("Change.Limit", Limit(was), Limit(limit)));
        }

        found.AddRange(old.Limits.Where(l => step.Limits.All(n => n.Threshold.Id != l.Threshold.Id)).Select(l => TemplateWords.Get("Change.LimitGone", Limit(l))));
        return found;
    }

    private static IEnumerable<string> Texts(params IReadOnlyList<(string Field, string? Was, string? Now)> pairs)
    {
        foreach (var (field, was, now) in pairs)
        {
            if ((was ?? "") == (now ?? ""))
                continue;
            var name = TemplateWords.Get(field);
            yield return string.IsNullOrEmpty(was) ? TemplateWords.Get("Change.Set", name, Short(now!)) : string.IsNullOrEmpty(now) ? TemplateWords.Get("Change.Gone", name, Short(was))
                : was.Length + now.Length > 200 ? TemplateWords.Get("Change.Rewritten", name) : TemplateWords.Get("Change.From", name, Short(was), Short(now));
        }
    }

    private static string Limit(AlertRule rule) => $"{AlertWords.Limit(rule.Threshold)} ({AlertWords.Get("Severity." + rule.Threshold.Severity)})";

    private static string? Measured(PathwayStep step) => step.Loinc is { } loinc ? TemplateWords.Measures(loinc) : null;

    private static string? Asks(PathwayStep step) => step.Questionnaire is { } questionnaire ? TemplateWords.Get("Questionnaire." + questionnaire) : null;

    private static string Often(PathwayStep step) => step.Repeat is { } repeat ? TaskSentences.Repeat(repeat) : TemplateWords.Get("Once");

    private static string Days(PathwayPhase phase, DateTime now) => phase.PlannedUntil is { } until ? PathwayWords.Get("Dates", PathwayChange.Day(phase.PlannedFrom, now), PathwayChange.Day(until, now)) : PathwayWords.Get("Dates.From", PathwayChange.Day(phase.PlannedFrom, now));

    private static string Short(string text) => Platform.Text.SafeText.Truncate(Platform.Text.SafeText.Line(text, 2_000), 160);
}
