using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Features.Timeline;

/// <summary>What an entry said before it was corrected: every version, newest first.</summary>
internal sealed class ReadHistory(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadHistory.Request, IReadOnlyList<ReadHistory.Version>>(desk)
{
    internal sealed record Request(string Reference);

    /// <param name="Number">1 is the first.</param>
    /// <param name="At">When this version was written.</param>
    /// <param name="Title">Its title then.</param>
    /// <param name="Text">Its text then.</param>
    /// <param name="Values">What it measured then.</param>
    /// <param name="Measured">When that was measured; null when it measured nothing.</param>
    /// <param name="ReplacedBy">Name of who replaced it; null for the present one, or when a source did.</param>
    internal sealed record Version(int Number, DateTime At, string Title, string? Text, IReadOnlyList<MeasuredValue> Values, DateTime? Measured, string? ReplacedBy);

    protected override CareAction Needs => CareAction.Read;

    protected override Task<IReadOnlyList<Version>> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync<IReadOnlyList<Version>>(async (reader, token) =>
    {
        if (EntryReference.Split(request.Reference) is not var (type, id) || TimelineSql.One(reader.Session, room, type, id) is null)
            return [];
        var older = await reader.Db.Set<ResourceVersionRow>()
            .Where(v => v.Type == type && v.Id == id) // an older version written for fewer eyes stays with those eyes: the fence sees to it
            .OrderByDescending(v => v.Version).ToListAsync(token);
        var stored = CareStore.Find(reader.Session, type, id)!;
        var versions = new List<Version> { Read(stored.Version, stored.LastUpdated, CareStore.Json(reader.Session, stored), null) };
        versions.AddRange(older.Select(v => Read(v.Version, v.LastUpdated, v.Json, v.ReplacedBy is { } by ? people.Find(by)?.DisplayName : null)));
        return versions;
    }, ct);

    private static Version Read(int number, DateTime at, byte[] json, string? by)
    {
        var facts = Platform.Fhir.ResourceReader.Read(json, out var document);
        using (document)
        {
            var entry = TimelineFhir.Describe(document.RootElement, facts);
            return new Version(number, at, entry?.Title ?? "", entry?.Text, entry?.Values ?? [], entry is { Values.Count: > 0 } ? entry.Time.Start : null, by);
        }
    }
}
