using System.Text.Json;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>What a search asks of an element that no index holds: looked up in the resource itself, of the few that one file, or the directory, has of a type.</summary>
/// <param name="Path">Elements from the root, parted by dots; arrays are walked through.</param>
/// <param name="Kind">token, reference, uri, date or string.</param>
/// <param name="Tokens">Of a token: any of these.</param>
/// <param name="Words">Of a reference, a uri or a string: any of these.</param>
/// <param name="Dates">Of a date: any of these.</param>
public sealed record ContentCondition(string Path, string Kind, IReadOnlyList<TokenCondition> Tokens, IReadOnlyList<string> Words, IReadOnlyList<DateCondition> Dates)
{
    /// <summary>Whether the resource has such an element.</summary>
    public bool Holds(JsonElement root) => Holds(root, Path.Split('.'));

    private bool Holds(JsonElement element, ReadOnlySpan<string> path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                if (Holds(item, path)) return true;
            return false;
        }
        if (path.Length > 0) return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path[0], out var next) && Holds(next, path[1..]);
        return Kind switch
        {
            "reference" => element.Text("reference"u8) is { } reference && Words.Any(w => Names(reference, w)),
            "token" => element.ValueKind == JsonValueKind.String ? Tokens.Any(t => t.Holds("", element.GetString())) : element.Each("coding"u8).Any(c => Tokens.Any(t => t.Holds(c.Text("system"u8), c.Text("code"u8)))),
            "uri" => element.ValueKind == JsonValueKind.String && Words.Any(w => element.GetString() is { } uri && (uri == w || !w.Contains('|', StringComparison.Ordinal) && uri.Split('|')[0] == w)),
            "date" => element.ValueKind == JsonValueKind.String && FhirDates.Parse(element.GetString()!) is { } date && Dates.Any(d => d.Holds(date.Start, date.End)),
            _ => element.ValueKind == JsonValueKind.String && NameFolding.Fold(element.GetString()!) is var folded && Words.Any(w => folded.StartsWith(NameFolding.Fold(w), StringComparison.Ordinal)),
        };
    }

    /// <summary>A reference as it is stored against one as it is asked: <c>Type/id</c>, an address that ends so, or the id alone.</summary>
    private static bool Names(string stored, string asked)
    {
        var parts = stored.Split('/');
        var (type, id) = parts.Length >= 4 && parts[^2] == "_history" ? (parts[^4], parts[^3]) : parts.Length >= 2 ? (parts[^2], parts[^1]) : ("", stored);
        return asked == $"{type}/{id}" || asked == id || asked == stored;
    }
}
