using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What answers and steps refer to and is not on the page, because a filter left it out or it stands further down: so that they can name it. What the reader may not see is not there.</summary>
internal sealed class ReadAsked(CareDesk desk) : PatientUseCase<ReadAsked.Request, IReadOnlyList<TimelineEntry>>(desk)
{
    private const int Most = 200;

    /// <param name="Numbers">Of the entries, at most 200.</param>
    internal sealed record Request(IReadOnlyCollection<long> Numbers);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<IReadOnlyList<TimelineEntry>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
        ValueTask.FromResult<IReadOnlyList<TimelineEntry>>([.. request.Numbers.Take(Most).Select(number => TimelineSql.One(reader.Session, room, number)).OfType<EntryRow>().Select(row => TimelineEntry.From(row, room.Actor.Person))]), ct);
}
