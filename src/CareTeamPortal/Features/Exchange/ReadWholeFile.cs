using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Features.Exchange;

/// <summary>All of the own file that its patient may see, piece by piece: resources in the order in which they came, then the files of entries.</summary>
internal sealed class ReadWholeFile(CareDesk desk) : PatientUseCase<ReadWholeFile.Request, ReadWholeFile.Piece>(desk)
{
    private const int PieceOf = 200;

    /// <param name="After">The last resource of the piece before; 0 begins.</param>
    internal sealed record Request(long After);

    /// <param name="More">There is more after the last row.</param>
    /// <param name="Files">Ids of all files of entries that may be seen; with the last piece.</param>
    internal sealed record Piece(IReadOnlyList<FhirRow> Rows, bool More, IReadOnlyList<string> Files);

    protected override CareAction Needs => CareAction.Read;

    protected override async Task<Piece> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (room.Purpose != AccessPurpose.OwnFile)
            throw room.Refusal(CareAction.ReadAccessLog); // to take everything away is the patient's alone, as it is to read who looked
        return await room.ReadAsync(async (reader, token) =>
        {
            var (rows, more) = FhirSql.All(reader.Session, room, request.After, PieceOf);
            var files = more ? [] : (await reader.Db.Set<AttachmentRow>().Where(a => a.Seq != null).OrderBy(a => a.Id).Select(a => new { a.Id, a.Seq }).ToListAsync(token))
                .Where(a => TimelineSql.One(reader.Session, room, a.Seq!.Value) is not null).Select(a => a.Id).ToList();
            return new Piece([.. rows.Select(r => NationalNumber.Hide(r, room))], more, files);
        }, ct);
    }
}
