using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Alerts;

/// <summary>The alert came again or was answered since it was seen; nothing was written.</summary>
internal sealed record AlertChangedMeanwhile : TaskResult;

/// <summary>Answers an alert: what was done about it. Its task is finished with it, in one transaction.</summary>
internal sealed class AnswerAlert(CareDesk desk, Filing filing, TaskFiling tasks) : PatientUseCase<AnswerAlert.Request, TaskResult>(desk)
{
    internal const int LongestWords = 2_000;

    /// <param name="Id">FHIR id of the DetectedIssue.</param>
    /// <param name="Outcome">Done something, known already, or no reason for an alert.</param>
    /// <param name="Words">What was done; required when something was.</param>
    /// <param name="Seen">The version of the DetectedIssue that the caller saw; null: whichever there is.</param>
    internal sealed record Request(string Id, AlertOutcome Outcome, string Words, int? Seen = null);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<TaskResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (request.Outcome is not (AlertOutcome.Acted or AlertOutcome.Known or AlertOutcome.FalseAlarm))
            throw new ArgumentOutOfRangeException(nameof(request), "A person acts, knows, or calls it a false alarm.");
        if (request.Words.Length > LongestWords)
            return Task.FromResult<TaskResult>(new TaskRefused(TaskRule.TextTooLong));
        var words = SafeText.Lines(request.Words, LongestWords).Trim();
        if (words.Length == 0 && request.Outcome == AlertOutcome.Acted)
            return Task.FromResult<TaskResult>(new TaskRefused(TaskRule.NeedsReason));
        if (words.Length == 0)
            words = AlertWords.Get($"Outcome.{request.Outcome}");
        return room.CommitAsync((writer, _) => ValueTask.FromResult(Answer(writer, request, words)), ct);
    }

    private TaskResult Answer(RoomWriter writer, Request request, string words)
    {
        var (session, room) = (writer.Session, writer.Room);
        if (AlertSql.One(session, room, request.Id) is not { } alert)
            return new TaskNotFound();
        if (request.Seen is { } seen && CareStore.Find(session, "DetectedIssue", alert.Id)?.Version != seen)
            return new AlertChangedMeanwhile();
        var result = TaskChange.Run(writer, tasks, alert.TaskId, null, (_, stored, actor) => FinishTask.Finished(stored, actor, words, room.Now));
        if (result is not TaskDone)
            return result;
        if (!AlertSql.Answer(session, alert.Id, (int)request.Outcome, room.Actor.Person, room.Now))
            throw new InvalidOperationException("An alert whose task was open is not answered."); // takes the task's change back with it
        AlertFiling.Change(writer, filing, alert.Id, room.Actor.Person, json => AlertFhir.Answer(json, request.Outcome, words, TaskParty.Of(room.Actor), room.Now));
        return result;
    }
}
