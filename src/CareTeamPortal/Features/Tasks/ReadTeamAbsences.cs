using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Who of a patient's team is away at some moment of a period: nobody is asked to stand in who is not there either.</summary>
internal sealed class ReadTeamAbsences(CareDesk desk) : PatientUseCase<ReadTeamAbsences.Request, IReadOnlySet<PersonId>>(desk)
{
    /// <param name="Until">First moment after the period, UTC.</param>
    internal sealed record Request(DateTime From, DateTime Until);

    protected override CareAction Needs => CareAction.DoTasks;

    protected override Task<IReadOnlySet<PersonId>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
        ValueTask.FromResult<IReadOnlySet<PersonId>>(GrantSql.Team(reader.Session, room.Patient, room.Now).Select(m => m.Person).Where(p => (p == room.Actor.Person || room.Reach.Categories.HasFlag(InformationCategory.TeamAndAgenda)) && TeamSql.IsAway(reader.Session, p, request.From, request.Until)).ToHashSet()), ct);
}
