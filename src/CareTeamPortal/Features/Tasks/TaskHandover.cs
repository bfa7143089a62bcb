using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Tasks;

/// <summary>
/// Gives open tasks of a file to the person who acts, as many as travel with a hand-off, in the transaction of that hand-off. What changes of each is
/// little and known, so it is changed in the stored bytes and in the rows; <see cref="TaskFiling.Change"/> reads and writes all of a task four times
/// over. Both leave the same behind (a test holds them to it): a new version, the line, the row, an access record each.
/// </summary>
internal sealed class TaskHandover(RoomWriter writer, TaskFiling tasks, PeopleDirectory people)
{
    private readonly DateTime _now = writer.Room.Now;
    private readonly TaskParty _me = TaskParty.Of(writer.Room.Actor);
    private readonly Dictionary<(TaskParty? Asked, TaskPriority), TaskSplice> _splices = []; // a thousand tasks go to a few people
    private readonly List<string> _changes = [];
    private readonly FhirDocument _document = new();

    /// <summary>How many were changed in their bytes so far.</summary>
    public int Patched => _changes.Count;

    /// <summary>The task is the actor's from now on.</summary>
    /// <param name="stored">As it stands, read in this transaction; open.</param>
    /// <param name="asked">Who is asked to take it over from the actor; null for nobody.</param>
    public void Take((TaskRow Row, StoredResource Resource, byte[] Json) stored, TaskParty? asked)
    {
        var (before, resource, json) = stored;
        var priority = (TaskPriority)before.Priority;
        if (!_splices.TryGetValue((asked, priority), out var splice))
            _splices[(asked, priority)] = splice = new TaskSplice(_me, asked, asked is null ? null : _now + Reminders.AcceptWithin(priority), _now, people.FindByReference);
        // A draft and a hand-off say more than their rows; what another program wrote is read in full once.
        if (before.IsHandoff || before.Status == (int)TaskState.Draft || splice.Owner.Person is not { } owner || splice.Patch(json, resource.LastUpdated, State(before)) is not { } patched)
        {
            if (tasks.FindAny(writer.Session, writer.Room.Patient, before.Id) is { } whole)
                tasks.Change(writer, whole, whole.Task with { Owner = _me, Delegate = asked, AcceptBy = splice.AcceptBy, AcceptedAt = _now, State = State(before) }, _me, null);
            return;
        }

        var status = State(before).Code();
        var (session, patient, version) = (writer.Session, writer.Room.Patient, resource.Version + 1);
        if (!CareStore.ReplaceContent(session, resource, json, patched, ResourceReader.HashOf(patched, _document), status, _me.Person, _now))
            return;
        CareStore.SetTaskOwner(session, patient, before.Seq, writer.NextCursor(), version, (int)State(before) == before.Status ? null : status, owner, _me.Person);
        var row = before.Copy();
        (row.Version, row.Status, row.AcceptBy, row.AcceptedAt) = (version, (int)State(before), splice.AcceptBy, _now);
        (row.OwnerKind, row.OwnerId, row.OwnerRole, row.OwnerOrganisation, row.OwnerName, row.OwnerLine) = (OwnerKind.Person, owner, null, null, splice.OwnerName, splice.Owner.Line);
        (row.DelegateId, row.DelegateName) = (splice.Asked?.Person, splice.AskedName);
        (row.AccountableId, row.AccountableAs) = (owner, AccountableAs.Owner);
        row.Told = Reminders.Keep(before, row);
        row.EscalateAt = Reminders.Next(row, row.Told);
        TaskSql.Put(session, row, before);
        _changes.Add($"Task/{before.Id}/_history/{version}");
    }

    /// <summary>Writes the access records.</summary>
    public void Finish()
    {
        if (_changes.Count > 0)
            TaskFiling.Audit(writer, _me, _changes);
        _document.Dispose();
    }

    /// <summary>What waited to be taken on is taken on now.</summary>
    private static TaskState State(TaskRow row) => (TaskState)row.Status is var state && (state.IsAsked() || state == TaskState.Draft) ? TaskState.Ready : state;
}
