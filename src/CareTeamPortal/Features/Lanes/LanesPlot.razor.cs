using System.Globalization;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Lanes;

/// <summary>Draws a <see cref="LaneShape"/>. Every bar, mark and hand-off is a link; arrows walk along them (js/lanes.js).</summary>
public sealed partial class LanesPlot
{
    private object? _firstItem;
    private LaneShape? _drawn;
    private string? _selectedThen;
    private bool _changed = true;

    [Parameter, EditorRequired] public LanesPicture Picture { get; set; } = default!;
    [Parameter, EditorRequired] public LaneShape Shape { get; set; } = default!;

    /// <summary>FHIR id of the patient.</summary>
    [Parameter, EditorRequired] public string Patient { get; set; } = "";

    /// <summary>Id of the hand-off that is shown below the picture.</summary>
    [Parameter] public string? Selected { get; set; }

    /// <summary>The same page with this hand-off shown below.</summary>
    [Parameter, EditorRequired] public Func<string, string> HandoffHref { get; set; } = default!;

    /// <summary>The same page nearer to a day; null when it is as near as it gets.</summary>
    [Parameter, EditorRequired] public Func<DateOnly, string?> NearerHref { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _changed = !ReferenceEquals(_drawn, Shape) || _selectedThen != Selected;
        (_drawn, _selectedThen) = (Shape, Selected);
        _firstItem = (object?)Shape.Bars.FirstOrDefault() ?? (object?)Shape.Marks.FirstOrDefault() ?? (object?)Shape.Arrows.FirstOrDefault() ?? Shape.Curve?.Dots[0];
    }

    /// <inheritdoc/>
    protected override bool ShouldRender() => _changed;

    // One stop for the tab key; the arrows do the rest.
    private string Tab(object item) => ReferenceEquals(item, _firstItem) ? "0" : "-1";

    private static string N(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);

    private static string Css(LaneKey lane) => lane switch
    {
        LaneKey.Home => "l0",
        LaneKey.First => "l1",
        LaneKey.Hospital => "l2",
        LaneKey.Support => "lz",
        _ => "lx",
    };

    private static string NameBox(LaneRow lane) => LaneShape.Plain($"M12 {lane.Y}H128V{lane.Bottom}H12A12 12 0 0 1 0 {lane.Bottom - 12}V{lane.Y + 12}A12 12 0 0 1 12 {lane.Y}z");

    private static string RailBox(LaneRow lane) => LaneShape.Plain($"M128 {lane.Y}H1296A12 12 0 0 1 1308 {lane.Y + 12}V{lane.Bottom - 12}A12 12 0 0 1 1296 {lane.Bottom}H128z");

    /// <summary>What a link shows must be part of its spoken name; a title cut with an ellipsis, for one, is not and stands beside it.</summary>
    private static bool IsIn(string label, string name) => name.Contains(label, StringComparison.CurrentCultureIgnoreCase);

    private static string Move(double x, double y) => LaneShape.Plain($"translate({x} {y})");

    // The shapes of the care lines: circle, rounded square, hexagon, diamond; a small circle where nobody knows.
    private static string Outline(LaneKey lane) => lane switch
    {
        LaneKey.Home => "M-11.5 0a11.5 11.5 0 1 0 23 0a11.5 11.5 0 1 0-23 0z",
        LaneKey.First => "M-5.4-10.6h10.8a5.2 5.2 0 0 1 5.2 5.2v10.8a5.2 5.2 0 0 1-5.2 5.2h-10.8a5.2 5.2 0 0 1-5.2-5.2v-10.8a5.2 5.2 0 0 1 5.2-5.2z",
        LaneKey.Hospital => "M-6.7-10.9H6.7L12.9 0L6.7 10.9H-6.7L-12.9 0z",
        LaneKey.Support => "M0-13L13 0L0 13L-13 0z",
        _ => "M-10.5 0a10.5 10.5 0 1 0 21 0a10.5 10.5 0 1 0-21 0z",
    };

    private static string State(LaneArrow arrow) => arrow.Handoff.State switch
    {
        LaneHandoffState.Waiting => "wait",
        LaneHandoffState.Declined => "declined",
        LaneHandoffState.Withdrawn => "withdrawn",
        _ => "accepted",
    };

    private static string PillIcon(LaneArrow arrow) => arrow.Handoff.State switch
    {
        LaneHandoffState.Waiting => "clock",
        LaneHandoffState.Accepted => "check",
        LaneHandoffState.Declined => "x",
        _ => "undo",
    };

    private string Said(LaneBar bar) => LanesText.Get("Say.At", BelgianTime.Day(BelgianTime.DayOf(bar.Episode.From), BelgianTime.DayOf(Picture.Now)), LaneWords.Lane(bar.Episode.Line), LaneWords.Say(bar.Episode, Picture.Now));

    private string MarkHref(LaneMark mark) => (mark.Count > 1 ? NearerHref(BelgianTime.DayOf(mark.First)) : null) ?? LaneWords.Href(Patient, mark.Reference);

    private static string MarkCss(LaneMark mark) => mark.Tasks.Count > 0
        ? mark.Tasks.Any(t => t.State == LaneTaskState.Late) ? "open late" : mark.Tasks.Any(t => t.State == LaneTaskState.Open) ? "open" : mark.Tasks.All(t => t.State == LaneTaskState.Dropped) ? "open dropped" : "full"
        : mark.Ahead ? "open" : "full";

    private static string? Icon(LaneMark mark)
    {
        if (mark.Tasks.Count > 0)
            return mark.Count > 1 ? null : mark.Tasks[0].State switch { LaneTaskState.Done => "check", LaneTaskState.Dropped => "x", _ => null };
        return mark.Entries.All(e => e.Kind == mark.Entries[0].Kind) && mark.Count == 1 ? EntryLook.Icon((EntryKind)mark.Entries[0].Kind) : null;
    }

    /// <summary>How many there are, or the day on which an open task is due.</summary>
    private static string Figure(LaneMark mark) => mark is { Count: 1, Tasks: [{ State: LaneTaskState.Open or LaneTaskState.Late }] }
        ? BelgianTime.DayOf(mark.First).Day.ToString(BelgianTime.Culture)
        : mark.Count > 99 ? "99+" : mark.Count.ToString(BelgianTime.Culture);

    private static string? AheadText(LaneHolder holder, double room)
    {
        var (whole, brief) = (LanesText.Get("Chart.Stays", holder.Name), LanesText.Get("Chart.StaysShort", holder.Name));
        return LaneShape.TextWidth(whole, 13.3) <= room ? whole : LaneShape.TextWidth(brief, 13.3) <= room ? brief : null;
    }
}
