using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>Issue 5: a new weight held against 20 limits of all kinds, in a file with five years of daily weights, against one bare read by the index of the values that the furthest limit looks at.</summary>
internal static class AlertsRun
{
    private const int Days = 5 * 365;
    private static readonly PatientId Patient = new("alerts-5y");

    public static async Task RunAsync(Settings settings, Report report)
    {
        await using var portal = await InProcessPortal.OpenAsync(Path.Combine(settings.Scratch, "alerts.db"));
        var database = portal.Get<CareDatabase>();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var code = Measured.CodesOf("Weight")[0];
        await database.WriteAsync((session, _) =>
        {
            InProcessPortal.MakeFile(session, Patient, InProcessPortal.Doctor);
            for (var day = Days; day >= 0; day--)
            {
                CareStore.SetMeasurements(session, Patient, Days - day + 1,
                    [new MeasurementRow { PatientId = Patient, Seq = Days - day + 1, Position = 0, Code = code, Label = "Gewicht", Value = 77m + (day * 7 % 13 / 10m), Unit = "kg", Ucum = "kg", Time = now.AddDays(-day), Audience = Audience.WholeTeam, Category = InformationCategory.Measurements }], true);
            }

            AlertSql.SetThresholds(session, Patient, "plan", [.. Limits(now)]);
            return ValueTask.FromResult(true);
        }, CancellationToken.None);

        using var session = await database.RentAsync(CancellationToken.None);
        var from = Judge.LooksBackTo(ThresholdProjection.Threshold(Limits(now).MinBy(l => Judge.LooksBackTo(ThresholdProjection.Threshold(l), now) ?? now)!), now)!.Value;
        var reads = 0;
        ValueTask<int> Bare()
        {
            // The very columns, rows and index of the portal's own read, and nothing done with them.
            using var rows = session.Sql("SELECT m.\"Seq\", m.\"Position\", m.\"Code\", m.\"Label\", m.\"Value\", m.\"Unit\", m.\"Ucum\", m.\"Time\", m.\"Audience\", m.\"Category\" FROM \"Measurements\" m WHERE m.\"PatientId\" = @p0 AND m.\"Code\" = @p1 AND m.\"Time\" >= @p2 AND m.\"Time\" <= @p3 ORDER BY m.\"Time\"")
                .With(Patient.Value, code, from.Ticks, now.Ticks).Read();
            for (reads = 0; rows.Read(); reads++)
            {
                _ = (rows.GetInt64(0), rows.GetInt32(1), rows.GetString(2), rows.GetString(3), rows.GetDecimal(4), rows.GetString(5));
                _ = (rows.GetString(6), rows.GetInt64(7), rows.GetInt32(8), rows.GetInt32(9));
            }

            return ValueTask.FromResult(1);
        }

        ValueTask<int> Judged()
        {
            var rows = AlertSql.Thresholds(session, Patient);
            var value = AlertSql.ValuesOf(session, Patient, Days + 1)[0];
            var (key, placed) = Measured.Place(value.Code, value.Value, value.Ucum)!.Value;
            var limits = rows.Where(r => r.Quantity == key).ToList();
            var before = AlertClock.Before(session, Patient, key, limits, value);
            AlertClock.Broken(limits, Array.ConvertAll(before, b => b.Reading), new(value.Time, placed));
            return rows.Count == 20 && before.Length > 700 ? ValueTask.FromResult(1) : throw new InvalidOperationException($"{rows.Count} limits looked at {before.Length} values");
        }

        report.AddCpu("i5", "a new weight against 20 limits, five years of daily weights, in process", "one bare indexed read of the same window", 3, await Slices.AlternateAsync(settings, s => Slices.InProcessAsync(s, Bare), s => Slices.InProcessAsync(s, Judged)));
    }

    /// <summary>Twenty limits: four of each kind that looks at values, the widest over two years.</summary>
    private static IEnumerable<ThresholdRow> Limits(DateTime now) => Enumerable.Range(0, 20).Select(i =>
    {
        var kind = (ThresholdKind)(i % 5);
        return new ThresholdRow
        {
            PatientId = Patient, PlanId = "plan", RuleId = "r" + i, Version = 1, Quantity = "Weight", Kind = (int)kind, Side = i / 5 % 2, Limit = kind is ThresholdKind.Value or ThresholdKind.Sustained ? (i / 5 % 2 == 0 ? 200 : 10) : 50,
            WindowCount = kind == ThresholdKind.Value ? null : i < 5 ? 731 : 3 + (i * 9), OrEqual = false, InPercent = false, MissingAt = null, WindowInHours = false, Severity = 1, Since = now.AddYears(-5),
        };
    });
}
