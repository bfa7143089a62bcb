using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Access;

/// <summary>By what right the reader is in this file, until when, and what the patient leaves to them. Says the same whether or not there is anything behind it.</summary>
internal sealed class ReadOwnAccess(CareDesk desk) : PatientUseCase<ReadOwnAccess.Request, OwnAccessView>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Read;

    protected override Task<OwnAccessView> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var relation = RelationSql.Of(reader.Session, room.Patient, room.Now).Where(r => r.Person == room.Actor.Person).OrderBy(r => r.Kind == RelationKind.BreakGlass).FirstOrDefault();
        return ValueTask.FromResult(new OwnAccessView(room.Grant.Kind, relation?.Since, relation?.Until, relation?.Until is { } until && until - room.Now <= Relations.WarnAhead,
            room.Rules.ReachIn(room.Actor, room.Patient).Categories, room.Reach.Categories, Deciding.As(reader.Session, room) is not null, room.Role == Discipline.Patient, room.Rules.Number,
            relation is not null && RenewRelation.MayRenew(reader.Session, room, relation) ? RenewRelation.Choices(room.Role) : []));
    }, ct);
}
