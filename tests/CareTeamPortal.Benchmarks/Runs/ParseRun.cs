using System.Buffers;
using CareTeamPortal.Benchmarks.Floors;
using CareTeamPortal.Benchmarks.Harness;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#10: a Bundle taken apart, each resource read for the index and written with its id and version.</summary>
internal static class ParseRun
{
    public static async Task RunAsync(Settings settings, Report report)
    {
        var bundle = Bundles.Read(settings)[^1];
        var output = new ArrayBufferWriter<byte>(1 << 16);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var comparison = await Slices.AlternateAsync(settings,
            seconds => Slices.InProcessAsync(seconds, () =>
            {
                var pieces = ByteSlicer.Slice(bundle);
                foreach (var piece in pieces)
                {
                    output.ResetWrittenCount();
                    ByteSlicer.Stamp(bundle.AsSpan(piece.Start, piece.Length), piece.FullUrl, now, output);
                }

                return ValueTask.FromResult(pieces.Count);
            }),
            seconds => Slices.InProcessAsync(seconds, async () =>
            {
                var n = 0;
                await foreach (var item in new FhirInput(new FhirInputLimits()).ReadAsync(new MemoryStream(bundle), CancellationToken.None))
                {
                    var facts = ResourceReader.Read(item);
                    output.ResetWrittenCount();
                    MetaSplice.Write(item.Json.Span, ResourceReader.IdentityOf(facts, item.FullUrl), 1, now, output);
                    n++;
                }

                return n;
            }));
        report.AddCpu("10", "FHIR parse (checked, hashed, facts for the index) and write, per resource of a 3.9 MB Synthea bundle", "byte-range slicer", 3, comparison);
    }
}
