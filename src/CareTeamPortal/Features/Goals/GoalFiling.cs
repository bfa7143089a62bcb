using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Goals;

/// <summary>A stored goal with what is needed to change it.</summary>
internal sealed record StoredGoal(CareGoal Goal, StoredResource Resource, byte[] Json);

/// <summary>What became of a change of a goal or of the patient's own words.</summary>
internal enum GoalOutcome
{
    Done = 0,
    NothingSaid = 1,

    /// <summary>A text is longer than is kept; nothing was cut off.</summary>
    TooLong = 2,

    /// <summary>The target cannot be reached by any value, or what it measures is unknown.</summary>
    TargetNotSound = 3,

    /// <summary>Somebody changed it meanwhile; nothing was written.</summary>
    ChangedMeanwhile = 4,

    /// <summary>There is no such goal for this person.</summary>
    NotFound = 5,

    /// <summary>It is for somebody else to say.</summary>
    NotYours = 6,

    /// <summary>This step is explained.</summary>
    NeedsReason = 7,

    /// <summary>The life goal that it is to serve is no open life goal of this file, or is seen by fewer.</summary>
    ServesNothing = 8,

    /// <summary>Who is to see to it is not on the team, or may not see it.</summary>
    OwnerMayNotSee = 9,

    /// <summary>A goal does not come there from where it stands.</summary>
    IllegalStep = 10,

    /// <summary>The writer would not see it themselves.</summary>
    AudienceWithoutWriter = 11,

    /// <summary>What was to be made only when nothing like it is there is there.</summary>
    ThereAlready = 12,
}

/// <summary>How a goal stands after a change; null when there is none to show.</summary>
internal sealed record GoalResult(GoalOutcome Outcome, CareGoal? Goal = null)
{
    public bool IsDone => Outcome == GoalOutcome.Done;
}

/// <summary>Reads and writes goals in an open file: one new version, one line on the timeline and one audit record, in one transaction.</summary>
internal sealed class GoalFiling(Filing filing, PeopleDirectory people)
{
    /// <summary>The actor of the room, with what decides their part in a goal.</summary>
    public static GoalActor ActorOf(DbSession session, PatientRoom room) => new(room.Actor.Person, room.May(CareAction.Write) && Deciding.As(session, room) is not null,
        room.May(CareAction.Write) && SharingRules.AnswersForCare(room.Role) && room.Rules.MayWrite(room.Role, room.Actor.Line, InformationCategory.Goals));

    /// <summary>Every goal that the room may see, the newest change first.</summary>
    public List<CareGoal> All(DbSession session, PatientRoom room, int most) => GoalSql.OfType(session, room, "Goal", most).ConvertAll(row =>
    {
        ResourceReader.Read(row.Json, out var document);
        using (document)
            return GoalFhir.Read(document.RootElement, room.Patient, row.Id, row.Version, row.Audience, people.FindByReference);
    });

    /// <summary>A goal that the room may see; null when there is none.</summary>
    /// <param name="id">The id, without its type.</param>
    public StoredGoal? Find(DbSession session, PatientRoom room, string id)
    {
        if (CareStore.Find(session, "Goal", id) is not { } stored || stored.Patient != room.Patient || !room.Reach.Sees(stored.Audience, stored.Category))
            return null;
        var json = CareStore.Json(session, stored);
        ResourceReader.Read(json, out var document);
        using (document)
            return new(GoalFhir.Read(document.RootElement, room.Patient, id, stored.Version, stored.Audience, people.FindByReference), stored, json);
    }

    /// <summary>The goal that a resource says.</summary>
    public CareGoal Read(byte[] json, PatientId patient, string id, Audience audience)
    {
        ResourceReader.Read(json, out var document);
        using (document)
            return GoalFhir.Read(document.RootElement, patient, id, 0, audience, people.FindByReference);
    }

    /// <summary>A new goal, with whose words it is and who wrote them down. A life goal is always the patient's own: whoever else writes it down is named as that.</summary>
    public CareGoal New(DbSession session, PatientRoom room, GoalActor actor, string id, GoalKind kind, Audience audience, bool isProposal = false)
    {
        var (me, today) = (TaskParty.Of(room.Actor), BelgianTime.DayOf(room.Now));
        var patients = kind == GoalKind.Life || actor.SpeaksForPatient;
        return new CareGoal
        {
            Id = id, Patient = room.Patient, Kind = kind, Words = "", State = isProposal ? GoalState.Proposed : GoalState.Active, Audience = audience, Start = today, StateSince = today,
            By = patients ? PatientOf(session, room) : me, WrittenBy = patients && room.Purpose != AccessPurpose.OwnFile ? me : null,
        };
    }

    /// <summary>Whether a care goal may serve what a reference names: an open life goal of this file that everybody sees who sees the goal.</summary>
    /// <param name="present">What the stored goal tells of; null for a new one.</param>
    public bool MayServe(DbSession session, PatientRoom room, string reference, CareGoal goal, InformationCategory? present = null) =>
        reference.StartsWith("Goal/", StringComparison.Ordinal) && Find(session, room, reference[5..]) is { Goal: { Kind: GoalKind.Life, IsOpen: true } life } above && life.Id != goal.Id && (goal.Audience & ~above.Resource.Audience) == 0
        && (ClinicalCodes.Protected(above.Resource.Category) == InformationCategory.None || above.Resource.Category == present);

    /// <summary>For whom a Goal that a program sends is written.</summary>
    public static Audience AudienceOf(byte[] json)
    {
        var facts = ResourceReader.Read(json, out var document);
        using (document)
            return TimelineFhir.AudienceOf(document.RootElement, facts);
    }

    /// <summary>The patient of the file, as a party.</summary>
    public TaskParty PatientOf(DbSession session, PatientRoom room) => people.FindByReference($"Patient/{room.Patient}") is { } person ? TaskParty.Of(person)
        : new TaskParty { Kind = OwnerKind.Person, Reference = $"Patient/{room.Patient}", Display = GoalSql.NameOf(session, room.Patient), Line = CareLine.Home };

    /// <summary>Stores a new goal, or a new version in the place of the stored one.</summary>
    /// <param name="present">The stored goal; null for a new one.</param>
    /// <returns>False when another writer was first.</returns>
    public bool Put(RoomWriter writer, CareGoal goal, StoredGoal? present, string origin = "portal", (string Words, TaskParty By, DateTime At)? remark = null, byte[]? source = null)
    {
        var (session, room, now) = (writer.Session, writer.Room, writer.Room.Now);
        var before = present?.Goal;
        if (source is not null)
        {
            source = GoalFhir.AsSent(source, present?.Json, TaskParty.Of(room.Actor), now);
            before = Read(source, room.Patient, goal.Id, goal.Audience);
        }

        var prepared = filing.PrepareAs(GoalFhir.Write(goal, source ?? present?.Json, before, remark), goal.Id, origin);
        writer.RequireWrite(prepared.Resource.Category);
        if (present is null)
            CareStore.Insert(session, prepared.Resource, room.Patient, null, now);
        else if (!CareStore.Replace(session, present.Resource, prepared.Resource, room.Patient, room.Actor.Person, now))
            return false;
        var version = (present?.Resource.Version ?? 0) + 1;
        filing.PutEntry(session, room.Patient, prepared, version, writer.NextCursor, now, null, room.Actor.Person);
        writer.Record(CareAction.Write, $"Goal/{goal.Id}/_history/{version}");
        return true;
    }
}
