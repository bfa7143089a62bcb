using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>For whom and when the rows of a timeline are made.</summary>
/// <param name="Me">The reader.</param>
/// <param name="Patient">Whose file.</param>
/// <param name="Now">UTC.</param>
/// <param name="NewAfter">Entries of others changed after this are new; null: nothing is.</param>
/// <param name="Accountable">Who was accountable when, oldest first.</param>
/// <param name="MayWrite">May add and answer.</param>
/// <param name="MayPin">May pin for everyone.</param>
/// <param name="MayHandOff">May hand responsibility on.</param>
/// <param name="Reach">What the reader may see in this file.</param>
public sealed record RowReader(Actor Me, PatientId Patient, DateTime Now, long? NewAfter, IReadOnlyList<AccountablePeriod> Accountable, bool MayWrite, bool MayPin, bool MayHandOff, Reach Reach)
{
    /// <summary>When saturation scale 2 held, for whom rows tell the NEWS2 that they complete; null: they tell none.</summary>
    public IReadOnlyList<Measurements.Scale2Period>? Scale2 { get; init; }
}

/// <summary>A stretch of accountability on one care line; open while <paramref name="Until"/> is null.</summary>
public sealed record AccountablePeriod(DateTime Since, DateTime? Until, CareLine Line);
