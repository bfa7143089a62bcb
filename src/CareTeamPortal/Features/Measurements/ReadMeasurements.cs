using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Features.Measurements;

/// <summary>What was measured of a patient in a period, by quantity, native and imported alike; and what was measured at other times.</summary>
internal sealed class ReadMeasurements(CareDesk desk) : PatientUseCase<ReadMeasurements.Request, ReadMeasurements.Result?>(desk)
{
    /// <summary>Most values of one page; the newest are kept.</summary>
    internal const int Most = 20_000;

    /// <summary>More changes than this are not looked through: reading again is as cheap.</summary>
    private const int MostChangesLookedAt = 50;

    /// <summary>Most kinds of measurement named beside the plots.</summary>
    private const int MostKinds = 400;

    /// <param name="Range">How long; null for the shortest of month, year and all that holds a measurement.</param>
    /// <param name="Last">Last day; null for today. Says nothing for <see cref="MeasurementRange.All"/>.</param>
    /// <param name="After">The cursor of an earlier answer: null comes back when no measurement changed since, so that a busy file costs an open page little.</param>
    /// <param name="Then">By what right that answer was read: by another one everything is read.</param>
    internal sealed record Request(MeasurementRange? Range = null, DateOnly? Last = null, long? After = null, Reach? Then = null);

    /// <param name="Period">The days shown.</param>
    /// <param name="Series">Every quantity with a number in the period.</param>
    /// <param name="Quiet">Every quantity without one: its latest value.</param>
    /// <param name="FirstDay">Day of the first measurement of all; null when there is none.</param>
    /// <param name="LastDay">Day of the last measurement of all; null when there is none.</param>
    /// <param name="Cursor">Everything committed up to here is in it. Stays on the server.</param>
    /// <param name="Cut">True when the period holds more than <see cref="Most"/> values.</param>
    internal sealed record Result(MeasurementPeriod Period, IReadOnlyList<MeasuredSeries> Series, IReadOnlyList<QuietQuantity> Quiet, DateOnly? FirstDay, DateOnly? LastDay, bool Cut, long Cursor)
    {
        /// <summary>By what right it was read.</summary>
        public Reach Reach { get; init; }

        /// <summary>Why there are none for this reader: measurements are not shared with them. Null when they are.</summary>
        public ClosedCategory? Closed { get; init; }
    }

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Read;

    /// <inheritdoc/>
    protected override Task<Result?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync<Result?>(async (reader, token) =>
    {
        if (request.After is { } after && (request.Then ?? room.Reach) == room.Reach)
        {
            var changed = TimelineSql.After(reader.Session, room.Patient, room.Reach, after, MostChangesLookedAt);
            if (changed.Count < MostChangesLookedAt && changed.TrueForAll(e => e.Values is null && e.ResourceType != "Observation"))
                return null;
        }

        // The cursor first: what is committed in between is read again, never missed.
        var cursor = TimelineSql.VisibleCursor(reader.Session, room.Patient, room.Reach);
        var today = BelgianTime.DayOf(room.Now);

        // What an entry withdrew or marked as an error is on the timeline, struck through; it is no measurement any more.
        var kinds = await (from value in reader.Db.Set<MeasurementRow>()
                           join entry in reader.Db.Set<EntryRow>() on new { value.PatientId, value.Seq } equals new { entry.PatientId, entry.Seq }
                           where !entry.Retracted
                           group value by new { value.Code, Name = value.Code == "" ? value.Label : "" } into kind
                           orderby kind.Max(v => v.Time) descending
                           select new { kind.Key.Code, kind.Key.Name, First = kind.Min(v => v.Time), Last = kind.Max(v => v.Time), Count = kind.Count() })
            .Take(MostKinds).ToListAsync(token);
        if (kinds.Count == 0)
            return new(MeasurementPeriod.Ending(request.Range is { } asked and not MeasurementRange.All ? asked : MeasurementRange.Month, request.Last ?? today), [], [], null, null, false, cursor) { Reach = room.Reach, Closed = ClosedCategory.In(room, InformationCategory.Measurements) };

        var firstDay = BelgianTime.DayOf(kinds.Min(k => k.First));
        var lastDay = BelgianTime.DayOf(kinds.Max(k => k.Last));
        var period = Period(request, today, firstDay, lastDay);
        var (from, until) = period.Instants;
        var rows = await Values(reader.Db).Where(v => v.At >= from && v.At < until).OrderByDescending(v => v.At).Take(Most + 1).ToListAsync(token);
        var cut = rows.Count > Most;
        if (cut)
            rows.RemoveAt(Most);

        // Every kind that has no number in the period: the latest value of each.
        var plotted = rows.Where(r => r.Value is not null).Select(r => (r.Code, Name(r))).ToHashSet();
        var quiet = kinds.Where(k => !plotted.Contains((k.Code, k.Name))).ToList();
        var times = quiet.Select(k => k.Last).Distinct().ToList();
        var codes = quiet.Select(k => k.Code).Distinct().ToList();
        var latest = quiet.Count == 0 ? [] : await Values(reader.Db).Where(v => times.Contains(v.At) && codes.Contains(v.Code)).ToListAsync(token);
        var quietValues = quiet.SelectMany(k => latest.Where(v => v.Code == k.Code && Name(v) == k.Name && v.At == k.Last).Take(1).Select(v => (v.Stored(), k.Count)));

        return new(period, MeasurementGrouping.Series(rows.Select(r => r.Stored())), MeasurementGrouping.Quiet(quietValues), firstDay, lastDay, cut, cursor) { Reach = room.Reach, Closed = ClosedCategory.In(room, InformationCategory.Measurements) };

        static string Name(Row row) => row.Code.Length == 0 ? row.Label : "";
    }, ct);

    /// <summary>The last of every quantity in an open file that somebody else would be shown too.</summary>
    /// <param name="theirs">By what reach they would.</param>
    internal static async Task<IReadOnlyList<QuietQuantity>> LatestAsync(RoomReader reader, Reach theirs, CancellationToken ct)
    {
        var (audience, categories) = (theirs.Audience, theirs.Categories);
        var seen = from value in reader.Db.Set<MeasurementRow>() where (value.Audience & audience) != 0 && (value.Category & categories) != 0 select value;
        var kinds = await (from value in seen
                           join entry in reader.Db.Set<EntryRow>() on new { value.PatientId, value.Seq } equals new { entry.PatientId, entry.Seq }
                           where !entry.Retracted
                           group value by new { value.Code, Name = value.Code == "" ? value.Label : "" } into kind
                           orderby kind.Max(v => v.Time) descending
                           select new { kind.Key.Code, kind.Key.Name, Last = kind.Max(v => v.Time), Count = kind.Count() }).Take(MostKinds).ToListAsync(ct);
        var (times, codes) = (kinds.Select(k => k.Last).Distinct().ToList(), kinds.Select(k => k.Code).Distinct().ToList());
        var latest = kinds.Count == 0 ? [] : await Values(reader.Db, seen).Where(v => times.Contains(v.At) && codes.Contains(v.Code)).ToListAsync(ct);
        return MeasurementGrouping.Quiet(kinds.SelectMany(k => latest.Where(v => v.Code == k.Code && (v.Code.Length == 0 ? v.Label : "") == k.Name && v.At == k.Last).Take(1).Select(v => (v.Stored(), k.Count))));
    }

    private static MeasurementPeriod Period(Request request, DateOnly today, DateOnly firstDay, DateOnly lastDay)
    {
        var last = request.Last ?? today;
        var month = MeasurementPeriod.Ending(MeasurementRange.Month, last);
        var year = MeasurementPeriod.Ending(MeasurementRange.Year, last);
        var range = request.Range ?? (lastDay >= month.First && lastDay <= last ? MeasurementRange.Month : lastDay >= year.First && lastDay <= last ? MeasurementRange.Year : MeasurementRange.All);
        return range == MeasurementRange.All ? new(range, firstDay, lastDay) : MeasurementPeriod.Ending(range, last);
    }

    private static IQueryable<Row> Values(CareDbContext db, IQueryable<MeasurementRow>? of = null) =>
        from value in of ?? db.Set<MeasurementRow>()
        join entry in db.Set<EntryRow>() on new { value.PatientId, value.Seq } equals new { entry.PatientId, entry.Seq }
        where !entry.Retracted
        select new Row
        {
            Seq = value.Seq,
            Position = value.Position,
            Code = value.Code,
            Label = value.Label,
            Value = value.Value,
            Text = value.Text,
            Unit = value.Unit,
            Ucum = value.Ucum,
            Low = value.Low,
            High = value.High,
            At = value.Time,
            Precision = entry.Precision,
            Line = value.Line,
            Who = entry.AuthorName ?? entry.Source,
        };

    /// <summary>A projection that the database can still filter and sort.</summary>
    private sealed class Row
    {
        public long Seq { get; init; }
        public int Position { get; init; }
        public string Code { get; init; } = "";
        public string Label { get; init; } = "";
        public decimal? Value { get; init; }
        public string? Text { get; init; }
        public string? Unit { get; init; }
        public string? Ucum { get; init; }
        public decimal? Low { get; init; }
        public decimal? High { get; init; }
        public DateTime At { get; init; }
        public Platform.Fhir.DatePrecision Precision { get; init; }
        public CareLine? Line { get; init; }
        public string? Who { get; init; }

        public StoredValue Stored() => new(Seq, Position, Code, Label, Value, Text, Unit, Ucum, Low, High, At, Precision, Line, Who);
    }
}
