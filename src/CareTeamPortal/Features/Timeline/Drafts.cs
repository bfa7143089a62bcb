using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Keeps what somebody typed and has not sent; empty text forgets it.</summary>
internal sealed class SaveDraft(CareDesk desk) : PatientUseCase<SaveDraft.Request, bool>(desk)
{
    internal const int LongestSlot = 120;

    /// <summary>Longest draft, in UTF-16 units; more is refused, nothing is cut off.</summary>
    internal const int LongestText = 200_000;

    /// <param name="Slot">Which field: <c>composer</c>, <c>reply:Communication/x</c>, <c>correct:Communication/x</c>.</param>
    /// <param name="Text">What the field holds (plain text or the page's own JSON).</param>
    internal sealed record Request(string Slot, string? Text);

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync((writer, _) =>
    {
        if (request.Slot.Length is 0 or > LongestSlot || request.Text?.Length > LongestText)
            return ValueTask.FromResult(false);
        DraftSql.Keep(writer.Session, room, request.Slot, string.IsNullOrEmpty(request.Text) ? null : AsTyped(request.Text));
        return ValueTask.FromResult(true);
    }, ct);

    /// <summary>A draft comes back as it was typed, spaces and all; it is cleaned when it is sent. Only what a database cannot keep is replaced.</summary>
    private static string AsTyped(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}

/// <summary>What this person typed in this file and has not sent, by field.</summary>
internal sealed class ReadDrafts(CareDesk desk) : PatientUseCase<ReadDrafts.Request, IReadOnlyDictionary<string, string>>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<IReadOnlyDictionary<string, string>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        room.ReadAsync((reader, _) => ValueTask.FromResult<IReadOnlyDictionary<string, string>>(DraftSql.Of(reader.Session, room)), ct);
}
