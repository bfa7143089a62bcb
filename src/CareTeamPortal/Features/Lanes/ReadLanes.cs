using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Lanes;

/// <summary>Everything that the picture of the care lines shows of a period, as far as the viewer may see it.</summary>
internal sealed class ReadLanes(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadLanes.Request, ReadLanes.Result?>(desk)
{
    /// <summary>Most bars and hand-offs that are read for one picture.</summary>
    internal const int MostEpisodes = 200;
    internal const int MostHandoffs = 60;
    private const int MostHolders = 400;

    /// <summary>The fewest together get theirs first; what is left over is counted all the same.</summary>
    private const int MostTitles = 400;

    /// <summary>A bar shorter than this is a mark: about 14 of the 1,162 points of the axis.</summary>
    private const double ShortestBar = 0.012;

    // In the order in which people choose them; weight first, as the design does.
    private static readonly string[] SeriesKeys = ["Weight", MeasurementCatalogue.BloodPressureGroup, "HeartRate", "OxygenSaturation", "Temperature", "Glucose", "HbA1cIfcc", "Egfr", "Creatinine", "Inr", "Pain", "BodyMassIndex"];
    private static readonly string[] SeriesCodes = [.. SeriesKeys.SelectMany(CodesOf)];

    /// <param name="Zoom">Null: a month, or a year when the file has been quiet for longer.</param>
    /// <param name="Around">Null: today, or the last entry of a file that has been quiet for longer than a month.</param>
    /// <param name="Series">Key of the series that shares the axis; null for the first that there is.</param>
    /// <param name="After">What <see cref="Result.Mark"/> said: null comes back when nothing that the viewer sees changed since.</param>
    /// <param name="Listed">The list is open: titles also of what the picture only counts.</param>
    internal sealed record Request(LanesZoom? Zoom = null, DateOnly? Around = null, string? Series = null, string? After = null, bool Listed = false);

    /// <param name="Mark">Where the file stood. Stays on the server.</param>
    internal sealed record Result(LanesPicture Picture, string Mark);

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Read;

    /// <inheritdoc/>
    protected override Task<Result?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => ReadAsync(room, people, request, ct);

    /// <summary>The same for whoever has the room open already, and may look in it as somebody else (<see cref="PatientRoom.Through"/>).</summary>
    internal static Task<Result?> ReadAsync(PatientRoom room, PeopleDirectory people, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var session = reader.Session;
        var now = room.Now;
        var today = BelgianTime.DayOf(now);

        // Where it stands first: what is committed in between is read again, never missed.
        var standing = LanesSql.Accountable(session, room, now, now.AddTicks(1), 1);
        var mark = $"{TimelineSql.VisibleCursor(session, room.Patient, room.Reach)} {(standing.Count > 0 ? standing[0].Since.Ticks : 0)} {(int)room.Reach.Audience} {(int)room.Reach.Categories}";
        if (request.After == mark)
            return ValueTask.FromResult<Result?>(null);

        var period = request.Around is null ? WhereItHappened(session, room, request.Zoom, today) : LanesPeriod.Of(request.Zoom ?? LanesZoom.Month, request.Around.Value);
        var (from, until) = period.Instants;
        var time = new SlottedTime(from, until, period.Slot.Ticks, Shifts(from, until));
        var barTicks = (long)((until - from).Ticks * ShortestBar);

        var entries = LanesSql.Entries(session, room, time, barTicks);
        // A mark of several things is a number: only what stands alone is named, unless the list is open or a number leads to its newest entry.
        var named = request.Listed || period.Zoom == LanesZoom.Week ? entries : Alone(entries);
        var titles = LanesSql.Titles(session, room, [.. named.OrderBy(e => e.Count).Select(e => e.Seq).Take(MostTitles)]);
        var lasting = LanesSql.Lasting(session, room, from, until, barTicks, MostEpisodes);
        // A pathway and its part for professionals are one bar.
        var parts = lasting.Select(e => Pathway.PartOf(e.Reference)).ToHashSet(StringComparer.Ordinal);
        lasting.RemoveAll(e => parts.Contains(e.Reference));
        var tasks = LanesSql.Tasks(session, room, time);
        var taskTitles = LanesSql.TaskTitles(session, room, [.. tasks.OrderBy(t => t.Count).Select(t => t.Id).Take(MostTitles)]);
        var offered = LanesSql.Handoffs(session, room, from, until, MostHandoffs);
        var holders = Holders(people, LanesSql.Accountable(session, room, from, until, MostHolders));
        var year = new DateOnly(period.Around.Year, 1, 1);
        var yearHolders = Holders(people, LanesSql.Accountable(session, room, BelgianTime.BoundsOf(year).Start, BelgianTime.BoundsOf(year.AddYears(1)).Start, MostHolders));
        var measured = LanesSql.Measured(session, room, from, until, SeriesCodes);
        var choices = SeriesKeys.Where(k => CodesOf(k).Any(measured.Contains)).ToList();
        var series = choices.Find(k => k == request.Series) ?? choices.FirstOrDefault();
        var handoffs = offered.ConvertAll(h => Handoff(people, h, holders));
        var picture = new LanesPicture
        {
            Period = period,
            Now = now,
            Holders = holders,
            YearHolders = yearHolders,
            Episodes = [.. lasting.Select(Episode), .. offered.Zip(handoffs, (row, handoff) => HandedOver(row, handoff, now)).OfType<LaneEpisode>().Where(e => e.From < until && (e.Until is not { } end || end >= from))],
            Entries = [.. entries.Select(e => titles.TryGetValue(e.Seq, out var t) ? new LaneEntry(e.Kind, e.Line, e.Count, e.First, e.Last, SafeText.Line(t.Title), t.Reference) : new LaneEntry(e.Kind, e.Line, e.Count, e.First, e.Last, "", "")).OrderBy(e => e.First).ThenBy(e => e.Line).ThenBy(e => e.Kind)],
            Tasks = [.. tasks.Select(t => new LaneTask(StateOf(t, now), t.Line, t.Count, t.First, t.Last, SafeText.Line(taskTitles.GetValueOrDefault(t.Id)), "Task/" + t.Id)).OrderBy(t => t.First)],
            Handoffs = [.. handoffs.Where(h => h.Offered >= from || h.Ended is not { } end || end >= from).OrderBy(h => h.Offered)],
            Series = series is null ? null : SeriesOf(series, LanesSql.Values(session, room, from, until, Math.Max(1, (until - from).Ticks / 150), [.. CodesOf(series)])),
            SeriesToChoose = [.. choices.Select(k => (k, NameOf(k)))],
        };
        if (picture.IsEmpty)
        {
            picture = picture with { EarlierDay = LanesSql.Before(session, room, from) is { } b ? BelgianTime.DayOf(b) : null, LaterDay = LanesSql.From(session, room, until) is { } a ? BelgianTime.DayOf(a) : null };
        }

        return ValueTask.FromResult<Result?>(new Result(picture, mark));
    }, ct);

    /// <summary>Today when the last weeks hold something; else a year around the last thing that happened.</summary>
    private static LanesPeriod WhereItHappened(DbSession session, PatientRoom room, LanesZoom? zoom, DateOnly today)
    {
        var here = LanesPeriod.Of(zoom ?? LanesZoom.Month, today);
        var (from, until) = here.Instants;
        return LanesSql.Before(session, room, until) is not { } last || last >= from ? here : LanesPeriod.Of(zoom ?? LanesZoom.Year, BelgianTime.DayOf(last));
    }

    /// <summary>Those that have their slot on a line to themselves.</summary>
    private static IEnumerable<EntryGroup> Alone(List<EntryGroup> entries)
    {
        var together = entries.CountBy(e => (e.Line, e.Slot)).ToDictionary();
        return entries.Where(e => e.Count == 1 && together[(e.Line, e.Slot)] == 1);
    }

    /// <summary>Where the clock changes between two instants.</summary>
    internal static IReadOnlyList<(DateTime At, long Ticks)> Shifts(DateTime from, DateTime until)
    {
        var shifts = new List<(DateTime, long)>();
        var first = Offset(from);
        var last = first;
        for (var at = from; at < until; at = at.AddDays(1))
        {
            var next = at.AddDays(1) < until ? at.AddDays(1) : until;
            if (Offset(next) == last)
                continue;
            var (low, high) = (at, next);
            while (high - low > TimeSpan.FromMinutes(1))
            {
                var middle = low + (high - low) / 2;
                if (Offset(middle) == last)
                    low = middle;
                else
                    high = middle;
            }
            last = Offset(next);
            var exact = new DateTime(high.Ticks - high.Ticks % TimeSpan.TicksPerMinute, DateTimeKind.Utc);
            if (shifts.Count < 3)
                shifts.Add((exact, (last - first).Ticks));
        }
        return shifts;

        static TimeSpan Offset(DateTime utc) => BelgianTime.Zone.GetUtcOffset(utc);
    }

    /// <summary>Nobody's turn is a fault of the data, never a hole in the ribbon: who had it last keeps it until the next begins.</summary>
    private static List<LaneHolder> Holders(PeopleDirectory people, List<(PersonId Person, DateTime Since, DateTime? Until)> periods)
    {
        var holders = new List<LaneHolder>();
        for (var i = 0; i < periods.Count; i++)
        {
            var until = i + 1 < periods.Count ? periods[i + 1].Since : periods[i].Until;
            var person = people.Find(periods[i].Person);
            var holder = new LaneHolder(person?.DisplayName ?? periods[i].Person.Value, person?.RoleTitle ?? "", person?.Line ?? CareLine.First, periods[i].Since, until);
            if (holders.Count > 0 && holders[^1] is var before && before.Name == holder.Name && before.Line == holder.Line)
                holders[^1] = before with { Until = until };
            else
                holders.Add(holder);
        }
        return holders;
    }

    private static LaneEpisode Episode(LastingEntry entry) =>
        new(entry.Reference, SafeText.Line(entry.Title), entry.Kind == (int)EntryKind.Pathway ? LaneEpisodeKind.Pathway : LaneEpisodeKind.Contact, entry.Line, entry.From, entry.Until);

    private static LaneTaskState StateOf(TaskGroup task, DateTime now) =>
        task.Open ? task.First < now && (TaskState)task.Status != TaskState.OnHold ? LaneTaskState.Late : LaneTaskState.Open
        : (TaskState)task.Status == TaskState.Completed ? LaneTaskState.Done : LaneTaskState.Dropped;

    private static LaneHandoff Handoff(PeopleDirectory people, TaskRow row, List<LaneHolder> holders)
    {
        var state = row.Business switch
        {
            HandoffStatus.Declined => LaneHandoffState.Declined,
            HandoffStatus.Withdrawn => LaneHandoffState.Withdrawn,
            HandoffStatus.Accepted or HandoffStatus.Ended => LaneHandoffState.Accepted,
            _ => (TaskState)row.Status switch
            {
                TaskState.Rejected or TaskState.Failed => LaneHandoffState.Declined,
                TaskState.Cancelled => LaneHandoffState.Withdrawn,
                TaskState.Requested or TaskState.Received => LaneHandoffState.Waiting,
                _ => LaneHandoffState.Accepted,
            },
        };
        var owner = row.OwnerId is { } id ? people.Find(id) : null;
        var requester = row.RequesterId is { } by ? people.Find(by) : null;
        var to = row.OwnerName ?? owner?.DisplayName ?? LanesText.Get("Somebody");
        // A source that does not say when it was accepted: when that person became accountable, else when it was offered.
        DateTime? ended = state switch
        {
            LaneHandoffState.Waiting => null,
            LaneHandoffState.Accepted => row.AcceptedAt ?? holders.Find(h => h.Name == owner?.DisplayName && h.Since >= row.AuthoredOn && h.Since < row.AuthoredOn.AddDays(2))?.Since ?? row.AuthoredOn,
            _ => row.ClosedAt ?? row.AuthoredOn,
        };
        if (ended < row.AuthoredOn)
            ended = row.AuthoredOn;
        return new(row.Id, state, SafeText.Line(row.Title), row.Scope, row.RequesterName ?? requester?.DisplayName ?? LanesText.Get("Somebody"), row.RequesterLine ?? requester?.Line, to, row.OwnerLine ?? owner?.Line, row.AuthoredOn, ended, row.AcceptBy, row.Business == HandoffStatus.Escalated);
    }

    private static LaneEpisode? HandedOver(TaskRow row, LaneHandoff handoff, DateTime now) => (handoff.State, row.ScopeUntil) switch
    {
        (LaneHandoffState.Waiting, { } until) when until > now => new(handoff.Reference, row.Scope ?? handoff.Title, LaneEpisodeKind.Offered, handoff.ToLine, now, until),
        (LaneHandoffState.Accepted, { } until) when until > handoff.Ended => new(handoff.Reference, row.Scope ?? handoff.Title, LaneEpisodeKind.HandedOver, handoff.ToLine, handoff.Ended!.Value, row.ClosedAt < until ? row.ClosedAt : until),
        _ => null,
    };

    private static IEnumerable<string> CodesOf(string key) => MeasurementCatalogue.All
        .Where(q => key == MeasurementCatalogue.BloodPressureGroup ? q.Key == MeasurementCatalogue.Systolic.Key : q.Group == key)
        .SelectMany(q => q.Equivalent.Prepend(q.Loinc)).Select(loinc => "http://loinc.org|" + loinc);

    private static string NameOf(string key) => key == MeasurementCatalogue.BloodPressureGroup ? MeasurementCatalogue.Systolic.Name : MeasurementCatalogue.FindByKey(key)!.Name;

    private static LaneSeries? SeriesOf(string key, List<SlotValue> values)
    {
        var drawn = key == MeasurementCatalogue.BloodPressureGroup ? MeasurementCatalogue.Systolic : MeasurementCatalogue.FindByKey(key)!;
        var points = new List<LanePoint>();
        foreach (var value in values)
        {
            if (MeasurementCatalogue.TryPlace(MeasurementGrouping.LoincOf(value.Code), value.Value, value.Ucum ?? value.Unit, out var quantity, out var number) && MeasurementCatalogue.DrawnIn(quantity).Key == drawn.Key)
                points.Add(new(value.Time, number, drawn.ShowMeasured(Math.Round(number, Math.Max(1, drawn.Decimals))), value.Line, value.Reference));
        }
        return points.Count == 0 ? null : new(key, drawn.Name, drawn.Unit, drawn.Band?.Low, drawn.Band?.High, drawn.Band?.Confirm ?? false, points);
    }
}
