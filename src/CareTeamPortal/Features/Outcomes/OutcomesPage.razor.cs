using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>How one patient is doing by what was filled in: what is due, what it came to, and the difference since the start. Live.</summary>
public sealed partial class OutcomesPage
{
    private OutcomesView? _view;

    [Inject] private ReadOutcomes Read { get; set; } = default!;

    /// <inheritdoc/>
    private protected override void Forget() => _view = null;

    /// <inheritdoc/>
    private protected override async Task ReadAsync(CancellationToken ct) => _view = await Read.RunAsync(Me!, File, new(), ct);

    private static string Number(decimal value) => value.ToString("0.#", BelgianTime.Culture);

    private string Label(OutcomeSeries series) => series.Points.Count == 1
        ? T["Series.PlotOne", series.Form.Title, BelgianTime.Moment(series.Last.At, Now), Number(series.Last.Score)]
        : T["Series.Plot", series.Form.Title, series.Points.Count, BelgianTime.Moment(series.Points[0].At, Now), BelgianTime.Moment(series.Last.At, Now), Number(series.Points[0].Score), Number(series.Last.Score), series.Change ?? ""];

    private string When(AskedOutcome asked) => asked switch
    {
        { Done: true, ClosedAt: { } closed } => T["Schedule.Done", BelgianTime.Moment(closed, Now)],
        { Open: true, DueAt: { } due } => T[asked.IsLate ? "Schedule.Late" : "Schedule.Due", BelgianTime.Moment(due, Now)],
        { Open: true } => T["Due"],
        _ => T["Schedule.Left"],
    };
}
