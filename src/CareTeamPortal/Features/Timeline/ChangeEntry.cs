using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What became of a change to an entry.</summary>
internal abstract record ChangeResult;

/// <summary>Done; the older version is kept.</summary>
internal sealed record Changed(TimelineEntry Entry) : ChangeResult;

/// <summary>The entry is not there for this person, or is not theirs to change.</summary>
internal sealed record NotYours : ChangeResult;

/// <summary>Somebody changed it meanwhile: this is what it says now. Nothing was written.</summary>
internal sealed record ChangedMeanwhile(TimelineEntry Now) : ChangeResult;

/// <summary>Not written: the text or reason is empty.</summary>
internal sealed record NothingSaid : ChangeResult;

/// <summary>Not written: the text is longer than <see cref="AddNote.LongestText"/>. Nothing was cut off.</summary>
internal sealed record SaidTooMuch : ChangeResult;

/// <summary>Not written: no living person has this value, or the moment is still to come. <see cref="Quantity"/> names what; null for the moment.</summary>
internal sealed record NotPossible(string? Quantity) : ChangeResult;

/// <summary>Corrects the text of one's own note. What it said before is kept and can be read.</summary>
internal sealed class CorrectNote(CareDesk desk, Filing filing) : PatientUseCase<CorrectNote.Request, ChangeResult>(desk)
{
    /// <param name="Reference">The entry, <c>Communication/id</c>.</param>
    /// <param name="Version">The version that the person saw.</param>
    /// <param name="Text">The new text, Markdown.</param>
    /// <param name="Title">The new title, or null to keep none.</param>
    internal sealed record Request(string Reference, int Version, string Text, string? Title = null);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<ChangeResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (request.Text.Length > AddNote.LongestText)
            return Task.FromResult<ChangeResult>(new SaidTooMuch());
        var text = SafeText.Lines(request.Text, AddNote.LongestText).Trim();
        if (text.Length == 0)
            return Task.FromResult<ChangeResult>(new NothingSaid());
        return room.CommitAsync((writer, _) => ValueTask.FromResult(OwnEntry.Change(writer, filing, request.Reference, request.Version, root =>
            root.GetProperty("resourceType").GetString() == "Communication" ? CommunicationJson.Correct(root, text, request.Title is null ? null : SafeText.Line(request.Title, 200)) : null)), ct);
    }
}

/// <summary>Takes back one's own entry, with a reason. It stays, marked; nothing is deleted.</summary>
internal sealed class RetractEntry(CareDesk desk, Filing filing) : PatientUseCase<RetractEntry.Request, ChangeResult>(desk)
{
    /// <param name="Reference">The entry, <c>Type/id</c>.</param>
    /// <param name="Version">The version that the person saw.</param>
    /// <param name="Reason">Why; required.</param>
    internal sealed record Request(string Reference, int Version, string Reason);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<ChangeResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var reason = SafeText.Line(request.Reason, 400);
        if (reason.Length == 0)
            return Task.FromResult<ChangeResult>(new NothingSaid());
        return room.CommitAsync((writer, _) => ValueTask.FromResult(OwnEntry.Change(writer, filing, request.Reference, request.Version, root =>
            root.GetProperty("resourceType").GetString() switch
            {
                "Communication" => CommunicationJson.Retract(root, reason),
                "Observation" => ObservationJson.Retract(root, reason),
                "QuestionnaireResponse" => NativeJson.Replace(root, "status", json => json.WriteString("status"u8, "entered-in-error"u8)), // the reason stands with the entry
                _ => null,
            }, reason)), ct);
    }
}

/// <summary>Writing a new version of an entry that the actor wrote.</summary>
internal static class OwnEntry
{
    /// <summary>Replaces the resource when it is the actor's own and still the version that was seen.</summary>
    public static ChangeResult Change(RoomWriter writer, Filing filing, string reference, int seen, Func<JsonElement, byte[]?> change, string? retractReason = null)
    {
        var room = writer.Room;
        if (EntryReference.Split(reference) is not var (type, id)
            || TimelineSql.One(writer.Session, room, type, id) is not { } entry || entry.AuthorId != room.Actor.Person || entry.Retracted
            || CareStore.Find(writer.Session, type, id) is not { } stored || stored.Patient != room.Patient)
            return new NotYours();
        if (stored.Version != seen)
            return new ChangedMeanwhile(TimelineEntry.From(entry, room.Actor.Person));
        using var document = JsonDocument.Parse(CareStore.Json(writer.Session, stored));
        if (change(document.RootElement) is not { } json)
            return type == "Observation" ? new NothingSaid() : new NotYours();
        var prepared = filing.Prepare(json, "urn:uuid:" + id, "portal");
        prepared = prepared with { Resource = prepared.Resource with { Id = id }, StatusReason = retractReason ?? prepared.StatusReason };
        writer.RequireWrite(prepared.Resource.Category);
        if (!CareStore.Replace(writer.Session, stored, prepared.Resource, room.Patient, room.Actor.Person, room.Now))
            return new ChangedMeanwhile(TimelineEntry.From(entry, room.Actor.Person));
        var row = filing.PutEntry(writer.Session, room.Patient, prepared, stored.Version + 1, writer.NextCursor, room.Now, null, room.Actor.Person)!;
        writer.RecordWritten($"{type}/{id}/_history/{stored.Version + 1}");
        return new Changed(TimelineEntry.From(row, room.Actor.Person, TimelineSql.CountAnswers(writer.Session, room.Patient, room.Reach, row.Seq)));
    }
}

/// <summary>Pins an entry for the whole team, or takes the pin away.</summary>
internal sealed class PinEntry(CareDesk desk) : PatientUseCase<PinEntry.Request, ChangeResult>(desk)
{
    internal sealed record Request(string Reference, bool Pinned);

    protected override CareAction Needs => CareAction.Pin;

    protected override Task<ChangeResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync<ChangeResult>((writer, _) =>
    {
        if (EntryReference.Split(request.Reference) is not var (type, id) || TimelineSql.One(writer.Session, room, type, id) is not { } entry)
            return ValueTask.FromResult<ChangeResult>(new NotYours());
        if (entry.PinnedAt is not null != request.Pinned)
        {
            entry.PinnedAt = request.Pinned ? room.Now : null;
            entry.PinnedBy = request.Pinned ? room.Actor.Person : null;
            entry.Cursor = writer.NextCursor();
            entry.ChangedBy = room.Actor.Person;
            CareStore.SetPin(writer.Session, entry);
        }

        return ValueTask.FromResult<ChangeResult>(new Changed(TimelineEntry.From(entry, room.Actor.Person, TimelineSql.CountAnswers(writer.Session, room.Patient, room.Reach, entry.Seq))));
    }, ct);
}
