using System.Collections.Frozen;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>The people of the portal, held in memory: names beside entries, who may be mentioned, who signs in.</summary>
internal sealed class PeopleDirectory(CareDatabase database, TimeProvider? clock = null)
{
    private DateTime _changedAt;

    private volatile FrozenDictionary<PersonId, PersonRow> _people = FrozenDictionary<PersonId, PersonRow>.Empty;

    /// <summary>Everyone, by user name.</summary>
    public IReadOnlyDictionary<PersonId, PersonRow> People => _people;

    /// <summary>The person, or null.</summary>
    public PersonRow? Find(PersonId id) => _people.GetValueOrDefault(id);

    /// <summary>The person as somebody who acts; null when there is no such person, or they were deactivated.</summary>
    public Actor? ActorFor(PersonId id) => Find(id) is { DeactivatedAt: null } p ? new Actor(p.Id, p.DisplayName, p.Discipline, p.Line, p.RoleTitle, p.FhirType, p.OwnFile) { IsAdministrator = p.IsAdministrator } : null;

    /// <summary>Who a FHIR reference such as <c>Practitioner/sofie.maes</c> means; null when nobody here.</summary>
    public PersonRow? FindByReference(string? reference)
    {
        if (reference is null || reference.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash))
            return null;
        var id = reference[(slash + 1)..];
        return reference[..slash] == "Patient"
            ? _people.Values.FirstOrDefault(p => p.OwnFile?.Value == id)
            : Find(new PersonId(id)) is { } person && person.FhirType == reference[..slash] ? person : null;
    }

    /// <summary>Reads everyone anew.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        using var session = await database.RentAsync(ct);
        Take(CareStore.People(session));
    }

    /// <summary>Reads everyone anew when another node or process changed somebody; true when it did.</summary>
    public async Task<bool> RefreshIfChangedAsync(CancellationToken ct)
    {
        using var session = await database.RentAsync(ct);
        if (CareStore.PeopleChangedAt(session) == _changedAt)
            return false;
        Take(CareStore.People(session));
        return true;
    }

    private void Take(List<PersonRow> people)
    {
        _people = people.ToFrozenDictionary(p => p.Id);
        _changedAt = people.Count == 0 ? default : people.Max(p => p.ChangedAt);
    }

    /// <summary>Adds people or brings them up to date.</summary>
    public async Task KeepAsync(IReadOnlyCollection<PersonRow> people, CancellationToken ct)
    {
        await database.WriteAsync(async (session, token) =>
        {
            var now = (clock ?? TimeProvider.System).UtcMicroseconds();
            await using var context = session.NewContext(null, Reach.None);
            var present = await context.Set<PersonRow>().ToDictionaryAsync(p => p.Id, token);
            var moved = people.Where(p => present.TryGetValue(p.Id, out var known) && (known.Organisation != p.Organisation || known.OwnFile != p.OwnFile)).Select(p => p.Id).ToList();
            // Later than every change before it, also when the clocks of nodes differ: the others compare this and nothing else.
            if (CareStore.PeopleChangedAt(session) is var last && last >= now)
                now = last.AddMicroseconds(1);
            foreach (var person in people)
            {
                person.ChangedAt = now;
                if (present.TryGetValue(person.Id, out var known))
                    context.Entry(known).CurrentValues.SetValues(person);
                else
                    context.Add(person);
            }

            var kept = await context.SaveChangesAsync(token);
            // Consent for an organisation follows who is in it.
            foreach (var patient in moved.SelectMany(p => ConsentSql.PatientsOf(session, p, now)).Distinct().ToList())
                ConsentSql.Project(session, patient, now);
            return kept;
        }, ct);
        await RefreshAsync(ct);
    }
}
