using System.Reflection;
using System.Text.RegularExpressions;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Tests.Architecture;

/// <summary>docs/configuration.md names every setting of the program, and no other.</summary>
public sealed partial class ConfigurationTests
{
    // What the framework reads for itself, and sections of which the table names the entries.
    private static readonly string[] OfOthers = ["Urls", "Logging:Console:FormatterName", "Kestrel:Endpoints"];

    [Fact]
    public async Task Every_setting_is_documented_and_no_other()
    {
        var documented = Cell().Matches(await File.ReadAllTextAsync(Path.Combine(SharedData.RepoRoot, "docs", "configuration.md")))
            .SelectMany(row => Key().Matches(row.Groups[1].Value).Select(k => k.Groups[1].Value)).Where(k => k.Contains(':', StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var options = typeof(CareDesk).Assembly.GetTypes()
            .Select(t => (Type: t, Section: t.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string)).Where(t => t.Section is not null)
            .SelectMany(t => t.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => $"{t.Section}:{p.Name}"));
        var source = Path.Combine(SharedData.RepoRoot, "src", "CareTeamPortal");
        var read = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => Read().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Append("ConnectionStrings:CareTeam").Append("Database:Provider");
        var known = options.Concat(read).Where(k => k.Contains(':', StringComparison.Ordinal)).Except(OfOthers).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(known.Order(StringComparer.Ordinal), documented.Except(OfOthers).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (`[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Cell();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Key();

    [GeneratedRegex(@"[Cc]onfiguration(?:\[|\.GetValue(?:<\w+>)?\(|\.GetSection\()""([A-Za-z:]+)""")]
    private static partial Regex Read();
}
