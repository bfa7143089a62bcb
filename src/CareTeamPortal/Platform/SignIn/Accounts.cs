using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>
/// Which person of the portal an account at the identity provider is. Issuer and subject decide once they are known; a first sign-in links to the
/// professional with the same RIZIV number, or waits for an administrator. Role and organisation follow the claims at every sign-in.
/// </summary>
internal sealed class Accounts(PeopleDirectory people, IOptions<ClaimOptions> options, Sessions sessions)
{
    private readonly SemaphoreSlim _first = new(1, 1);

    /// <summary>The person behind these claims; made at the first sign-in. Null for an account that was deactivated here.</summary>
    public async Task<PersonId?> PersonForAsync(ClaimsIdentity claims, CancellationToken ct)
    {
        string? Claim(string type) => claims.FindFirst(type)?.Value is { Length: > 0 } value ? value : null;
        var subject = $"{Claim("iss")}|{Claim("oid") ?? Claim("sub")}";
        var role = RoleIn(claims);
        var organisation = Claim(options.Value.OrganisationClaim) is { } name ? SafeText.Line(name, 120) : null;
        if (Known(subject) is { } known)
            return await FollowAsync(known, claims, role, organisation, ct);

        await _first.WaitAsync(ct); // two first requests of one account make one person
        try
        {
            await people.RefreshAsync(ct);
            if (Known(subject) is { } meanwhile)
                return await FollowAsync(meanwhile, claims, role, organisation, ct);
            if (Nihii.TryParse(Claim(options.Value.NihiiClaim) ?? "", out var number) && people.People.Values.FirstOrDefault(p => p.ExternalSubject is null && p.DeactivatedAt is null && IsNumber(p, number)) is { } professional)
            {
                await people.KeepAsync([Copy(professional, p => p.ExternalSubject = subject)], ct);
                return professional.Id;
            }

            // Who sets the rules is vouched for by the provider alone, or nobody could ever let anybody in.
            var waits = options.Value.NewAccounts == NewAccounts.Wait && role != Discipline.GovernanceOfficer;
            var discipline = waits ? Discipline.Unknown : role;
            var person = new PersonRow
            {
                Id = new PersonId("p-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..24]),
                DisplayName = SafeText.Line(Claim("name") ?? Claim("preferred_username") ?? "?", 120),
                Discipline = discipline,
                Line = Roles.LineOf(discipline),
                RoleTitle = Roles.Title(discipline),
                Organisation = organisation,
                FhirType = TypeOf(discipline),
                ExternalSubject = subject,
                ProfessionalNumber = Claim(options.Value.NihiiClaim) is { } stated ? SafeText.Line(stated, 20) : null,
                Asks = waits ? role : null,
                IsAdministrator = role == Discipline.GovernanceOfficer && !people.People.Values.Any(p => p is { IsAdministrator: true, DeactivatedAt: null }),
            };
            await people.KeepAsync([person], ct);
            return person.Id;
        }
        finally
        {
            _first.Release();
        }
    }

    /// <summary>What somebody of this discipline is in FHIR.</summary>
    public static string TypeOf(Discipline discipline) => discipline switch { Discipline.InformalCaregiver => "RelatedPerson", Discipline.Patient => "Patient", _ => "Practitioner" };

    private PersonRow? Known(string subject) => people.People.Values.FirstOrDefault(p => p.ExternalSubject == subject);

    private static bool IsNumber(PersonRow person, Nihii number) => Nihii.TryParse(person.ProfessionalNumber ?? "", out var own) && own.Core == number.Core;

    /// <summary>The provider states roles, and they changed: who lost one loses at once what it opened.</summary>
    private async Task<PersonId?> FollowAsync(PersonRow person, ClaimsIdentity claims, Discipline role, string? organisation, CancellationToken ct)
    {
        if (person.DeactivatedAt is not null)
            return null;
        var states = claims.HasClaim(c => c.Type == options.Value.RoleClaim);
        if (person.Discipline == Discipline.Unknown)
        {
            if (person.Asks is not null && states && person.Asks != role)
                await people.KeepAsync([Copy(person, p => p.Asks = role)], ct);
            return person.Id;
        }

        var changed = states && role != person.Discipline && Stated(claims, person.Discipline) is false;
        if (!changed && (organisation is null || organisation == person.Organisation))
            return person.Id;
        await people.KeepAsync([Copy(person, p =>
        {
            p.Organisation = organisation ?? p.Organisation;
            if (!changed)
                return;
            // Another role than the one that was approved: it waits again, unless roles are taken as they come.
            var waits = options.Value.NewAccounts == NewAccounts.Wait && role != Discipline.GovernanceOfficer;
            p.Asks = waits ? role : null;
            p.Discipline = waits ? Discipline.Unknown : role;
            (p.Line, p.RoleTitle) = (Roles.LineOf(p.Discipline), Roles.Title(p.Discipline));
        })], ct);
        await sessions.EndAllAsync(person.Id, SessionEnd.RoleChanged, ct);
        return person.Id;
    }

    private bool Stated(ClaimsIdentity claims, Discipline discipline) => claims.FindAll(options.Value.RoleClaim).Any(c => Meaning(c.Value) == discipline);

    private Discipline RoleIn(ClaimsIdentity claims) => claims.FindAll(options.Value.RoleClaim).Select(c => Meaning(c.Value)).FirstOrDefault(d => d != Discipline.Unknown);

    private Discipline Meaning(string value) =>
        options.Value.Roles.Count > 0 ? options.Value.Roles.GetValueOrDefault(value)
        : Enum.TryParse<Discipline>(value, ignoreCase: true, out var discipline) && Enum.IsDefined(discipline) ? discipline : Discipline.Unknown;

    /// <summary>The row with a change; rows in memory are read by everyone and never changed.</summary>
    internal static PersonRow Copy(PersonRow p, Action<PersonRow> change)
    {
        var copy = new PersonRow
        {
            Id = p.Id, DisplayName = p.DisplayName, Discipline = p.Discipline, Line = p.Line, RoleTitle = p.RoleTitle, Organisation = p.Organisation, FhirType = p.FhirType, OwnFile = p.OwnFile,
            ExternalSubject = p.ExternalSubject, ProfessionalNumber = p.ProfessionalNumber, DeactivatedAt = p.DeactivatedAt, Asks = p.Asks, ChangedAt = p.ChangedAt, IsAdministrator = p.IsAdministrator, Phone = p.Phone, Email = p.Email,
        };
        change(copy);
        return copy;
    }
}
