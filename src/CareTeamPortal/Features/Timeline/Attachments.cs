using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Files;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Features.Timeline;

/// <summary>Keeps a file that will go with a note. What it is, its bytes decide; until the note is sent only its author sees it.</summary>
internal sealed class AddAttachment(CareDesk desk) : PatientUseCase<AddAttachment.Request, AddAttachment.Result>(desk)
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = FileSniffer.MostBytes;

    internal sealed record Request(string FileName, byte[] Content);

    /// <summary>Exactly one is set.</summary>
    internal sealed record Result(Attachment? Kept, FileRefusal? Refused);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var verdict = FileSniffer.Sniff(request.Content);
        if (verdict.Kind is not { } kind)
            return Task.FromResult(new Result(null, verdict.Refusal));
        var row = new AttachmentRow
        {
            Id = Guid.CreateVersion7().ToString(), PatientId = room.Patient, FileName = FileSniffer.SafeName(request.FileName, kind), ContentType = FileSniffer.MediaTypeOf(kind),
            Size = request.Content.Length, Bytes = request.Content, UploadedBy = room.Actor.Person, At = room.Now,
        };
        return room.CommitAsync((writer, _) =>
        {
            // Counted inside the transaction: many uploads at once do not pass the limit together.
            writer.Session.Lock(room.Actor.Person);
            var (files, bytes) = CareStore.UnsentFilesOf(writer.Session, room.Actor.Person);
            if (files >= UnsentFiles.MostFiles || bytes + row.Size > UnsentFiles.MostBytes)
                return ValueTask.FromResult(new Result(null, FileRefusal.TooManyUnsent));
            CareStore.InsertAttachment(writer.Session, row);
            return ValueTask.FromResult(new Result(new Attachment(row.Id, row.FileName, row.ContentType, row.Size), null));
        }, ct);
    }
}

/// <summary>Takes away a file that was uploaded and not sent; a file of an entry stays.</summary>
internal sealed class DropAttachment(CareDesk desk) : PatientUseCase<DropAttachment.Request, bool>(desk)
{
    internal sealed record Request(string Id);

    protected override CareAction Needs => CareAction.Write;

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) =>
        room.CommitAsync((writer, _) => ValueTask.FromResult(CareStore.ForgetUnsentFile(writer.Session, room.Patient, request.Id, room.Actor.Person)), ct);
}

/// <summary>A file, for whoever may see the entry it came with.</summary>
internal sealed class ReadAttachment(CareDesk desk) : PatientUseCase<ReadAttachment.Request, ReadAttachment.Content?>(desk)
{
    internal sealed record Request(string Id);

    internal sealed record Content(string FileName, string ContentType, byte[] Bytes);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<Content?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync(async (reader, token) =>
    {
        var file = await reader.Db.Set<AttachmentRow>().FirstOrDefaultAsync(a => a.Id == request.Id, token);
        var visible = file is not null && (file.Seq is { } seq ? TimelineSql.One(reader.Session, room, seq) is not null : file.UploadedBy == room.Actor.Person);
        return visible ? new Content(file!.FileName, file.ContentType, file.Bytes) : null;
    }, ct);
}
