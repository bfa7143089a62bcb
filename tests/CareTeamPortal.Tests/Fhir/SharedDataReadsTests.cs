using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Fhir;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Fhir;

/// <summary>All the real data beside the repository goes through the reader, the splice and the describer.</summary>
public sealed class SharedDataReadsTests(ITestOutputHelper log)
{
    private static IEnumerable<string> Files() => Directory.EnumerateFiles(SharedData.Path(), "*", SearchOption.AllDirectories).Where(f => f.EndsWith(".json", StringComparison.Ordinal) || f.EndsWith(".ndjson", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [SkippableFact]
    public async Task Every_file_reads_and_only_the_export_log_is_refused()
    {
        var resources = 0;
        foreach (var file in Files())
        {
            var (_, items) = await FhirText.ReadFile(file);
            var refused = items.Where(i => i.Error is not null).ToList();
            if (Path.GetFileName(file) == "log.ndjson")
            {
                Assert.Equal(4, refused.Count);
                Assert.Equal(["line 1", "line 2", "line 3", "line 4"], refused.Select(r => r.Place));
                Assert.All(refused, r => Assert.Equal("has no resourceType, so it is not FHIR", r.Error));
                continue;
            }
            Assert.True(refused.Count == 0, $"{file}: {string.Join("; ", refused.Select(r => $"{r.Place}: {r.Error}"))}");
            foreach (var item in items.Where(i => !i.Json.IsEmpty))
            {
                ResourceReader.Read(item.Json);
                resources++;
            }
        }
        log.WriteLine($"{resources} resources");
        Assert.True(resources > 12_000);
    }

    [SkippableFact]
    public async Task Every_resource_read_back_through_the_splice_means_the_same()
    {
        var at = new DateTime(2026, 11, 22, 3, 4, 5, DateTimeKind.Utc);
        foreach (var file in Files())
        {
            var (_, items) = await FhirText.ReadFile(file);
            foreach (var item in items.Where(i => !i.Json.IsEmpty))
            {
                var facts = ResourceReader.Read(item.Json);
                var id = ResourceReader.IdentityOf(facts, item.FullUrl);
                var output = new ArrayBufferWriter<byte>();
                MetaSplice.Write(item.Json.Span, id, 7, at, output);

                var before = JsonNode.Parse(item.Json.Span)!.AsObject();
                var after = JsonNode.Parse(output.WrittenSpan)!.AsObject();
                Assert.Equal(id, (string?)after["id"]);
                Assert.Equal("7", (string?)after["meta"]!["versionId"]);
                Assert.Equal("2026-11-22T03:04:05.000000Z", (string?)after["meta"]!["lastUpdated"]);
                if (before["id"] is null) after.Remove("id");
                var meta = after["meta"]!.AsObject();
                meta.Remove("versionId");
                meta.Remove("lastUpdated");
                before["meta"]?.AsObject().Remove("versionId");
                before["meta"]?.AsObject().Remove("lastUpdated");
                if (meta.Count == 0) after.Remove("meta");
                if (before["meta"] is JsonObject { Count: 0 }) before.Remove("meta");
                Assert.True(JsonNode.DeepEquals(before, after), $"{file} {item.Place} changed");

                // What comes back from us and is sent to us again is the same content.
                if (facts.Id is not null) Assert.Equal(facts.Hash, ResourceReader.Read(output.WrittenMemory).Hash);
            }
        }
    }

    [SkippableFact]
    public async Task Every_clinically_dated_resource_has_a_title_and_a_time()
    {
        var entries = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var silent = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in Files())
        {
            var (_, items) = await FhirText.ReadFile(file);
            foreach (var item in items.Where(i => !i.Json.IsEmpty))
            {
                var facts = ResourceReader.Read(item.Json, out var document);
                using (document)
                {
                    if (TimelineFhir.Describe(document.RootElement, facts) is { } entry)
                    {
                        Assert.False(string.IsNullOrWhiteSpace(entry.Title), $"{file} {item.Place} has no title");
                        Assert.InRange(entry.Time.Start.Year, 1800, 2100);
                        Assert.Equal(DateTimeKind.Utc, entry.Time.Start.Kind);
                        entries[facts.Type] = entries.GetValueOrDefault(facts.Type) + 1;
                    }
                    else
                    {
                        silent[facts.Type] = silent.GetValueOrDefault(facts.Type) + 1;
                        if (TimelineFhir.IsTimelineType(facts.Type) && facts.Type != "Provenance") Assert.True(facts.Date is null, $"{file} {item.Place} has a date but no entry");
                    }
                }
            }
        }
        log.WriteLine("entries: " + string.Join(", ", entries.Select(e => $"{e.Key} {e.Value}")));
        log.WriteLine("not: " + string.Join(", ", silent.Select(e => $"{e.Key} {e.Value}")));
        Assert.True(entries.Values.Sum() > 10_000);
    }
}
