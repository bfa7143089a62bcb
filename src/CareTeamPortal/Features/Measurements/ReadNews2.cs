using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Features.Measurements;

/// <summary>The early warning score as a page shows it.</summary>
/// <param name="Newest">The last round in which enough was measured to be worth completing; null when there is none.</param>
/// <param name="Complete">The last round with a score; may be <paramref name="Newest"/>.</param>
/// <param name="Scale2">Who chose saturation scale 2; null: scale 1.</param>
/// <param name="MayChoose">This person may choose the scale.</param>
public sealed record News2View(News2Set? Newest, News2Set? Complete, SaturationScale2? Scale2, bool MayChoose);

/// <summary>The early warning score of what was measured last, for professionals: it asks for a clinical answer, so who cannot give one is shown the values alone.</summary>
internal sealed class ReadNews2(CareDesk desk) : PatientUseCase<ReadNews2.Request, News2View?>(desk)
{
    /// <summary>What was measured longer ago says nothing of how somebody is now.</summary>
    internal static readonly TimeSpan LooksBack = TimeSpan.FromDays(30);
    private const int Most = 1_000;

    private static readonly string[] Codes = [.. new[] { MeasurementCatalogue.RespiratoryRate, MeasurementCatalogue.OxygenSaturation, MeasurementCatalogue.OxygenFlow, MeasurementCatalogue.Systolic, MeasurementCatalogue.HeartRate, MeasurementCatalogue.Temperature }
        .SelectMany(q => q.Equivalent.Append(q.Loinc)).Append(BedsideAnswer.ConsciousnessLoinc).Select(code => "http://loinc.org|" + code)];

    internal sealed record Request;

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Read;

    /// <inheritdoc/>
    protected override Task<News2View?> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (room.Role.Kind() != RoleKind.Professional || !room.Reach.Categories.HasFlag(InformationCategory.Measurements))
            return Task.FromResult<News2View?>(null);
        return room.ReadAsync<News2View?>(async (reader, token) =>
        {
            var since = room.Now - LooksBack;
            var rows = await (from value in reader.Db.Set<MeasurementRow>()
                              join entry in reader.Db.Set<EntryRow>() on new { value.PatientId, value.Seq } equals new { entry.PatientId, entry.Seq }
                              where !entry.Retracted && Codes.Contains(value.Code) && value.Time >= since && value.Time <= room.Now && entry.Precision == Platform.Fhir.DatePrecision.Instant
                              orderby value.Time descending
                              select new { value.Time, value.Code, value.Value, value.Text, value.Unit, value.Ucum }).Take(Most).ToListAsync(token);
            var signs = rows.Select(r => Sign(r.Time, r.Code, r.Value, r.Text, r.Ucum ?? r.Unit)).OfType<VitalSign>().ToList();
            var scale = SaturationScaleFhir.Find(reader.Session, room);
            var sets = News2Set.Of(signs, scale is not null);
            return new(sets.FirstOrDefault(s => s.Signs.Count >= News2Set.WorthCompleting), sets.FirstOrDefault(s => s.Score is not null), scale, SetSaturationScale.MayBeSetBy(room.Role) && room.May(CareAction.Write));
        }, ct);
    }

    private static VitalSign? Sign(DateTime at, string code, decimal? value, string? text, string? unit) => SignOf(at, MeasurementGrouping.LoincOf(code), value, text, unit);

    /// <summary>What a value counts for in the score; null when it counts for nothing.</summary>
    internal static VitalSign? SignOf(DateTime at, string? loinc, decimal? value, string? text, string? unit)
    {
        if (loinc == BedsideAnswer.ConsciousnessLoinc)
            return BedsideAnswer.ConsciousnessOf(text) is { } level ? new(at, News2Set.Consciousness, (int)level, BedsideAnswer.Levels[(int)level].Words) : null;
        if (value is not { } number)
            return loinc == MeasurementCatalogue.OxygenFlow.Loinc && BedsideAnswer.OxygenOf(text) is { } given ? new(at, News2Set.Oxygen, given ? 1 : 0, (given ? BedsideAnswer.OnOxygen : BedsideAnswer.OnAir).Words) : null;
        if (text is ['<' or '>' or '≤' or '≥', ..] || !MeasurementCatalogue.TryPlace(loinc, number, unit, out var quantity, out var placed) || !quantity.IsPlausible(placed))
            return null; // "less than" is no number to score
        return quantity == MeasurementCatalogue.OxygenFlow ? new(at, News2Set.Oxygen, placed, placed == 0 ? BedsideAnswer.OnAir.Words : $"{quantity.Show(placed)} {quantity.Unit}") : new(at, quantity.Key, placed, $"{quantity.ShowMeasured(placed)} {quantity.Unit}".TrimEnd());
    }

    /// <summary>The score of what somebody is about to save; null when it is not a whole round, or the person would not be shown it.</summary>
    internal static News2? Preview(IEnumerable<RecognisedMeasurement> measurements)
    {
        var at = DateTime.UnixEpoch;
        var signs = measurements.SelectMany(m => m.Answer is { } answer
            ? [answer.Loinc == BedsideAnswer.ConsciousnessLoinc ? new VitalSign(at, News2Set.Consciousness, BedsideAnswer.Levels.IndexOf(answer), answer.Words) : new VitalSign(at, News2Set.Oxygen, answer == BedsideAnswer.OnOxygen ? 1 : 0, answer.Words)]
            : m.Values.Select(v => new VitalSign(at, v.Quantity == MeasurementCatalogue.OxygenFlow ? News2Set.Oxygen : v.Quantity.Key, v.Value, "")));
        return News2Set.Of(signs, scale2: false) is [{ Score: { } score }] ? score : null;
    }
}
