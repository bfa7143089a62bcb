using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Does to a task what a page asks, and says in a sentence why it could not. The rights are looked up at each of them.</summary>
internal sealed class TaskActions(CurrentActor current, FinishTask finish, MoveTask move, AssignTask assign, AnswerDelegation answer, EditTask edit, TickChecklist tick, AddNote note, TimeProvider clock, ILogger<TaskActions> log)
{
    public Task<string?> FinishAsync(PatientId patient, string id, int? seen) => DoAsync(me => finish.RunAsync(me, patient, new(id, null, seen), default));

    public Task<string?> MoveAsync(PatientId patient, string id, TaskState to, string? reason, int? seen) => DoAsync(me => move.RunAsync(me, patient, new(id, to, reason, seen), default));

    /// <summary>Takes it on, or over when the owner asked that.</summary>
    public Task<string?> TakeAsync(TaskView task) => DoAsync(me => task.DelegateId == me.Person
        ? answer.RunAsync(me, task.Patient, new(task.Id, true, null, task.Version), default)
        : move.RunAsync(me, task.Patient, new(task.Id, TaskState.Accepted, null, task.Version), default));

    public Task<string?> AssignAsync(PatientId patient, string id, TaskParty to, string? remark, int? seen) => DoAsync(me => assign.RunAsync(me, patient, new(id, to, remark, null, seen), default));

    public Task<string?> AnswerAsync(PatientId patient, string id, bool takeOver, string? reason, int? seen) => DoAsync(me => answer.RunAsync(me, patient, new(id, takeOver, reason, seen), default));

    public Task<string?> EditAsync(PatientId patient, EditTask.Request request) => DoAsync(me => edit.RunAsync(me, patient, request, default));

    public Task<string?> TickAsync(PatientId patient, string id, int item, bool done) => DoAsync(me => tick.RunAsync(me, patient, new(id, item, done), default));

    /// <summary>A remark under a task.</summary>
    public async Task<string?> SayAsync(PatientId patient, string id, string text, Audience audience, IReadOnlyList<PersonId> mentions)
    {
        try
        {
            var me = await current.RequireAsync();
            var result = await note.RunAsync(me, patient, new()
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString(), Kind = EntryKind.Reply, Text = text, Answers = $"Task/{id}", Mentions = mentions,
                Audience = audience is Audience.Professionals or Audience.ProfessionalsAndPatient ? audience : Audience.WholeTeam,
            }, default);
            return result is AddNote.Refused refused ? TaskWords.Get(refused.Reason is AddNote.Why.Empty ? "Why.EmptyRemark" : refused.Reason is AddNote.Why.TooLong ? "Why.LongRemark" : "Why.Gone") : null;
        }
        catch (Exception fault)
        {
            return Sentence(fault);
        }
    }

    private async Task<string?> DoAsync(Func<Actor, Task<TaskResult>> change)
    {
        try
        {
            return TaskSentences.Why(await change(await current.RequireAsync()), clock.GetUtcNow().UtcDateTime);
        }
        catch (Exception fault)
        {
            return Sentence(fault);
        }
    }

    private string Sentence(Exception fault)
    {
        switch (fault)
        {
            case PatientNotFound:
                return TaskWords.Get("Why.Gone");
            case ActionRefused refused:
                return $"{TaskWords.Get("Why.NotAllowed")} {RuleWords.Cite(refused.Rule)}";
            default:
                TasksLog.NotDone(log, fault);
                return TaskWords.Get("Why.Failed");
        }
    }
}
