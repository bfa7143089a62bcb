using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>One of the answers from which is chosen.</summary>
/// <param name="Score">What it counts for.</param>
public sealed record FormOption(string System, string Code, string Text, int Score);

/// <summary>A question of a questionnaire: one of some answers, or a whole number.</summary>
public sealed record FormItem
{
    public required string LinkId { get; init; }
    public required string Text { get; init; }

    /// <summary>Empty for a number.</summary>
    public IReadOnlyList<FormOption> Options { get; init; } = [];
    public int Lowest { get; init; }
    public int Highest { get; init; }

    /// <summary>What the two ends of a number mean.</summary>
    public (string Low, string High)? Ends { get; init; }

    /// <summary>Every answer that may be given.</summary>
    public bool Allows(int answer) => Options.Count > 0 ? answer >= 0 && answer < Options.Count : answer >= Lowest && answer <= Highest;

    /// <summary>What an answer counts for. An answer is the place of its option, or the number itself.</summary>
    public int ScoreOf(int answer) => Options.Count > 0 ? Options[answer].Score : answer;
}

/// <summary>A questionnaire as people fill it in; made of a FHIR Questionnaire.</summary>
public sealed record QuestionnaireForm
{
    public required string Id { get; init; }
    public required string Version { get; init; }
    public required string Title { get; init; }
    public string? Description { get; init; }

    /// <summary>What stands above the questions.</summary>
    public string? Lead { get; init; }

    /// <summary>Who made it, and under which licence.</summary>
    public string? Source { get; init; }

    /// <summary>The wording is our own translation, still to be held against the official one.</summary>
    public string? ToCheck { get; init; }
    public required IReadOnlyList<FormItem> Items { get; init; }

    /// <summary>Canonical address with its version.</summary>
    public string Canonical => $"{PortalCodes.Base}Questionnaire/{Id}|{Version}";

    /// <summary>Whose answers are about mental health: specially protected.</summary>
    public bool IsMentalHealth => Id is "phq-2" or "phq-9" or "who-5";

    /// <summary>The category under which answers stand.</summary>
    public InformationCategory Category => IsMentalHealth ? InformationCategory.MentalHealth : InformationCategory.Outcomes;

    /// <summary>It is about the caregiver, in the file of the one cared for: for professionals alone.</summary>
    public bool IsAboutCaregiver => Id == Questionnaires.CaregiverStrain;

    /// <summary>One question at a time reads better on a phone once there are some.</summary>
    public bool OneAtATime => Items.Count > 1;

    /// <summary>The form that a Questionnaire says; null when it is none that can be filled in here.</summary>
    public static QuestionnaireForm? Read(JsonElement root)
    {
        if (root.Text("resourceType"u8) != "Questionnaire" || root.Words("id"u8) is not { } id || root.Words("title"u8) is not { } title)
            return null;
        string? Extension(string url) => root.Each("extension"u8).Where(e => e.Text("url"u8) == url).Select(e => e.Words("valueString"u8)).FirstOrDefault();
        return new()
        {
            Id = id,
            Version = root.Words("version"u8) ?? "1",
            Title = title,
            Description = root.Words("description"u8),
            Lead = root.Each("item"u8).Where(i => i.Text("type"u8) == "display").Select(i => i.Words("text"u8)).FirstOrDefault(),
            Source = Extension(OutcomeCodes.Source),
            ToCheck = Extension(OutcomeCodes.ToCheck),
            Items = [.. root.Each("item"u8).Where(i => i.Text("type"u8) is "choice" or "integer").Select(Item)],
        };
    }

    private static FormItem Item(JsonElement item)
    {
        JsonElement? Extension(string url) => item.Each("extension"u8).Where(e => e.Text("url"u8) == url).Select(e => (JsonElement?)e).FirstOrDefault();
        int Number(string url) => Extension(url)?.Child("valueInteger"u8) is { } n && n.TryGetInt32(out var number) ? number : 0;
        return new()
        {
            LinkId = item.Words("linkId"u8)!,
            Text = item.Words("text"u8)!,
            Options = [.. item.Each("answerOption"u8).Select(o => new FormOption(
                o.Child("valueCoding"u8)!.Value.Text("system"u8) ?? "", o.Child("valueCoding"u8)!.Value.Text("code"u8)!, o.Child("valueCoding"u8)!.Value.Text("display"u8)!,
                o.Each("extension"u8).Where(e => e.Text("url"u8) == "http://hl7.org/fhir/StructureDefinition/ordinalValue").Select(e => e.Child("valueDecimal"u8)!.Value.GetInt32()).FirstOrDefault()))],
            Lowest = Number("http://hl7.org/fhir/StructureDefinition/minValue"),
            Highest = Number("http://hl7.org/fhir/StructureDefinition/maxValue"),
            Ends = Extension(OutcomeCodes.ScaleEnds)?.Words("valueString"u8)?.Split('|') is [var low, var high] ? (low, high) : null,
        };
    }
}

/// <summary>The questionnaires that come with the program.</summary>
public static class Questionnaires
{
    public const string Experience = "ervaring";
    public const string CaregiverStrain = "mantelzorg-totaal";

    /// <summary>In <see cref="Experience"/>: with which care line the contact was.</summary>
    public const string ContactLine = "lijn";

    private const string Folder = "CareTeamPortal.Features.Outcomes.Questionnaires.";

    /// <summary>In the order in which a page shows them.</summary>
    private static readonly string[] Order = ["who-5", "phq-2", "phq-9", "pijn-nrs", Experience, CaregiverStrain];

    private static readonly FrozenDictionary<string, QuestionnaireForm> ById = Files().Select(f =>
    {
        using var document = JsonDocument.Parse(f.Json);
        return QuestionnaireForm.Read(document.RootElement) ?? throw new InvalidOperationException($"{f.Name} is no Questionnaire");
    }).ToFrozenDictionary(q => q.Id, StringComparer.Ordinal);

    public static IReadOnlyList<QuestionnaireForm> All { get; } = [.. ById.Values.OrderBy(q => Array.IndexOf(Order, q.Id))];

    /// <summary>The questionnaire with this id; null when there is none.</summary>
    public static QuestionnaireForm? Find(string? id) => id is not null && ById.TryGetValue(id, out var form) ? form : null;

    /// <summary>The questionnaire that a canonical address names, whatever version; null when it is none of ours.</summary>
    public static QuestionnaireForm? FindByCanonical(string? canonical)
    {
        var url = canonical?.Split('|')[0];
        const string Ours = PortalCodes.Base + "Questionnaire/";
        return url is not null && url.StartsWith(Ours, StringComparison.Ordinal) ? Find(url[Ours.Length..]) : url is not null && url.StartsWith("Questionnaire/", StringComparison.Ordinal) ? Find(url["Questionnaire/".Length..]) : null;
    }

    /// <summary>The questionnaire that a task asks for by its focus, <c>Questionnaire/x</c>; null when it asks for none.</summary>
    public static QuestionnaireForm? AskedBy(string? focus) => focus is not null && focus.StartsWith("Questionnaire/", StringComparison.Ordinal) ? Find(focus["Questionnaire/".Length..].Split('/')[0]) : null;

    /// <summary>The files as they stand in the program, by name.</summary>
    internal static IEnumerable<(string Name, byte[] Json)> Files() => OwnFiles.In(Folder);

    /// <summary>The version of a Questionnaire as a number, to tell a newer file from an older one.</summary>
    internal static int VersionOf(JsonElement root) => int.TryParse(root.Text("version"u8), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
