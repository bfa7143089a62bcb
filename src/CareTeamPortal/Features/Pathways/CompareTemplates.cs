using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Pathways;

/// <summary>One thing that differs between two versions of a template.</summary>
/// <param name="Phase">Id of the phase as it is now; of what is gone, as it was; null for the whole.</param>
/// <param name="Step">Id of the step; null for the phase or the whole.</param>
/// <param name="Place">Where, in words.</param>
/// <param name="Words">What changed, in words.</param>
public sealed record TemplateChange(string? Phase, string? Step, string Place, string Words);

/// <summary>Says in words what changed between two versions of a template, in the order in which a template is read.</summary>
internal static class CompareTemplates
{
    public static IReadOnlyList<TemplateChange> Between(PathwayTemplate before, PathwayTemplate after)
    {
        var found = new List<TemplateChange>();
        void Add(string? phase, string? step, string place, string words) => found.Add(new(phase, step, place, words));
        void Text(string? phase, string? step, string place, string field, string? was, string? now, bool isLong = false)
        {
            if ((was ?? "") == (now ?? ""))
                return;
            var name = TemplateWords.Get("Field." + field);
            Add(phase, step, place, string.IsNullOrEmpty(was) ? TemplateWords.Get("Change.Set", name, Short(now!)) : string.IsNullOrEmpty(now) ? TemplateWords.Get("Change.Gone", name, Short(was))
                : isLong && was.Length + now.Length > 200 ? TemplateWords.Get("Change.Rewritten", name) : TemplateWords.Get("Change.From", name, Short(was), Short(now)));
        }

        var whole = TemplateWords.Get("Change.Whole");
        Text(null, null, whole, "Title", before.Title, after.Title);
        Text(null, null, whole, "Purpose", before.Purpose, after.Purpose, true);
        if (before.Status != after.Status)
            Add(null, null, whole, TemplateWords.Get("Change.Status." + after.Status));
        Set(before.Sources, after.Sources, s => s.Id, s => s.Label, "Source", (was, now) => was == now ? null : Told(now.Label, now.Url));
        Set(before.Roles, after.Roles, r => r.Id, r => r.Title, "Role", (was, now) => was.Title == now.Title && was.Disciplines.SequenceEqual(now.Disciplines) ? null : Told(now.Title, string.Join(", ", now.Disciplines.Select(Roles.Title))));
        Set(before.Goals, after.Goals, g => g.Id, g => g.Text, "Goal", (was, now) => was == now ? null : Told(now.Text, now.Target));

        var oldPhases = before.Phases.DistinctBy(p => p.Id).ToDictionary(p => p.Id, StringComparer.Ordinal);
        var newPhases = after.Phases.DistinctBy(p => p.Id).ToDictionary(p => p.Id, StringComparer.Ordinal);
        var oldSteps = before.Steps.DistinctBy(s => s.Step.Id).ToDictionary(s => s.Step.Id, StringComparer.Ordinal);
        var newSteps = after.Steps.DistinctBy(s => s.Step.Id).ToDictionary(s => s.Step.Id, StringComparer.Ordinal);
        if (!before.Phases.Select(p => p.Id).Where(newPhases.ContainsKey).SequenceEqual(after.Phases.Select(p => p.Id).Where(oldPhases.ContainsKey)))
            Add(null, null, whole, TemplateWords.Get("Change.PhaseOrder"));
        foreach (var phase in after.Phases)
        {
            var place = TemplateWords.Get("Change.Phase", phase.Title);
            if (!oldPhases.TryGetValue(phase.Id, out var was))
            {
                Add(phase.Id, null, place, TemplateWords.Get("Change.PhaseNew", TemplateWords.Days(phase)));
            }
            else
            {
                Text(phase.Id, null, place, "Title", was.Title, phase.Title);
                if ((was.FromDay, was.UntilDay) != (phase.FromDay, phase.UntilDay))
                    Add(phase.Id, null, place, TemplateWords.Get("Change.Moved", TemplateWords.Days(was), TemplateWords.Days(phase)));
                Text(phase.Id, null, place, "Entry", was.Entry, phase.Entry, true);
                Text(phase.Id, null, place, "Exit", was.Exit, phase.Exit, true);
                if (!was.Steps.Select(s => s.Id).Where(id => phase.Steps.Any(s => s.Id == id)).SequenceEqual(phase.Steps.Select(s => s.Id).Where(id => was.Steps.Any(s => s.Id == id))))
                    Add(phase.Id, null, place, TemplateWords.Get("Change.StepOrder"));
            }

            foreach (var step in phase.Steps)
                Step(phase, step);
            foreach (var gone in was?.Steps.Where(s => !newSteps.ContainsKey(s.Id)) ?? [])
                Add(phase.Id, gone.Id, TemplateWords.Get("Change.Step", phase.Title, gone.Title), TemplateWords.Get("Change.StepGone"));
        }

        foreach (var gone in before.Phases.Where(p => !newPhases.ContainsKey(p.Id)))
        {
            Add(gone.Id, null, TemplateWords.Get("Change.Phase", gone.Title), TemplateWords.Get("Change.PhaseGone"));
            foreach (var step in gone.Steps.Where(s => !newSteps.ContainsKey(s.Id)))
                Add(gone.Id, step.Id, TemplateWords.Get("Change.Step", gone.Title, step.Title), TemplateWords.Get("Change.StepGone"));
        }

        return found;

        void Set<T>(IReadOnlyList<T> was, IReadOnlyList<T> now, Func<T, string> id, Func<T, string> name, string kind, Func<T, T, string?> differs)
        {
            foreach (var one in now)
            {
                if (was.FirstOrDefault(w => id(w) == id(one)) is not { } old)
                    Add(null, null, TemplateWords.Get($"Change.{kind}"), TemplateWords.Get("Change.Added", name(one)));
                else if (differs(old, one) is { } words)
                    Add(null, null, TemplateWords.Get($"Change.{kind}"), TemplateWords.Get("Change.Now", name(old), words));
            }

            foreach (var gone in was.Where(w => now.All(n => id(n) != id(w))))
                Add(null, null, TemplateWords.Get($"Change.{kind}"), TemplateWords.Get("Change.Removed", name(gone)));
        }

        void Step(TemplatePhase phase, TemplateStep step)
        {
            var place = TemplateWords.Get("Change.Step", phase.Title, step.Title);
            if (!oldSteps.TryGetValue(step.Id, out var old))
            {
                Add(phase.Id, step.Id, place, TemplateWords.Get("Change.StepNew", TemplateWords.When(step.Due), TemplateWords.Role(after, step.Role)));
                return;
            }

            var was = old.Step;
            void Differs(string field, string? from, string? to, bool isLong = false) => Text(phase.Id, step.Id, place, field, from, to, isLong);
            if (old.Phase.Id != phase.Id)
                Add(phase.Id, step.Id, place, TemplateWords.Get("Change.OtherPhase", old.Phase.Title));
            Differs("Title", was.Title, step.Title);
            Differs("Kind", TemplateWords.Get("Kind." + was.Kind), TemplateWords.Get("Kind." + step.Kind));
            Differs("Due", TemplateWords.When(was.Due), TemplateWords.When(step.Due));
            Differs("Repeat", TemplateWords.Often(was) ?? TemplateWords.Get("Once"), TemplateWords.Often(step) ?? TemplateWords.Get("Once"));
            Differs("Role", TemplateWords.Role(before, was.Role), TemplateWords.Role(after, step.Role));
            Differs("Detail", was.Detail, step.Detail, true);
            Differs("ToRole", was.ToRole is null ? null : TemplateWords.Role(before, was.ToRole), step.ToRole is null ? null : TemplateWords.Role(after, step.ToRole));
            Differs("Scope", was.Scope, step.Scope);
            Differs("Questionnaire", was.Questionnaire is null ? null : TemplateWords.Get("Questionnaire." + was.Questionnaire), step.Questionnaire is null ? null : TemplateWords.Get("Questionnaire." + step.Questionnaire));
            Differs("Goal", before.Goals.FirstOrDefault(g => g.Id == was.Goal)?.Text, after.Goals.FirstOrDefault(g => g.Id == step.Goal)?.Text);
            Differs("Source", before.Sources.FirstOrDefault(s => s.Id == was.Source)?.Label, after.Sources.FirstOrDefault(s => s.Id == step.Source)?.Label);
            Differs("Loinc", was.Loinc is null ? null : TemplateWords.Measures(was.Loinc), step.Loinc is null ? null : TemplateWords.Measures(step.Loinc));
            foreach (var check in step.Checklist.Except(was.Checklist))
                Add(phase.Id, step.Id, place, TemplateWords.Get("Change.CheckNew", check));
            foreach (var check in was.Checklist.Except(step.Checklist))
                Add(phase.Id, step.Id, place, TemplateWords.Get("Change.CheckGone", check));
            if (was.Checklist.Count == step.Checklist.Count && !was.Checklist.SequenceEqual(step.Checklist) && !was.Checklist.Except(step.Checklist).Any())
                Add(phase.Id, step.Id, place, TemplateWords.Get("Change.CheckOrder"));
            if (was.IsOptional != step.IsOptional)
                Add(phase.Id, step.Id, place, TemplateWords.Get(step.IsOptional ? "Change.Optional" : "Change.Mandatory"));
            Differs("Worse", Worse(was.Worse, before), Worse(step.Worse, after));
            if (was.Priority != step.Priority)
                Add(phase.Id, step.Id, place, TemplateWords.Get("Change.From", TemplateWords.Get("Priority"), TemplateWords.Get("Priority." + was.Priority), TemplateWords.Get("Priority." + step.Priority)));
            if (was.ForProfessionals != step.ForProfessionals)
                Add(phase.Id, step.Id, place, TemplateWords.Get(step.ForProfessionals ? "Change.Professionals" : "Change.Everyone"));
            if (was.ToConfirm != step.ToConfirm)
                Add(phase.Id, step.Id, place, TemplateWords.Get(step.ToConfirm ? "Change.ToConfirm" : "Change.Confirmed"));
            foreach (var limit in step.Limits)
            {
                var oldLimit = was.Limits.FirstOrDefault(l => l.Id == limit.Id);
                if (oldLimit is null)
                    Add(phase.Id, step.Id, place, TemplateWords.Get("Change.LimitNew", Whole(limit, after)));
                else if (oldLimit != limit)
                    Add(phase.Id, step.Id, place, TemplateWords.Get("Change.Limit", Whole(oldLimit, before), Whole(limit, after)));
            }

            foreach (var gone in was.Limits.Where(l => step.Limits.All(n => n.Id != l.Id)))
                Add(phase.Id, step.Id, place, TemplateWords.Get("Change.LimitGone", TemplateWords.Limit(gone)));
        }
    }

    /// <summary>What a report of feeling worse leads to; null when the step does not ask for it.</summary>
    private static string? Worse(TemplateWorse? worse, PathwayTemplate template) => worse is null ? null : string.Join(", ", new[]
    {
        worse.Contact is { } contact ? TemplateWords.Role(template, contact) : TemplateWords.Get("Limit.Accountable"), worse.Questionnaire is { } asked ? TemplateWords.Get("Questionnaire." + asked) : null,
        worse.Step is { } told ? template.Steps.FirstOrDefault(s => s.Step.Id == told).Step?.Title : null,
    }.OfType<string>());

    /// <summary>All that a limit says, so that no change of it goes unseen.</summary>
    private static string Whole(TemplateLimit limit, PathwayTemplate template) => string.Join(", ", new[]
    {
        TemplateWords.Limit(limit), AlertWords.Get("Severity." + limit.Severity), limit.Role is null ? null : TemplateWords.Role(template, limit.Role),
        template.Sources.FirstOrDefault(s => s.Id == limit.Source)?.Label, limit.ToConfirm ? TemplateWords.Get("ToConfirm") : null, limit.ToDo is { } toDo ? Short(toDo) : null,
    }.OfType<string>());

    private static string Told(string name, string? more) => string.IsNullOrEmpty(more) ? name : $"{name} ({more})";

    private static string Short(string text) => Platform.Text.SafeText.Truncate(Platform.Text.SafeText.Line(text, 2_000), 160);
}
