using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What somebody chose for one step when the pathway starts.</summary>
/// <param name="LeaveOut">Not this one; a step that is not optional needs <paramref name="Why"/>.</param>
/// <param name="Day">By the end of this day in Belgium; null: as the template says.</param>
/// <param name="Owner">Somebody else than who plays its role.</param>
/// <param name="Reuse">What is there already takes its place, <c>Type/id</c>.</param>
/// <param name="Limits">The limits for this patient; null: as the template says.</param>
/// <param name="TakeLimits">Of a measuring plan that is reused: these limits in place of its own.</param>
public sealed record StepChoice(string Step, bool LeaveOut = false, string? Why = null, DateOnly? Day = null, TaskParty? Owner = null, string? Reuse = null, IReadOnlyList<TemplateLimit>? Limits = null, bool TakeLimits = false);

/// <summary>A template becomes a plan of one patient: people in the place of roles, dates in the place of days. Pure.</summary>
public static class PathwayPlan
{
    /// <summary>Steps that are due within this of the start, or of a phase's beginning, are made at once; later ones are planned until their phase begins.</summary>
    public static readonly TimeSpan MadeAhead = TimeSpan.FromDays(28);

    /// <summary>The pathway as it starts; nothing is made yet.</summary>
    /// <param name="roles">Who plays each role, by its id. Every role of a step that is not left out is in it.</param>
    public static Pathway Of(PathwayTemplate template, string id, PatientId patient, DateTime start, IReadOnlyDictionary<string, TaskParty> roles, IReadOnlyList<StepChoice> choices, TaskParty lead, DateTime now)
    {
        var by = choices.ToDictionary(c => c.Step, StringComparer.Ordinal);
        var steps = template.Steps.Select(s => StepOf(template, s.Phase, s.Step, start, roles, by.GetValueOrDefault(s.Step.Id))).ToList();
        var phases = template.Phases.Select((p, i) => PhaseOf(p, start) with { EnteredAt = i == 0 ? start : null }).ToList();
        var pathway = new Pathway
        {
            Id = id, Patient = patient, Template = template.Id, TemplateVersion = template.Version, Title = template.Title, Purpose = template.Purpose, StartedAt = start, Lead = lead, Phases = phases, Steps = steps,
            Roles = [.. template.Roles.Where(r => roles.ContainsKey(r.Id)).Select(r => new PathwayRole(r.Id, r.Title, roles[r.Id]))],
            Audience = steps.Count > 0 && steps.TrueForAll(s => s.ForProfessionals) ? Audience.Professionals : Audience.WholeTeam,
        };
        var deviations = steps.Where(s => s is { Skipped: true, IsOptional: false }).Select(s => new Deviation
        {
            Id = "start-" + s.Id, Kind = DeviationKind.Skip, Step = s.Id, About = s.Title, Reason = DeviationReason.Other, Words = SafeText.Lines(by[s.Id].Why).Trim(), By = lead, At = now, ForProfessionals = s.ForProfessionals,
        });
        return pathway with { Deviations = [.. deviations] };
    }

    /// <summary>A phase with its dates.</summary>
    public static PathwayPhase PhaseOf(TemplatePhase phase, DateTime start)
    {
        var day = BelgianTime.DayOf(start);
        return new()
        {
            Id = phase.Id, Title = phase.Title, PlannedFrom = phase.FromDay == 0 ? start : BelgianTime.ToUtc(day.AddDays(phase.FromDay), TimeOnly.MinValue), PlannedUntil = phase.UntilDay is { } until ? Pathway.EndOf(day.AddDays(until)) : null, Entry = phase.Entry, Exit = phase.Exit,
        };
    }

    /// <summary>A step with its people and dates.</summary>
    public static PathwayStep StepOf(PathwayTemplate template, TemplatePhase phase, TemplateStep step, DateTime start, IReadOnlyDictionary<string, TaskParty> roles, StepChoice? choice)
    {
        var planned = Pathway.DueOf(step.Due, start);
        var owner = choice?.Owner ?? roles.GetValueOrDefault(step.Role);
        var repeat = step.Repeat is { } rule && step.RepeatUntilDay is { } last ? rule with { Until = BelgianTime.DayOf(start).AddDays(last) } : step.Repeat;
        return new()
        {
            Id = step.Id, Phase = phase.Id, Kind = step.Kind, Title = step.Title, Detail = step.Detail, Role = step.Role, Owner = owner ?? new TaskParty { Kind = OwnerKind.Person }, Planned = planned, Due = choice?.Day is { } day ? Pathway.EndOf(day) : planned,
            Repeat = repeat, Checklist = step.Checklist, IsOptional = step.IsOptional, Priority = step.Priority, ForProfessionals = step.ForProfessionals, Goal = step.Goal, Loinc = step.Loinc, Limits = [.. (choice?.Limits ?? step.Limits).Select(l => RuleOf(template, l, roles))],
            Receiver = step.ToRole is { } to ? roles.GetValueOrDefault(to) : null, Scope = step.Scope, Questionnaire = step.Questionnaire, Source = LabelOf(template, step.Source), ToConfirm = step.ToConfirm, Skipped = choice?.LeaveOut == true,
        };
    }

    private static AlertRule RuleOf(PathwayTemplate template, TemplateLimit limit, IReadOnlyDictionary<string, TaskParty> roles) => new()
    {
        Threshold = limit.At(DateTime.UnixEpoch),
        Owner = limit.Role is { } role ? roles.GetValueOrDefault(role) : null, ToDo = SafeText.Lines(limit.ToDo ?? "", SetMeasuringPlan.LongestToDo).Trim() is { Length: > 0 } toDo ? toDo : null, Source = SafeText.Line(LabelOf(template, limit.Source), SetMeasuringPlan.LongestSource) is { Length: > 0 } source ? source : null, ToConfirm = limit.ToConfirm,
    };

    private static string? LabelOf(PathwayTemplate template, string? source) => source is null ? null : template.Sources.FirstOrDefault(s => s.Id == source)?.Label ?? source;

    /// <summary>Whether a step is made now: its phase has begun, or it is due soon.</summary>
    public static bool IsMadeNow(Pathway pathway, PathwayStep step, DateTime now) =>
        step is { Made: null, Skipped: false, DoneAt: null } && step.Kind != StepKind.Information && (pathway.Phases.Any(p => p.Id == step.Phase && p.EnteredAt is not null) || step.Due - (now > pathway.StartedAt ? now : pathway.StartedAt) <= MadeAhead);

    /// <summary>Whether a measuring step can be made: the portal knows the quantity, and every limit can be judged.</summary>
    internal static bool IsSound(PathwayStep step) => step.Kind != StepKind.Measuring || step.Loinc is { } loinc && Measured.KeysOf(loinc) is { Count: > 0 } keys && step.Limits.Count <= MeasuringPlan.MostRules
        && step.Limits.All(l => l.Threshold.IsSound && keys.Contains(l.Threshold.Quantity)) && step.Limits.DistinctBy(l => l.Threshold.Id).Count() == step.Limits.Count;
}
