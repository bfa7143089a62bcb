using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Features.MyDay;

/// <summary>How heavy caring was, 0 (not) to 10 (more than one can bear), once.</summary>
public sealed record LoadAnswer(DateTime At, int Score);

/// <summary>
/// Keeps a caregiver's answer to how heavy caring is. It stands beside the file, where unsent words of a person stand: no resource, no entry, no cursor,
/// so that nobody else reads, counts, searches or exports it, the patient included.
/// </summary>
internal sealed class KeepOwnLoad(CareDesk desk) : PatientUseCase<KeepOwnLoad.Request, bool>(desk)
{
    internal const string Slot = "own-load";

    /// <summary>Two answers a week for a year; the oldest go.</summary>
    private const int MostAnswers = 104;

    internal sealed record Request(int Score);

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<bool> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.CommitAsync(async (writer, token) =>
    {
        if (request.Score is < 0 or > 10)
            return false;
        var kept = await writer.Db.Set<DraftRow>().FirstOrDefaultAsync(d => d.PersonId == room.Actor.Person && d.Slot == Slot, token);
        if (kept is null)
            writer.Db.Add(kept = new DraftRow { PersonId = room.Actor.Person, PatientId = room.Patient, Slot = Slot, Text = "[]" });
        kept.Text = JsonSerializer.Serialize(ReadOwnLoad.Parse(kept.Text).Append(new LoadAnswer(room.Now, request.Score)).TakeLast(MostAnswers));
        kept.UpdatedAt = room.Now;
        await writer.Db.SaveChangesAsync(token);
        return true;
    }, ct);
}

/// <summary>My own answers about my load in this file, oldest first.</summary>
internal sealed class ReadOwnLoad(CareDesk desk) : PatientUseCase<ReadOwnLoad.Request, IReadOnlyList<LoadAnswer>>(desk)
{
    internal sealed record Request;

    protected override CareAction Needs => CareAction.Draft;

    protected override Task<IReadOnlyList<LoadAnswer>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync(async (reader, token) =>
        Parse(await reader.Db.Set<DraftRow>().Where(d => d.PersonId == room.Actor.Person && d.Slot == KeepOwnLoad.Slot).Select(d => d.Text).FirstOrDefaultAsync(token)), ct);

    /// <summary>The slot can be written by a program as a draft can: what is no list of answers counts as none.</summary>
    internal static IReadOnlyList<LoadAnswer> Parse(string? text)
    {
        try
        {
            return text is null ? [] : [.. (JsonSerializer.Deserialize<List<LoadAnswer?>>(text) ?? []).OfType<LoadAnswer>().Where(a => a.Score is >= 0 and <= 10)];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
