using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Demo;

/// <summary><c>-- demo</c>: starts the demo patients anew, dated from today; works while the portal runs.</summary>
internal static class DemoVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, SignInMode mode, CancellationToken ct)
    {
        if (mode != SignInMode.Demo)
        {
            await Console.Error.WriteLineAsync("demo: only in Demo mode (SignIn:Mode); nothing was loaded.");
            return 1;
        }

        var demo = services.GetRequiredService<LoadDemo>();
        await demo.PeopleAsync(ct);
        var (patients, resources) = await demo.PatientsAsync(again: true, ct);
        Console.WriteLine($"Loaded {patients} demo patients with {resources} resources, dated from today. What was written in their files before is gone.");
        return 0;
    }
}
