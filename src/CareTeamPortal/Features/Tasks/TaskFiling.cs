using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Tasks;

/// <summary>A stored task with what is needed to change it: its row, its version, and the bytes of that version.</summary>
internal sealed record StoredTask(CareTask Task, TaskRow Row, StoredResource Resource, byte[] Json);

/// <summary>What is told of a change: the code of the step, its words for the timeline, and what the person said.</summary>
internal sealed record TaskStep(string Code, string Words, string? Said = null);

/// <summary>Reads and writes tasks in an open file. Every change is one new version of the Task, one line on the timeline and one audit record, in one transaction.</summary>
internal sealed class TaskFiling(Filing filing, PeopleDirectory people, RuleBook rules)
{
    /// <summary>The sharing rules in force.</summary>
    public SharingRules Rules => rules.Current;

    /// <summary>A task that the room may see; null when there is none.</summary>
    public StoredTask? Find(DbSession session, PatientRoom room, string id) =>
        TaskSql.One(session, room, id) is { } row && CareStore.Find(session, "Task", id) is { } resource && resource.Patient == room.Patient ? Read(session, row, resource) : null;

    /// <summary>A task, whoever may see it: for the clock, and for what travels with a hand-off.</summary>
    public StoredTask? FindAny(DbSession session, PatientId patient, string id) =>
        TaskSql.Find(session, patient, id) is { } row && CareStore.Find(session, "Task", id) is { } resource && resource.Patient == patient ? Read(session, row, resource) : null;

    private StoredTask? Read(DbSession session, TaskRow row, StoredResource resource)
    {
        var json = CareStore.Json(session, resource);
        var facts = ResourceReader.Read(json, out var document);
        using (document)
        {
            // The row of a concept reaches nobody; for whom it is meant stands in the Task.
            var audience = row.Audience == Audience.None ? TimelineFhir.AudienceOf(document.RootElement, facts) : row.Audience;
            return TaskFhir.Read(document.RootElement, row.PatientId, row.Id, resource.Version, people.FindByReference) is { } task ? new StoredTask(task with { Audience = audience }, row, resource, json) : null;
        }
    }

    /// <summary>Stores a new task with its line on the timeline. The line is the step.</summary>
    /// <param name="json">The Task as it came, when a program sent it.</param>
    public EntryRow Add(RoomWriter writer, CareTask task, TaskParty by, string origin, byte[]? json = null)
    {
        var now = writer.Room.Now;
        var prepared = filing.PrepareAs(TaskFhir.Write(task, json, now), task.Id, origin);
        CareStore.Insert(writer.Session, prepared.Resource, task.Patient, null, now);
        var entry = filing.PutEntry(writer.Session, task.Patient, prepared, 1, writer.NextCursor, now, null, by.Person)!;
        Audit(writer, by, $"Task/{task.Id}/_history/1");
        return entry;
    }

    /// <summary>Puts the changed task in the place of the stored one.</summary>
    /// <param name="step">What is told of it on the timeline; null for a change that another line tells (a task that travels with a hand-off).</param>
    /// <param name="source">The Task as a program sent it, in place of the stored one: kept in what we do not know.</param>
    /// <returns>The task as stored, or null when another writer was first.</returns>
    public CareTask? Change(RoomWriter writer, StoredTask stored, CareTask next, TaskParty by, TaskStep? step, byte[]? source = null)
    {
        var now = writer.Room.Now;
        var partsStay = source is null && TaskFhir.SameParts(stored.Task, next) && TaskSplice.IsOurs(stored.Json, stored.Resource.LastUpdated);
        var prepared = filing.PrepareAs(TaskFhir.Write(next, source is null ? stored.Json : TaskFhir.KeepOrigin(source, stored.Json), now, partsStay), next.Id, "portal");
        if (Replace(writer, stored.Resource, prepared, by, now) is not { } version)
            return null;
        if (step is not null)
            Tell(writer, next, version, by, step);
        Audit(writer, by, $"Task/{next.Id}/_history/{version}");
        return next with { Version = version };
    }

    /// <summary>
    /// Ends a hand-off that was taken on, without a word of its own on the timeline: another line tells it. In its bytes when the portal wrote them, as
    /// <see cref="Change"/> would leave it (a test holds them to it).
    /// </summary>
    /// <returns>Whether it was done in its bytes.</returns>
    public bool End(RoomWriter writer, string handoff, TaskParty by)
    {
        var (session, patient, now) = (writer.Session, writer.Room.Patient, writer.Room.Now);
        if (TaskSql.FindStored(session, patient, handoff) is { } found && TaskSplice.Ended(found.Json, found.Resource.LastUpdated, found.Row.AcceptedAt, now) is { } json)
        {
            if (Replace(writer, found.Resource, filing.PrepareAs(json, handoff, "portal"), by, now) is { } version)
                Audit(writer, by, $"Task/{handoff}/_history/{version}");
            return true;
        }

        if (FindAny(session, patient, handoff) is { } whole)
            Change(writer, whole, whole.Task with { State = TaskState.Completed, Business = HandoffStatus.Ended, ClosedAt = now }, by, null);
        return false;
    }

    /// <summary>A new version with its line; null when another writer was first.</summary>
    /// <param name="now">The moment that the resource itself says: by it the portal knows what it wrote.</param>
    private int? Replace(RoomWriter writer, StoredResource present, Prepared prepared, TaskParty by, DateTime now)
    {
        var patient = writer.Room.Patient;
        if (!CareStore.Replace(writer.Session, present, prepared.Resource, patient, by.Person, now))
            return null;
        filing.PutEntry(writer.Session, patient, prepared, present.Version + 1, writer.NextCursor, now, null, by.Person);
        return present.Version + 1;
    }

    /// <summary>One line on the timeline: a step as a Provenance.</summary>
    public void Tell(RoomWriter writer, CareTask task, int version, TaskParty by, TaskStep step)
    {
        var now = writer.Room.Now;
        var id = Guid.CreateVersion7(new DateTimeOffset(now)).ToString();
        var prepared = filing.PrepareAs(TaskFhir.Step(task, version, by, step.Code, step.Words, step.Said, now), id, "portal");
        if (task.IsConcept)
            prepared = Filing.Unseen(prepared); // a step of what nobody was asked tells of it
        CareStore.Insert(writer.Session, prepared.Resource, task.Patient, null, now);
        filing.PutEntry(writer.Session, task.Patient, prepared, 1, writer.NextCursor, now, null, by.Person);
    }

    /// <summary>An access record for each change.</summary>
    internal static void Audit(RoomWriter writer, TaskParty by, params IReadOnlyList<string> changes)
    {
        var room = writer.Room;
        CareStore.InsertAccessRecords(writer.Session, room.Patient, by.Person ?? IntakeAuthority.Operator, room.Now, room.Actor.OwnFile == room.Patient ? AccessPurpose.OwnFile : AccessPurpose.Care, room.Source, CareAction.DoTasks, changes, room.Why);
    }

    /// <summary>The actor of the room, with what decides the part in a task.</summary>
    public TaskActor ActorOf(DbSession session, PatientRoom room) => new(
        TaskParty.Of(room.Actor), room.Actor.Discipline, people.Find(room.Actor.Person)?.Organisation, SharingRules.AnswersForCare(room.Actor.Discipline), CareStore.Accountable(session, room.Patient) == room.Actor.Person);

    /// <summary>
    /// The people of the team who could take something: those whom a party names and who may see it. Empty when the party names nobody here, or
    /// somebody who may not see what is in it.
    /// </summary>
    public List<PersonRow> Eligible(DbSession session, PatientId patient, TaskParty party, Audience audience, InformationCategory categories, DateTime now) =>
        [.. GrantSql.Team(session, patient, now).Select(m => people.Find(m.Person) is { } p && party.Includes(p.Id, p.Discipline, p.Organisation) && Rules.MayIn(p, patient, CareAction.DoTasks)
            && Covers(Rules.ReachIn(p, patient).Within(m.Allows), audience, categories) ? p : null).OfType<PersonRow>()];

    private static bool Covers(Reach reach, Audience audience, InformationCategory categories) => (reach.Audience & audience) != 0 && (reach.Categories & categories) == categories;
}
