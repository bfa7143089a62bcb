using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>How a quantity that a hand-off speaks of went in the last month, up to now.</summary>
/// <param name="Shown">The last value as people read it.</param>
/// <param name="Label">What a screen reader says of the line.</param>
public sealed record HandoffTrend(string Name, string Shown, string Unit, string When, IReadOnlyList<double> Values, double? Low, double? High, CareLine? Line, string Label, string Change)
{
    private const int Most = 2;
    private const int MostPoints = 20;

    /// <summary>The quantities that the hand-off names, in the order in which it does; none when it names none. Nothing is guessed from what it is about.</summary>
    internal static IReadOnlyList<HandoffTrend> Of(CareTask handoff, IEnumerable<string> tasks, IEnumerable<MeasuredSeries> series, DateTime now)
    {
        var content = handoff.Handoff!;
        string?[] parts = [handoff.Title, content.Scope, content.SeverityNote, content.Summary, content.Situation, content.Background, content.Assessment, content.Recommendation, .. content.Contingencies.Select(c => c.If), .. content.Actions, .. tasks];
        var told = $" {NameFolding.FoldText(string.Join(' ', parts), 20_000)} ";
        return [.. series.Where(s => s.Points.Count > 1)
            .Select(s => (Series: s, At: told.IndexOf($" {NameFolding.FoldText(s.Name, 100)} ", StringComparison.Ordinal)))
            .Where(s => s.At >= 0).OrderBy(s => s.At).Take(Most).Select(s => Of(s.Series, now))];
    }

    private static HandoffTrend Of(MeasuredSeries series, DateTime now)
    {
        var points = series.Points.Skip(series.Points.Count - MostPoints).ToList();
        var (first, last) = (points[0], points[^1]);
        var since = BelgianTime.Day(BelgianTime.DayOf(first.At), BelgianTime.DayOf(now));
        return new(series.Name, last.Shown, series.Unit, BelgianTime.Moment(last.At, now), [.. points.Select(p => (double)p.Value)], (double?)series.Band?.Low, (double?)series.Band?.High, last.Line,
            HandoffWords.Get("Trend.Label", series.Name, first.Shown, last.Shown, points.Count), HandoffWords.Get("Trend.Change", first.Shown, last.Shown, since));
    }
}
