using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// What somebody chose beside the words of a draft. It is kept with them: words that were meant for professionals only must not come back after a
/// reload under an audience that includes the family.
/// </summary>
internal sealed partial record ComposerChoices
{
    /// <summary>The slot of <see cref="SaveDraft"/> beside that of the text.</summary>
    public const string Slot = "composer:choices";

    private const int MostFiles = 5;

    public ComposerMode Mode { get; init; }
    public Audience Audience { get; init; }
    public string? Answerer { get; init; }

    /// <summary>Before when, in Belgian time, as in the field.</summary>
    public DateTime? ReplyBy { get; init; }
    public IReadOnlyList<string> Mentions { get; init; } = [];
    public IReadOnlyList<File> Files { get; init; } = [];

    /// <summary>A file that was uploaded and waits for the text.</summary>
    public sealed record File(string Id, string Name);

    /// <summary>Null when nothing was chosen that the next page would not choose by itself.</summary>
    public string? Write(Audience usual) =>
        Mode is ComposerMode.Note && Audience == usual && Answerer is null && ReplyBy is null && Mentions.Count == 0 && Files.Count == 0
            ? null : JsonSerializer.Serialize(this, ChoicesJson.Default.ComposerChoices);

    /// <summary>Null for no text, and for text that this page did not write.</summary>
    public static ComposerChoices? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            var read = JsonSerializer.Deserialize(text, ChoicesJson.Default.ComposerChoices);
            return read is null || !Enum.IsDefined(read.Mode) || !Enum.IsDefined(read.Audience) ? null
                : read with { Mentions = read.Mentions ?? [], Files = [.. (read.Files ?? []).Where(f => f is { Id: not null, Name: not null }).Take(MostFiles)] };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The one colleague whom an <c>@name</c> in the text means; a name that fits two is left to the field beside it.</summary>
    /// <param name="text">What is typed.</param>
    /// <param name="members">The team.</param>
    /// <param name="whole">Whether the text is finished; otherwise a name at its end may still grow.</param>
    public static IEnumerable<MemberView> Named(string text, IReadOnlyList<MemberView> members, bool whole)
    {
        foreach (Match match in AtName().Matches(text))
        {
            // A whole name, as the list under the field writes it; else the one word by which only one of the team is called.
            var from = match.Index + 1;
            if (members.Where(m => !m.Me && Begins(text, from, m.Name)).MaxBy(m => m.Name.Length) is { } named)
            {
                if (whole || from + named.Name.Length < text.Length)
                    yield return named;
                continue;
            }

            if (!whole && match.Index + match.Length == text.Length)
                continue;
            var name = match.Groups[1].Value;
            var found = members.Where(m => !m.Me && m.Name.Split(' ').Contains(name, StringComparer.CurrentCultureIgnoreCase)).Take(2).ToList();
            if (found.Count == 1)
                yield return found[0];
        }
    }

    private static bool Begins(string text, int from, string name) =>
        string.Compare(text, from, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0 && (from + name.Length >= text.Length || !char.IsLetterOrDigit(text[from + name.Length]));

    [GeneratedRegex(@"(?<![\p{L}\p{N}._-])@([\p{L}\p{M}'’-]{2,40})", RegexOptions.CultureInvariant)]
    private static partial Regex AtName();

    [JsonSerializable(typeof(ComposerChoices))]
    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
    private sealed partial class ChoicesJson : JsonSerializerContext;
}
