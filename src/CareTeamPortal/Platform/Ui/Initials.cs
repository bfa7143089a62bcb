using System.Globalization;

namespace CareTeamPortal.Platform.Ui;

/// <summary>At most two letters for an avatar.</summary>
public static class Initials
{
    private static readonly string[] Titles = ["dr.", "dr", "prof.", "prof", "mevr.", "dhr.", "mr.", "mrs.", "ms."];

    /// <summary>First letters of the first two words that start with a letter, titles left out: dr. Karel Janssens gives KJ, An De Smedt AD.</summary>
    public static string Of(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "?";
        var words = name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(w => !Titles.Contains(w, StringComparer.OrdinalIgnoreCase) && char.IsLetter(w, 0))
            .ToArray();
        return words.Length switch
        {
            0 => "?",
            1 => First(words[0]),
            _ => First(words[0]) + First(words[1]),
        };
    }

    /// <summary>What colleagues call somebody where room is short: dr. Karel Janssens gives dr. Janssens, Sofie Maes gives Sofie.</summary>
    public static string Called(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && words[0].EndsWith('.') ? $"{words[0]} {words[^1]}" : words.Length > 0 ? words[0] : name;
    }

    private static string First(string word) => StringInfo.GetNextTextElement(word).ToUpper(CultureInfo.InvariantCulture);
}
