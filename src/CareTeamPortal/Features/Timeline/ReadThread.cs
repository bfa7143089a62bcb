using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Timeline;

/// <summary>An entry with its answers, oldest first.</summary>
internal sealed class ReadThread(CareDesk desk) : PatientUseCase<ReadThread.Request, ReadThread.Thread?>(desk)
{
    /// <param name="Reference">The entry, <c>Communication/id</c>; an answer leads to its root.</param>
    internal sealed record Request(string Reference);

    internal sealed record Thread(TimelineEntry Root, IReadOnlyList<TimelineEntry> Answers);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Thread?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        if (EntryReference.Split(request.Reference) is not var (type, id) || TimelineSql.One(reader.Session, room, type, id) is not { } row)
            return ValueTask.FromResult<Thread?>(null);
        if (row.AnswersSeq is { } root)
            row = TimelineSql.One(reader.Session, room, root) ?? row;
        var answers = TimelineSql.Answers(reader.Session, room, row.Seq);
        return ValueTask.FromResult<Thread?>(new Thread(TimelineEntry.From(row, room.Actor.Person, answers.Count), [.. answers.Select(a => TimelineEntry.From(a, room.Actor.Person))]));
    }, ct);
}

/// <summary>How pages name an entry: <c>Type/id</c>.</summary>
internal static class EntryReference
{
    public static (string Type, string Id)? Split(string reference) =>
        reference.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && slash < reference.Length - 1 ? (reference[..slash], reference[(slash + 1)..]) : null;
}
