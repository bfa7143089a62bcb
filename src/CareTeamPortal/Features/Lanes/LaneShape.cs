using System.Text;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Lanes;

/// <summary>A rail of the picture. The third line shares the hospital's.</summary>
public enum LaneKey
{
    Home = 0,
    First = 1,
    Hospital = 2,
    Support = 3,
    Unknown = 4,
}

/// <summary>A rail with its place.</summary>
/// <param name="Ribbon">Middle of the ribbon's row; null when the ribbon never comes here.</param>
/// <param name="HasThird">Something of the third line is on it.</param>
public sealed record LaneRow(LaneKey Key, double Y, double Height, double? Ribbon, bool HasThird, int Hidden)
{
    public double Bottom => Y + Height;
    public bool Thin => Key is LaneKey.Support or LaneKey.Unknown;
}

/// <summary>A date on the axis.</summary>
public sealed record LaneTick(double X, string Label);

/// <summary>A weekend.</summary>
public sealed record LaneBand(double X, double Width);

/// <summary>A bar, or the planned part of one.</summary>
public sealed record LaneBar(LaneEpisode Episode, LaneKey Lane, double X, double Y, double Width, bool Planned, string? Label, double LabelX, bool Third)
{
    public const double Height = 21;
    public bool Offered => Episode.Kind == LaneEpisodeKind.Offered;
}

/// <summary>The name of who was accountable, on the ribbon.</summary>
public sealed record LaneName(double X, double Y, string Text, bool Third);

/// <summary>Entries or tasks that stand so near each other that they are one mark.</summary>
/// <param name="Side">-1: the label is left of it, 1: right, 0: no room for a label, the list has it.</param>
public sealed record LaneMark(LaneKey Lane, double X, double Y, int Count, IReadOnlyList<LaneEntry> Entries, IReadOnlyList<LaneTask> Tasks, string? Label, int Side, bool Ahead)
{
    public const double Reach = 11.5;
    public DateTime First => Entries.Count > 0 ? Entries[0].First : Tasks[0].First;
    public DateTime Last => Entries.Count > 0 ? Entries.Max(e => e.Last) : Tasks.Max(t => t.Last);
    public string Reference => Entries.Count > 0 ? Entries[^1].Reference : Tasks[^1].Reference;
    public bool Third => Entries.Any(e => e.Line == CareLine.Third) || Tasks.Any(t => t.Line == CareLine.Third);
}

/// <summary>A hand-off: an arrow from the sender's rail to the receiver's, where it waits a hollow square.</summary>
/// <param name="Row">Middle of the row on which it ends, with its words.</param>
/// <param name="OnRibbon">The ribbon itself crosses here; only its mark is drawn.</param>
/// <param name="Pill">Words on the crossing; null when there is no room, the list has them.</param>
public sealed record LaneArrow(LaneHandoff Handoff, LaneKey From, LaneKey To, double X1, double Y1, double X2, double Y2, double Row, bool OnRibbon, string? Pill, double PillX, double PillWidth)
{
    public const double PillHeight = 24;

    /// <summary>The line, as a path.</summary>
    public string Path
    {
        get
        {
            var (x1, x2) = (X1, X2);
            if (From == To)
            {
                var top = Math.Min(Y1, Y2) - 2;
                return F($"M{x1} {Y1}C{x1} {top} {x2 - 8} {top} {x2} {Y2}");
            }
            var bend = (Y2 - Y1) * .55;
            return F($"M{x1} {Y1}C{x1} {Y1 + bend} {x2} {Y2 - bend} {x2} {Y2}");
        }
    }

    /// <summary>The head, pointing up or down into the receiver's rail.</summary>
    public string Head
    {
        get
        {
            var way = Y2 >= Y1 ? 1 : -1;
            return F($"M{X2 - 5.4} {Y2 - 2 * way}L{X2} {Y2 + 8 * way}L{X2 + 5.4} {Y2 - 2 * way}z");
        }
    }

    private static string F(FormattableString text) => LaneShape.Plain(text);
}

/// <summary>A point of the series.</summary>
public sealed record LaneDot(double X, double Y, LanePoint Point);

/// <summary>The series under the rails.</summary>
public sealed record LaneCurve(double Y, double Height, string Line, IReadOnlyList<LaneDot> Dots, IReadOnlyList<(LaneDot Dot, string Text, string Anchor, double X, double Y)> Labels, (double Y, double Height)? Band);

/// <summary>
/// The geometry of the care lines: where everything stands, decided without a page. Nothing overlaps by construction: every kind of thing has rows of its own,
/// what has no row left is counted, what has no room for its label goes without (the list says the same). Coordinates are those of the design: names up to 128,
/// the axis from 138 to 1,300.
/// </summary>
public sealed class LaneShape
{
    public const double NamesWidth = 128;
    public const double Left = 138;
    public const double Right = 1300;
    public const double Width = 1308;
    public const double Top = 38;
    private const double Gap = 4;
    private const int MostTracks = 4;
    private const int MostPillRows = 3;
    private const double CrossingHalf = 23;
    private const double MarkApart = 25;

    private readonly LanesPicture _picture;
    private readonly DateTime _first;
    private readonly double _days;

    private LaneShape(LanesPicture picture)
    {
        _picture = picture;
        _first = picture.Period.First.ToDateTime(TimeOnly.MinValue);
        _days = picture.Period.Days;
    }

    public IReadOnlyList<LaneRow> Lanes { get; private set; } = [];
    public double Height { get; private set; }
    public double LanesBottom { get; private set; }
    public IReadOnlyList<LaneTick> Ticks { get; private set; } = [];
    public IReadOnlyList<LaneBand> Weekends { get; private set; } = [];
    public IReadOnlyList<LaneBar> Bars { get; private set; } = [];
    public IReadOnlyList<LaneMark> Marks { get; private set; } = [];
    public IReadOnlyList<LaneArrow> Arrows { get; private set; } = [];
    public IReadOnlyList<LaneName> Names { get; private set; } = [];

    /// <summary>The ribbon as one path; empty in a file that nobody answers for.</summary>
    public string Ribbon { get; private set; } = "";

    /// <summary>Where another person of the same line took over.</summary>
    public IReadOnlyList<(double X, double Y)> Notches { get; private set; } = [];

    /// <summary>The ribbon ahead of now.</summary>
    public (double X, double Y, double Width, LaneHolder Holder)? Ahead { get; private set; }

    /// <summary>Colours of the ribbon from top to bottom: part of the height, and the rail.</summary>
    public IReadOnlyList<(double Offset, LaneKey Lane)> RibbonStops { get; private set; } = [];
    public (double Top, double Bottom) RibbonSpan { get; private set; }
    public LaneCurve? Curve { get; private set; }

    /// <summary>Where now is; null when it is outside the period.</summary>
    public double? Now { get; private set; }

    /// <summary>Where the future begins: the left edge, now, or beyond the right edge.</summary>
    public double FutureFrom { get; private set; }

    public static LaneShape Of(LanesPicture picture, bool handoffs = true, bool tasks = true)
    {
        var shape = new LaneShape(picture);
        shape.Build(handoffs ? picture.Handoffs : [], tasks ? picture.Tasks : []);
        return shape;
    }

    /// <summary>The rail of a line.</summary>
    public static LaneKey KeyOf(CareLine? line) => line switch
    {
        CareLine.Home => LaneKey.Home,
        CareLine.First => LaneKey.First,
        CareLine.Second or CareLine.Third => LaneKey.Hospital,
        CareLine.Support => LaneKey.Support,
        _ => LaneKey.Unknown,
    };

    /// <summary>The place of an instant: by the wall clock, so that a day is as wide as any other.</summary>
    public double X(DateTime utc) => Math.Round(Left + (BelgianTime.ToLocal(utc) - _first).TotalDays / _days * (Right - Left), 1);

    private double Clamped(DateTime utc) => Math.Clamp(X(utc), Left, Right);

    /// <summary>Numbers as SVG reads them: a point, one decimal.</summary>
    internal static string Plain(FormattableString text) => FormattableString.Invariant(
        System.Runtime.CompilerServices.FormattableStringFactory.Create(text.Format, [.. text.GetArguments().Select(a => a is double d ? Math.Round(d, 1) : a)]));

    private void Build(IReadOnlyList<LaneHandoff> handoffs, IReadOnlyList<LaneTask> tasks)
    {
        var (from, until) = _picture.Period.Instants;
        var now = _picture.Now;
        FutureFrom = now < from ? Left : now >= until ? Right : X(now);
        Now = now >= from && now < until ? X(now) : null;
        var holders = _picture.Holders.Where(h => h.Since < until && (h.Until ?? DateTime.MaxValue) > from && h.Since <= now).ToList();
        var changes = Changes(holders);

        var episodes = _picture.Episodes.GroupBy(e => KeyOf(e.Line)).ToDictionary(g => g.Key, g => Tracks(g));
        var arrows = handoffs.Select(h => Prepared(h, changes)).ToList();
        var pills = arrows.GroupBy(a => a.To).ToDictionary(g => g.Key, g => PillRows([.. g], changes, g.Key, now));
        var entries = _picture.Entries.GroupBy(e => KeyOf(e.Line)).ToDictionary(g => g.Key, g => g.ToList());
        var due = tasks.GroupBy(t => KeyOf(t.Line)).ToDictionary(g => g.Key, g => g.ToList());
        var visited = holders.Select(h => KeyOf(h.Line)).ToHashSet();

        var lanes = new List<LaneRow>();
        var bars = new List<LaneBar>();
        var marks = new List<LaneMark>();
        var placed = new List<LaneArrow>();
        var pillY = new Dictionary<LaneKey, double>();
        var y = Top;
        foreach (var key in Enum.GetValues<LaneKey>())
        {
            var something = visited.Contains(key) || episodes.ContainsKey(key) || entries.ContainsKey(key) || due.ContainsKey(key) || arrows.Exists(a => a.To == key || a.From == key);
            if (key is LaneKey.Support or LaneKey.Unknown && !something)
                continue;
            var at = y + 12;
            double? ribbon = visited.Contains(key) ? y + 24 : null;
            if (ribbon is not null)
                at = y + 43;
            var third = holders.Exists(h => KeyOf(h.Line) == key && h.Line == CareLine.Third);
            var hidden = 0;
            var columns = changes.Where(c => c.Crosses && Math.Min((int)c.From, (int)c.To) <= (int)key && (int)key < Math.Max((int)c.From, (int)c.To)).Select(c => (c.X - CrossingHalf - 6, c.X + CrossingHalf + 6)).ToList();
            if (episodes.TryGetValue(key, out var tracks))
            {
                var deepest = 0;
                foreach (var (episode, track) in tracks)
                {
                    if (track >= MostTracks)
                    {
                        hidden++;
                        continue;
                    }
                    deepest = Math.Max(deepest, track + 1);
                    bars.AddRange(BarsOf(episode, key, at + track * 27, columns));
                    third |= episode.Line == CareLine.Third;
                }
                at += deepest * 27;
            }
            if (pills.TryGetValue(key, out var rows))
            {
                pillY[key] = at;
                at += rows.Max(r => r.Row + 1) * 31;
            }
            foreach (var row in new[] { entries.TryGetValue(key, out var e) ? EntryMarks(key, e, now) : [], due.TryGetValue(key, out var d) ? TaskMarks(key, d, now) : [] })
            {
                if (row.Count == 0)
                    continue;
                marks.AddRange(Labelled(row, at + 17, columns));
                third |= row.Exists(m => m.Third);
                at += 34;
            }
            if (hidden > 0)
                at += 18;
            var height = Math.Max(at + 8 - y, key is LaneKey.Support or LaneKey.Unknown ? 60 : 112);
            lanes.Add(new(key, y, height, ribbon, third, hidden));
            y += height + Gap;
        }
        Lanes = lanes;
        LanesBottom = y - Gap;
        Bars = bars;
        Marks = marks;
        Ribbon = RibbonPath(holders, changes, lanes, until);
        Arrows = [.. pills.SelectMany(p => p.Value.Select(r => Drawn(r, p.Key, pillY[p.Key], lanes)))];
        if (_picture.Series is { Points.Count: > 0 } series)
            Curve = CurveOf(series, LanesBottom + 8);
        Height = Math.Round((Curve is { } curve ? curve.Y + curve.Height : LanesBottom) + 10, 1);
        Ticks = [.. TicksOf()];
        Weekends = [.. WeekendsOf()];
    }

    // ---- the ribbon --------------------------------------------------------------------------------------------------

    private sealed record Change(double X, LaneKey From, LaneKey To, DateTime At, double Half, string Who)
    {
        public bool Crosses => From != To;
    }

    private List<Change> Changes(List<LaneHolder> holders)
    {
        var changes = new List<Change>();
        var edges = holders.Skip(1).Select(h => X(h.Since)).ToList();
        for (var i = 1; i < holders.Count; i++)
        {
            var x = edges[i - 1];
            var before = i == 1 ? Math.Max(Left, X(holders[0].Since)) : edges[i - 2];
            var after = i < edges.Count ? edges[i] : Math.Min(FutureFrom, Right);
            changes.Add(new(x, KeyOf(holders[i - 1].Line), KeyOf(holders[i].Line), holders[i].Since, Math.Max(0, Math.Min(CrossingHalf, Math.Min((x - before) / 2, (after - x) / 2))), holders[i].Name));
        }
        return changes;
    }

    private string RibbonPath(List<LaneHolder> holders, List<Change> changes, List<LaneRow> lanes, DateTime until)
    {
        if (holders.Count == 0)
            return "";
        double At(LaneHolder holder) => lanes.First(l => l.Key == KeyOf(holder.Line)).Ribbon!.Value;
        var ribbons = lanes.Where(l => l.Ribbon is not null).ToList();
        RibbonSpan = (ribbons[0].Ribbon!.Value, ribbons[^1].Ribbon!.Value);
        RibbonStops = Stops(ribbons);
        var end = Math.Min(FutureFrom, Right);
        var start = Math.Min(end, Math.Max(Left, X(holders[0].Since)));
        var path = new StringBuilder(Plain($"M{start} {At(holders[0])}"));
        var names = new List<LaneName>();
        var notches = new List<(double, double)>();
        var x = start;
        for (var i = 0; i < holders.Count; i++)
        {
            var y = At(holders[i]);
            var change = i < changes.Count ? changes[i] : null;
            var stop = change is null ? end : Math.Clamp(change.X, start, end);
            var half = change is { Crosses: true } ? change.Half : 0;
            Name(holders[i], names, x + (i > 0 && changes[i - 1].Crosses ? 6 : 9), stop - half - 6, y);
            if (change is { Crosses: true })
            {
                var next = At(holders[i + 1]);
                path.Append(Plain($"H{stop - half}C{stop + half * .83} {y} {stop - half * .83} {next} {stop + half} {next}"));
                x = stop + half;
            }
            else if (change is not null)
            {
                path.Append(Plain($"H{stop}"));
                notches.Add((stop, y));
                x = stop;
            }
            else
                path.Append(Plain($"H{end}"));
        }
        Names = names;
        Notches = notches;
        var last = holders[^1];
        if (FutureFrom < Right && (last.Until ?? DateTime.MaxValue) >= until)
            Ahead = (Math.Max(Left, FutureFrom), At(last), Right - Math.Max(Left, FutureFrom), last);
        return path.ToString();
    }

    private static void Name(LaneHolder holder, List<LaneName> names, double from, double to, double y)
    {
        var room = to - from;
        var both = holder.Role.Length > 0 ? $"{holder.Name}, {holder.Role}" : holder.Name;
        var text = TextWidth(both, 13.3) <= room ? both : TextWidth(holder.Name, 13.3) <= room ? holder.Name : null;
        if (text is not null)
            names.Add(new(from, y + 4.3, text, holder.Line == CareLine.Third));
    }

    private static List<(double, LaneKey)> Stops(List<LaneRow> ribbons)
    {
        var (top, bottom) = (ribbons[0].Ribbon!.Value, ribbons[^1].Ribbon!.Value);
        if (bottom <= top)
            return [(0, ribbons[0].Key), (1, ribbons[0].Key)];
        var stops = new List<(double, LaneKey)>();
        for (var i = 0; i < ribbons.Count; i++)
        {
            var y = ribbons[i].Ribbon!.Value;
            if (i > 0)
                stops.Add(((y - (y - ribbons[i - 1].Ribbon!.Value) * .12 - top) / (bottom - top), ribbons[i].Key));
            if (i + 1 < ribbons.Count)
                stops.Add(((y + (ribbons[i + 1].Ribbon!.Value - y) * .12 - top) / (bottom - top), ribbons[i].Key));
        }
        return stops;
    }

    // ---- bars --------------------------------------------------------------------------------------------------------

    private List<(LaneEpisode Episode, int Track)> Tracks(IEnumerable<LaneEpisode> episodes)
    {
        var ends = new List<double>();
        var placed = new List<(LaneEpisode, int)>();
        foreach (var episode in episodes.OrderBy(e => e.From).ThenBy(e => e.Until ?? DateTime.MaxValue).ThenBy(e => e.Reference, StringComparer.Ordinal))
        {
            var (x, end) = (Clamped(episode.From), episode.Until is { } until ? Clamped(until) : Right);
            var track = ends.FindIndex(e => e + 3 <= x);
            if (track < 0)
            {
                track = ends.Count;
                ends.Add(0);
            }
            ends[track] = Math.Max(end, x + 6);
            placed.Add((episode, track));
        }
        return placed;
    }

    private IEnumerable<LaneBar> BarsOf(LaneEpisode episode, LaneKey lane, double y, List<(double From, double To)> columns)
    {
        var (x, end) = (Clamped(episode.From), episode.Until is { } until ? Clamped(until) : Right);
        end = Math.Max(end, Math.Min(Right, x + 6));
        x = Math.Min(x, end - 4);
        var turn = Math.Clamp(FutureFrom, x, end);
        var third = episode.Line == CareLine.Third;
        var (past, ahead) = (turn - x, end - turn);
        // The ribbon crosses over the bars of a rail: their words begin after it.
        double Start(double at, double own) => columns.Find(c => c.From < at + own + 20 && at + own < c.To) is { To: > 0 } column ? column.To + 6 : at + own;
        string? Text(double from, double to) => Fitting(episode.Title, to - from - 8);
        if (episode.Kind == LaneEpisodeKind.Offered)
        {
            yield return new(episode, lane, x, y, end - x, true, Text(Start(x, 23), end), Start(x, 23), third);
            yield break;
        }
        var label = Text(Start(x, 9), turn);
        if (past > 0)
            yield return new(episode, lane, x, y, past, false, label, Start(x, 9), third);
        if (ahead > 0)
            yield return new(episode, lane, turn, y, ahead, true, label is null ? Text(turn + 9, end) : null, turn + 9, third);
    }

    /// <summary>As much of a text as fits: whole, or cut at a word with an ellipsis; null when not even that says anything.</summary>
    internal static string? Fitting(string text, double room, double size = Plain12)
    {
        if (TextWidth(text, size) <= room)
            return text;
        var most = 0;
        for (var left = room - TextWidth("…", size); most < text.Length && (left -= TextWidth(text.AsSpan(most, 1), size)) >= 0;)
            most++;
        if (most < 8)
            return null;
        var cut = text[..most];
        if (char.IsHighSurrogate(cut[^1]))
            cut = cut[..^1];
        var space = cut.LastIndexOf(' ');
        return (space > most / 2 ? cut[..space] : cut).TrimEnd(' ', ',', ':', ';', '·') + "…";
    }

    /// <summary>How wide a text is at most. No browser is asked: the widths of the usual sans-serif letters, a little wide, so that what fits here fits there.</summary>
    /// <param name="size">Height of the letters; heavier letters are wider: give about six per cent more.</param>
    internal static double TextWidth(ReadOnlySpan<char> text, double size)
    {
        var wide = 0.0;
        foreach (var letter in text)
            wide += letter switch
            {
                'i' or 'j' or 'l' or '\'' or '’' or '|' => .24,
                ' ' or '.' or ',' or ':' or ';' or '!' or 'I' or 'f' or 't' or '/' or '·' => .29,
                'r' or '(' or ')' or '-' or '“' or '”' => .345,
                'm' or 'M' or 'w' or '%' or '@' or 'W' or '…' => .94,
                >= 'A' and <= 'Z' => .72,
                >= '\u1100' => 1,
                _ => .566,
            };
        return wide * size;
    }

    /// <summary>Sizes for <see cref="TextWidth"/>: the plain label of twelve, and one that stands out.</summary>
    internal const double Plain12 = 12.2;
    internal const double Strong12 = 12.8;

    // ---- hand-offs ---------------------------------------------------------------------------------------------------

    private sealed record Crossing(LaneHandoff Handoff, LaneKey From, LaneKey To, double X1, double X2, bool OnRibbon);

    private sealed record PillPlace(Crossing Arrow, int Row, string? Pill, double PillX, double PillWidth);

    private Crossing Prepared(LaneHandoff handoff, List<Change> changes)
    {
        var end = handoff.Ended ?? (_picture.Now > handoff.Offered ? _picture.Now : handoff.Offered);
        var change = handoff.State == LaneHandoffState.Accepted ? changes.Find(c => c.Crosses && (c.At - end).Duration() < TimeSpan.FromMinutes(5) && c.Who == handoff.To) : null;
        return new(handoff, KeyOf(handoff.FromLine), KeyOf(handoff.ToLine), Clamped(handoff.Offered), Clamped(end), change is not null);
    }

    private static List<PillPlace> PillRows(List<Crossing> arrows, List<Change> changes, LaneKey lane, DateTime now)
    {
        // A crossing of the ribbon through this rail is no place for words.
        var crossings = changes.Where(c => c.Crosses && Math.Min((int)c.From, (int)c.To) <= (int)lane && (int)lane < Math.Max((int)c.From, (int)c.To)).Select(c => (From: c.X - c.Half - 4, To: c.X + c.Half + 4)).ToList();
        var rows = Enumerable.Range(0, MostPillRows).Select(_ => new List<(double From, double To)>(crossings)).ToList();
        var placed = new List<PillPlace>();
        foreach (var arrow in arrows.OrderBy(a => a.X2))
        {
            var text = LaneWords.Pill(arrow.Handoff, now);
            var width = Math.Ceiling(TextWidth(text, Strong12) + 40);
            var own = arrow.OnRibbon ? CrossingHalf + 14 : 15.0;
            PillPlace? found = null;
            for (var row = 0; row < MostPillRows && found is null; row++)
            {
                // An arrow that comes to a lower row passes the rows above it: a narrow line, drawn under their words.
                foreach (var x in new[] { arrow.X2 - own - width, arrow.X2 + own })
                {
                    var (from, to) = (Math.Min(x, arrow.X2 - 12), Math.Max(x + width, arrow.X2 + 12));
                    var free = arrow.OnRibbon ? (x, x + width) : (from, to);
                    if (x < Left || x + width > Right || rows[row].Exists(r => r.From < free.Item2 + 4 && free.Item1 - 4 < r.To && !(arrow.OnRibbon && Math.Abs((r.From + r.To) / 2 - arrow.X2) < 8 && (x + width <= r.From || x >= r.To))))
                        continue;
                    rows[row].Add(free);
                    found = new(arrow, row, text, x, width);
                    break;
                }
            }
            if (found is null)
            {
                var row = rows.FindIndex(r => !r.Exists(o => o.From < arrow.X2 + 10 && arrow.X2 - 10 < o.To));
                row = row < 0 ? MostPillRows - 1 : row;
                rows[row].Add((arrow.X2 - 9, arrow.X2 + 9));
                found = new(arrow, row, null, 0, 0);
            }
            placed.Add(found);
        }
        return placed;
    }

    private static LaneArrow Drawn(PillPlace place, LaneKey to, double top, List<LaneRow> lanes)
    {
        var arrow = place.Arrow;
        var y2 = top + place.Row * 31 + 15.5;
        var sender = lanes.First(l => l.Key == arrow.From);
        var down = sender.Y < lanes.First(l => l.Key == to).Y;
        var y1 = arrow.From == to ? sender.Ribbon is { } own ? own + 10 : sender.Y + 8
            : down ? sender.Bottom - 12
            : sender.Ribbon is { } ribbon ? ribbon - 10 : sender.Y + 10;
        // The head ends on the row: the line stops a head before it.
        var way = y2 >= y1 ? 1 : -1;
        var stop = arrow.Handoff.State switch { LaneHandoffState.Accepted => 6, _ => 9 };
        return new(arrow.Handoff, arrow.From, to, arrow.X1, y1, arrow.X2, y2 - stop * way, y2, arrow.OnRibbon, place.Pill, place.PillX, place.PillWidth);
    }

    // ---- marks -------------------------------------------------------------------------------------------------------

    private List<LaneMark> EntryMarks(LaneKey lane, List<LaneEntry> entries, DateTime now) =>
        [.. Near(entries, e => Clamped(Middle(e.First, e.Last))).Select(near => new LaneMark(lane, near.X, 0, near.Items.Sum(e => e.Count), near.Items, [], null, 0, near.Items[0].First > now))];

    private List<LaneMark> TaskMarks(LaneKey lane, List<LaneTask> tasks, DateTime now) =>
        [.. Near(tasks, t => Clamped(Middle(t.First, t.Last))).Select(near => new LaneMark(lane, near.X, 0, near.Items.Sum(t => t.Count), [], near.Items, null, 0, near.Items[0].First > now))];

    private static DateTime Middle(DateTime first, DateTime last) => first + (last - first) / 2;

    // What stands nearer than a mark is wide becomes one mark, in the middle of its members.
    private static List<(double X, List<T> Items)> Near<T>(IEnumerable<T> items, Func<T, double> place)
    {
        var groups = new List<(double X, List<T> Items)>();
        foreach (var (item, x) in items.Select(i => (i, place(i))).OrderBy(i => i.Item2))
        {
            if (groups.Count > 0 && x - groups[^1].X < MarkApart)
                groups[^1].Items.Add(item);
            else
                groups.Add((x, [item]));
        }
        return groups;
    }

    private IEnumerable<LaneMark> Labelled(List<LaneMark> row, double y, List<(double From, double To)> obstacles)
    {
        var free = Left;
        // Words never lie over the line of now.
        if (Now is { } now)
            obstacles = [.. obstacles, (now - 5, now + 5)];
        for (var i = 0; i < row.Count; i++)
        {
            var mark = row[i] with { Y = y };
            var text = LaneWords.MarkLabel(mark);
            var size = SizeOf(mark);
            var next = i + 1 < row.Count ? row[i + 1].X - LaneMark.Reach : Right;
            var (start, end) = (mark.X - LaneMark.Reach, mark.X + LaneMark.Reach);
            if (text is not null && Fitting(text, Math.Min(190, next - end - 12), size) is { } right && Clear(end + 4, end + 8 + TextWidth(right, size)))
            {
                mark = mark with { Label = right, Side = 1 };
                free = end + 8 + TextWidth(right, size);
            }
            else if (text is not null && Fitting(text, Math.Min(190, start - free - 12), size) is { } left && Clear(start - 8 - TextWidth(left, size), start - 4))
            {
                mark = mark with { Label = left, Side = -1 };
                free = end;
            }
            else
                free = end;
            yield return mark;
        }

        bool Clear(double from, double to) => !obstacles.Exists(o => o.From < to && from < o.To);
    }

    private static double SizeOf(LaneMark mark) => mark.Tasks.Count > 0 || mark.Ahead ? Strong12 : Plain12;

    /// <summary>Between which places the label of a mark stands.</summary>
    internal static (double From, double To) LabelSpan(LaneMark mark)
    {
        var width = TextWidth(mark.Label, SizeOf(mark));
        return mark.Side > 0 ? (mark.X + 16, mark.X + 16 + width) : (mark.X - 16 - width, mark.X - 16);
    }

    // ---- the series --------------------------------------------------------------------------------------------------

    private LaneCurve CurveOf(LaneSeries series, double y)
    {
        const double Tall = 104;
        var (top, bottom) = (y + 24, y + Tall - 16);
        var values = series.Points.Select(p => (double)p.Value).ToList();
        var (low, high) = (values.Min(), values.Max());
        var slack = Math.Max((high - low) * .12, Math.Abs(high) * .004 + 1e-6);
        (low, high) = (low - slack, high + slack);
        double Y(double value) => Math.Round(Math.Clamp(bottom - (value - low) / (high - low) * (bottom - top), top, bottom), 1);
        var dots = series.Points.Select(p => new LaneDot(Clamped(p.At), Y((double)p.Value), p)).ToList();
        var labels = new List<(LaneDot, string, string, double, double)>();
        void Label(LaneDot dot, string text, bool above)
        {
            var width = TextWidth(text, Strong12);
            var anchor = dot.X + width / 2 > Right ? "end" : dot.X - width / 2 < Left ? "start" : "middle";
            var x = anchor == "end" ? Math.Min(Right, dot.X + 4) : anchor == "start" ? dot.X - 4 : dot.X;
            var from = anchor == "end" ? x - width : anchor == "start" ? x : x - width / 2;
            if (labels.TrueForAll(l => Math.Abs(l.Item4 - x) > width + 12 || l.Item1 == dot) && from >= Left - 4 && !labels.Exists(l => l.Item1 == dot))
                labels.Add((dot, text, anchor, x, above ? dot.Y - 9 : dot.Y + 18));
        }

        Label(dots[^1], $"{dots[^1].Point.Shown} {series.Unit}".Trim(), above: true);
        if (dots.Count > 2)
        {
            Label(dots.MaxBy(d => d.Point.Value)!, dots.MaxBy(d => d.Point.Value)!.Point.Shown, above: true);
            Label(dots.MinBy(d => d.Point.Value)!, dots.MinBy(d => d.Point.Value)!.Point.Shown, above: false);
        }
        (double, double)? band = null;
        if (series.Low is not null || series.High is not null)
        {
            var (bandTop, bandBottom) = (series.High is { } h ? Y((double)h) : top, series.Low is { } l ? Y((double)l) : bottom);
            band = bandBottom - bandTop > 3 ? (bandTop, Math.Round(bandBottom - bandTop, 1)) : null;
        }
        return new(y, Tall, string.Join(' ', dots.Select(d => Plain($"{d.X},{d.Y}"))), dots, labels, band);
    }

    // ---- the axis ----------------------------------------------------------------------------------------------------

    private double DayX(DateOnly day) => Math.Round(Left + (day.DayNumber - _picture.Period.First.DayNumber) / _days * (Right - Left), 1);

    private IEnumerable<LaneTick> TicksOf()
    {
        var (first, last) = (_picture.Period.First, _picture.Period.Last);
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            var label = _picture.Period.Zoom switch
            {
                LanesZoom.Week => day.ToString("ddd d MMM", BelgianTime.Culture),
                LanesZoom.Month when day.DayOfWeek == DayOfWeek.Monday => day.ToString("ddd d MMM", BelgianTime.Culture),
                LanesZoom.Year when day.Day == 1 => day.ToString(day.Month == 1 || day == first ? "MMM yyyy" : "MMM", BelgianTime.Culture),
                _ => null,
            };
            if (label is not null)
                yield return new(DayX(day), label);
        }
    }

    private IEnumerable<LaneBand> WeekendsOf()
    {
        if (_picture.Period.Zoom == LanesZoom.Year)
            yield break;
        for (var day = _picture.Period.First; day <= _picture.Period.Last; day = day.AddDays(1))
        {
            if (day.DayOfWeek == DayOfWeek.Saturday)
                yield return new(DayX(day), DayX(day.AddDays(2)) - DayX(day));
        }
    }
}
