using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Tests.Support;

/// <summary>Builders that speak the ward: <c>A.Patient().WithTeam(nurse, gp)</c>.</summary>
internal static class A
{
    public static PatientBuilder Patient(string id = Who.Maria) => new(id);

    internal sealed record PatientBuilder(string Id)
    {
        public IReadOnlyList<PersonRow> Team { get; private init; } = [];

        /// <summary>The first of them is accountable.</summary>
        public PatientBuilder WithTeam(params PersonRow[] team) => this with { Team = team };

        /// <summary>Maria's team of the contract.</summary>
        public PatientBuilder WithWholeTeam() => WithTeam(Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter, Who.Fatima, Who.An, Who.MariaHerself);
    }
}
