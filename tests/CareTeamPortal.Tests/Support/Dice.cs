using System.Globalization;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Support;

/// <summary>Chance that can be repeated: prints its seed, and takes one from CARETEAM_TEST_SEED.</summary>
internal sealed class Dice
{
    private readonly Random _random;

    public Dice(ITestOutputHelper output)
    {
        Seed = int.TryParse(Environment.GetEnvironmentVariable("CARETEAM_TEST_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();
        _random = new Random(Seed);
        output.WriteLine($"seed {Seed}; repeat with CARETEAM_TEST_SEED={Seed}");
    }

    public int Seed { get; }

    public int Next(int below) => _random.Next(below);

    public bool OneIn(int n) => _random.Next(n) == 0;

    public T Of<T>(IReadOnlyList<T> things) => things[_random.Next(things.Count)];
}
