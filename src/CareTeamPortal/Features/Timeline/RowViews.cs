using System.Globalization;
using System.Net;
using System.Text;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Puts entries into words for one reader at one moment.</summary>
internal sealed class RowViews(IStringLocalizer<TimelinePageText> text, PeopleDirectory people, SharedRows shared)
{
    /// <summary>Quantities whose course says most at a glance: weight, glucose, oxygen, pain, heart rate, temperature.</summary>
    private static readonly string[] Telling = ["29463-7", "2339-0", "15074-8", "2708-6", "59408-5", "72514-3", "8867-4", "8310-5"];

    /// <summary>Points of a course at most.</summary>
    public const int LongestCourse = 7;

    /// <summary>Values of a laboratory report at most; the others are named.</summary>
    private const int MostResults = 6;

    private const int LargestRound = 60;
    private const int MostLines = 4;
    private static readonly TimeSpan OneRound = TimeSpan.FromMinutes(1);

    private static readonly HashSet<string> TellingStatuses = new(StringComparer.Ordinal)
    {
        "draft", "preliminary", "active", "stopped", "cancelled", "on-hold", "planned", "in-progress", "resolved", "inactive", "requested", "proposed", "remission", "recurrence", "not-done",
    };

    /// <summary>Rows of a run of entries, newest first as the entries came.</summary>
    /// <param name="next">The entry below the last one; null at the end.</param>
    /// <param name="threads">Answers that are shown under their root, by the root's key.</param>
    /// <param name="known">What stands in the feed, by number; looked up only for rows whose words depend on others.</param>
    /// <param name="apart">Measurements that the reader wants one by one.</param>
    public IReadOnlyList<RowView> Of(IReadOnlyList<TimelineEntry> entries, TimelineEntry? next, RowReader reader, IReadOnlyDictionary<string, IReadOnlyList<TimelineEntry>> threads, Lazy<Dictionary<long, TimelineEntry>> known, IReadOnlySet<string> apart)
    {
        if (entries.Count == 0)
            return [];
        var rows = new List<RowView>(entries.Count);
        var today = BelgianTime.DayOf(reader.Now).DayNumber;
        for (var i = 0; i < entries.Count; i++)
        {
            var start = i;
            var entry = entries[start];
            var end = InRound(entry) && !(apart.Count > 0 && apart.Contains(KeyOf(entry))) ? EndOfRound(entries, start, apart) : start + 1;
            i = end - 1;
            var ribbon = RibbonAt(reader.Accountable, entry.Time);
            var below = (end < entries.Count ? entries[end] : next) is { } after ? RibbonAt(reader.Accountable, after.Time) : ribbon;
            below = ribbon is not null && below is not null && below != ribbon ? below : null;
            var course = CourseOf(entries, start, end, known);
            var warning = reader.Scale2 is { } scale2 && entry.Kind is EntryKind.Measurement ? CompletedRound.Of(entries, start, end, scale2, next, known) : null;
            if (threads.Count > 0 && threads.TryGetValue(KeyOf(end - start > 1 ? entries[end - 1] : entry), out var replies))
            {
                rows.Add(WithReplies(Make(entries, start, end, reader, known, course, warning, ribbon, below), replies, reader, known));
                continue;
            }
            var name = NameOf(entries, start, end, reader, known, course, warning, today, ((ribbon ?? -1) + 1) * 10 + (below ?? -1) + 1);
            rows.Add(shared.Find(name) ?? shared.Keep(name, Make(entries, start, end, reader, known, course, warning, ribbon, below)));
        }
        return rows;
    }

    private RowView Make(IReadOnlyList<TimelineEntry> entries, int start, int end, RowReader reader, Lazy<Dictionary<long, TimelineEntry>> known, Course? course, News2Set? warning, int? ribbon, int? below) =>
        WithTrend(end - start > 1 ? Round(entries.Skip(start).Take(end - start), reader, known) : Of(entries[start], reader, known), course, reader.Now) with { Ribbon = ribbon, RibbonBelow = below, Warning = warning is null ? null : WarningOf(warning) };

    private static WarningScore WarningOf(News2Set set)
    {
        var score = set.Score!;
        return new(MeasurementsText.Get("News2.Row", score.Score, MeasurementsText.Get($"News2.Risk.{score.Risk}")), MeasurementsText.Get($"News2.Means.{score.Risk}"), MeasurementsText.Get(score.IsScale2 ? "News2.Row.Scale2" : "News2.Scale1"),
            [.. score.Parts.Zip(set.Signs, (part, sign) => (MeasurementsText.Get($"News2.Part.{sign.Part}"), sign.Shown, part.Points))], score.Risk >= News2Risk.Medium ? "tag crit" : score.Risk == News2Risk.LowMedium ? "tag warn" : "tag");
    }

    private RowView WithReplies(RowView root, IReadOnlyList<TimelineEntry> replies, RowReader reader, Lazy<Dictionary<long, TimelineEntry>> known) =>
        root with { Replies = [.. replies.Select(r => Of(r, reader, known) with { Answers = null, AnswerCount = 0, MayReply = false, MayPin = false })] };

    /// <summary>All that the words of a row depend on besides the entry itself, which its cursor stands for.</summary>
    private SharedRows.Name NameOf(IReadOnlyList<TimelineEntry> entries, int start, int end, RowReader reader, Lazy<Dictionary<long, TimelineEntry>> known, Course? course, News2Set? warning, int today, int ribbon)
    {
        var entry = entries[start];
        StringBuilder? more = null;
        var flags = (reader.MayWrite ? 1 : 0) | (reader.MayPin ? 2 : 0);
        if (end - start > 1)
        {
            more = new();
            for (var i = start; i < end; i++)
                more.Append(CultureInfo.InvariantCulture, $"{entries[i].Seq}.{entries[i].Cursor}.{FlagsOf(entries[i], reader)} ");
        }
        flags |= FlagsOf(entry, reader) << 2;
        if (course is not null)
            (more ??= new()).Append("~ ").AppendJoin(' ', course.Points.Select(p => FormattableString.Invariant($"{p.Seq}.{p.Cursor}")));
        if (warning is { Score: { } score })
            (more ??= new()).Append(CultureInfo.InvariantCulture, $"w {score.Score}.{(score.IsScale2 ? 2 : 1)} ").AppendJoin(' ', warning.Signs.Select(s => s.Shown));
        var results = ResultsOf(entry, known);
        for (var i = 0; i < results.Count; i++)
            (more ??= new()).Append(CultureInfo.InvariantCulture, $"= {results[i].Seq}.{results[i].Cursor} ");
        if (entry.AnswersSeq is { } root)
            (more ??= new()).Append("^ ").Append(known.Value.TryGetValue(root, out var asked) ? asked.Cursor : -1);
        if (entry.PinnedBy is { } by)
            (more ??= new()).Append("! ").Append(people.Find(by)?.DisplayName);
        var minutes = 0;
        if (entry.Kind is EntryKind.Handoff && entry.ReplyOwner == reader.Me.Person)
            (more ??= new()).Append("> me");
        if (entry.Kind is EntryKind.Question && !entry.IsAnswered)
        {
            if (entry.ReplyOwner is { } id)
                (more ??= new()).Append("? ").Append(people.Find(id)?.DisplayName).Append(id == reader.Me.Person ? " me" : "");
            if (entry.ReplyBy is { } due)
                minutes = (int)Math.Clamp((due - reader.Now).TotalMinutes, -1e9, 1e9) - (due <= reader.Now ? 1 : 0);
        }
        return new(reader.Patient, reader.Reach, entry.Seq, entry.Cursor, entry.Time, entry.AnswerCount, flags, ribbon, today, minutes, more?.ToString());
    }

    /// <summary>Own, new, planned.</summary>
    private static int FlagsOf(TimelineEntry entry, RowReader reader) => (entry.IsOwn ? 1 : 0) | (IsNew(entry, reader) ? 2 : 0) | (entry.Time > reader.Now ? 4 : 0);

    private static bool IsNew(TimelineEntry entry, RowReader reader) => reader.NewAfter is { } after && entry.Cursor > after && !entry.IsOwn && !entry.IsOwnChange;

    /// <summary>The course of one quantity up to a row, oldest first.</summary>
    private sealed record Course(string Name, MeasuredValue Value, IReadOnlyList<(DateTime Time, long Seq, long Cursor, decimal Value)> Points);

    /// <summary>The course of the value that matters most, when it was measured at least three times in what the feed holds.</summary>
    private static Course? CourseOf(IReadOnlyList<TimelineEntry> entries, int start, int end, Lazy<Dictionary<long, TimelineEntry>> known)
    {
        if (entries[start].Values.Count == 0 && end - start == 1)
            return null;
        foreach (var loinc in Telling)
        {
            for (var i = start; i < end; i++)
            {
                var entry = entries[i];
                if (entry.Retracted || entry.Values.FirstOrDefault(v => v.Loinc == loinc && v.Value is not null) is not { } value || MeasurementCatalogue.Find(loinc)?.Name is not { } name)
                    continue;
                var points = known.Value.Values
                    .Where(e => e.Time <= entry.Time && !e.Retracted && e.Kind is EntryKind.Measurement or EntryKind.LabResult)
                    .SelectMany(e => e.Values.Where(v => v.Loinc == loinc && v.Value is not null && Unit(v) == Unit(value)).Take(1), (e, v) => (e.Time, e.Seq, e.Cursor, Value: v.Value!.Value))
                    .OrderByDescending(p => p.Time).ThenByDescending(p => p.Seq).Take(LongestCourse).Reverse().ToList();
                return points.Count < 3 ? null : new(name, value, points);
            }
        }
        return null;
    }

    private RowView WithTrend(RowView row, Course? course, DateTime now)
    {
        if (course is null || row.Values.Count == 0 || row.Retracted is not null)
            return row;
        var (points, value) = (course.Points, course.Value);
        if (SparklineShape.Of([.. points.Select(p => (double)p.Value)], (double?)value.Low, (double?)value.High) is not { } shape)
            return row;
        var before = points[^2];
        var moved = value.Value!.Value - before.Value;
        var change = moved == 0 ? text["Trend.Same", BelgianTime.Moment(before.Time, now)].Value : text["Trend.Change", (moved > 0 ? "+" : "−") + Number(Math.Abs(moved)), Unit(value) ?? "", BelgianTime.Moment(before.Time, now)].Value;
        var label = text["Trend.Label", course.Name, Number(points[0].Value), Number(points[^1].Value), points.Count].Value;
        var first = row.Values.FirstOrDefault(v => v.Label == course.Name);
        return first is null ? row : row with { Trend = new(shape, label, change), Values = [first, .. row.Values.Where(v => !ReferenceEquals(v, first))] };
    }

    /// <summary>Observations that one person made at one moment are one round: one card with several values.</summary>
    private static int EndOfRound(IReadOnlyList<TimelineEntry> entries, int start, IReadOnlySet<string> apart)
    {
        var first = entries[start];
        var end = start + 1;
        if (!InRound(first))
            return end;
        while (end < entries.Count && end - start < LargestRound && InRound(entries[end]) && !apart.Contains(KeyOf(entries[end]))
            && entries[end] is var next && (first.AuthorId is null ? next.Time == first.Time : (first.Time - next.Time).Duration() < OneRound) && next.AuthorId == first.AuthorId && next.AuthorName == first.AuthorName && next.Audience == first.Audience && next.Line == first.Line && next.Source == first.Source)
            end++;
        return end;
    }

    /// <summary>Whether two neighbours may be shown in one card, so that a run of entries is not cut between them.</summary>
    public static bool MayShareCard(TimelineEntry above, TimelineEntry below) => InRound(above) && InRound(below);

    private static bool InRound(TimelineEntry entry) =>
        entry is { ResourceType: "Observation", Retracted: false, PinnedAt: null, CorrectedAt: null, Precision: DatePrecision.Instant } && entry.Kind is EntryKind.Measurement or EntryKind.LabResult && entry.Values.Count > 0;

    /// <summary>Newest first in the feed, but in the order in which they were written in the card.</summary>
    private RowView Round(IEnumerable<TimelineEntry> entries, RowReader reader, Lazy<Dictionary<long, TimelineEntry>> known)
    {
        var parts = entries.Select(e => (Entry: e, Row: Of(e, reader, known))).ToList();
        var (_, row) = parts.FirstOrDefault(p => p.Entry.Kind is EntryKind.Measurement) is { Row: not null } measured ? measured : parts[0];
        parts.Reverse();
        return row with
        {
            Key = KeyOf(parts[^1].Entry),
            Identity = parts[^1].Row.Identity,
            Title = null,
            IsNew = parts.Any(p => p.Row.IsNew),
            Values = [.. parts.SelectMany(p => p.Row.Values)],
            Html = parts.Select(p => p.Row.Html).OfType<MarkupString>().ToList() is { Count: > 0 } notes ? new MarkupString(string.Concat(notes.Select(n => n.Value))) : null,
            Files = [.. parts.SelectMany(p => p.Row.Files)],
            MayCorrect = false,
            MayRetract = false,
            MayPin = false,
            IsRound = true,
        };
    }

    /// <summary>Element id of an entry.</summary>
    public static string KeyOf(TimelineEntry entry) => $"{entry.ResourceType}-{entry.ResourceId}";

    private RowView Of(TimelineEntry entry, RowReader reader, Lazy<Dictionary<long, TimelineEntry>> known)
    {
        var native = entry.ResourceType == "Communication";
        var values = ValuesOf(entry.Values);
        var title = TitleOf(entry, values);
        var results = ResultsOf(entry, known);
        var (html, more) = HtmlOf(results.Count == 0 ? entry : entry with { Text = WithoutValue(entry.Text!, results) }, native, title, values);
        if (results.Count > 0)
            values = [.. results.SelectMany(r => ValuesOf(r.Values))];
        return new()
        {
            Key = KeyOf(entry),
            Identity = entry.Seq,
            Day = BelgianTime.DayOf(entry.Time),
            Time = entry.Precision switch
            {
                DatePrecision.Instant => BelgianTime.Time(entry.Time),
                DatePrecision.Day => "",
                _ => BelgianTime.Moment(new FhirDate(entry.Time, entry.Time, entry.Precision), reader.Now),
            },
            FullTime = entry.Precision is DatePrecision.Instant ? BelgianTime.FullMoment(entry.Time) : BelgianTime.Moment(new FhirDate(entry.Time, entry.Time, entry.Precision), reader.Now),
            Stamp = entry.Precision switch
            {
                DatePrecision.Instant => entry.Time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                DatePrecision.Day => BelgianTime.DayOf(entry.Time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DatePrecision.Month => BelgianTime.DayOf(entry.Time).ToString("yyyy-MM", CultureInfo.InvariantCulture),
                _ => BelgianTime.DayOf(entry.Time).ToString("yyyy", CultureInfo.InvariantCulture),
            },
            Kind = entry.Kind,
            Word = WordOf(entry),
            Icon = EntryLook.Icon(entry.Kind),
            Author = entry.AuthorName is { } name ? SafeText.Line(name) : null,
            Role = entry.AuthorName is not null ? entry.AuthorRole : entry.Source is { } source ? text["Source", SafeText.Truncate(SafeText.Line(source), 36)].Value : null,
            Line = entry.Line,
            Mine = entry.IsOwn,
            IsNew = IsNew(entry, reader),
            Audience = AudienceOf(entry.Audience),
            Restricted = entry.Audience != Audience.WholeTeam,
            Title = title,
            Html = html,
            MoreHtml = more,
            OwnVoice = ByFamily(entry) && entry.Kind is EntryKind.Note or EntryKind.Question or EntryKind.Reply,
            TitleIsVoice = ByFamily(entry) && entry.Kind is EntryKind.Goal,
            Planned = entry.Time > reader.Now,
            Values = values,
            Files = [.. entry.Attachments.Select(a => new FileView($"/patients/{reader.Patient}/attachments/{a.Id}", SafeText.Line(a.Name, 120), SizeOf(a.Size), a.ContentType.StartsWith("image/", StringComparison.Ordinal)))],
            Question = entry.Kind is EntryKind.Question ? QuestionOf(entry, reader) : null,
            Handoff = HandoffOf(entry, reader),
            Small = SmallOf(entry, reader.Now),
            Pinned = entry.PinnedAt is not null,
            PinnedBy = entry.PinnedBy is { } by ? people.Find(by)?.DisplayName : null,
            Corrected = entry.CorrectedAt is { } corrected && !entry.Retracted ? text["Corrected", BelgianTime.Moment(corrected, reader.Now)].Value : null,
            Retracted = entry.Retracted ? entry.RetractReason ?? text["Status.entered-in-error"].Value : null,
            Answers = entry.AnswersSeq is { } root ? known.Value.TryGetValue(root, out var asked) ? (KeyOf(asked), Preview(asked)) : (KeyOf(entry), text["Answers.Earlier"].Value) : null,
            AnswerCount = entry.AnswerCount,
            MayReply = reader.MayWrite && native && !entry.Retracted,
            MayTask = reader.MayWrite && !entry.Retracted && entry.Kind is not (EntryKind.Task or EntryKind.TaskDone or EntryKind.Handoff),
            IsTask = entry is { ResourceType: "Task", Kind: EntryKind.Task or EntryKind.TaskDone },
            MayCorrect = entry.IsOwn && !entry.Retracted && (native || (entry.ResourceType == "Observation" && entry.Values.Any(v => v.Value is not null))),
            MayRetract = entry.IsOwn && entry.ResourceType is "Communication" or "Observation" or "QuestionnaireResponse" && entry.IsOwn && !entry.Retracted,
            MayPin = reader.MayPin && (!entry.Retracted || entry.PinnedAt is not null), // what was taken back can still be taken down
        };
    }

    /// <summary>
    /// The results of a laboratory report whose values stand in the feed: what is outside its range first, else in the order of the report. A result is known by its name and
    /// the moment of the report; of two with one name neither is taken. What the reader may not see is not in the feed and keeps its name only.
    /// </summary>
    internal static IReadOnlyList<TimelineEntry> ResultsOf(TimelineEntry entry, Lazy<Dictionary<long, TimelineEntry>> known) =>
        entry is { ResourceType: "DiagnosticReport", Kind: EntryKind.LabResult, Retracted: false, Text: { Length: > 0 } body } ? ResultsOf(entry, body, known) : [];

    private static List<TimelineEntry> ResultsOf(TimelineEntry entry, string body, Lazy<Dictionary<long, TimelineEntry>> known)
    {
        var names = body.Split('\n').Select((name, place) => (name, place)).DistinctBy(n => n.name, StringComparer.OrdinalIgnoreCase).ToDictionary(n => n.name, n => n.place, StringComparer.OrdinalIgnoreCase);
        return [.. known.Value.Values
            .Where(e => e is { ResourceType: "Observation", Kind: EntryKind.LabResult, Retracted: false } && e.Time == entry.Time && e.Values.Count > 0 && names.ContainsKey(e.Title))
            .GroupBy(e => e.Title, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() == 1).Select(g => g.First())
            .OrderBy(e => e.Values.Any(v => IsOut(v)) ? 0 : 1).ThenBy(e => names[e.Title]).Take(MostResults)];
    }

    private static string WithoutValue(string body, IReadOnlyList<TimelineEntry> results)
    {
        var shown = results.Select(r => r.Title).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return string.Join('\n', body.Split('\n').Where(line => !shown.Contains(line)));
    }

    private static bool ByFamily(TimelineEntry entry) => entry.Discipline is Discipline.Patient or Discipline.InformalCaregiver;

    private static string Preview(TimelineEntry entry) => MarkdownText.Preview(string.IsNullOrWhiteSpace(entry.Text) ? entry.Title : entry.Text, 70);

    private string WordOf(TimelineEntry entry) => entry.Kind is EntryKind.Question && entry.Discipline is Discipline.Patient ? text["Word.QuestionOfPatient"]
        : entry.Kind is EntryKind.Question && entry.Discipline is Discipline.InformalCaregiver ? text["Word.QuestionOfCaregiver"]
        : text[$"Kind.{entry.Kind}"];

    private static int? RibbonAt(IReadOnlyList<AccountablePeriod> periods, DateTime at)
    {
        for (var i = periods.Count - 1; i >= 0; i--)
        {
            if (periods[i].Since <= at && (periods[i].Until is not { } until || at < until))
                return TimelineChunk.Rail(periods[i].Line);
        }
        return null;
    }

    /// <summary>The card's heading; null where the values or the text already say it.</summary>
    private string? TitleOf(TimelineEntry entry, IReadOnlyList<ValueView> values)
    {
        var title = SafeText.Line(entry.Title, 240);
        if (title.Length == 0 || title == text[$"Kind.{entry.Kind}"])
            return null;
        if (entry.Kind is EntryKind.Note or EntryKind.Question or EntryKind.Reply && entry.Text is { } body && (Same(MarkdownText.Preview(body, 400), title) || Same(SafeText.Line(body, 400), title)))
            return null;
        if (values.Count == 1 && (entry.Values.Count > 1 || string.Equals(values[0].Label, title, StringComparison.OrdinalIgnoreCase) || string.Equals(entry.Values[0].Label, title, StringComparison.OrdinalIgnoreCase)))
            return null;
        return title;
    }

    private static bool Same(string body, string title)
    {
        title = title.TrimEnd('…', '.', ' ');
        return body.StartsWith(title, StringComparison.OrdinalIgnoreCase);
    }

    private static (MarkupString? Html, MarkupString? More) HtmlOf(TimelineEntry entry, bool markdown, string? title, IReadOnlyList<ValueView> values)
    {
        var body = entry.Text?.Trim();
        if (string.IsNullOrEmpty(body) || (title is not null && string.Equals(body, title, StringComparison.OrdinalIgnoreCase)) || values.Any(v => string.Equals(v.Value, body, StringComparison.OrdinalIgnoreCase)))
            return default;
        if (markdown)
            return MarkdownText.Fold(body) is { } folded ? (MarkdownText.Render(folded.First), MarkdownText.Render(folded.More)) : (MarkdownText.Render(body), null);
        var lines = SafeText.Lines(body, 8_000).Split('\n');
        return lines.Length <= MostLines + 2 ? (Plain(lines), null) : (Plain(lines[..MostLines]), Plain(lines[MostLines..]));
    }

    private static MarkupString Plain(string[] lines) => new($"<p>{string.Join("<br>", lines.Select(WebUtility.HtmlEncode))}</p>");

    /// <summary>Measured values in a line of words.</summary>
    public string InWords(IReadOnlyList<MeasuredValue> measured) => string.Join(", ", ValuesOf(measured).Select(v => $"{v.Label} {v.Value} {v.Unit}".TrimEnd()));

    private List<ValueView> ValuesOf(IReadOnlyList<MeasuredValue> measured)
    {
        var values = new List<ValueView>(measured.Count);
        for (var i = 0; i < measured.Count; i++)
        {
            var value = measured[i];
            if (value.Loinc == "8480-6" && measured.FirstOrDefault(v => v.Loinc == "8462-4") is { Value: not null } low && value.Value is not null)
            {
                values.Add(new(text["BloodPressure"], $"{Number(value.Value.Value)}/{Number(low.Value.Value)}", Unit(value), null, false, null));
                continue;
            }
            if (value.Loinc == "8462-4" && measured.Any(v => v is { Loinc: "8480-6", Value: not null }))
                continue;
            var shown = value.Value is { } number ? (value.Text is { Length: > 0 and <= 3 } sign ? sign + " " : "") + Number(number) : SafeText.Line(value.Text, 160);
            if (shown.Length == 0)
                continue;
            var (isOut, word) = Judge(value);
            values.Add(new(MeasurementCatalogue.Find(value.Loinc)?.Name ?? SafeText.Line(value.Label, 120), shown, Unit(value), RangeOf(value), isOut, word));
        }
        return values;
    }

    private (bool Out, string? Word) Judge(MeasuredValue value) => Place(value) switch
    {
        > 0 => (true, text["Value.High"]),
        < 0 => (true, text["Value.Low"]),
        0 => (true, text["Value.Out"].Value),
        _ => (false, null),
    };

    private static bool IsOut(MeasuredValue value) => Place(value) is not null;

    /// <summary>1 above its range, -1 below, 0 outside without saying where; null inside, or when nobody said what is usual.</summary>
    private static int? Place(MeasuredValue value)
    {
        var code = value.Interpretation?.ToUpperInvariant();
        return code is "H" or "HH" or "HU" || (code is null && value.Value > value.High) ? 1
            : code is "L" or "LL" or "LU" || (code is null && value.Value < value.Low) ? -1
            : code is "A" or "AA" ? 0 : null;
    }

    private static string? RangeOf(MeasuredValue value) => (value.Low, value.High) switch
    {
        ({ } low, { } high) => $"{Number(low)}–{Number(high)}",
        ({ } low, null) => $"≥ {Number(low)}",
        (null, { } high) => $"≤ {Number(high)}",
        _ => null,
    };

    private static string? Unit(MeasuredValue value) => (value.Unit ?? value.Ucum) switch
    {
        null or "" or "1" => null,
        "mm[Hg]" => "mmHg",
        "Cel" => "°C",
        "kg/m2" => "kg/m²",
        "{score}" => null,
        var unit => SafeText.Line(unit, 40),
    };

    private static string Number(decimal value)
    {
        var size = Math.Abs(value);
        return value.ToString(size >= 100 ? "#,0.#" : size >= 1 ? "0.##" : "0.###", BelgianTime.Culture);
    }

    private string AudienceOf(Audience audience) => audience switch
    {
        Audience.WholeTeam => text["Audience.All"],
        Audience.Professionals => text["Audience.Professionals"],
        Audience.ProfessionalsAndPatient => text["Audience.ProfessionalsAndPatient"],
        _ => (audience & Audience.Patient) == 0 ? text["Audience.NotPatient"] : text["Audience.Some"],
    };

    private HandoffLink? HandoffOf(TimelineEntry entry, RowReader reader)
    {
        if (entry.Retracted)
            return null;
        if (entry.Kind is EntryKind.Referral && entry.ResourceType == "ServiceRequest" && reader.MayHandOff && entry.Status is null or "active" or "draft" or "on-hold")
            return new($"/patients/{reader.Patient}/handoffs/new?referral={Uri.EscapeDataString(entry.ResourceId)}", text["Handoff.Make"], null, false, false);
        if (entry is not { Kind: EntryKind.Handoff, ResourceType: "Task" })
            return null;
        var waits = entry.Status is "requested" or "received";
        var mine = waits && entry.ReplyOwner == reader.Me.Person;
        var state = entry.Status is "draft" or "requested" or "received" or "accepted" or "in-progress" or "on-hold" or "rejected" or "cancelled" or "completed" or "failed" ? text[$"Handoff.{entry.Status}"].Value : null;
        return new($"/patients/{reader.Patient}/handoffs/{entry.ResourceId}", text[mine ? "Handoff.Read" : "Handoff.Open"], state, waits, mine);
    }

    private QuestionView QuestionOf(TimelineEntry entry, RowReader reader)
    {
        var owner = entry.ReplyOwner is { } id ? people.Find(id) : null;
        var asked = entry.AskedRole is { } role ? Platform.SignIn.Roles.Group(role) : null;
        if (entry.IsAnswered)
            return new(text["Question.Answered"], "", false, null, null, false, Answered: true);
        var mine = owner?.Id == reader.Me.Person;
        if (entry.ReplyBy is not { } by)
            return new(text["Question.NoDeadline"], "", false, owner?.DisplayName, owner?.Line, mine, false) { Asked = asked };
        var late = by <= reader.Now;
        var left = BelgianTime.Duration(by - reader.Now);
        return new(text["Question.Before", BelgianTime.Moment(by, reader.Now)], late ? text["Question.Late", left] : text["Question.Left", left], late, owner?.DisplayName, owner?.Line, mine, false) { Asked = asked };
    }

    private string? SmallOf(TimelineEntry entry, DateTime now)
    {
        var parts = new List<string>(3);
        if (entry.Kind is not EntryKind.Handoff && entry.Status is { } status && Tells(entry, status))
            parts.Add(text[$"Status.{status}"]);
        if (entry.Until is { } until && until > entry.Time)
        {
            var sameDay = BelgianTime.DayOf(until) == BelgianTime.DayOf(entry.Time);
            if (!BelgianTime.IsDaysEnd(until))
                parts.Add(text[entry.ResourceType == "Task" ? "Before" : "Until", sameDay && entry.Precision is DatePrecision.Instant ? BelgianTime.Time(until) : BelgianTime.Moment(until, now)]);
            else if (!sameDay || entry.ResourceType == "Task")
                parts.Add(text[entry.ResourceType == "Task" ? "ByDay" : "Until", BelgianTime.Day(BelgianTime.DayOf(until), BelgianTime.DayOf(now))]);
        }

        if (entry.AuthorId is null && entry.AuthorName is not null && entry.Source is { } source && source != entry.AuthorName)
            parts.Add(text["Source", SafeText.Line(source)]);
        return parts.Count == 0 ? null : string.Join(" · ", parts);
    }

    private static bool Tells(TimelineEntry entry, string status) => entry.ResourceType switch
    {
        "Communication" or "Observation" => false,
        _ when status == "active" => entry.Kind is EntryKind.Medication,
        "Task" when status == "requested" => false,
        _ => TellingStatuses.Contains(status),
    };

    private static string SizeOf(long bytes) => bytes >= 1024 * 1024
        ? (bytes / (1024m * 1024m)).ToString("0.#", BelgianTime.Culture) + " MB"
        : Math.Max(1, bytes / 1024).ToString(BelgianTime.Culture) + " kB";
}
