using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// A run of rows of the feed. What a row shows is made once as HTML and shared by all who see it alike (<see cref="RowMarkup"/>), so that a row is about
/// a dozen frames in a circuit and not a hundred.
/// </summary>
public sealed partial class TimelineChunk
{
    private (object? Rows, DateOnly? Day, string? NewEnd, string? NewText, DateOnly Today, string? Below) _rendered;
    private bool _changed = true;
    private (DateOnly Day, DateOnly Today, int? Ribbon, bool IsFirst, MarkupString Head) _dayHead; // the same with every row that arrives

    [Parameter, EditorRequired] public IReadOnlyList<RowView> Rows { get; set; } = [];

    /// <summary>The part of the feed whose rows these are; it is told who draws it.</summary>
    [Parameter] public object? Of { get; set; }

    /// <summary>Day of the row above this page, so that a heading is not repeated; null at the top of the feed.</summary>
    [Parameter] public DateOnly? PreviousDay { get; set; }

    /// <summary>The row above which the divider "new since your last visit" stands, if it stands in this page.</summary>
    [Parameter] public string? NewEndsBefore { get; set; }
    [Parameter] public string? NewText { get; set; }
    [Parameter] public string? SinceText { get; set; }
    [Parameter, EditorRequired] public DateOnly Today { get; set; }

    /// <summary>The row under which <see cref="Below"/> stands: the answer that is being written.</summary>
    [Parameter] public string? BelowKey { get; set; }
    [Parameter] public RenderFragment? Below { get; set; }

    protected override void OnParametersSet()
    {
        var now = ((object?)Rows, PreviousDay, NewEndsBefore, NewText, Today, BelowKey is not null && Rows.Any(r => r.Key == BelowKey) ? BelowKey : null);
        _changed = !ReferenceEquals(now.Item1, _rendered.Rows) || (now.PreviousDay, now.NewEndsBefore, now.NewText, now.Today, now.Item6) != (_rendered.Day, _rendered.NewEnd, _rendered.NewText, _rendered.Today, _rendered.Below);
        _rendered = now;
        if (Of is FeedList.Part part)
            part.DrawnBy = this;
    }

    protected override bool ShouldRender() => _changed;

    /// <summary>Shows these rows now, without the feed around them being drawn again.</summary>
    internal void Show(IReadOnlyList<RowView> rows)
    {
        Rows = rows;
        _rendered.Rows = rows;
        _changed = true;
        StateHasChanged();
    }

    private RowMarkup Make(RowView row)
    {
        var menu = !row.Still && (row.MayReply || row.MayTask || row.MayCorrect || row.MayRetract || row.MayPin || row.IsRound || row.Corrected is not null);
        return new(row)
        {
            Css = Css(row),
            Track = new(MarkupWriter.Write(TrackOf(row))),
            Head = new(MarkupWriter.Write(HeadOf(row, menu))),
            Lead = row.Pinned || row.Answers is not null ? new(MarkupWriter.Write(LeadOf(row))) : null,
            Body = new(MarkupWriter.Write(BodyOf(row))),
            Menu = menu ? May(row) : null,
        };
    }

    private static string Track(int? ribbon) => ribbon is { } rail ? $"track b{rail}" : "track";

    private static string RowTrack(RowView row) => row.RibbonBelow is null ? Track(row.Ribbon) : Track(row.Ribbon) + " cross";

    private MarkupString DayHead(RowView row, bool isFirst)
    {
        if ((row.Day, Today, row.Ribbon, isFirst) != (_dayHead.Day, _dayHead.Today, _dayHead.Ribbon, _dayHead.IsFirst))
            _dayHead = (row.Day, Today, row.Ribbon, isFirst, new(MarkupWriter.Write(DayHeadOf(row, isFirst))));
        return _dayHead.Head;
    }

    /// <summary>Rail on which an entry's node sits. Zorgregie and unknown lines have no rail of their own and sit in the middle, in slate.</summary>
    internal static int Rail(CareLine? line) => line switch
    {
        CareLine.Home => 0,
        CareLine.Second or CareLine.Third => 2,
        _ => 1,
    };

    internal static string NodeShape(CareLine? line) => line is { } known ? CareLines.Shape(known) : "z";

    private static string Css(RowView row) => $"e{(row.IsNew ? " is-new" : null)}{(row.Retracted is not null ? " gone" : null)}{(row.Planned ? " plan" : null)}{(row.Question is { Answered: false } ? " asks" : null)}";

    /// <summary>What the row's menu offers; js/feed.js builds the menu when it is opened.</summary>
    private static string May(RowView row) => string.Join(' ', new[]
    {
        row.MayReply ? "reply" : null,
        row.MayTask ? "task" : null,
        row.MayPin ? row.Pinned ? "unpin" : "pin" : null,
        row.MayCorrect ? "correct" : null,
        row.MayRetract ? "retract" : null,
        row.Corrected is not null ? "history" : null,
        row.IsRound ? "split" : null,
    }.OfType<string>());

    private static readonly int[] RailX = [14, 39, 64];

    /// <summary>The ribbon leaves this row's rail and runs into the rail of the row below.</summary>
    private static string Crossing(int from, int to) => FormattableString.Invariant($"M{RailX[from]} 20C{RailX[from]} 62 {RailX[to]} 44 {RailX[to]} 90");
}
