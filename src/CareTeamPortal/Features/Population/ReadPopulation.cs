using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Population;

/// <summary>A hand-off that waits, as coordination sees it: who, to whom, how long. Not what about.</summary>
public sealed record WaitingHandoff(string Id, string From, CareLine? FromLine, string To, CareLine? ToLine, DateTime Since, DateTime AcceptBy, bool IsStuck, bool IsOpened, bool HasQuestion, string? Answers);

/// <summary>An open task as coordination sees it.</summary>
public sealed record OpenTask(string Id, string Owner, string? OwnerOrganisation, CareLine? OwnerLine, TaskStep Step, DateTime Since, DateTime? DueAt, bool IsLate, string? Answers);

/// <summary>How far an open task is, without its content.</summary>
public enum TaskStep
{
    Asked,
    Ready,
    Busy,
    Held,
}

/// <summary>A relation of the team that ran out or ends soon.</summary>
public sealed record EndingMember(string Name, string? Role, CareLine? Line, RelationKind Kind, DateTime Until, bool HasEnded);

/// <summary>A member whom the case manager follows up.</summary>
/// <param name="Age">"75–84"; null when the year of birth is unknown.</param>
/// <param name="SharesTasks">The member lets the case manager see that tasks are there.</param>
public sealed record MemberLine(
    PatientId Patient, string Name, string SortName, string? Age, string? City, string? Accountable, string? AccountableRole, CareLine? AccountableLine, string? AccountableOrganisation, DateTime? AccountableSince,
    bool SharesTasks, bool SharesTeam, IReadOnlyList<WaitingHandoff> Handoffs, int Late, int Open, DateTime? OldestLate, IReadOnlyList<EndingMember> Relations, IReadOnlySet<string> Organisations, IReadOnlySet<LinePair> Pairs)
{
    /// <summary>Something asks for action.</summary>
    public bool AsksAction => Late > 0 || Handoffs.Any(h => h.IsStuck) || Relations.Any(r => r.HasEnded);

    /// <summary>Since when the oldest hand-off waits.</summary>
    public DateTime? WaitsSince => Handoffs.Count == 0 ? null : Handoffs.Min(h => h.Since);
}

/// <summary>What the case manager's page shows.</summary>
/// <param name="Members">Of the filter, in the order asked; those whose name is shown.</param>
/// <param name="Matching">How many fit the filter.</param>
/// <param name="Acting">How many of those ask for action.</param>
/// <param name="Followed">How many members the case manager follows by name.</param>
/// <param name="Stuck">Stuck hand-offs of all of them, whatever the filter: for the sentence above the page.</param>
public sealed record PopulationView(
    DateTime Now, FiguresView Figures, IReadOnlyList<MemberLine> Members, int Matching, int Acting, int Followed, IReadOnlyList<MemberLine> Waiting, int Stuck, int Late, int Ended, IReadOnlyList<string> Regions, IReadOnlyList<string> Organisations)
{
    /// <summary>The same as long as the same is shown.</summary>
    public string Stamp => string.Join('|', [$"{Figures.At.Ticks} {Matching} {Acting} {Followed} {Stuck} {Late} {Ended}", .. Members.Concat(Waiting).Select(m => $"{m.Patient} {m.Name} {m.City} {m.Accountable} {m.AccountableSince?.Ticks} {m.Late} {m.Open} {m.SharesTasks} {m.SharesTeam} {string.Join(',', m.Handoffs)} {string.Join(',', m.Relations)}")]);

    /// <summary>Every file that is followed, shown or not.</summary>
    public required IReadOnlyList<PatientId> Follow { get; init; }
}

/// <summary>The population of a case manager: the members followed up by name, everyone else as figures.</summary>
internal sealed class ReadPopulation(CareDesk desk, PopulationBook book, PeopleDirectory people, RuleBook rules, TimeProvider clock)
{
    /// <summary>More members than this nobody follows up.</summary>
    public const int MostFollowed = 5_000;

    public const int PageSize = 50;

    internal sealed record Request(PopulationQuery Query, int Count = PageSize);

    /// <summary>Whether this person has such a page: the table gives the role coordination data.</summary>
    public static bool IsFor(Actor person, SharingRules rules) =>
        person.Discipline.Kind() == RoleKind.Coordination && (rules.ReachOf(person.Discipline, person.Line).Categories & InformationCategory.Tasks) != 0;

    /// <summary>Reads it; each member whose name is shown gets an access record. Null for who has no such page.</summary>
    public async Task<PopulationView?> RunAsync(Actor actor, Request request, CancellationToken ct)
    {
        if (!IsFor(actor, rules.Current))
            return null;
        var figures = await book.FiguresAsync(actor, ct);
        return await desk.ShowAcrossAsync(actor, (session, who, reach, _) =>
        {
            var now = clock.UtcMicroseconds();
            var all = Lines(session, who, reach.Elsewhere.Categories, now);
            var matching = all.Where(m => Fits(m, request.Query)).ToList();
            var shown = Ordered(matching.Where(m => request.Query.All || m.AsksAction || m.Handoffs.Count > 0), request.Query, now).Take(Math.Clamp(request.Count, 1, MostFollowed)).ToList();
            var waiting = matching.Where(m => m.Handoffs.Any(h => h.IsStuck)).OrderBy(m => m.WaitsSince).Take(8).ToList();
            var view = new PopulationView(
                now, figures.For(request.Query), shown, matching.Count, matching.Count(m => m.AsksAction || m.Handoffs.Count > 0), all.Count, waiting, all.Sum(m => m.Handoffs.Count(h => h.IsStuck)), all.Sum(m => m.Late), all.Sum(m => m.Relations.Count(r => r.HasEnded)),
                Sorted(figures.Regions.Concat(all.Select(m => m.City).OfType<string>())), Sorted(figures.Organisations.Concat(all.SelectMany(m => m.Organisations))))
            {
                Follow = [.. all.Select(m => m.Patient)],
            };
            return ValueTask.FromResult<(PopulationView?, IEnumerable<PatientId>)>((view, shown.Concat(waiting).Select(m => m.Patient).Distinct()));
        }, ct);
    }

    /// <summary>The members of a filter, all of them, to take along as a file; each gets an access record of its own. Null for who has no such page.</summary>
    public async Task<IReadOnlyList<MemberLine>?> ExportAsync(Actor actor, PopulationQuery query, CancellationToken ct)
    {
        if (!IsFor(actor, rules.Current))
            return null;
        return await desk.ShowAcrossAsync<IReadOnlyList<MemberLine>?>(actor, (session, who, reach, _) =>
        {
            var now = clock.UtcMicroseconds();
            var lines = Ordered(Lines(session, who, reach.Elsewhere.Categories, now).Where(m => Fits(m, query) && (query.All || m.AsksAction || m.Handoffs.Count > 0)), query, now).ToList();
            return ValueTask.FromResult<(IReadOnlyList<MemberLine>?, IEnumerable<PatientId>)>((lines, lines.Select(m => m.Patient)));
        }, ct, AccessSource.Export);
    }

    private static IReadOnlyList<string> Sorted(IEnumerable<string> names) => [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Create(BelgianTime.Culture, ignoreCase: true))];

    private static bool Fits(MemberLine member, PopulationQuery query) =>
        (query.Region is null || string.Equals(member.City, query.Region, StringComparison.OrdinalIgnoreCase))
        && (query.Organisation is null || member.Organisations.Contains(query.Organisation))
        && (query.Pair is not { } pair || member.Pairs.Contains(pair));

    private static IEnumerable<MemberLine> Ordered(IEnumerable<MemberLine> members, PopulationQuery query, DateTime now)
    {
        var stuck = members.OrderBy(m => m.SortName, StringComparer.Ordinal).ThenBy(m => m.Patient.Value, StringComparer.Ordinal);
        TimeSpan Waits(MemberLine m) => m.WaitsSince is { } since ? now - since : TimeSpan.MinValue;
        IEnumerable<MemberLine> By<T>(Func<MemberLine, T> key) => query.IsDescending ? stuck.OrderByDescending(key) : stuck.OrderBy(key);
        return query.Order switch
        {
            MemberOrder.Name => query.IsDescending ? stuck.Reverse() : stuck,
            MemberOrder.City => By(m => m.City ?? "\uffff"),
            MemberOrder.Late => By(m => m.Late),
            MemberOrder.Since => By(m => m.AccountableSince is { } since ? now - since : TimeSpan.MinValue),
            _ => By(m => (m.Handoffs.Any(h => h.IsStuck), Waits(m), m.Late, m.Relations.Count(r => r.HasEnded))),
        };
    }

    private List<MemberLine> Lines(DbSession session, Actor who, InformationCategory given, DateTime now)
    {
        if ((given & InformationCategory.Administrative) == 0)
            return []; // the table gives no names
        var words = new CoordinationWords(people, now);
        var tasks = ((given & InformationCategory.Tasks) == 0 ? [] : PopulationSql.Tasks(session, who.Person, now, null)).ToLookup(t => t.Patient);
        var relations = ((given & InformationCategory.TeamAndAgenda) == 0 ? [] : PopulationSql.Relations(session, who.Person, now, now - PopulationFigures.EndedShown, now + Relations.WarnAhead, null)).ToLookup(r => r.Patient);
        return PopulationSql.Followed(session, who.Person, now, MostFollowed).ConvertAll(m =>
        {
            var team = (m.Allows & given & InformationCategory.TeamAndAgenda) != 0;
            var accountable = team && m.Accountable is { } id ? people.Find(id) : null;
            var open = tasks[m.Patient].Where(t => !t.IsHandoff).ToList();
            var late = open.Where(t => t.DueAt < now).ToList();
            var concerned = tasks[m.Patient].Select(words.OrganisationOf).Append(accountable?.Organisation).OfType<string>();
            return new MemberLine(
                m.Patient, SafeText.Line(m.Name, 80), m.SortName, AgeBand(m, now), m.City is null ? null : SafeText.Line(m.City, 80), accountable?.DisplayName, accountable?.RoleTitle, accountable?.Line, accountable?.Organisation, team ? m.AccountableSince : null,
                (m.Allows & given & InformationCategory.Tasks) != 0, team, [.. tasks[m.Patient].Where(t => t.IsHandoff).Select(words.Handoff).OrderBy(h => h.Since)], late.Count, open.Count, late.Count == 0 ? null : late.Min(t => t.DueAt),
                [.. relations[m.Patient].Select(words.Relation).OrderBy(r => r.Until)], concerned.ToHashSet(StringComparer.OrdinalIgnoreCase), tasks[m.Patient].Select(t => LinePair.Of(t.RequesterLine, words.LineOf(t))).OfType<LinePair>().ToHashSet());
        });
    }

    /// <summary>Ten years wide: a follow-up needs no birth date.</summary>
    private static string? AgeBand(FollowedMember member, DateTime now)
    {
        if (member.BirthDate is not { } born)
            return null;
        var years = BelgianTime.YearsOf(born, BelgianTime.DayOf(now));
        return years switch { < 0 => null, < 18 => "0–17", >= 85 => "85+", _ => ((years - 15) / 10 * 10 + 15) is var from && from < 18 ? "18–24" : $"{from}–{from + 9}" };
    }
}

/// <summary>Puts tasks, hand-offs and relations into what coordination may know of them.</summary>
internal sealed class CoordinationWords(PeopleDirectory people, DateTime now)
{
    private const int LongestName = 80;

    public WaitingHandoff Handoff(CoordinationTask t)
    {
        var by = t.AcceptBy ?? t.AuthoredOn + PopulationFigures.AcceptedWithin;
        return new(t.Id, Named(t.Requester, t.RequesterName), t.RequesterLine, Owner(t), LineOf(t), t.AuthoredOn, by, now >= by, t.Status == 2, t.Business == "clarification-asked", t.Accountable is { } a ? people.Find(a)?.DisplayName : null);
    }

    public OpenTask Task(CoordinationTask t) => new(
        t.Id, Owner(t), OrganisationOf(t), LineOf(t), t.Status switch { 1 or 2 => TaskStep.Asked, 7 => TaskStep.Busy, 8 => TaskStep.Held, _ => TaskStep.Ready }, t.AuthoredOn, t.DueAt, t.DueAt < now,
        t.Accountable is { } a && a != t.Owner ? people.Find(a)?.DisplayName : null);

    public EndingMember Relation(EndingRelation r)
    {
        var person = people.Find(r.Person);
        return new(Named(r.Person, null), person?.RoleTitle, person?.Line, r.Kind, r.Until, r.Until <= now);
    }

    public string? OrganisationOf(CoordinationTask t) => (t.OwnerOrganisation ?? (t.Owner is { } id ? people.Find(id)?.Organisation : null)) is { } name ? SafeText.Line(name, LongestName) : null;

    public CareLine? LineOf(CoordinationTask t) => t.OwnerLine ?? (t.Owner is { } id ? people.Find(id)?.Line : t.OwnerRole is { } role ? Roles.LineOf(role) : null);

    private string Owner(CoordinationTask t) => t.OwnerKind switch
    {
        OwnerKind.Role when t.OwnerRole is { } role => Roles.Title(role),
        OwnerKind.Organisation when t.OwnerOrganisation is { } place => SafeText.Line(place, LongestName),
        _ => Named(t.Owner, t.OwnerName),
    };

    private string Named(PersonId? id, string? display) =>
        id is { } known && people.Find(known) is { } person ? person.DisplayName : display is { Length: > 0 } ? SafeText.Line(display, LongestName) : PopulationText.Get("Unknown");
}
