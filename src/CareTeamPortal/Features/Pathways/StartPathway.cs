using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Starts a pathway for a patient: its tasks and measuring plans, with owners and dates, in one transaction; nothing is without somebody who answers for it.</summary>
internal sealed class StartPathway(CareDesk desk, TemplateLibrary library, PathwayFiling pathways, TaskFiling tasks, GoalFiling goals, SetMeasuringPlan plans, PeopleDirectory people) : PatientUseCase<StartPathway.Request, StartPathway.Result>(desk)
{
    internal sealed record Request
    {
        /// <summary>Chosen by the page when the form was opened: sending it twice starts one. A guid.</summary>
        public required string Id { get; init; }
        public required string Template { get; init; }

        /// <summary>The version that the person saw.</summary>
        public required int TemplateVersion { get; init; }

        /// <summary>First day, in Belgium; today begins now.</summary>
        public required DateOnly StartsOn { get; init; }

        /// <summary>Who plays each role, by its id.</summary>
        public IReadOnlyDictionary<string, TaskParty> Roles { get; init; } = new Dictionary<string, TaskParty>();
        public IReadOnlyList<StepChoice> Choices { get; init; } = [];

        /// <summary>What was chosen for the goals that it makes.</summary>
        public IReadOnlyList<GoalChoice> Goals { get; init; } = [];

        /// <summary>Names that a program gives it, as FHIR Identifiers.</summary>
        public IReadOnlyList<System.Text.Json.Nodes.JsonObject> Identifiers { get; init; } = [];

        /// <summary>Looked at in the transaction that writes: when it says yes, nothing is written.</summary>
        public Func<RoomWriter, bool>? Unless { get; init; }
    }

    /// <param name="Goal">Id of the goal in the template.</param>
    /// <param name="Serves">The life goal that it serves, <c>Goal/x</c>; null: none.</param>
    /// <param name="Target">When it is reached for this patient; null: as the template says.</param>
    internal sealed record GoalChoice(string Goal, string? Serves = null, GoalTarget? Target = null);

    /// <summary>What stands in the way.</summary>
    internal enum Problem
    {
        /// <summary>The day lies too far away.</summary>
        Day = 0,

        /// <summary>Nobody was chosen for a role, or nobody of whom it names is on the team and may see the step.</summary>
        Nobody = 1,

        /// <summary>Leaving it out needs a reason.</summary>
        NeedsReason = 2,

        /// <summary>A measurement that the portal does not know, or a limit that cannot be judged.</summary>
        NotSound = 3,

        /// <summary>What was to be reused is not there, or serves something else.</summary>
        NotReusable = 4,
        TooLong = 5,

        /// <summary>The patient's file has too many open tasks.</summary>
        TooMany = 6,

        /// <summary>The target of a goal that no value reaches, or a life goal that is none.</summary>
        Goal = 7,
    }

    /// <param name="Step">Id of the step, when it is about one.</param>
    internal sealed record Stands(Problem Problem, string? Step = null, string? Title = null, string? Role = null);

    /// <summary>What became of it.</summary>
    internal abstract record Result;

    internal sealed record Started(string Id) : Result;

    /// <summary>It runs for this patient already; nothing was written.</summary>
    internal sealed record RunsAlready(string Id, string? By, DateTime At) : Result;

    /// <summary>What was to be made only when nothing like it is there is there. Nothing was written.</summary>
    internal sealed record ThereAlready : Result;

    /// <summary>There is no such template, or it is no longer offered.</summary>
    internal sealed record NoTemplate : Result;

    /// <summary>Another version was published while the form was open.</summary>
    internal sealed record NewVersion(int Version) : Result;

    /// <summary>Nothing was written, for these reasons.</summary>
    internal sealed record Refused(IReadOnlyList<Stands> Problems) : Result;

    private const int EarliestDays = 14;
    private const int LatestDays = 90;
    private const int MostOpen = 500;

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (!Guid.TryParse(request.Id, out var guid))
            throw new ArgumentException("The id of a pathway is a guid.", nameof(request));
        if (!SharingRules.AnswersForCare(room.Role))
            throw room.Refusal(CareAction.Write, InformationCategory.Goals); // it asks work of others and sets limits: it is a professional's
        if (!room.May(CareAction.DoTasks))
            throw room.Refusal(CareAction.DoTasks, InformationCategory.Tasks);
        return await room.CommitAsync((writer, _) => ValueTask.FromResult(Start(writer, request, guid.ToString())), ct);
    }

    private Result Start(RoomWriter writer, Request request, string id)
    {
        var (session, room, now) = (writer.Session, writer.Room, writer.Room.Now);
        writer.RequireWrite(InformationCategory.Goals);
        if (request.Unless?.Invoke(writer) == true)
            return new ThereAlready();
        if (pathways.Find(session, room, id) is { } present)
            return new Started(present.Pathway.Id); // sent twice (a cut in between): the first one stands
        if (PathwaySql.Running(session, room, request.Template) is { } running)
            return new RunsAlready(running.Id, running.Lead is { } lead ? people.Find(lead)?.DisplayName : null, running.At);
        if (library.Find(session, request.Template, null) is not { Status: TemplateStatus.Active } template)
            return new NoTemplate();
        if (template.Version != request.TemplateVersion)
            return new NewVersion(template.Version);
        if (CareStore.Find(session, "CarePlan", id) is not null || CareStore.Find(session, "CarePlan", Pathway.PartOf(id)) is not null)
            return new Refused([new(Problem.NotReusable)]);
        return Start(writer, template, request, id, "portal");
    }

    /// <summary>The same with a template at hand, inside a transaction; nothing is asked about rights that the caller has looked at.</summary>
    internal Result Start(RoomWriter writer, PathwayTemplate template, Request request, string id, string origin)
    {
        var (session, room, now) = (writer.Session, writer.Room, writer.Room.Now);
        var today = BelgianTime.DayOf(now);
        var start = request.StartsOn == today ? now : BelgianTime.ToUtc(request.StartsOn, new TimeOnly(8, 0));
        var known = template.Steps.Select(s => s.Step.Id).ToHashSet(StringComparer.Ordinal);
        var choices = request.Choices.Where(c => known.Contains(c.Step)).DistinctBy(c => c.Step).ToList();
        // Days at the edge of the calendar cannot be planned from.
        if (request.StartsOn < today.AddDays(-EarliestDays) || request.StartsOn > today.AddDays(LatestDays))
            return new Refused([new(Problem.Day)]);
        if (choices.Find(c => c.Day is { } day && (day < today || day > today.AddYears(5))) is { } never)
            return new Refused([new(Problem.Day, never.Step, template.Steps.First(s => s.Step.Id == never.Step).Step.Title)]);
        var pathway = PathwayPlan.Of(template, id, room.Patient, start, request.Roles, choices, TaskParty.Of(room.Actor), now);
        var problems = Problems(session, room, request, pathway, choices);
        if (problems.Count > 0)
            return new Refused(problems);
        if (pathway.Steps.Any(s => !s.Skipped && s.Kind == StepKind.Measuring))
            writer.RequireWrite(InformationCategory.Measurements);
        if (TaskSql.CountOpen(session, room) + pathway.Steps.Count > MostOpen)
            return new Refused([new(Problem.TooMany)]);

        var served = GoalsOf(writer, template, pathway, request, origin);
        var made = new List<PathwayStep>();
        foreach (var step in pathway.Steps)
        {
            var with = step with { Goal = step.Goal is { } goal ? served.GetValueOrDefault(goal) : null };
            if (choices.Find(c => c.Step == step.Id) is { Reuse: { } reuse } choice && !step.Skipped)
            {
                with = Reused(session, room, with, reuse);
                // A plan that goes on keeps its limits, unless the person takes those of the template.
                if (choice.TakeLimits && EntryReference.Split(reuse) is ("ServiceRequest", var plan) && !plans.Limit(writer, plan, [.. with.Limits]))
                    throw room.Refusal(CareAction.Write, InformationCategory.Measurements);
            }
            else if (PathwayPlan.IsMadeNow(pathway, with, now))
                with = pathways.Make(writer, pathway, with, origin);
            made.Add(with);
        }

        pathway = pathway with { Steps = made, Goals = [.. served.Values] };
        pathways.Add(writer, pathway, origin, request.Identifiers);
        return new Started(id);
    }

    private List<Stands> Problems(DbSession session, PatientRoom room, Request request, Pathway pathway, List<StepChoice> choices)
    {
        var problems = new List<Stands>();
        var able = new Dictionary<(OwnerKind, PersonId?, Discipline?, string?, Audience), bool>();
        bool Can(TaskParty? party, Audience audience)
        {
            if (party is null or { Kind: OwnerKind.Person, Person: null } or { Kind: OwnerKind.Role, Role: null } or { Kind: OwnerKind.Organisation, Organisation: null })
                return false;
            var key = (party.Kind, party.Person, party.Role, party.Organisation, audience);
            return able.TryGetValue(key, out var answer) ? answer : able[key] = tasks.Eligible(session, room.Patient, party, audience, InformationCategory.Tasks, room.Now).Count > 0;
        }

        if (request.Goals.Any(g => g.Target is { } target && (!target.IsSound || target.Value is { } value && decimal.Abs(value) > Threshold.Largest || target.Words?.Length > KeepGoal.LongestTarget || target.Loinc is { Length: > 32 }) || g.Serves is { } life && !goals.MayServe(session, room, life, new() { Id = "", Patient = room.Patient, Kind = GoalKind.Care, Words = "", Audience = pathway.Audience })))
            problems.Add(new(Problem.Goal));
        foreach (var step in pathway.Steps)
        {
            var choice = choices.Find(c => c.Step == step.Id);
            if (choice?.Why?.Length > TaskLimits.LongestReason)
                problems.Add(new(Problem.TooLong, step.Id, step.Title));
            if (step.Skipped)
            {
                if (!step.IsOptional && SafeText.IsBlank(choice?.Why ?? ""))
                    problems.Add(new(Problem.NeedsReason, step.Id, step.Title));
                continue;
            }

            var audience = step.ForProfessionals ? Audience.Professionals : pathway.Audience;
            if (!Can(step.Owner, audience) || step is { Kind: StepKind.Handoff, Receiver: var receiver } && !Can(receiver, audience))
                problems.Add(new(Problem.Nobody, step.Id, step.Title, step.Role));
            if (!PathwayPlan.IsSound(step) || choice?.Limits is { } limits && (limits.Count > MeasuringPlan.MostRules || limits.Any(l => l.Id is not { Length: > 0 and <= 64 } key || SafeText.Line(key) != key)))
                problems.Add(new(Problem.NotSound, step.Id, step.Title));
            if (choice?.Reuse is { } reuse && !Reuse.Fits(session, room, people, step, reuse))
                problems.Add(new(Problem.NotReusable, step.Id, step.Title));
        }

        return problems;
    }

    /// <summary>The step with what is there in its place.</summary>
    internal static PathwayStep Reused(DbSession session, PatientRoom room, PathwayStep step, string reference) =>
        // A result is there: nothing has to be done any more. A task or a measuring plan goes on, with its own owner.
        EntryReference.Split(reference) is ("Task", var id) && TaskSql.One(session, room, id) is { } task
            ? step with { Made = reference, Reused = true, Due = task.DueAt ?? step.Due, Owner = OwnerOf(task) ?? step.Owner }
            : reference.StartsWith("ServiceRequest/", StringComparison.Ordinal) ? step with { Made = reference, Reused = true } : step with { Made = reference, Reused = true, DoneAt = room.Now };

    private static TaskParty? OwnerOf(TaskRow task) => task.OwnerKind switch
    {
        OwnerKind.Role when task.OwnerRole is { } role => TaskParty.OfRole(role, task.OwnerName ?? role.ToString()),
        OwnerKind.Organisation when task.OwnerOrganisation is { } organisation => TaskParty.OfOrganisation(organisation),
        _ when task.OwnerId is { } person => new TaskParty { Kind = OwnerKind.Person, Person = person, Reference = "Practitioner/" + person, Display = task.OwnerName, Line = task.OwnerLine },
        _ => null,
    };

    /// <summary>The goals of the template that steps serve which everyone sees: one that the file has already and that they all see, or a new one.</summary>
    private Dictionary<string, string> GoalsOf(RoomWriter writer, PathwayTemplate template, Pathway pathway, Request request, string origin)
    {
        var (session, room, now) = (writer.Session, writer.Room, writer.Room.Now);
        var actor = GoalFiling.ActorOf(session, room);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var wanted = pathway.Steps.Where(s => !s.Skipped && (!s.ForProfessionals || pathway.Audience == Audience.Professionals)).Select(s => s.Goal).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var there = new Lazy<Dictionary<string, string>>(() => PathwaySql.Goals(session, room, pathway.Audience, 100).GroupBy(g => NameFolding.Fold(g.Title)).ToDictionary(g => g.Key, g => g.First().Reference));
        foreach (var goal in template.Goals.Where(g => wanted.Contains(g.Id)))
        {
            if (there.Value.TryGetValue(NameFolding.Fold(goal.Text), out var present))
            {
                found[goal.Id] = present;
                continue;
            }

            var id = Guid.CreateVersion7(new DateTimeOffset(now)).ToString();
            var choice = request.Goals.FirstOrDefault(g => g.Goal == goal.Id);
            // Reached at the latest when the last phase ends whose steps serve it.
            var until = pathway.Phases.Where(p => pathway.Steps.Any(s => s.Phase == p.Id && s.Goal == goal.Id && !s.Skipped)).Select(p => p.PlannedUntil).ToList();
            var due = until.Count > 0 && until.TrueForAll(u => u is not null) ? BelgianTime.DayOf(until.Max()!.Value) : (DateOnly?)null;
            var target = choice?.Target is { } wished ? wished with { Due = wished.Due ?? due } : SafeText.Line(goal.Target ?? "", KeepGoal.LongestTarget) is var words && (words.Length > 0 || due is not null) ? new GoalTarget { Words = words.Length > 0 ? words : null, Due = due } : null;
            goals.Put(writer, goals.New(session, room, actor, id, GoalKind.Care, pathway.Audience) with { Words = SafeText.Line(goal.Text, SetGoal.LongestWords), Owner = pathway.Lead, Serves = choice?.Serves, Target = target }, null, origin);
            found[goal.Id] = "Goal/" + id;
        }

        return found;
    }
}
