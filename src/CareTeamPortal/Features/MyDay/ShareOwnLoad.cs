using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.MyDay;

/// <summary>
/// A caregiver shows how heavy caring is to one person of the team, or to nobody any more. The choice stands where the answers stand, beside the file: no record, no entry,
/// no cursor, so that only these two know of it.
/// </summary>
internal sealed class ShareOwnLoad(CareDesk desk) : PatientUseCase<ShareOwnLoad.Request, bool>(desk)
{
    internal const string Slot = "own-load-with";

    /// <param name="With">Null: nobody.</param>
    internal sealed record Request(PersonId? With);

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        if (room.Actor.Discipline != Discipline.InformalCaregiver || (request.With is { } with && (with == room.Actor.Person || GrantSql.Member(writer.Session, room.Patient, with, room.Now) is null)))
            return ValueTask.FromResult(false);
        DraftSql.Keep(writer.Session, room, Slot, request.With?.Value);
        return ValueTask.FromResult(true);
    }, ct);
}

/// <summary>With whom the caregiver shares it, and with whom they could.</summary>
internal sealed class ReadLoadShare(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadLoadShare.Request, ReadLoadShare.Result>(desk)
{
    internal sealed record Request;

    internal sealed record Member(PersonId Person, string Name, string Role);

    /// <param name="With">Null: nobody, also when whom it was shared with has left the team.</param>
    internal sealed record Result(Member? With, IReadOnlyList<Member> Team);

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var team = BannerSql.Team(reader.Session, room).Where(m => m.PersonId != room.Actor.Person).DistinctBy(m => m.PersonId)
            .Select(m => people.Find(m.PersonId) is { DeactivatedAt: null } p ? (p.Line, Member: new Member(p.Id, p.DisplayName, m.RoleTitle ?? p.RoleTitle)) : default).Where(m => m.Member is not null)
            .OrderBy(m => m.Line).ThenBy(m => m.Member.Name, StringComparer.Ordinal).Select(m => m.Member).ToList();
        var with = DraftSql.Of(reader.Session, room).GetValueOrDefault(ShareOwnLoad.Slot);
        return ValueTask.FromResult(new Result(team.Find(m => m.Person.Value == with), team));
    }, ct);
}

/// <summary>What caregivers of this team share with the reader about how heavy caring is. Nobody else learns that there is anything.</summary>
internal sealed class ReadSharedLoads(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadSharedLoads.Request, IReadOnlyList<ReadSharedLoads.Shared>>(desk)
{
    /// <summary>So many answers show a course.</summary>
    private const int Most = 6;

    internal sealed record Request;

    /// <param name="Answers">The last ones, oldest first.</param>
    internal sealed record Shared(PersonId Person, string Name, IReadOnlyList<LoadAnswer> Answers);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<IReadOnlyList<Shared>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
        ValueTask.FromResult<IReadOnlyList<Shared>>([.. DraftSql.ShownTo(reader.Session, room, ShareOwnLoad.Slot, KeepOwnLoad.Slot)
            .Where(s => people.Find(s.Person) is { Discipline: Discipline.InformalCaregiver, DeactivatedAt: null } && GrantSql.Member(reader.Session, room.Patient, s.Person, room.Now) is not null)
            .Select(s => new Shared(s.Person, people.Find(s.Person)!.DisplayName, [.. ReadOwnLoad.Parse(s.Text).TakeLast(Most)]))]), ct);
}
