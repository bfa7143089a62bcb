using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.EntityFrameworkCore;

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

    protected override Task<Visit> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync(async (writer, token) =>
    {
        var cursor = TimelineSql.VisibleCursor(writer.Session, room.Patient, room.Reach);
        var visit = await writer.Db.Set<VisitRow>().FirstOrDefaultAsync(v => v.PersonId == room.Actor.Person, token);
        if (visit is null)
        {
            visit = new VisitRow { PersonId = room.Actor.Person, PatientId = room.Patient, BaselineCursor = cursor };
            writer.Db.Add(visit);
        }
        else if (room.Now - visit.LastAt > SameVisit)
        {
            visit.BaselineCursor = visit.SeenCursor;
            visit.PreviousAt = visit.LastAt;
        }

        visit.SeenCursor = cursor;
        visit.LastAt = room.Now;
        await writer.Db.SaveChangesAsync(token);
        return new Visit(visit.BaselineCursor, visit.PreviousAt, TimelineSql.CountNew(writer.Session, room.Patient, room.Reach, visit.BaselineCursor, room.Actor.Person));
    }, ct);
}

/// <summary>The person has this much on the screen and is still here: it counts as seen.</summary>
internal sealed class MarkSeen(CareDesk desk) : PatientUseCase<MarkSeen.Request, bool>(desk)
{
    /// <param name="Cursor">The newest cursor shown.</param>
    internal sealed record Request(long Cursor);

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync(async (writer, token) =>
    {
        var visit = await writer.Db.Set<VisitRow>().FirstOrDefaultAsync(v => v.PersonId == room.Actor.Person, token);
        if (visit is null)
            return false;
        visit.SeenCursor = Math.Max(visit.SeenCursor, Math.Min(request.Cursor, TimelineSql.VisibleCursor(writer.Session, room.Patient, room.Reach)));
        visit.LastAt = room.Now;
        await writer.Db.SaveChangesAsync(token);
        foreach (var mention in await writer.Db.Set<MentionRow>().Where(m => m.PersonId == room.Actor.Person && m.SeenAt == null).ToListAsync(token))
            mention.SeenAt = room.Now;
        await writer.Db.SaveChangesAsync(token);
        return true;
    }, ct);
}
