using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>Issue 4: a forbidden id and an unknown id take as long to answer. Medians over 1,000 requests each, one after the other in turn, over HTTP.</summary>
internal static class EqualAnswersRun
{
    public static async Task RunAsync(Settings settings, Report report)
    {
        await using var server = await ServerProcess.PortalAsync(Path.Combine(settings.Scratch, "equal.db"));
        using var mine = await PortalClient.SignInAsync(server.Address, "karel.janssens");
        using var stranger = await PortalClient.SignInAsync(server.Address, "els.peeters");
        var patient = await mine.NewPatientAsync();
        using var made = await mine.Http.PostAsync("fhir/Communication", new StringContent(PortalClient.Note(patient), MediaTypeHeaderValue.Parse("application/fhir+json")));
        made.EnsureSuccessStatusCode();
        var note = made.Headers.Location!.AbsolutePath.Split('/')[^3];
        var (nobody, nothing) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        (string What, string Forbidden, string Unknown)[] asked =
        [
            ("read of a Patient", $"fhir/Patient/{patient}", $"fhir/Patient/{nobody}"),
            ("read of a note", $"fhir/Communication/{note}", $"fhir/Communication/{nothing}"),
            ("vread of a note", $"fhir/Communication/{note}/_history/1", $"fhir/Communication/{nothing}/_history/1"),
            ("history of a note", $"fhir/Communication/{note}/_history", $"fhir/Communication/{nothing}/_history"),
            ("search of notes by patient", $"fhir/Communication?patient={patient}", $"fhir/Communication?patient={nobody}"),
            ("search of notes by id", $"fhir/Communication?_id={note}", $"fhir/Communication?_id={nothing}"),
            ("$timeline", $"fhir/Patient/{patient}/$timeline", $"fhir/Patient/{nobody}/$timeline"),
            ("page of a file", $"patients/{patient}", $"patients/{nobody}"),
            ("attachment", $"patients/{patient}/attachments/{note}", $"patients/{nobody}/attachments/{note}"),
        ];
        var count = settings.Quick ? 100 : 1_000;
        foreach (var (what, forbidden, unknown) in asked)
        {
            var (one, other) = (new List<double>(count), new List<double>(count));
            async Task AskAsync(string path, List<double>? times)
            {
                var from = Stopwatch.GetTimestamp();
                using var answer = await stranger.Http.GetAsync(path);
                await answer.Content.ReadAsByteArrayAsync();
                times?.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            }

            for (var i = 0; i < 100 + count; i++)
            {
                await AskAsync(forbidden, i < 100 ? null : one);
                await AskAsync(unknown, i < 100 ? null : other);
            }

            var (f, u) = (Comparison.Median(one), Comparison.Median(other));
            string Ms(double value) => value.ToString("0.000", CultureInfo.InvariantCulture) + " ms";
            report.Add(new Line("i4", $"{what}: forbidden id", "unknown id, medians over " + count.ToString(CultureInfo.InvariantCulture), "difference < 2 ms", Ms(u), Ms(f), "difference " + Ms(f - u), Math.Abs(f - u) < 2));
        }
    }
}
