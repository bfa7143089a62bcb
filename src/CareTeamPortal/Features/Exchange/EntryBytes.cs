using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// Entries of timeline Bundles as bytes (<c>Type/id","resource":{...},"search":{"mode":"match"}}</c>, what follows the address of the service), kept in memory by entry and version:
/// a version never changes, so nothing here can be stale. Who may see which entry the query decides each time; here are only bytes under numbers. Two generations: when the young one
/// is full the old one is dropped, so memory is bounded and what is read often stays.
/// </summary>
internal sealed class EntryBytes
{
    private const long MostBytes = 24 * 1024 * 1024;
    private const int LargestKept = 256 * 1024;

    private ConcurrentDictionary<(PatientId Patient, long Seq, int Version), byte[]> _young = new();
    private ConcurrentDictionary<(PatientId Patient, long Seq, int Version), byte[]> _old = new();
    private long _bytes;

    /// <summary>The bytes of these entries, which the room's own query has found.</summary>
    public List<byte[]> Of(DbSession session, PatientRoom room, List<TimelineKey> keys)
    {
        var found = new List<byte[]>(keys.Count);
        foreach (var key in keys)
        {
            if (Find((room.Patient, key.Seq, key.Version)) is { } json) found.Add(json);
            else if (FhirSql.Behind(session, room, key.Seq) is { } row) found.Add(Keep(room.Patient, key.Seq, row));
        }
        return found;
    }

    private byte[]? Find((PatientId, long, int) name)
    {
        if (_young.TryGetValue(name, out var json)) return json;
        if (!_old.TryGetValue(name, out json)) return null;
        Add(name, json);
        return json;
    }

    private byte[] Keep(PatientId patient, long seq, FhirRow row)
    {
        var output = new ArrayBufferWriter<byte>(row.Json.Length + 256);
        output.Write(Encoding.ASCII.GetBytes($"{row.Type}/{row.Id}\",\"resource\":"));
        MetaSplice.Write(row.Json, row.Id, row.Version, row.LastUpdated, output);
        output.Write(",\"search\":{\"mode\":\"match\"}}"u8);
        var json = output.WrittenSpan.ToArray();
        if (json.Length <= LargestKept) Add((patient, seq, row.Version), json);
        return json;
    }

    private void Add((PatientId, long, int) name, byte[] json)
    {
        if (!_young.TryAdd(name, json) || Interlocked.Add(ref _bytes, json.Length) < MostBytes) return;

        // Two threads may both turn the generations: then one more is dropped, which only costs reading again.
        _old = _young;
        _young = new();
        Interlocked.Exchange(ref _bytes, 0);
    }
}
