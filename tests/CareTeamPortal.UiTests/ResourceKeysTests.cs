using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using CareTeamPortal.Platform.Ui;

namespace CareTeamPortal.UiTests;

/// <summary>A word that is asked for and does not exist would show its key to a patient.</summary>
public sealed partial class ResourceKeysTests
{
    [Fact]
    public void Every_word_that_a_component_asks_for_exists()
    {
        var assembly = typeof(UiText).Assembly;
        var source = Path.Combine(RepositoryRoot(), "src", "CareTeamPortal");
        var missing = new List<string>();
        foreach (var file in Directory.EnumerateFiles(source, "*.razor", SearchOption.AllDirectories).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file) + (File.Exists(file + ".cs") ? File.ReadAllText(file + ".cs") : "");
            foreach (Match injected in Localizer().Matches(text))
            {
                var type = assembly.GetTypes().Single(t => t.Name == injected.Groups["type"].Value);
                var words = new ResourceManager(type.FullName!, assembly);
                var variable = Regex.Escape(injected.Groups["name"].Value);
                foreach (Match used in Regex.Matches(text, $@"\b{variable}\[""(?<key>[^""{{]+)""", RegexOptions.CultureInvariant))
                {
                    if (words.GetString(used.Groups["key"].Value, CultureInfo.GetCultureInfo("nl")) is null)
                        missing.Add($"{Path.GetFileName(file)}: {used.Groups["key"].Value}");
                }
            }
        }
        Assert.Empty(missing);
    }

    private static string RepositoryRoot() =>
        typeof(UiText).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>().First(a => a.Key == "RepoRoot").Value!;

    [GeneratedRegex(@"IStringLocalizer<(?<type>\w+)>\s+(?<name>\w+)")]
    private static partial Regex Localizer();
}
