using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Access;

/// <summary>Who looked into the file, when, from where and why; for the patient and a named proxy. Keyset pages, newest first.</summary>
internal sealed class ReadWhoLooked(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadWhoLooked.Request, ReadWhoLooked.Result?>(desk)
{
    /// <summary>Records of one page; people read them by person and day.</summary>
    public const int PageSize = 300;

    /// <param name="After">The stamp of an earlier answer: null comes back when nothing was recorded since.</param>
    internal sealed record Request(AccessFilter? Filter = null, AccessPlace? Before = null, long? After = null);

    /// <param name="Next">Where the next page begins; null at the end.</param>
    /// <param name="People">Everybody who appears in the records of this file, by name.</param>
    internal sealed record Result(IReadOnlyList<Look> Looks, AccessPlace? Next, IReadOnlyList<(PersonId Person, string Name)> People, long Stamp);

    protected override CareAction Needs => CareAction.Read; // the patient by the table, a proxy by name

    protected override Task<Result?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync<Result?>((reader, _) =>
    {
        RequireReader(reader.Session, room);
        var stamp = AccessLogSql.Stamp(reader.Session, room.Patient);
        if (request.After == stamp)
            return ValueTask.FromResult<Result?>(null);
        var lines = AccessLogSql.Page(reader.Session, room, request.Filter ?? new(), request.Before, PageSize + 1);
        var more = lines.Count > PageSize;
        if (more)
            lines.RemoveAt(PageSize);
        var who = AccessLogSql.People(reader.Session, room).Select(p => (p, Name: people.Find(p)?.DisplayName ?? AccessWords.Get("Person.Portal"))).OrderBy(p => p.Name, StringComparer.CurrentCulture).ToList();
        return ValueTask.FromResult<Result?>(new([.. lines.Select(l => Look.Of(l, people, room.Patient))], more ? new(lines[^1].Row.At, lines[^1].Row.Key) : null, who, stamp));
    }, ct);

    /// <exception cref="ActionRefused">Neither the patient nor a named proxy.</exception>
    internal static void RequireReader(DbSession session, PatientRoom room)
    {
        if (!room.May(CareAction.ReadAccessLog) && Deciding.As(session, room) is null)
            throw room.Refusal(CareAction.ReadAccessLog);
    }
}

/// <summary>One record of the access log, as people read it.</summary>
/// <param name="Key">Stays on the server.</param>
/// <param name="MayContest">Somebody of the portal did it, and not the patient.</param>
public sealed record Look(long Key, DateTime At, PersonId Person, string Name, string Role, string? Organisation, CareLine? Line, AccessKind Kind, AccessSource Source, CareAction Action, string? What, AccessWhy Why, string? OnBehalfOf, bool IsPatient, bool MayContest)
{
    /// <summary>Through whose eyes, when the patient looked as somebody else would see it.</summary>
    public string? Through { get; init; }

    internal static Look Of(AccessLine line, PeopleDirectory people, PatientId patient)
    {
        var (row, person) = (line.Row, people.Find(line.Row.PersonId));
        var own = person is not null && person.OwnFile == patient;
        return new(row.Key, row.At, row.PersonId, person?.DisplayName ?? AccessWords.Get("Person.Portal"), own ? AccessWords.Get("Person.You") : person?.RoleTitle ?? "", person?.Organisation, person?.Line, line.Kind, row.Source, row.Action, row.What,
            new(row.Relation, row.Shared, row.OnBehalfOf, row.RuleVersion, row.Rule), row.OnBehalfOf is { } behalf ? people.Find(behalf)?.DisplayName : null, own, person is not null && !own)
        {
            Through = row.What?.Split('/') switch
            {
                ["view-as", "role", var role] when Enum.TryParse<Discipline>(role, out var named) => Roles.Title(named),
                ["view-as", var other] => people.Find(new(other))?.DisplayName ?? AccessWords.Get("Person.Portal"),
                _ => null,
            },
        };
    }
}

/// <summary>What one person did on one day: the line that a human reads.</summary>
public sealed record LookGroup(DateOnly Day, PersonId Person, IReadOnlyList<Look> Looks)
{
    public Look Newest => Looks[0];

    /// <summary>What was done, most serious first, with how often.</summary>
    public IReadOnlyList<(AccessKind Kind, int Count)> Kinds { get; } = [.. Looks.GroupBy(l => l.Kind).OrderBy(g => Array.IndexOf(Order, g.Key)).Select(g => (g.Key, g.Count()))];

    public bool IsAlarming => Kinds.Any(k => k.Kind is AccessKind.Emergency or AccessKind.Refused);

    private static AccessKind[] Order => [AccessKind.Emergency, AccessKind.Refused, AccessKind.Opened, AccessKind.Written, AccessKind.Taken, AccessKind.Decided, AccessKind.Program, AccessKind.Listed, AccessKind.Portal];

    /// <summary>Groups what stands newest first: one group per person and Belgian day, in the order of the newest of each.</summary>
    public static IReadOnlyList<LookGroup> Of(IEnumerable<Look> looks) =>
        [.. looks.GroupBy(l => (Day: Platform.Time.BelgianTime.DayOf(l.At), l.Person)).Select(g => new LookGroup(g.Key.Day, g.Key.Person, [.. g]))];
}
