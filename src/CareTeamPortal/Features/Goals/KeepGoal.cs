using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Goals;

/// <summary>Writes a goal, or says a goal otherwise: its words, whom it serves, who sees to it, when it is reached, how it goes. What it said before is kept.</summary>
internal sealed class KeepGoal(CareDesk desk, GoalFiling goals, TaskFiling tasks) : PatientUseCase<KeepGoal.Request, GoalResult>(desk)
{
    internal const int LongestRemark = 2_000;
    internal const int LongestTarget = 200;

    internal sealed record Request
    {
        /// <summary>The goal; chosen by the page when the form was opened, so that sending it twice writes it once. A guid, or the id of a goal that is there.</summary>
        public required string Id { get; init; }

        /// <summary>The version that the person saw; 0 for a new one.</summary>
        public int SeenVersion { get; init; }
        public required GoalKind Kind { get; init; }

        /// <summary>The goal; null: as it is.</summary>
        public string? Words { get; init; }

        /// <summary>The life goal that it serves, <c>Goal/x</c>.</summary>
        public string? Serves { get; init; }
        public GoalTarget? Target { get; init; }
        public TaskParty? Owner { get; init; }

        /// <summary>What is said about how it goes.</summary>
        public string? Remark { get; init; }

        /// <summary>For whom; counts for a new goal.</summary>
        public Audience Audience { get; init; } = Audience.WholeTeam;

        /// <summary>Proposed, not agreed yet; counts for a new goal.</summary>
        public bool IsProposal { get; init; }

        /// <summary>The Goal as a program sent it; kept in what we do not know.</summary>
        public byte[]? Source { get; init; }

        /// <summary>Looked at in the transaction that writes: when it says yes, nothing is written.</summary>
        public Func<RoomWriter, bool>? Unless { get; init; }
    }

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<GoalResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (request.Words?.Length > SetGoal.LongestWords || request.Remark?.Length > LongestRemark || request.Target?.Words?.Length > LongestTarget)
            return new(GoalOutcome.TooLong);
        if (request.Words is { } said && SafeText.IsBlank(said) || request is { SeenVersion: 0, Words: null })
            return new(GoalOutcome.NothingSaid);
        if (request.Target is { } target && (!target.IsSound || target.Value is { } value && decimal.Abs(value) > Alerts.Threshold.Largest || target.Loinc is { } loinc && (loinc.Length > 32 || SafeText.Line(loinc) != loinc) || target.Unit is { } unit && (unit.Length > 40 || SafeText.Line(unit) != unit)))
            return new(GoalOutcome.TargetNotSound);
        if (request.Audience is not (Audience.WholeTeam or Audience.Professionals or Audience.ProfessionalsAndPatient))
            throw new ArgumentOutOfRangeException(nameof(request), "A goal is for the whole team, for professionals, or for professionals and the patient.");
        return await room.CommitAsync((writer, _) => ValueTask.FromResult(Put(writer, request)), ct);
    }

    private GoalResult Put(RoomWriter writer, Request request)
    {
        var (session, room, now) = (writer.Session, writer.Room, writer.Room.Now);
        var actor = GoalFiling.ActorOf(session, room);
        if (!actor.MayAdd)
            throw room.Refusal(CareAction.Write, InformationCategory.Goals);
        if (request.Unless?.Invoke(writer) == true)
            return new(GoalOutcome.ThereAlready);
        var present = goals.Find(session, room, request.Id);
        if (present is null && (request.SeenVersion > 0 || !Guid.TryParse(request.Id, out _) || CareStore.Find(session, "Goal", request.Id) is not null))
            return new(GoalOutcome.NotFound);
        if (present is not null && request.SeenVersion == 0)
            return new(GoalOutcome.Done, present.Goal); // sent twice: the first one stands
        if (present is not null && present.Goal.Version != request.SeenVersion)
            return new(GoalOutcome.ChangedMeanwhile, present.Goal);
        var goal = present?.Goal ?? goals.New(session, room, actor, Guid.Parse(request.Id).ToString(), request.Kind, request.Audience, request.IsProposal);
        var me = TaskParty.Of(room.Actor);
        var remark = request.Remark is { } words && !SafeText.IsBlank(words) ? ((string, TaskParty, DateTime)?)(SafeText.Lines(words, LongestRemark).Trim(), me, now) : null;
        var next = goal with
        {
            Words = request.Words is null ? goal.Words : SafeText.Line(request.Words, SetGoal.LongestWords),
            Serves = goal.Kind == GoalKind.Care ? request.Serves : null,
            Owner = request.Owner is null ? null : goal.Owner?.IsSame(request.Owner) == true ? goal.Owner : request.Owner,
            Target = Said(request.Target) is { } target && target != goal.Target ? target : request.Target is null ? null : goal.Target,
        };
        // How it goes anybody may say who may write goals; what it says only whose it is.
        var saysOtherwise = present is null || next != goal || request.Source is not null;
        if (saysOtherwise && present is not null && !actor.MayChange(goal))
            return new(GoalOutcome.NotYours, goal);
        if (!saysOtherwise && remark is null)
            return new(GoalOutcome.Done, goal);
        if (next.Serves is { } serves && serves != goal.Serves | present is null && !goals.MayServe(session, room, serves, next, present?.Resource.Category))
            return new(GoalOutcome.ServesNothing, goal);
        if (next.Owner is { } owner && !owner.IsSame(present?.Goal.Owner) && !owner.IsSame(me) && tasks.Eligible(session, room.Patient, owner, next.Audience, InformationCategory.Goals, now).Count == 0)
            return new(GoalOutcome.OwnerMayNotSee, goal);
        if ((next.Audience & room.Reach.Audience) == 0 || !room.Reach.Categories.HasFlag(InformationCategory.Goals))
            return new(GoalOutcome.AudienceWithoutWriter, goal);
        if (!goals.Put(writer, next, present, request.Source is null ? "portal" : "fhir", remark, request.Source))
            return new(GoalOutcome.ChangedMeanwhile, goal);
        return new(GoalOutcome.Done, next with { Version = goal.Version + 1 });
    }

    private static GoalTarget? Said(GoalTarget? target)
    {
        var words = target?.Words is { } said && SafeText.Line(said, LongestTarget) is { Length: > 0 } line ? line : null;
        return target is null || (!target.IsMeasured && words is null && target.Due is null) ? null : target with { Words = words };
    }
}
