using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// Opens a visit: what is new since the person's last one. A reload within half an hour belongs to the same visit, so the divider stays where it was.
/// </summary>
internal sealed class BeginVisit(CareDesk desk) : PatientUseCase<BeginVisit.Request, BeginVisit.Visit>(desk)
{
    internal static readonly TimeSpan SameVisit = TimeSpan.FromMinutes(30);

    internal sealed record Request;

    /// <param name="NewAfter">Entries of others changed after this cursor are new.</param>
    /// <param name="LastVisit">When the person was here before; null on the first visit, and then nothing is called new.</param>
    /// <param name="NewCount">How many that are.</param>
    internal sealed record Visit(long NewAfter, DateTime? LastVisit, int NewCount);

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<Visit> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        var cursor = TimelineSql.VisibleCursor(writer.Session, room.Patient, room.Reach);
        var visit = VisitSql.Find(writer.Session, room) ?? new VisitRow { PersonId = room.Actor.Person, PatientId = room.Patient, BaselineCursor = cursor };
        if (visit.LastAt != default && room.Now - visit.LastAt > SameVisit)
        {
            visit.BaselineCursor = visit.SeenCursor;
            visit.PreviousAt = visit.LastAt;
        }

        visit.SeenCursor = cursor;
        visit.LastAt = room.Now;
        VisitSql.Keep(writer.Session, visit);
        return ValueTask.FromResult(new Visit(visit.BaselineCursor, visit.PreviousAt, TimelineSql.CountNew(writer.Session, room.Patient, room.Reach, visit.BaselineCursor, room.Actor.Person)));
    }, ct);
}

/// <summary>The person has this much on the screen and is still here: it counts as seen.</summary>
internal sealed class MarkSeen(CareDesk desk) : PatientUseCase<MarkSeen.Request, bool>(desk)
{
    /// <param name="Cursor">The newest cursor shown.</param>
    internal sealed record Request(long Cursor);

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        if (VisitSql.Find(writer.Session, room) is not { } visit)
            return ValueTask.FromResult(false);
        visit.SeenCursor = Math.Max(visit.SeenCursor, Math.Min(request.Cursor, TimelineSql.VisibleCursor(writer.Session, room.Patient, room.Reach)));
        visit.LastAt = room.Now;
        VisitSql.Keep(writer.Session, visit);
        VisitSql.SeeMentions(writer.Session, room);
        return ValueTask.FromResult(true);
    }, ct);
}
