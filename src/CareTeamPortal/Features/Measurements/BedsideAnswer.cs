using System.Collections.Frozen;
using System.Collections.Immutable;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Measurements;

/// <summary>A code of a terminology for one answer.</summary>
internal sealed record AnswerCode(string System, string Code, string Display);

/// <summary>
/// An answer at the bedside that is no number: how awake somebody is, or whether they breathe extra oxygen when the flow is not known. Both are parts of NEWS2.
/// </summary>
/// <param name="Key">Its name in the words: <c>Answer.*</c>.</param>
/// <param name="Loinc">Code of the Observation.</param>
/// <param name="Display">English name of that code.</param>
/// <param name="NameKey">Key of what is asked, in the words.</param>
internal sealed record BedsideAnswer(string Key, string Loinc, string Display, string NameKey, ImmutableArray<AnswerCode> Codes)
{
    /// <summary>LOINC of the level of responsiveness, as a portal writes ACVPU.</summary>
    public const string ConsciousnessLoinc = "67775-7";

    private const string Snomed = "http://snomed.info/sct";
    private const string Acvpu = Timeline.PortalCodes.Base + "CodeSystem/acvpu";

    // SNOMED CT codes as the NEWS2 profile of NHS England has them.
    public static BedsideAnswer Alert { get; } = Conscious("A", "248234008", "Mentally alert");
    public static BedsideAnswer Confusion { get; } = Conscious("C", "130987000", "Acute confusion");
    public static BedsideAnswer Voice { get; } = Conscious("V", "300202002", "Responds to voice");
    public static BedsideAnswer Pain { get; } = Conscious("P", "450847001", "Responds to pain");
    public static BedsideAnswer Unresponsive { get; } = Conscious("U", "422768004", "Unresponsive");
    public static BedsideAnswer OnOxygen { get; } = Oxygen("OnOxygen", "371825009", "Patient on oxygen");
    public static BedsideAnswer OnAir { get; } = Oxygen("OnAir", "722742002", "Breathing room air");

    /// <summary>In the order of <see cref="Measurements.Consciousness"/>.</summary>
    public static ImmutableArray<BedsideAnswer> Levels { get; } = [Alert, Confusion, Voice, Pain, Unresponsive];

    /// <summary>What is asked, in the reader's language.</summary>
    public string Name => MeasurementsText.Get(NameKey);

    /// <summary>The answer in words: "A: wakker en helder".</summary>
    public string Words => MeasurementsText.Get($"Answer.{Key}");

    /// <summary>Worth a second look before it is saved.</summary>
    public bool IsWorrying => Loinc == ConsciousnessLoinc && this != Alert;

    private static BedsideAnswer Conscious(string letter, string snomed, string display) =>
        new(letter, ConsciousnessLoinc, "Level of responsiveness", "Name.Consciousness", [new(Acvpu, letter, display), new(Snomed, snomed, display)]);

    private static BedsideAnswer Oxygen(string key, string snomed, string display) =>
        new(key, MeasurementCatalogue.OxygenFlow.Loinc, "Inhaled oxygen flow rate", "Name.Oxygen", [new(Snomed, snomed, display)]);

    private static readonly FrozenDictionary<string, Consciousness> Written = new Dictionary<string, Consciousness>(StringComparer.Ordinal)
    {
        ["a"] = Consciousness.Alert, ["alert"] = Consciousness.Alert, ["mentally alert"] = Consciousness.Alert, ["wakker"] = Consciousness.Alert, ["helder"] = Consciousness.Alert,
        ["c"] = Consciousness.Confusion, ["confused"] = Consciousness.Confusion, ["confusion"] = Consciousness.Confusion, ["new confusion"] = Consciousness.Confusion, ["acute confusion"] = Consciousness.Confusion, ["verward"] = Consciousness.Confusion,
        ["v"] = Consciousness.Voice, ["voice"] = Consciousness.Voice, ["verbal"] = Consciousness.Voice, ["responds to voice"] = Consciousness.Voice, ["aanspreekbaar"] = Consciousness.Voice,
        ["p"] = Consciousness.Pain, ["pain"] = Consciousness.Pain, ["painful"] = Consciousness.Pain, ["responds to pain"] = Consciousness.Pain, ["pijnprikkel"] = Consciousness.Pain,
        ["u"] = Consciousness.Unresponsive, ["unresponsive"] = Consciousness.Unresponsive, ["bewusteloos"] = Consciousness.Unresponsive,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The level that a source wrote, as the portal ("A: wakker en helder") or another program does; null when it is not one of the five.</summary>
    public static Consciousness? ConsciousnessOf(string? text)
    {
        if (text is null)
            return null;
        var folded = NameFolding.Fold(text is [_, ':', ..] ? text[..1] : text).Trim();
        return Written.TryGetValue(folded, out var level) ? level : null;
    }

    /// <summary>Whether a source's words under inhaled oxygen mean that oxygen is given; null when they say neither.</summary>
    public static bool? OxygenOf(string? text)
    {
        if (text is null)
            return null;
        if (text == OnOxygen.Words || text == "Patient on oxygen")
            return true;
        return text == OnAir.Words || text is "Breathing room air" or "room air" ? false : null;
    }

    private static readonly string[] ConsciousnessAliases = ["bewustzijn", "acvpu", "avpu"];

    /// <summary>Phrases for oxygen without a flow; a number behind them makes it a flow.</summary>
    private static readonly (string Phrase, BedsideAnswer Answer)[] OxygenPhrases = [("met zuurstof", OnOxygen), ("zonder zuurstof", OnAir), ("op kamerlucht", OnAir), ("kamerlucht", OnAir)];

    /// <summary>Reads one of them from a typed line; false: it is prose.</summary>
    /// <param name="start">Where a word begins.</param>
    public static bool TryRead(string text, int start, out BedsideAnswer answer, out int end)
    {
        answer = Alert;
        end = start;
        var rest = text.AsSpan(start);
        foreach (var alias in ConsciousnessAliases)
        {
            if (!rest.StartsWith(alias, StringComparison.OrdinalIgnoreCase))
                continue;
            var at = alias.Length;
            while (at < rest.Length && at < alias.Length + 4 && rest[at] is ' ' or ':' or '=' or '\t' or '\u00A0')
                at++;
            if (at == alias.Length)
                return false;
            var stop = at;
            while (stop < rest.Length && stop - at < 24 && char.IsLetter(rest[stop]))
                stop++;
            if (!Ends(rest, stop) || ConsciousnessOf(rest[at..stop].ToString()) is not { } level)
                return false;
            (answer, end) = (Levels[(int)level], start + stop);
            return true;
        }

        foreach (var (phrase, meant) in OxygenPhrases)
        {
            if (!rest.StartsWith(phrase, StringComparison.OrdinalIgnoreCase) || !Ends(rest, phrase.Length))
                continue;
            var at = phrase.Length;
            while (at < rest.Length && rest[at] is ' ' or ':' or '=')
                at++;
            if (at < rest.Length && char.IsAsciiDigit(rest[at]))
                return false; // "met zuurstof 2 l" is a flow
            (answer, end) = (meant, start + phrase.Length);
            return true;
        }

        return false;
    }

    /// <summary>Nothing follows that makes it the beginning of another word or an abbreviation.</summary>
    private static bool Ends(ReadOnlySpan<char> text, int at) =>
        at >= text.Length || (!char.IsLetterOrDigit(text[at]) && !char.IsSurrogate(text[at]) && text[at] is not ('-' or '_' or '/' or '\'' or '’' or '@') && !(text[at] == '.' && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1])));
}
