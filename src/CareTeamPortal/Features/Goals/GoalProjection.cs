using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Goals;

/// <summary>Keeps no rows of goals; says who may bring one in a Bundle. The patient's words come from the patient, or from a professional of the team.</summary>
internal sealed class GoalProjection(PeopleDirectory people) : IProjection
{
    public string Type => "Goal";

    public object? Read(FhirNode root, string id) => GoalFhir.Read(root, default, id, 0, Audience.WholeTeam, people.FindByReference);

    public string? Refuses(DbSession session, object read, bool isPresent, Actor by)
    {
        var goal = (CareGoal)read;
        if (by.Discipline != Discipline.Patient && !SharingRules.AnswersForCare(by.Discipline))
            return "forbidden: a goal is written by the patient, a named proxy or a professional who answers for care";
        return isPresent && goal.By?.Person is { } speaker && speaker != by.Person ? "forbidden: a goal of somebody of this portal is changed by an update of its own, with If-Match" : null;
    }

    public void Put(DbSession session, PatientId patient, object read, EntryRow entry, DateTime now)
    {
        // The Goal is the record; nothing stands beside it.
    }
}
