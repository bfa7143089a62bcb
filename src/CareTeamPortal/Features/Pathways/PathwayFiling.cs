using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Pathways;

/// <summary>A stored pathway with what is needed to change it.</summary>
internal sealed record StoredPathway(Pathway Pathway, StoredResource Resource, byte[] Json, StoredResource? Part, byte[]? PartJson);

/// <summary>What is told of a change: its code, its words for the timeline, what the person said, and whether it is for professionals.</summary>
internal sealed record PathwayEvent(string Code, string Words, string? Said = null, bool Inside = false);

/// <summary>Reads and writes pathways in an open file. Every change is a new version of the CarePlan that says it, with its line and an access record, in one transaction.</summary>
internal sealed class PathwayFiling(Filing filing, PeopleDirectory people, TaskFiling tasks, SetMeasuringPlan plans)
{
    /// <summary>A pathway as far as the room may see it; null when there is none.</summary>
    public StoredPathway? Find(DbSession session, PatientRoom room, string id) => Find(session, room.Patient, id, room.Reach);

    private StoredPathway? Find(DbSession session, PatientId patient, string id, Reach reach)
    {
        if (CareStore.Find(session, "CarePlan", id) is not { } resource || resource.Patient != patient || !reach.Sees(resource.Audience, resource.Category))
            return null;
        var json = CareStore.Json(session, resource);
        if (Read(json, patient, id, resource.Version) is not { } whole || whole.Id != id)
            return null; // no pathway, or only the part of one
        var part = CareStore.Find(session, "CarePlan", Pathway.PartOf(id)) is { } found && found.Patient == patient && reach.Sees(found.Audience, found.Category) ? found : null;
        var partJson = part is null ? null : CareStore.Json(session, part);
        return new(PathwayFhir.Together(whole, partJson is null ? null : Read(partJson, patient, part!.Id, part.Version)), resource, json, part, partJson);
    }

    private Pathway? Read(byte[] json, PatientId patient, string id, int version)
    {
        ResourceReader.Read(json, out var document);
        using (document)
            return PathwayFhir.Read(document.RootElement, patient, id, version, people.FindByReference);
    }

    /// <summary>Stores a new pathway: one CarePlan, or two.</summary>
    /// <param name="identifiers">Names that a program gives it.</param>
    public void Add(RoomWriter writer, Pathway pathway, string origin = "portal", IReadOnlyList<JsonObject>? identifiers = null)
    {
        var by = pathway.Lead;
        var named = identifiers is not { Count: > 0 } ? null : JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["resourceType"] = "CarePlan", ["identifier"] = new JsonArray([.. identifiers.Select(i => i.DeepClone())]) });
        Insert(writer, pathway.Id, PathwayFhir.Write(pathway, by, named, writer.Room.Now), origin);
        if (PathwayFhir.WritePart(pathway, by, null, writer.Room.Now) is { } part)
            Insert(writer, Pathway.PartOf(pathway.Id), part, origin);
    }

    private void Insert(RoomWriter writer, string id, byte[] json, string origin)
    {
        var (room, now) = (writer.Room, writer.Room.Now);
        var prepared = filing.PrepareAs(json, id, origin);
        CareStore.Insert(writer.Session, prepared.Resource, room.Patient, null, now);
        filing.PutEntry(writer.Session, room.Patient, prepared, 1, writer.NextCursor, now, null, room.Actor.Person);
        writer.Record(CareAction.Write, $"CarePlan/{id}/_history/1");
    }

    /// <summary>Puts the changed pathway in the place of the stored one; what did not change keeps its version.</summary>
    /// <returns>False when another writer was first.</returns>
    public bool Change(RoomWriter writer, StoredPathway stored, Pathway next, TaskParty by, params IEnumerable<PathwayEvent> events)
    {
        var now = writer.Room.Now;
        if (!Replace(writer, stored.Resource, stored.Json, PathwayFhir.Write(next, by, stored.Json, now)))
            return false;
        if (PathwayFhir.WritePart(next, by, stored.PartJson, now) is { } part)
        {
            if (stored.Part is null)
                Insert(writer, Pathway.PartOf(next.Id), part, "portal");
            else if (!Replace(writer, stored.Part, stored.PartJson!, part))
                return false;
        }

        foreach (var told in events)
        {
            var prepared = filing.PrepareAs(PathwayFhir.Event(next, told.Inside, by, told.Code, told.Words, told.Said, now), Guid.CreateVersion7(new DateTimeOffset(now)).ToString(), "portal");
            CareStore.Insert(writer.Session, prepared.Resource, next.Patient, null, now);
            filing.PutEntry(writer.Session, next.Patient, prepared, 1, writer.NextCursor, now, null, by.Person);
        }

        return true;
    }

    private bool Replace(RoomWriter writer, StoredResource present, byte[] before, byte[] json)
    {
        if (before.AsSpan().SequenceEqual(json))
            return true;
        var (room, now) = (writer.Room, writer.Room.Now);
        var prepared = filing.PrepareAs(json, present.Id, "portal");
        if (!CareStore.Replace(writer.Session, present, prepared.Resource, room.Patient, room.Actor.Person, now))
            return false;
        filing.PutEntry(writer.Session, room.Patient, prepared, present.Version + 1, writer.NextCursor, now, null, room.Actor.Person);
        writer.Record(CareAction.Write, $"CarePlan/{present.Id}/_history/{present.Version + 1}");
        return true;
    }

    // ---- what steps become -------------------------------------------------------------------------------------------

    /// <summary>Makes what a step asks for: a task, a measuring plan. What is only told, or was left out, is made of nothing.</summary>
    /// <param name="share">Questions that another pathway asks at about the same time are not asked again: its task is this step's too.</param>
    /// <returns>The step with what was made.</returns>
    public PathwayStep Make(RoomWriter writer, Pathway pathway, PathwayStep step, string origin = "portal", bool share = false)
    {
        if (step.Made is not null || step.Skipped || step.DoneAt is not null || step.Kind == StepKind.Information)
            return step;
        if (share && Reuse.AskedBy(writer.Session, writer.Room, pathway, step) is { } asked)
            return StartPathway.Reused(writer.Session, writer.Room, step, "Task/" + asked.Id);
        var id = Guid.CreateVersion7(new DateTimeOffset(writer.Room.Now)).ToString();
        if (step.Kind == StepKind.Measuring)
        {
            MakePlan(writer, step, id, origin);
            return step with { Made = "ServiceRequest/" + id };
        }

        tasks.Add(writer, TaskOf(writer.Room, pathway, step, id), TaskParty.Of(writer.Room.Actor), origin);
        return step with { Made = "Task/" + id };
    }

    /// <summary>The task that a step becomes.</summary>
    internal static CareTask TaskOf(PatientRoom room, Pathway pathway, PathwayStep step, string id)
    {
        var (me, now) = (TaskParty.Of(room.Actor), room.Now);
        var own = step.Owner.Person == room.Actor.Person;
        // A start in the past leaves nobody a deadline that was over before they knew of it.
        var due = step.Due > now ? step.Due : Pathway.EndOf(Platform.Time.BelgianTime.DayOf(now)) is var tonight && tonight > now.AddMinutes(5) ? tonight : now.AddHours(1);
        // What is due in weeks need not be taken on tonight.
        var within = Reminders.AcceptWithin(step.Priority) is var usual && step.Priority < TaskPriority.Urgent && due - now > TimeSpan.FromDays(7) ? TimeSpan.FromDays(3) : usual;
        var detail = string.Join("\n\n", new[] { step.Detail, step.Kind == StepKind.Handoff && step.Receiver?.Display is { } to ? PathwayWords.Get(step.Scope is null ? "Make.Handoff" : "Make.Handoff.Part", to, step.Scope) : null }.OfType<string>());
        return new CareTask
        {
            Id = id, Patient = room.Patient, State = own ? TaskState.Ready : TaskState.Requested, Title = step.Title, Detail = detail, Priority = step.Priority, Requester = me, Owner = step.Owner, AuthoredOn = now, DueAt = due,
            AcceptBy = own ? null : now + within < due ? now + within : due, AcceptedAt = own ? now : null, Checklist = [.. step.Checklist.Select(c => new ChecklistItem(c))], Repeat = step.Repeat, SeriesStart = step.Repeat is null ? null : due,
            Goal = step.Goal, Focus = step.Questionnaire is { } questionnaire ? "Questionnaire/" + questionnaire : step.Kind == StepKind.Handoff ? "CarePlan/" + (step.ForProfessionals && pathway.Audience != Audience.Professionals ? Pathway.PartOf(pathway.Id) : pathway.Id) : null, Audience = step.ForProfessionals ? Audience.Professionals : pathway.Audience,
        };
    }

    private void MakePlan(RoomWriter writer, PathwayStep step, string id, string origin)
    {
        var (room, now) = (writer.Room, writer.Room.Now);
        var plan = new MeasuringPlan
        {
            Id = id, Patient = room.Patient, Version = 1, Loinc = step.Loinc ?? "", Repeat = step.Repeat, By = [step.Owner], Goal = step.Goal, Requester = TaskParty.Of(room.Actor), AuthoredOn = now,
            Rules = [.. step.Limits.Select(r => r with { Threshold = r.Threshold with { Since = now } })],
        };
        plans.Add(writer, plan, step.ForProfessionals ? Audience.Professionals : Audience.WholeTeam, origin);
    }
}
