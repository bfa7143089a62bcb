using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Who asks for a task or has it: a person, a role in the team, or the queue of an organisation.</summary>
public sealed record TaskParty
{
    public required OwnerKind Kind { get; init; }

    /// <summary>The person of the portal; null for a person whom only the source knows.</summary>
    public PersonId? Person { get; init; }
    public Discipline? Role { get; init; }

    /// <summary>Name of the organisation: its members have it as their organisation.</summary>
    public string? Organisation { get; init; }

    /// <summary>FHIR reference as it came or as we write it.</summary>
    public string? Reference { get; init; }
    public string? Display { get; init; }
    public CareLine? Line { get; init; }

    /// <summary>A person who acts here.</summary>
    public static TaskParty Of(Actor actor) => new() { Kind = OwnerKind.Person, Person = actor.Person, Reference = actor.Reference, Display = actor.DisplayName, Line = actor.Line };

    /// <summary>A person of the portal.</summary>
    public static TaskParty Of(PersonRow person) => new()
    {
        Kind = OwnerKind.Person, Person = person.Id, Display = person.DisplayName, Line = person.Line,
        Reference = person is { FhirType: "Patient", OwnFile: { } own } ? $"Patient/{own}" : $"{person.FhirType}/{person.Id}",
    };

    /// <summary>Whoever has this role in the team.</summary>
    public static TaskParty OfRole(Discipline role, string display) => new() { Kind = OwnerKind.Role, Role = role, Display = display, Line = role == Discipline.Unknown ? null : Platform.SignIn.Roles.LineOf(role) };

    /// <summary>The queue of an organisation.</summary>
    public static TaskParty OfOrganisation(string name) => new() { Kind = OwnerKind.Organisation, Organisation = name, Display = name };

    /// <summary>Whether somebody of this discipline and organisation may take it.</summary>
    public bool Includes(PersonId person, Discipline discipline, string? organisation) => Kind switch
    {
        OwnerKind.Person => Person == person,
        OwnerKind.Role => Role == discipline,
        _ => organisation is not null && Organisation == organisation,
    };

    /// <summary>The same party, whatever it is called.</summary>
    public bool IsSame(TaskParty? other) => other is not null && Kind == other.Kind && Person == other.Person && Role == other.Role && Organisation == other.Organisation && (Person is not null || Kind != OwnerKind.Person || Reference == other.Reference && Display == other.Display);
}
