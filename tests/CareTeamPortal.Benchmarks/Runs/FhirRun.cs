using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Benchmarks.Harness;

namespace CareTeamPortal.Benchmarks.Runs;

/// <summary>#1 and #2: the same FHIR client on the portal and on the thinnest service.</summary>
internal static class FhirRun
{
    /// <summary>#1: a note is created, durably.</summary>
    public static async Task CreateAsync(Settings settings, Report report)
    {
        await using var floor = await ServerProcess.FloorAsync("fhir", "--database", Path.Combine(settings.Scratch, "create-floor.db"));
        await using var portal = await ServerProcess.PortalAsync(Path.Combine(settings.Scratch, "create.db"));
        using var thin = PortalClient.NewHttp(floor.Address);
        using var client = await PortalClient.SignInAsync(portal.Address, "karel.janssens");
        var thinPatient = Guid.NewGuid().ToString();
        var patient = await client.NewPatientAsync();
        foreach (var connections in new[] { 1, 8 })
        {
            var comparison = await Slices.AlternateAsync(settings,
                seconds => HttpLoad.RunAsync(floor, connections, seconds, () => PortalClient.SendAsync(thin, "fhir/Communication", PortalClient.Note(thinPatient))),
                seconds => HttpLoad.RunAsync(portal, connections, seconds, () => PortalClient.SendAsync(client.Http, "fhir/Communication", PortalClient.Note(patient))));
            report.AddCpu("1", $"durable create of a note by FHIR, {connections} connection{(connections == 1 ? "" : "s")}", "thinnest service, FULL", 3, comparison, $"{HttpLoad.Latency(comparison.Product)} (floor {HttpLoad.Latency(comparison.Floor)})");
        }
    }

    /// <summary>#2: the newest 50 of a patient with 1,000 entries, notes and measurements mixed.</summary>
    public static async Task PageAsync(Settings settings, Report report)
    {
        await using var floor = await ServerProcess.FloorAsync("fhir", "--database", Path.Combine(settings.Scratch, "page-floor.db"));
        await using var portal = await ServerProcess.PortalAsync(Path.Combine(settings.Scratch, "page.db"));
        using var thin = PortalClient.NewHttp(floor.Address);
        using var client = await PortalClient.SignInAsync(portal.Address, "karel.janssens");
        var thinPatient = Guid.NewGuid().ToString();
        var patient = await client.NewPatientAsync();
        for (var i = 0; i < 1_000; i++)
        {
            await PortalClient.SendAsync(thin, i % 3 == 0 ? "fhir/Observation" : "fhir/Communication", Entry(thinPatient, i));
            await PortalClient.SendAsync(client.Http, i % 3 == 0 ? "fhir/Observation" : "fhir/Communication", Entry(patient, i));
        }

        foreach (var connections in new[] { 1, 8 })
        {
            var comparison = await Slices.AlternateAsync(settings,
                seconds => HttpLoad.RunAsync(floor, connections, seconds, () => GetAsync(thin, $"fhir/Communication?subject=Patient/{thinPatient}&_count=50")),
                seconds => HttpLoad.RunAsync(portal, connections, seconds, () => GetAsync(client.Http, $"fhir/Patient/{patient}/$timeline?_count=50")));
            report.AddCpu("2", $"timeline page of 50, all kinds ($timeline), {connections} connection{(connections == 1 ? "" : "s")}", "thinnest list of 50", 2, comparison, $"{HttpLoad.Latency(comparison.Product)} (floor {HttpLoad.Latency(comparison.Floor)})");
        }
    }

    private static string Entry(string patient, int i) => i % 3 != 0 ? PortalClient.Note(patient)
        : $$$"""{"resourceType":"Observation","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body weight"}]},"subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"{{{DateTimeOffset.UtcNow.AddMinutes(-i):yyyy-MM-ddTHH:mm:ssZ}}}","valueQuantity":{"value":78.{{{i % 10}}},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}""";

    private static async Task GetAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.IsSuccessStatusCode || body.Length < 1_000)
            throw new InvalidOperationException($"GET {path} answered {(int)answer.StatusCode} with {body.Length} bytes");
    }
}
