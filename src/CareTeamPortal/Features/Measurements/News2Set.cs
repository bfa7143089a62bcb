namespace CareTeamPortal.Features.Measurements;

/// <summary>One value that counts for NEWS2.</summary>
/// <param name="At">When it was measured, UTC.</param>
/// <param name="Part">Key of the part: one of <see cref="News2Set.Parts"/>.</param>
/// <param name="Number">In the unit of the score; of consciousness the number of its level; of oxygen 1 when it is given, 0 on air.</param>
/// <param name="Shown">As people read it, with its unit.</param>
public sealed record VitalSign(DateTime At, string Part, decimal Number, string Shown);

/// <summary>What was measured together, as one round at the bedside, and the score that it makes when nothing is missing.</summary>
/// <param name="At">The newest value of the round, UTC.</param>
/// <param name="Signs">The newest value of each part that was measured.</param>
/// <param name="Missing">Parts that were not, in the order of the score.</param>
/// <param name="Score">Null while something is missing: a score of less than all seven parts is no NEWS2.</param>
public sealed record News2Set(DateTime At, IReadOnlyList<VitalSign> Signs, IReadOnlyList<string> Missing, News2? Score)
{
    /// <summary>Values of one round: no older than this before the newest of it.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromHours(1);

    /// <summary>From so many parts on, telling what is missing helps whoever stands at the bed.</summary>
    public const int WorthCompleting = 4;

    public const string Oxygen = "Oxygen";
    public const string Consciousness = "Consciousness";

    /// <summary>The seven, in the order of the score.</summary>
    public static IReadOnlyList<string> Parts { get; } =
        [MeasurementCatalogue.RespiratoryRate.Key, MeasurementCatalogue.OxygenSaturation.Key, Oxygen, MeasurementCatalogue.Systolic.Key, MeasurementCatalogue.HeartRate.Key, Consciousness, MeasurementCatalogue.Temperature.Key];

    /// <summary>The rounds among some values, newest first. Each value is in one round.</summary>
    /// <param name="scale2">Saturation scale 2, when a clinician chose it.</param>
    public static IReadOnlyList<News2Set> Of(IEnumerable<VitalSign> signs, bool scale2)
    {
        var sets = new List<News2Set>();
        var left = signs.OrderByDescending(s => s.At).ToList();
        for (var from = 0; from < left.Count;)
        {
            var newest = left[from].At;
            var until = from;
            while (until < left.Count && newest - left[until].At <= Round)
                until++;
            sets.Add(One(newest, left[from..until], scale2));
            from = until;
        }

        return sets;
    }

    private static News2Set One(DateTime at, List<VitalSign> newestFirst, bool scale2)
    {
        var parts = Parts.Select(p => newestFirst.Find(s => s.Part == p)).ToArray();
        var missing = Parts.Where((_, i) => parts[i] is null).ToList();
        var score = missing.Count > 0 ? null
            : News2.Of(parts[0]!.Number, parts[1]!.Number, scale2, parts[2]!.Number > 0, parts[3]!.Number, parts[4]!.Number, (Consciousness)(int)parts[5]!.Number, parts[6]!.Number);
        return new(at, [.. parts.OfType<VitalSign>()], missing, score);
    }
}
