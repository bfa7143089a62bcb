using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>Which person of the portal an account at the identity provider is. Issuer and subject decide; a new account becomes a person with the role that the provider states, and without a role sees nothing.</summary>
internal sealed class Accounts(PeopleDirectory people)
{
    /// <summary>The person behind these claims; made at the first sign-in.</summary>
    public async Task<PersonId> PersonForAsync(ClaimsIdentity claims, CancellationToken ct)
    {
        string? Claim(string type) => claims.FindFirst(type)?.Value;
        var subject = $"{Claim("iss")}|{Claim("oid") ?? Claim("sub")}";
        if (people.People.Values.FirstOrDefault(p => p.ExternalSubject == subject) is { } known)
            return known.Id;

        var discipline = claims.FindAll("roles").Select(r => Enum.TryParse<Discipline>(r.Value, ignoreCase: true, out var d) ? d : Discipline.Unknown).FirstOrDefault(d => d != Discipline.Unknown);
        var person = new PersonRow
        {
            Id = new PersonId("p-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..24]),
            DisplayName = Claim("name") ?? Claim("preferred_username") ?? "?",
            Discipline = discipline,
            Line = Roles.LineOf(discipline),
            RoleTitle = Roles.Title(discipline),
            FhirType = discipline switch { Discipline.InformalCaregiver => "RelatedPerson", Discipline.Patient => "Patient", _ => "Practitioner" },
            ExternalSubject = subject,
        };
        await people.KeepAsync([person], ct);
        return person.Id;
    }
}
