using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Lanes;

/// <summary>A line of the list that says the same as the picture.</summary>
internal sealed record LaneLine(DateTime At, string When, string Lane, string What, string? Href);

/// <summary>What the picture says, in words: labels, what a screen reader hears, the list. In one place, so that they agree.</summary>
internal static class LaneWords
{
    /// <summary>The words on a crossing.</summary>
    public static string Pill(LaneHandoff handoff, DateTime now) => handoff.State switch
    {
        LaneHandoffState.Waiting => LanesText.Get("State.Waiting", BelgianTime.Duration(now - handoff.Offered), LaneShape.Fitting(handoff.To, 130) ?? handoff.To[..Math.Min(12, handoff.To.Length)]),
        LaneHandoffState.Declined => LanesText.Get("State.Declined", BelgianTime.Duration(handoff.Ended!.Value - handoff.Offered)),
        LaneHandoffState.Withdrawn => LanesText.Get("State.Withdrawn", BelgianTime.Duration(handoff.Ended!.Value - handoff.Offered)),
        _ => Accepted(handoff),
    };

    private static string Accepted(LaneHandoff handoff) =>
        handoff.Ended is { } ended && ended - handoff.Offered >= TimeSpan.FromMinutes(1) ? LanesText.Get("State.Accepted", BelgianTime.Duration(ended - handoff.Offered)) : LanesText.Get("State.AcceptedAtOnce");

    /// <summary>The label beside a mark; null for a mark of many things.</summary>
    public static string? MarkLabel(LaneMark mark)
    {
        if (mark.Tasks.Count == 1)
            return mark.Tasks[0] is { Count: 1 } one ? one.Title : LanesText.Get($"Tasks.{mark.Tasks[0].State}", mark.Tasks[0].Count);
        if (mark.Entries.Count == 1)
            return mark.Entries[0] is { Count: 1, Title.Length: > 0 } one ? one.Title : LanesText.Get("Say.Count", mark.Entries[0].Count, Kind(mark.Entries[0].Kind));
        return null;
    }

    public static string Kind(int kind) => LanesText.Find($"Kind.{(EntryKind)kind}") ?? LanesText.Get("Kind.Other");

    public static string Lane(LaneKey lane) => LanesText.Get($"Lane.{lane}");

    /// <summary>The rail of a line, with the third line by its name.</summary>
    public static string Lane(CareLine? line) => line == CareLine.Third ? $"{Lane(LaneKey.Hospital)}, {LanesText.Get("List.Third")}" : Lane(LaneShape.KeyOf(line));

    public static string Say(LaneHandoff handoff, DateTime now) =>
        LanesText.Get("Say.Handoff", handoff.Title, handoff.From, handoff.To, handoff is { State: LaneHandoffState.Waiting, Escalated: true } ? LanesText.Get("State.WaitingLong", BelgianTime.Duration(now - handoff.Offered), handoff.To) : Pill(handoff, now));

    public static string Say(LaneEpisode episode, DateTime now) => LanesText.Get($"Say.{episode.Kind}", episode.Title, Span(episode.From, episode.Until, now));

    public static string Say(LaneHolder holder) => holder.Role.Length > 0 ? LanesText.Get("Say.HolderRole", holder.Name, holder.Role) : LanesText.Get("Say.Holder", holder.Name);

    public static string Say(LaneEntry entry) => entry.Title.Length == 0 ? LanesText.Get("Say.Count", entry.Count, Kind(entry.Kind)) : entry.Count == 1
        ? LanesText.Get("Say.Entry", Kind(entry.Kind), entry.Title)
        : LanesText.Get("Say.Many", entry.Count, Kind(entry.Kind), entry.Title);

    public static string Say(LaneTask task) => task.Count == 1 ? LanesText.Get($"Task.{task.State}", task.Title) : LanesText.Get($"Tasks.{task.State}", task.Count);

    /// <summary>What a mark says to who cannot see it.</summary>
    public static string Say(LaneMark mark, DateTime now)
    {
        var what = mark switch
        {
            { Entries.Count: 1 } => Say(mark.Entries[0]),
            { Tasks.Count: 1 } => Say(mark.Tasks[0]),
            { Tasks.Count: 0 } => LanesText.Get("Say.Cluster", mark.Count, string.Join(", ", mark.Entries.GroupBy(e => e.Kind).OrderByDescending(g => g.Sum(e => e.Count)).Select(g => LanesText.Get("Say.Count", g.Sum(e => e.Count), Kind(g.Key))))),
            _ => LanesText.Get("Say.ClusterTasks", mark.Count, string.Join(", ", mark.Tasks.GroupBy(t => t.State).Select(g => LanesText.Get($"Tasks.{g.Key}", g.Sum(t => t.Count))))),
        };
        return LanesText.Get("Say.At", When(mark.First, mark.Last, now), Lane(mark.Lane), what);
    }

    public static string Say(LanePoint point, LaneSeries series) => LanesText.Get("Say.Point", series.Name, point.Shown, series.Unit).Trim();

    /// <summary>A day, or from which to which.</summary>
    public static string When(DateTime first, DateTime last, DateTime now)
    {
        var (from, to, today) = (BelgianTime.DayOf(first), BelgianTime.DayOf(last), BelgianTime.DayOf(now));
        return from == to ? BelgianTime.Day(from, today) : LanesText.Get("Say.Until", BelgianTime.Day(from, today), BelgianTime.Day(to, today));
    }

    private static string Span(DateTime from, DateTime? until, DateTime now) => until is { } end ? When(from, end, now) : LanesText.Get("Say.Since", BelgianTime.Day(BelgianTime.DayOf(from), BelgianTime.DayOf(now)));

    /// <summary>Where an entry stands on the timeline.</summary>
    public static string Href(string patient, string reference) => reference.Length == 0 ? $"/patients/{patient}" : $"/patients/{patient}#{reference.Replace('/', '-')}";

    /// <summary>Everything that the picture shows, oldest first.</summary>
    public static IReadOnlyList<LaneLine> List(LanesPicture picture, string patient, bool handoffs, bool tasks)
    {
        var now = picture.Now;
        var (from, _) = picture.Period.Instants;
        var lines = new List<LaneLine>();
        lines.AddRange(picture.Holders.Select(h => new LaneLine(h.Since < from ? from : h.Since, h.Since < from ? LanesText.Get("Say.Since", BelgianTime.Moment(h.Since, now)) : BelgianTime.Moment(h.Since, now), Lane(h.Line), Say(h), null)));
        lines.AddRange(picture.Episodes.Select(e => new LaneLine(e.From, BelgianTime.Moment(e.From, now), Lane(e.Line), Say(e, now), Href(patient, e.Reference))));
        lines.AddRange(picture.Entries.Select(e => new LaneLine(e.First, e.Count == 1 ? BelgianTime.Moment(e.First, now) : When(e.First, e.Last, now), Lane(e.Line), Say(e), Href(patient, e.Reference))));
        if (tasks)
            lines.AddRange(picture.Tasks.Select(t => new LaneLine(t.First, t.Count == 1 ? BelgianTime.Moment(t.First, now) : When(t.First, t.Last, now), Lane(t.Line), Say(t), Href(patient, t.Reference))));
        if (handoffs)
            lines.AddRange(picture.Handoffs.Select(h => new LaneLine(h.Offered, BelgianTime.Moment(h.Offered, now), LanesText.Get("List.Between", Lane(h.FromLine), Lane(h.ToLine)), Say(h, now), Href(patient, h.Reference))));
        if (picture.Series is { } series)
            lines.AddRange(series.Points.Select(p => new LaneLine(p.At, BelgianTime.Moment(p.At, now), Lane(p.Line), Say(p, series), Href(patient, p.Reference))));
        return [.. lines.OrderBy(l => l.At)];
    }

    /// <summary>What a person who reads the picture well would say of it.</summary>
    public static IReadOnlyList<string> Facts(LanesPicture picture)
    {
        var now = picture.Now;
        var facts = new List<string>();
        var changes = picture.Holders.Skip(1).Count();
        facts.Add(picture.Holders.Count == 0 ? LanesText.Get("Facts.Nobody") : changes == 0 ? LanesText.Get("Facts.NoChange", picture.Holders[0].Name) : LanesText.Get("Facts.Changes", changes, picture.Period.Days));
        if (picture.Handoffs.Where(h => h.State == LaneHandoffState.Waiting).MinBy(h => h.Offered) is { } waiting)
            facts.Add(LanesText.Get("Facts.Waits", waiting.Title, BelgianTime.Duration(now - waiting.Offered), waiting.From));
        else if (picture.Handoffs.Where(h => h is { State: LaneHandoffState.Accepted, Ended: not null }).MaxBy(h => h.Ended!.Value - h.Offered) is { } slow && slow.Ended!.Value - slow.Offered >= TimeSpan.FromMinutes(1))
            facts.Add(LanesText.Get("Facts.Accepted", BelgianTime.Duration(slow.Ended.Value - slow.Offered), slow.Title));
        var late = picture.Tasks.Where(t => t.State == LaneTaskState.Late).Sum(t => t.Count);
        if (late > 0)
            facts.Add(late == 1 ? LanesText.Get("Facts.OneLate") : LanesText.Get("Facts.Late", late));
        if (picture.Series is { Points.Count: > 1 } series)
            facts.Add(LanesText.Get("Facts.Series", series.Name, series.Points[0].Shown, $"{series.Points[^1].Shown} {series.Unit}".Trim()));
        var nights = picture.Episodes.Where(e => e.Kind == LaneEpisodeKind.Contact && LaneShape.KeyOf(e.Line) == LaneKey.Hospital).Sum(e => Math.Max(0, BelgianTime.DayOf(e.Until ?? now).DayNumber - BelgianTime.DayOf(e.From).DayNumber));
        if (nights > 0)
            facts.Add(nights == 1 ? LanesText.Get("Facts.OneNight") : LanesText.Get("Facts.Nights", nights));
        return facts;
    }

    /// <summary>The picture in a sentence or two.</summary>
    public static string Summary(LanesPicture picture)
    {
        var holder = picture.Holders.Count > 0 ? picture.Holders[^1] : null;
        var waiting = picture.Handoffs.Count(h => h.State == LaneHandoffState.Waiting);
        return string.Join(' ', new[]
        {
            holder is null ? LanesText.Get("Chart.Nobody") : LanesText.Get("Chart.Holder", holder.Name, BelgianTime.Moment(holder.Since, picture.Now)),
            waiting == 0 ? null : waiting == 1 ? LanesText.Get("Chart.OneWaiting") : LanesText.Get("Chart.Waiting", waiting),
            LanesText.Get("Chart.Same"),
        }.OfType<string>());
    }
}
