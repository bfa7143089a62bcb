using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Measurements;

/// <summary>A quantity over time as a plot. Draws again only when it gets another series or period.</summary>
public sealed partial class MeasurementPlot
{
    private const string Hexagon = "M-2.7 -4.8H2.7L5.4 0L2.7 4.8H-2.7L-5.4 0Z";
    private const string Diamond = "M0 -5.6L5.6 0L0 5.6L-5.6 0Z";
    private readonly string _id = Platform.Ui.UiId.Next();
    private PlotShape _shape = default!;
    private MeasuredPoint _last = default!;
    private (MeasuredSeries, DateOnly, DateOnly)? _drawn;
    private bool _changed = true;

    /// <summary>At least one point.</summary>
    [Parameter, EditorRequired] public MeasuredSeries Series { get; set; } = default!;

    /// <summary>First day of the period.</summary>
    [Parameter, EditorRequired] public DateOnly First { get; set; }

    /// <summary>Last day of the period, included.</summary>
    [Parameter, EditorRequired] public DateOnly Last { get; set; }

    /// <summary>Now, UTC: for "vandaag".</summary>
    [Parameter, EditorRequired] public DateTime Now { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _changed = _drawn != (Series, First, Last);
        if (!_changed)
            return;
        _shape = PlotShape.Of(Series, First, Last);
        _last = Series.Points[^1];
        _drawn = (Series, First, Last);
    }

    /// <inheritdoc/>
    protected override bool ShouldRender() => _changed;

    private static RenderFragment Shape(MeasuredPoint point) => builder =>
    {
        switch (point.Line)
        {
            case CareLine.Home:
                builder.OpenElement(0, "circle");
                builder.AddAttribute(1, "class", "pt");
                builder.AddAttribute(2, "r", "4.6");
                builder.CloseElement();
                break;
            case CareLine.First:
                builder.OpenElement(3, "rect");
                builder.AddAttribute(4, "class", "pt");
                builder.AddAttribute(5, "x", "-4.3");
                builder.AddAttribute(6, "y", "-4.3");
                builder.AddAttribute(7, "width", "8.6");
                builder.AddAttribute(8, "height", "8.6");
                builder.AddAttribute(9, "rx", "2");
                builder.CloseElement();
                break;
            case CareLine.Second or CareLine.Third or CareLine.Support:
                builder.OpenElement(10, "path");
                builder.AddAttribute(11, "class", "pt");
                builder.AddAttribute(12, "d", point.Line == CareLine.Support ? Diamond : Hexagon);
                builder.CloseElement();
                break;
            default:
                builder.OpenElement(16, "circle");
                builder.AddAttribute(17, "class", "pt open");
                builder.AddAttribute(18, "r", "3.6");
                builder.CloseElement();
                break;
        }
    };
}
