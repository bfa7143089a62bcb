using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>Says who keeps the overview of a patient's care: a member of the team, the patient too.</summary>
internal sealed class SetCoordinator(CareDesk desk, PeopleDirectory people) : PatientUseCase<SetCoordinator.Request, bool>(desk)
{
    /// <param name="Person">Null: nobody by name; who is accountable keeps it.</param>
    internal sealed record Request(PersonId? Person);

    protected override CareAction Needs => CareAction.ManageTeam;

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        var (session, now) = (writer.Session, room.Now);
        if (request.Person is { } person && (GrantSql.Member(session, room.Patient, person, now) is null || people.Find(person) is not { } row || !room.Rules.MayIn(row, room.Patient, CareAction.DoTasks)))
            return ValueTask.FromResult(false);
        writer.NextCursor(); // wakes the pages that show the team
        TaskSql.SetCoordinator(session, room.Patient, request.Person, now);
        writer.Record(CareAction.ManageTeam, $"coordinator/{request.Person?.Value ?? "-"}");
        return ValueTask.FromResult(true);
    }, ct);
}
