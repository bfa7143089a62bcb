using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Demo;

/// <summary>A pathway that runs in a demo file.</summary>
/// <param name="Template">Id of the template that comes with the program.</param>
/// <param name="Phases">Day on which each phase began, in order; the last one runs.</param>
/// <param name="Roles">Who plays each role.</param>
/// <param name="Late">Steps that were not done when they were due.</param>
internal sealed record DemoPathway(string Template, int[] Phases, Dictionary<string, string> Roles, params string[] Late)
{
    /// <summary>Where it was done otherwise: left out, or on another day.</summary>
    public IReadOnlyList<(string Step, DeviationReason Reason, string Why, string By, int Day, int? To)> Deviations { get; init; } = [];
}

internal sealed partial class DemoChart
{
    /// <summary>A pathway as the portal keeps one, with the tasks that it made: what was due is done, but for what is late.</summary>
    public void Follows(string by, string at, DemoPathway told)
    {
        var lead = Person(by);
        var template = TemplateFhir.Read(SeedTemplates.Files().Single(f => f.Name == told.Template + ".json").Json)!;
        var (start, now, today) = (Days.At(told.Phases[0], at).UtcDateTime, Days.At(0, "7:00").UtcDateTime, Days.Day(0));
        var roles = template.Roles.ToDictionary(r => r.Id, r => Party(Person(told.Roles.GetValueOrDefault(r.Id, by))), StringComparer.Ordinal);
        var pathway = PathwayPlan.Of(template, Id("pad"), new PatientId(Who.Id), start, roles, [], Party(lead), start);
        var begun = pathway.Phases.Take(told.Phases.Length).Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var phases = pathway.Phases.Select((p, i) => i >= told.Phases.Length ? p : p with
        {
            EnteredAt = i == 0 ? start : Days.At(told.Phases[i], "10:00").UtcDateTime, LeftAt = i + 1 < told.Phases.Length ? Days.At(told.Phases[i + 1], "10:00").UtcDateTime : null, LeftBy = i + 1 < told.Phases.Length ? Party(lead) : null, ByCriteria = i + 1 < told.Phases.Length && !pathway.Steps.Any(s => s.Phase == p.Id && told.Late.Contains(s.Id)),
        }).ToList();
        // What the steps that everybody sees aim at; who began the pathway sees to it.
        var wanted = pathway.Steps.Where(s => !s.ForProfessionals).Select(s => s.Goal).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var goals = template.Goals.Where(g => wanted.Contains(g.Id)).ToDictionary(g => g.Id, g => Aims(by, told.Phases[0], g.Text, g.Target is { } words ? new() { Words = words } : null), StringComparer.Ordinal);
        var steps = new List<PathwayStep>();
        var deviations = new List<Deviation>();
        foreach (var step in pathway.Steps)
        {
            var otherwise = told.Deviations.FirstOrDefault(d => d.Step == step.Id);
            var with = step;
            if (otherwise.Why is { } why)
            {
                with = otherwise.To is { } to ? step with { Due = Features.Pathways.Pathway.EndOf(Days.Day(to)) } : step with { Skipped = true };
                deviations.Add(new()
                {
                    Id = "afwijking-" + step.Id, Kind = otherwise.To is null ? DeviationKind.Skip : DeviationKind.Delay, Step = step.Id, About = step.Title, Old = PathwayChange.Day(step.Due, now), New = otherwise.To is null ? PathwayWords.Get("Deviation.Not") : PathwayChange.Day(with.Due, now),
                    Reason = otherwise.Reason, Words = why, By = Party(Person(otherwise.By)), At = Days.At(otherwise.Day, "11:30").UtcDateTime, ForProfessionals = step.ForProfessionals,
                });
            }

            with = with with { Goal = with.Goal is { } goal && !with.ForProfessionals ? goals.GetValueOrDefault(goal) : null };
            steps.Add(begun.Contains(step.Phase) && !with.Skipped ? Made(pathway, with, lead, start, now, told.Late.Contains(step.Id)) : with);
        }

        pathway = pathway with { Goals = [.. goals.Values] };
        Add(Days.At(told.Phases[0], at), lead, Seen.ByAll, Written(PathwayFhir.Write(pathway with { Phases = phases, Steps = steps, Deviations = deviations }, Party(lead), null, start), pathway.Id));
        if (PathwayFhir.WritePart(pathway with { Phases = phases, Steps = steps, Deviations = deviations }, Party(lead), null, start) is { } part)
            Add(Days.At(told.Phases[0], at), lead, Seen.ByProfessionals, Written(part, Features.Pathways.Pathway.PartOf(pathway.Id)));
    }

    private static JsonObject Written(byte[] json, string id)
    {
        var root = (JsonObject)JsonNode.Parse(json)!;
        root["id"] = id;
        return root;
    }

    private PathwayStep Made(Pathway pathway, PathwayStep step, DemoPerson lead, DateTime start, DateTime now, bool late)
    {
        var seen = step.ForProfessionals ? Seen.ByProfessionals : Seen.ByAll;
        var past = step.Due < now;
        switch (step.Kind)
        {
            case StepKind.Information:
                return past ? step with { DoneAt = step.Due.AddHours(-8) } : step;
            case StepKind.Measuring:
                // Without limits: what was measured before the story began alerts nobody now.
                var plan = Id("padmeting");
                Add(new DateTimeOffset(start), lead, seen, Written(MeasuringPlanFhir.Write(new MeasuringPlan { Id = plan, Patient = pathway.Patient, Loinc = step.Loinc!, Repeat = step.Repeat, By = [step.Owner], Requester = Party(lead), AuthoredOn = start }, null), plan));
                return step with { Made = "ServiceRequest/" + plan };
        }

        // What comes back hangs on the next of its days; what was before that lies behind.
        var due = step.Due;
        for (; step.Repeat is { } often && due < now && often.Next(due, step.Due) is { } next; due = next)
        {
        }

        var done = due < now && !late;
        var id = Id("padtaak");
        var task = new CareTask
        {
            Id = id, Patient = pathway.Patient, State = done ? TaskState.Completed : late ? TaskState.InProgress : TaskState.Accepted, Title = step.Title, Detail = step.Detail, Priority = step.Priority, Requester = Party(lead), Owner = step.Owner, AuthoredOn = start, DueAt = due,
            AcceptedAt = start.AddHours(3), ClosedAt = done ? due.AddHours(-9) > start ? due.AddHours(-9) : start.AddHours(4) : null, Checklist = [.. step.Checklist.Select(c => done ? new ChecklistItem(c, due.AddHours(-9), step.Owner.Display) : new ChecklistItem(c))],
            Repeat = done ? null : step.Repeat, SeriesStart = done || step.Repeat is null ? null : due, Focus = step.Questionnaire is { } questionnaire ? "Questionnaire/" + questionnaire : null, Goal = step.Goal, Audience = step.ForProfessionals ? Audience.Professionals : Audience.WholeTeam,
        };
        Add(new DateTimeOffset(start), lead, seen, Written(TaskFhir.Write(task, null, start), id));
        return step with { Made = "Task/" + id };
    }
}
