using System.Collections.Frozen;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>The people of the portal, held in memory: names beside entries, who may be mentioned, who signs in.</summary>
internal sealed class PeopleDirectory(CareDatabase database)
{
    private volatile FrozenDictionary<PersonId, PersonRow> _people = FrozenDictionary<PersonId, PersonRow>.Empty;

    /// <summary>Everyone, by user name.</summary>
    public IReadOnlyDictionary<PersonId, PersonRow> People => _people;

    /// <summary>The person, or null.</summary>
    public PersonRow? Find(PersonId id) => _people.GetValueOrDefault(id);

    /// <summary>The person as somebody who acts; null when there is no such person.</summary>
    public Actor? ActorFor(PersonId id) => Find(id) is { } p ? new Actor(p.Id, p.DisplayName, p.Discipline, p.Line, p.RoleTitle, p.FhirType, p.OwnFile) : null;

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
        _people = CareStore.People(session).ToFrozenDictionary(p => p.Id);
    }

    /// <summary>Adds people or brings them up to date.</summary>
    public async Task KeepAsync(IReadOnlyCollection<PersonRow> people, CancellationToken ct)
    {
        await database.WriteAsync(async (session, token) =>
        {
            await using var context = session.NewContext(null, Reach.None);
            var present = await context.Set<PersonRow>().ToDictionaryAsync(p => p.Id, token);
            foreach (var person in people)
            {
                if (present.TryGetValue(person.Id, out var known))
                    context.Entry(known).CurrentValues.SetValues(person);
                else
                    context.Add(person);
            }

            return await context.SaveChangesAsync(token);
        }, ct);
        await RefreshAsync(ct);
    }
}
