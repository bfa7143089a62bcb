using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Admin;

/// <summary>Which people an administrator looks at.</summary>
public enum PeopleShown
{
    Active,

    /// <summary>Accounts of the provider that nobody here knows yet.</summary>
    Waiting,
    Deactivated,
}

/// <summary>People and organisations of the portal, for administrators: who they are and in which role, nothing of any file.</summary>
internal sealed class ReadPeople(CareDesk desk, PeopleDirectory people, OpenPages pages)
{
    /// <summary>Most shown at once; a name narrows it.</summary>
    public const int Most = 200;

    /// <param name="Found">How many there are, also beyond those shown.</param>
    internal sealed record Result(IReadOnlyList<PersonRow> People, int Found, int Waiting, int Deactivated);

    /// <summary>People by name; null for who is no administrator.</summary>
    public Result? Run(Actor actor, PeopleShown shown, string? words)
    {
        if (!actor.IsAdministrator)
            return null;
        var parts = NameFolding.Fold(words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = people.People.Values.Where(p => In(p) == shown && parts.All(part => NameFolding.Fold($"{p.DisplayName} {p.RoleTitle} {p.Organisation} {p.Id.Value}").Contains(part, StringComparison.Ordinal)))
            .OrderBy(p => NameFolding.Fold(p.DisplayName), StringComparer.Ordinal).ThenBy(p => p.Id.Value, StringComparer.Ordinal).ToList();
        return new([.. found.Take(Most)], found.Count, people.People.Values.Count(p => In(p) == PeopleShown.Waiting), people.People.Values.Count(p => In(p) == PeopleShown.Deactivated));
    }

    /// <summary>Among which a person is listed.</summary>
    public static PeopleShown In(PersonRow person) => person.DeactivatedAt is not null ? PeopleShown.Deactivated : person.Discipline == Discipline.Unknown ? PeopleShown.Waiting : PeopleShown.Active;

    /// <param name="Teams">On how many care teams; never which.</param>
    /// <param name="Pages">Open now, on this node.</param>
    internal sealed record Detail(PersonRow Person, int Teams, int Pages);

    /// <summary>One person; null when there is none, or for who is no administrator.</summary>
    public async Task<Detail?> OneAsync(Actor actor, PersonId id, CancellationToken ct) => !actor.IsAdministrator || people.Find(id) is not { } person ? null
        : new(person, (await desk.ReadForTheClockAsync(session => AdminSql.Teams(session, id, desk.Now), ct)).Count, pages.Of(id));

    internal sealed record Organisation(string Name, int People, IReadOnlyList<Discipline> Roles);

    /// <summary>Organisations that people work for, by name; null for who is no administrator.</summary>
    public IReadOnlyList<Organisation>? Organisations(Actor actor) => !actor.IsAdministrator ? null
        : [.. people.People.Values.Where(p => p is { Organisation: not null, DeactivatedAt: null }).GroupBy(p => p.Organisation!, StringComparer.Ordinal)
            .Select(g => new Organisation(g.Key, g.Count(), [.. g.Select(p => p.Discipline).Distinct().Order()])).OrderBy(o => o.Name, StringComparer.CurrentCulture)];
}
