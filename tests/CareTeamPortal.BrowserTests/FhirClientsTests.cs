using System.Diagnostics;

namespace CareTeamPortal.BrowserTests;

/// <summary>The FHIR clients that programs use (fhir-kit-client and @medplum/core from npm) against the running portal.</summary>
[Collection(PortalCollection.Name)]
public sealed class FhirClientsTests(PortalFixture fixture)
{
    [SkippableFact]
    public async Task What_fhir_kit_client_and_medplum_ask_for_works()
    {
        var info = new ProcessStartInfo(Machine.NeedPeers()) { WorkingDirectory = Machine.Peers, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "fhir.mjs", fixture.Portal.Url + "/fhir", await fixture.Portal.TokenAsync("sofie.maes"), "maria-verhoeven" })
            info.ArgumentList.Add(argument);
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await error);
        Assert.Equal(11, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
