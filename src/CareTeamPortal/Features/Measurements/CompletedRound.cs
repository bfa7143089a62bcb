using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Measurements;

/// <summary>A stretch of time in which saturation scale 2 held.</summary>
/// <param name="Until">Null: it still does.</param>
public sealed record Scale2Period(DateTime Since, DateTime? Until)
{
    public bool Holds(DateTime at) => at >= Since && (Until is not { } until || at < until);
}

/// <summary>When saturation scale 2 held, for who is shown NEWS2; null for who is not.</summary>
internal sealed class ReadScalePeriods(CareDesk desk) : PatientUseCase<ReadScalePeriods.Request, IReadOnlyList<Scale2Period>?>(desk)
{
    internal sealed record Request;

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Read;

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<Scale2Period>?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        room.Role.Kind() != RoleKind.Professional || !room.Reach.Categories.HasFlag(InformationCategory.Measurements) ? Task.FromResult<IReadOnlyList<Scale2Period>?>(null)
        : room.ReadAsync<IReadOnlyList<Scale2Period>?>((reader, _) => ValueTask.FromResult<IReadOnlyList<Scale2Period>?>(SaturationScaleFhir.Periods(reader.Session, room)), ct);
}

/// <summary>The NEWS2 that a row of the timeline completes: with its values all seven parts were measured within the hour, without them they were not.</summary>
internal static class CompletedRound
{
    /// <param name="entries">Of the feed, newest first.</param>
    /// <param name="start">First entry of the row.</param>
    /// <param name="end">First entry after the row.</param>
    /// <param name="scale2">When scale 2 held.</param>
    /// <param name="next">The entry below the last one, in another part of the feed; null at its end.</param>
    /// <param name="known">All that stands in the feed, by number: looked at only when a round goes on below the last entry.</param>
    public static News2Set? Of(IReadOnlyList<TimelineEntry> entries, int start, int end, IReadOnlyList<Scale2Period> scale2, TimelineEntry? next = null, Lazy<Dictionary<long, TimelineEntry>>? known = null)
    {
        var at = entries[start].Time;
        List<VitalSign>? found = null;
        for (var i = start; i < end; i++)
            Add(entries[i], ref found);
        if (found is not { } signs)
            return null;
        var own = signs.Count;
        var last = end;
        for (; last < entries.Count && at - entries[last].Time <= News2Set.Round; last++)
            Add(entries[last], ref found);
        if (last == entries.Count && next is not null && known is not null && at - next.Time <= News2Set.Round)
        {
            foreach (var entry in known.Value.Values.Where(e => e.Time <= next.Time && at - e.Time <= News2Set.Round).Except(entries).OrderByDescending(e => e.Time).ThenByDescending(e => e.Seq))
                Add(entry, ref found);
        }

        if (News2Set.Parts.Any(p => !signs.Exists(s => s.Part == p)) || News2Set.Parts.All(p => signs.FindIndex(own, s => s.Part == p) >= 0))
            return null;
        return News2Set.Of(signs, scale2.Any(p => p.Holds(at))) is [{ Score: not null } set, ..] ? set : null;
    }

    private static void Add(TimelineEntry entry, ref List<VitalSign>? signs)
    {
        if (entry.Retracted || entry.Kind != EntryKind.Measurement || entry.Precision != DatePrecision.Instant)
            return;
        for (var i = 0; i < entry.Values.Count; i++)
        {
            var value = entry.Values[i];
            if (ReadNews2.SignOf(entry.Time, value.Loinc, value.Value, value.Text, value.Ucum ?? value.Unit) is { } sign)
                (signs ??= []).Add(sign);
        }
    }
}
