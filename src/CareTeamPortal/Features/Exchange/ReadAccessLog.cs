using CareTeamPortal.Features.Access;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Who opened the file, as AuditEvents, for the patient and named proxies. Newest first, keyset pages; one by its id.</summary>
internal sealed class ReadAccessLog(CareDesk desk, PeopleDirectory people, CursorCodec cursors) : PatientUseCase<ReadAccessLog.Request, ReadAccessLog.Page>(desk)
{
    /// <summary>A count reads at most this many; more are not counted.</summary>
    private const int MostCounted = 100_000;

    /// <param name="Agents">Who did it, as references; null: anybody.</param>
    /// <param name="Dates">When it was recorded.</param>
    /// <param name="Id">One, by its id.</param>
    /// <param name="CountOnly">How many there are, without them.</param>
    internal sealed record Request(AccessPlace? Before = null, int Count = 1, IReadOnlyList<string>? Agents = null, IReadOnlyList<IReadOnlyList<DateCondition>>? Dates = null, string? Id = null, bool CountOnly = false);

    /// <param name="Events">Id and JSON of each, newest first.</param>
    /// <param name="Next">Ask for what is before this; null at the end.</param>
    /// <param name="Total">Known when it was asked for, or when all of it is on the page.</param>
    internal sealed record Page(IReadOnlyList<(string Id, DateTime At, byte[] Json)> Events, AccessPlace? Next, int? Total);

    protected override CareAction Needs => CareAction.Read; // the patient by the table, a proxy by name

    protected override Task<Page> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        ReadWhoLooked.RequireReader(reader.Session, room);
        if (request.Id is { } id)
            return ValueTask.FromResult(new Page(cursors.RevealId(room.Patient, id) is { } key && AccessLogSql.Find(reader.Session, room, key) is { } one ? [Event(one, room.Patient)] : [], null, null));
        var lines = Matching(reader.Session, room, request, request.CountOnly ? MostCounted : request.Count + 1);
        if (request.CountOnly)
            return ValueTask.FromResult(new Page([], null, lines.Count));
        var more = lines.Count > request.Count;
        if (more)
            lines.RemoveAt(request.Count);
        return ValueTask.FromResult(new Page([.. lines.Select(l => Event(l, room.Patient))], more ? new AccessPlace(lines[^1].Row.At, lines[^1].Row.Key) : null, more || request.Before is not null ? null : lines.Count));
    }, ct);

    private List<AccessLine> Matching(DbSession session, PatientRoom room, Request request, int count)
    {
        var who = request.Agents?.Select(a => people.FindByReference(a)?.Id).OfType<PersonId>().ToList();
        if (who is { Count: 0 })
            return []; // nobody here is meant
        var (from, until) = Bounds(request.Dates ?? []);
        var filter = new AccessFilter(who is [var one] ? one : null, null, from, until);
        var found = new List<AccessLine>();
        var before = request.Before;
        while (found.Count < count)
        {
            var asked = Math.Max(count, 200);
            var read = AccessLogSql.Page(session, room, filter, before, asked);
            found.AddRange(read.Where(l => (who is null || who.Contains(l.Row.PersonId)) && (request.Dates ?? []).All(any => any.Any(d => d.Holds(l.Row.At, l.Row.At)))).Take(count - found.Count));
            if (read.Count < asked)
                break;
            before = new(read[^1].Row.At, read[^1].Row.Key);
        }

        return found;
    }

    /// <summary>What the index can narrow; the conditions themselves decide.</summary>
    internal static (DateTime? From, DateTime? Until) Bounds(IReadOnlyList<IReadOnlyList<DateCondition>> dates)
    {
        DateTime? from = null, until = null;
        foreach (var any in dates)
        {
            if (any is not [var date])
                continue;
            if (date.Prefix is "ge" or "eq" or "gt" or "sa" && !(from > date.Start))
                from = date.Start;
            if (date.Prefix is "le" or "eq" or "lt" or "eb" && !(until < date.End))
                until = date.End;
        }

        return (from, until);
    }

    private (string Id, DateTime At, byte[] Json) Event(AccessLine line, PatientId patient) => (cursors.HideAsId(patient, line.Row.Key), line.Row.At, AuditEventJson.Write(line, patient, people));
}

/// <summary>The files whose access log a person may read: the own one, and those of whom they may be a proxy. Which they are decides <see cref="ReadAccessLog"/>.</summary>
internal static class AccessLogs
{
    public static IReadOnlyList<PatientId> Of(DbSession session, Actor actor, DateTime now)
    {
        var files = actor.Discipline is Discipline.InformalCaregiver or Discipline.Patient ? ConsentSql.PatientsOf(session, actor.Person, now) : [];
        return actor.OwnFile is { } own ? [own, .. files.Where(f => f != own)] : files;
    }
}
