using CareTeamPortal.Features.Access;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>
/// Who is on the patient's team now, by care line. Whom the team and its agenda are closed to (the rules, or the patient) sees of it who is accountable, who coordinates
/// and themselves: whoever works on a file has to know whom to turn to.
/// </summary>
internal sealed class ReadTeam(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadTeam.Request, IReadOnlyList<ReadTeam.Member>>(desk)
{
    /// <param name="Details">Also what the page of the team shows of each: absences, who renews and ends.</param>
    internal sealed record Request(bool Details = false);

    /// <param name="Role">Role in this team ("dochter, mantelzorger"), else the person's own.</param>
    /// <param name="Until">When the membership ends; null when no end is set.</param>
    /// <param name="IsCoordinator">Keeps the overview; nobody when who is accountable does.</param>
    /// <param name="SeesNotes">Whether this member reads what is written for professionals, for the caregiver circle, for the patient.</param>
    /// <param name="DoesTasks">Can be asked to do tasks.</param>
    /// <param name="Relation">The therapeutic relationship.</param>
    /// <param name="EndsSoon">Within the fortnight in which it is warned of.</param>
    /// <param name="MayRenew">The reader may renew it.</param>
    /// <param name="AwayUntil">The present absence, or the one that begins within two weeks.</param>
    internal sealed record Member(PersonId Person, string Name, string Role, Discipline Discipline, CareLine Line, string? Organisation, bool IsAccountable, DateTime Since, Audience SeesNotes, DateTime? Until = null, bool IsCoordinator = false, bool DoesTasks = true, RelationKind Relation = RelationKind.Unknown, bool EndsSoon = false, bool MayRenew = false, DateTime? AwayFrom = null, DateTime? AwayUntil = null)
    {
        /// <summary>Where this member can be reached, as far as the reader sees it; with the details.</summary>
        public ContactDetails Contact { get; init; }

        /// <summary>Invited, and not a member before <see cref="Since"/>; with the details.</summary>
        public bool Coming { get; init; }
    }

    protected override CareAction Needs => CareAction.Read;

    protected override Task<IReadOnlyList<Member>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var members = BannerSql.Team(reader.Session, room);
        var phone = new Lazy<string?>(() => BannerSql.Patient(reader.Session, room).Phone);
        var accountable = CareStore.Accountable(reader.Session, room.Patient);
        var coordinator = TaskSql.Coordinator(reader.Session, room.Patient);
        InformationCategory Allows(CareTeamMemberRow m) => m.AllowsUntil > room.Now ? m.Allows : InformationCategory.None;
        var open = room.Reach.Categories.HasFlag(InformationCategory.TeamAndAgenda);
        var coming = request.Details && open ? RelationSql.Coming(reader.Session, room.Patient, room.Now) : [];
        return ValueTask.FromResult<IReadOnlyList<Member>>([.. members.Where(m => open || m.PersonId == accountable || m.PersonId == coordinator || m.PersonId == room.Actor.Person)
            .Select(m => people.Find(m.PersonId) is { } p
                ? new Member(p.Id, p.DisplayName, m.RoleTitle ?? p.RoleTitle, p.Discipline, p.Line, p.Organisation, p.Id == accountable, m.Since, room.Rules.ReachIn(p, room.Patient).Within(Allows(m)).Audience, m.Until, p.Id == coordinator, room.Rules.MayIn(p, room.Patient, CareAction.DoTasks) && Allows(m).HasFlag(InformationCategory.Tasks), m.Kind)
                : null)
            .OfType<Member>()
            .Select(m => request.Details ? Detail(reader.Session, room, m) with { Contact = ContactOf.Member(people.Find(m.Person)!, room.Patient, phone.Value, room.Reach.Categories, room.Actor.Person) } : m)
            .Concat(coming.Select(c => people.Find(c.Person) is { } p ? new Member(p.Id, p.DisplayName, c.RoleTitle ?? p.RoleTitle, p.Discipline, p.Line, p.Organisation, false, c.Since, Audience.None, c.Until, DoesTasks: false, Relation: c.Kind) { Coming = true } : null).OfType<Member>())
            .OrderBy(m => m.Line).ThenByDescending(m => m.IsAccountable).ThenBy(m => m.Since).ThenBy(m => m.Name, StringComparer.Ordinal)]);
    }, ct);

    private static Member Detail(DbSession session, PatientRoom room, Member member)
    {
        var away = TeamSql.AbsencesOf(session, member.Person, room.Now).FirstOrDefault(a => a.From <= room.Now + Relations.WarnAhead);
        return member with
        {
            EndsSoon = member.Until is { } until && until - room.Now <= Relations.WarnAhead,
            MayRenew = RelationSql.Find(session, room.Patient, member.Person, room.Now) is { } relation && RenewRelation.MayRenew(session, room, relation),
            AwayFrom = away?.From, AwayUntil = away?.Until,
        };
    }
}

/// <summary>What the reader may do about the team: invite, and end relations in the patient's name.</summary>
internal sealed class ReadTeamRights(CareDesk desk) : PatientUseCase<ReadTeamRights.Request, ReadTeamRights.Result>(desk)
{
    internal sealed record Request;

    /// <param name="Decides">The patient, or a named proxy.</param>
    /// <param name="Manages">By the right of the role: the coordinator, and ending memberships.</param>
    /// <param name="Closed">Why the team is not shown, when it is not.</param>
    internal sealed record Result(bool Invites, bool Decides, bool Manages = false, ClosedCategory? Closed = null);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        room.ReadAsync((reader, _) => ValueTask.FromResult(new Result(Inviting.May(reader.Session, room), Inviting.ByPatient(reader.Session, room), room.May(CareAction.ManageTeam), ClosedCategory.In(room, InformationCategory.TeamAndAgenda))), ct);
}
