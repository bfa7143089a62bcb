using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// Tasks and hand-offs that a program writes: a Task goes through the same use cases as a page, so the state machine, the owner and the audit are
/// the same. What we do not know of a Task is kept as it came.
/// </summary>
internal sealed class TaskExchange(ReadResource readResource, LookOnce look, CreateTask createTask, OfferHandoff offerHandoff, ReviseTask reviseTask, ReadTask readTask,
    OfferDraft offer, OpenHandoff open, AskClarification ask, AnswerClarification answer, AcceptHandoff accept, DeclineHandoff decline, WithdrawHandoff withdraw, EndHandoff end, PeopleDirectory people)
{
    /// <summary>create. The caller is the requester; a Task that names no owner is the caller's.</summary>
    public async Task<FhirAnswer> CreateAsync(Actor actor, PatientId patient, byte[] body, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        if (ifNoneExist is not null && await look.RunAsync(actor, patient, ifNoneExist, ct, AccessSource.Fhir))
            return ifNoneExist.Found;

        var task = Parse(body, patient, "", out var owner, out _, out _);
        var id = Guid.CreateVersion7().ToString();
        if (task.Owner is { } named && named is { Kind: OwnerKind.Person, Person: null })
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "owner is somebody of this portal: a person, a role of the team or an organisation's queue.", "Task.owner"));
        if (owner && task.Owner is null)
            return FhirAnswer.Refuse(422, FhirIssue.Error("value", "owner names nobody.", "Task.owner"));
        Func<RoomWriter, bool>? unless = ifNoneExist is null ? null : ifNoneExist.IsThere;
        TaskResult result;
        if (task.IsHandoff)
        {
            if (task.State is not (TaskState.Draft or TaskState.Requested))
                return Illegal(task.State);
            if (task.Owner is null)
                return FhirAnswer.Refuse(422, FhirIssue.Error("required", "A hand-off says who is asked to accept it.", "Task.owner"));
            result = await offerHandoff.RunAsync(actor, patient, new OfferHandoff.Request
            {
                Id = id, Title = task.Title, Receiver = task.Owner, Content = task.Handoff!, Urgent = task.Priority >= TaskPriority.Urgent, AcceptBy = task.AcceptBy ?? task.DueAt, Audience = task.Audience, IsDraft = task.State == TaskState.Draft, Source = body, Step = task.Focus is { } focus && focus.StartsWith("Task/", StringComparison.Ordinal) ? focus[5..] : null, Unless = unless,
            }, ct, AccessSource.Fhir);
        }
        else
        {
            var own = task.Owner is null || task.Owner.Person == actor.Person;
            if (task.State is not (TaskState.Draft or TaskState.Requested) && !(own && task.State is TaskState.Ready or TaskState.Accepted or TaskState.InProgress))
                return Illegal(task.State);
            result = await createTask.RunAsync(actor, patient, new CreateTask.Request
            {
                Id = id, Title = task.Title, Detail = task.Detail, Owner = task.Owner, DueAt = task.DueAt, AcceptBy = task.AcceptBy, Priority = task.Priority, Checklist = [.. task.Checklist.Select(c => c.Text)], Repeat = task.Repeat, Goal = task.Goal, Focus = task.Focus,
                Attachments = [.. task.Attachments.Select(a => new Attachment(a.Id, a.Name, "", 0))], Audience = task.Audience, Protection = task.Protection, IsDraft = task.State == TaskState.Draft, State = task.State, Source = body, Unless = unless,
            }, ct, AccessSource.Fhir);
        }

        return result is TaskThereAlready ? ifNoneExist!.Found : await AnswerAsync(actor, patient, id, result, 201, ct);
    }

    /// <summary>update: what differs from the stored Task says what the caller does.</summary>
    public async Task<FhirAnswer> UpdateAsync(Actor actor, PatientId patient, string id, byte[] body, int seen, CancellationToken ct)
    {
        if (await readTask.RunAsync(actor, patient, new ReadTask.Request(id), ct, AccessSource.Fhir) is not { } present)
            return FhirAnswer.Refuse(405, FhirIssue.Error("not-supported", "This Task is kept as its source sent it and is not run by this portal."));
        var wanted = Parse(body, patient, id, out _, out var read, out var tells);
        if (wanted.IsHandoff != present.Task.IsHandoff)
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "A task does not become a hand-off, nor a hand-off a task.", "Task.code"));
        var result = present.Task.IsHandoff
            ? await HandoffAsync(actor, patient, present.Task, wanted, read, tells, seen, ct)
            : await reviseTask.RunAsync(actor, patient, new ReviseTask.Request(id, wanted, body, seen), ct, AccessSource.Fhir);
        return await AnswerAsync(actor, patient, id, result, 200, ct);
    }

    private async Task<TaskResult> HandoffAsync(Actor actor, PatientId patient, CareTask present, CareTask wanted, DateTime? read, bool tells, int seen, CancellationToken ct)
    {
        var id = present.Id;
        var asked = present.Handoff!.Clarifications;
        var said = wanted.Handoff!.Clarifications;
        if (seen == present.Version && tells && !wanted.Handoff.TellsTheSame(present.Handoff))
            return new TaskRefused(TaskRule.ToldStays, present.State, wanted.State);
        // A new question, or the answer to the one that is open, is said by the parts.
        if (wanted.State.IsAsked() && said.Count > asked.Count)
            return await ask.RunAsync(actor, patient, new(id, said[asked.Count].Question, seen), ct, AccessSource.Fhir);
        if (wanted.State.IsAsked() && asked is [.., { Answer: null }] && said.Count == asked.Count && said[^1].Answer is { } words)
            return await answer.RunAsync(actor, patient, new(id, words, seen), ct, AccessSource.Fhir);
        switch (wanted.State)
        {
            case TaskState.Accepted or TaskState.InProgress when !present.State.IsTaken() || present.Owner?.Person != actor.Person || (seen == present.Version - 1 && !string.IsNullOrEmpty(wanted.Handoff.ReadBack)):
                // Of a role or a queue each acknowledges for themselves, as on the page: it goes with this acceptance and is not kept for the others.
                return await accept.RunAsync(actor, patient, new(id, wanted.Handoff.ReadBack ?? "", seen, SeenNewsUntil: read), ct, AccessSource.Fhir);
            case TaskState.Requested when present.State == TaskState.Draft:
                return await offer.RunAsync(actor, patient, new(id, seen), ct, AccessSource.Fhir);
            case TaskState.Received when present.State == TaskState.Requested:
                return await open.RunAsync(actor, patient, new(id, seen), ct, AccessSource.Fhir);
            case TaskState.Rejected when present.State != TaskState.Rejected:
                return await decline.RunAsync(actor, patient, new(id, wanted.Reason ?? "", seen), ct, AccessSource.Fhir);
            case TaskState.Cancelled when present.State != TaskState.Cancelled:
                return await withdraw.RunAsync(actor, patient, new(id, wanted.Reason ?? "", seen), ct, AccessSource.Fhir);
            case TaskState.Completed when present.State != TaskState.Completed:
                return await end.RunAsync(actor, patient, new(id, wanted.Reason, seen), ct, AccessSource.Fhir);
            default:
                return seen != present.Version ? new TaskChangedMeanwhile(present)
                    : wanted.State == present.State && said.Count == asked.Count ? new TaskRefused(TaskRule.NotYours, present.State, wanted.State) : new TaskRefused(TaskRule.IllegalTransition, present.State, wanted.State);
        }
    }

    /// <param name="read">Until when the caller has read what came in.</param>
    /// <param name="tells">Parts of a hand-off stand in it: a step may be sent without them, and then leaves them as they are.</param>
    private CareTask Parse(byte[] body, PatientId patient, string id, out bool namesOwner, out DateTime? read, out bool tells)
    {
        var facts = ResourceReader.Read(body, out var document);
        using (document)
        {
            read = document.RootElement.Each("input"u8).Where(i => i.Child("type"u8) is { } type && type.Each("coding"u8).Any(c => c.Text("code"u8) == TaskCodes.Parts.Acknowledged && c.Text("system"u8) == TaskCodes.Part)).Select(i => i.Date("valueDateTime"u8)?.Start).FirstOrDefault();
            namesOwner = document.RootElement.Child("owner"u8) is not null;
            tells = document.RootElement.Each("input"u8).Any(i => i.Child("type"u8) is { } type && type.Each("coding"u8).Any(c => c.Text("system"u8) == TaskCodes.Part && c.Text("code"u8) is not (TaskCodes.Parts.Question or TaskCodes.Parts.Answer or TaskCodes.Parts.Acknowledged or null)));
            return TaskFhir.Read(document.RootElement, patient, id, 0, people.FindByReference)! with { Audience = TimelineFhir.AudienceOf(document.RootElement, facts) };
        }
    }

    private async Task<FhirAnswer> AnswerAsync(Actor actor, PatientId patient, string id, TaskResult result, int status, CancellationToken ct)
    {
        switch (result)
        {
            case Tasks.TaskDone:
                var row = (await readResource.RunAsync(actor, patient, new ReadResource.Request("Task", id), ct, AccessSource.Fhir))?.Versions[0];
                return row is null ? FhirAnswer.NotFound() : FhirAnswer.Resource(status, "Task", id, row.Version, row.LastUpdated, row.Json, written: true);
            case TaskChangedMeanwhile { Now: var now }:
                return FhirAnswer.Stale(now.Version);
            case TakenAlready taken:
                return FhirAnswer.Refuse(409, FhirIssue.Error("conflict", $"Somebody else was first to accept: {taken.By}."));
            case TaskRefused refused:
                return Refuse(refused);
            default:
                return FhirAnswer.NotFound();
        }
    }

    private static FhirAnswer Illegal(TaskState state) =>
        FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", $"A new task is draft or requested (one's own also ready, accepted or in-progress), not {state.Code()}.", "Task.status"));

    private static FhirAnswer Refuse(TaskRefused refused) => refused.Rule switch
    {
        TaskRule.IllegalTransition => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", $"From {refused.From.Code()} a task does not go to {refused.To?.Code()}; it may go to {Following(refused.From)}.", "Task.status")),
        TaskRule.NotYours => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Rule: this is done by whose task it is, or by who asked; you are neither.", "Task")),
        TaskRule.NeedsReason => FhirAnswer.Refuse(422, FhirIssue.Error("required", "This step needs a reason.", "Task.statusReason")),
        TaskRule.Closed => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "The task is closed, or there is nothing to answer.", "Task.status")),
        TaskRule.SameOwner => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "It would stay with who has it.", "Task.owner")),
        TaskRule.MayNotSee => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Who is named is not on the care team, or may not see what is in it.", "Task.owner")),
        TaskRule.RecentResult when refused.Recent is { } recent => Refuse(recent, "Task.code"),
        TaskRule.NeedsReadBack => FhirAnswer.Refuse(422, FhirIssue.Error("required", "A hand-off is accepted with a read-back: an output with valueString.", "Task.output")),
        TaskRule.UnseenNews => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Something came in since the offer that was not acknowledged; read the timeline and send an input of type acknowledged-until.", "Task")),
        TaskRule.NotAccountable => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Care is handed on by who answers for it: all of it by who is accountable for the patient, a part by who holds that part.", "Task.requester")),
        TaskRule.BadDeadline => FhirAnswer.Refuse(422, FhirIssue.Error("value", "The deadline lies in the past, or outside the calendar.", "Task.restriction.period.end")),
        TaskRule.HandoffStep => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "This task is the hand-off step of a running pathway (Task.focus): it is completed by the acceptance of a hand-off whose focus it is.", "Task.status")),
        TaskRule.AlertNeedsAnswer => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "This task came of an alert (Task.focus): it is completed by answering the alert, in the portal or by PUT of the DetectedIssue, with what was done.", "Task.status")),
        TaskRule.RepeatNeedsDeadline => FhirAnswer.Refuse(422, FhirIssue.Error("required", "A task that repeats has a deadline: its series hangs on it.", "Task.restriction.period.end")),
        TaskRule.NextIsMade => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "The next task of this series exists: its repeat rule says how the series goes on.", "Task.extension")),
        TaskRule.PortalSays => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Where a series began, that its next task exists and who was asked to take over are said by the portal; to ask somebody to take over, name them as owner.", "Task.extension")),
        TaskRule.ToldStays => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "What a hand-off tells stays as it was told: withdraw it (or cancel the draft) and send another. A step may be sent without its parts.", "Task.input")),
        TaskRule.NotInFile => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "What the task is about (focus) or the goal that it serves (basedOn) is not in this file for you.", "Task")),
        TaskRule.GoalForFewer => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "The goal that it serves (basedOn) is seen by fewer people than the task.", "Task.basedOn")),
        TaskRule.UnknownFile => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "An attachment is a Binary of this task, or one that the caller uploaded in this file and has not sent yet.", "Task.input")),
        TaskRule.TitleTooLong => FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"The first line of description is at most {CreateTask.LongestTitle} characters; the rest goes below it or into note.", "Task.description")),
        TaskRule.DetailTooLong => FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"What has to be known of a task is at most {CreateTask.LongestDetail} characters.", "Task.note")),
        TaskRule.ChecklistTooLong => FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"A checklist has at most {CreateTask.MostChecks} lines of at most {TaskLimits.LongestCheck} characters.", "Task.input")),
        TaskRule.TextTooLong => FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"A reason, a question and an answer are at most {TaskLimits.LongestReason} characters, a scope 200, a part or a read-back of a hand-off {OfferHandoff.LongestText}, with at most 100 actions and 100 contingencies.", "Task")),
        _ => FhirAnswer.Refuse(422, FhirIssue.Error("required", "A task says in one line of at most 200 characters what has to be done; a hand-off also a summary.", "Task.description")),
    };

    /// <summary>An examination of which there is a recent result: named by its reference and its day, so that a program can read and show it.</summary>
    internal static FhirAnswer Refuse(Examinations.RecentResult recent, string place) => FhirAnswer.Refuse(422, FhirIssue.Error("duplicate",
        $"There is a recent result of this kind: {recent.Reference} of {Platform.Time.BelgianTime.DayOf(recent.At):yyyy-MM-dd}, usually good until {Platform.Time.BelgianTime.DayOf(recent.Until):yyyy-MM-dd}. To ask all the same, say why in an extension {Examinations.Examination.OverrideUrl} with valueString.", place));

    private static string Following(TaskState from) => TaskStates.After(from) is { Count: > 0 } after ? string.Join(", ", after.Select(s => s.Code())) : "entered-in-error only";
}
