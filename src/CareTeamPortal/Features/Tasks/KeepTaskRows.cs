using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Makes the rows of tasks that were stored before there were rows: once, at the first start after the upgrade.</summary>
internal sealed class KeepTaskRows(CareDesk desk, TaskProjection projection)
{
    private const string Marker = "rows:Task:undated"; // the first, rows:Task, left out what states no date

    public async Task RunAsync(CancellationToken ct)
    {
        if (await desk.ReadForTheClockAsync(session => SettingSql.Read(session, Marker) is not null, ct))
            return;
        while (await desk.ReadForTheClockAsync(session => TaskSql.WithoutRow(session, 500), ct) is { Count: > 0 } missing)
        {
            foreach (var (patient, id) in missing)
                await desk.RoomForTheClock(patient).CommitAsync((writer, _) => ValueTask.FromResult(Make(writer, id)), ct);
        }

        await desk.KeepOwnAsync(Actor.Portal, (session, _, _) => SettingSql.Change(session, Marker, null, "1"), ct);
    }

    private bool Make(RoomWriter writer, string id)
    {
        if (CareStore.Find(writer.Session, "Task", id) is not { } stored)
            return false;
        var now = writer.Room.Now;
        var entry = CareStore.FindEntry(writer.Session, "Task", id) ?? new EntryRow { PatientId = writer.Room.Patient, Seq = 0, ResourceType = "Task", ResourceId = id, Title = "Task", RecordedAt = now, Time = now, Version = stored.Version, Audience = stored.Audience, Category = InformationCategory.Tasks };
        ResourceReader.Read(CareStore.Json(writer.Session, stored), out var document);
        using (document)
            projection.Put(writer.Session, writer.Room.Patient, projection.Read(document.RootElement, id) ?? new CareTask { Id = id, Patient = writer.Room.Patient, State = TaskState.EnteredInError, Title = entry.Title, AuthoredOn = entry.Time }, entry, now);
        return true;
    }
}
