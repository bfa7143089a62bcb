using System.Text.Json;
using System.Text.Json.Serialization;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>What a fragment from the file tells.</summary>
public enum FragmentKind
{
    Goal,
    Problem,
    Allergy,
    Medication,
    Measurement,
    Change,
}

/// <summary>A piece of the file that was filled in beforehand; the writer edits it, or leaves it out.</summary>
public sealed class HandoffFragment
{
    public FragmentKind Kind { get; init; }
    public string Text { get; set; } = "";

    /// <summary>The entry from which it comes, <c>Type/id</c>.</summary>
    public string Source { get; init; } = "";

    /// <summary>What that entry is called: "meting, di 24 nov 11:32".</summary>
    public string SourceWords { get; init; } = "";

    /// <summary>Who may not see this may not receive it.</summary>
    public InformationCategory Tells { get; init; }

    /// <summary>It is in the hand-off.</summary>
    public bool In { get; set; } = true;
}

/// <summary>An open task that may travel along.</summary>
public sealed class DraftTask
{
    public string Id { get; init; } = "";
    public string Title { get; init; } = "";
    public DateTime? DueAt { get; init; }
    public bool In { get; set; } = true;

    /// <summary>Proposed owner; null: whoever accepts.</summary>
    public TaskParty? NewOwner { get; set; }
}

/// <summary>If this happens, then do that; while it is written.</summary>
public sealed class DraftContingency
{
    public string If { get; set; } = "";
    public string Then { get; set; } = "";
}

/// <summary>
/// A hand-off while it is written. It lives in its sender's drafts, where nobody else can see it, and becomes a Task only when it is offered.
/// Times are the local clock of the writer.
/// </summary>
public sealed class HandoffDraft
{
    public const string Slot = "handoff";

    /// <summary>The id it gets when it is offered: sending twice makes one.</summary>
    public string Id { get; init; } = "";
    public HandoffProtocol Protocol { get; set; }
    public bool AllCare { get; set; }

    /// <summary>What is handed on.</summary>
    public string Title { get; set; } = "";
    public DateTime? Until { get; set; }
    public bool Urgent { get; set; }

    /// <summary>Before when it has to be accepted; null: by the rule of its urgency.</summary>
    public DateTime? AcceptBy { get; set; }
    public TaskParty? Receiver { get; set; }
    public TaskParty? Second { get; set; }
    public bool MovesCoordinator { get; set; }
    public IllnessSeverity? Severity { get; set; }
    public string SeverityNote { get; set; } = "";
    public string Identification { get; set; } = "";

    /// <summary>The writer's own words beside the fragments: summary, or background.</summary>
    public string Summary { get; set; } = "";
    public string Situation { get; set; } = "";
    public string Assessment { get; set; } = "";
    public string Recommendation { get; set; } = "";
    public List<HandoffFragment> Fragments { get; init; } = [];
    public List<DraftContingency> Contingencies { get; init; } = [];
    public List<DraftTask> Tasks { get; init; } = [];
    public List<string> Gaps { get; init; } = [];
    public string? BasedOn { get; init; }
    public string? Follows { get; init; }

    /// <summary>The task of a pathway's step that asked for it, its id.</summary>
    public string? Step { get; init; }

    /// <summary>What its words tell of.</summary>
    [JsonIgnore]
    public InformationCategory Tells => Fragments.Where(f => f.In).Aggregate(HandoffContent.DefaultTells, (all, f) => all | f.Tells);

    /// <summary>In which part a fragment stands.</summary>
    public static string PartOf(HandoffProtocol protocol, FragmentKind kind) => (protocol, kind) switch
    {
        (_, FragmentKind.Change) => "Situation",
        (HandoffProtocol.IPass, _) => "Summary",
        (_, FragmentKind.Measurement) => "Assessment",
        _ => "Background",
    };

    /// <summary>What is still missing, as the receiver will read it.</summary>
    public IEnumerable<string> OpenGaps()
    {
        foreach (var gap in Gaps)
            yield return gap;
        if (Protocol == HandoffProtocol.IPass && !Contingencies.Any(c => c.If.Trim().Length > 0 && c.Then.Trim().Length > 0))
            yield return HandoffWords.Get("Gap.Contingency");
    }

    /// <summary>The parts as they are offered.</summary>
    public HandoffContent ToContent()
    {
        string Part(string part, string own) => string.Join('\n', Fragments.Where(f => f.In && f.Text.Trim().Length > 0 && PartOf(Protocol, f.Kind) == part)
            .GroupBy(f => f.Kind).Select(g => $"{HandoffWords.Get("Fragment." + g.Key)}: {string.Join("; ", g.Select(f => f.Text.Trim().TrimEnd('.', ';')))}.").Append(own.Trim()).Where(t => t.Length > 0));
        var isbar = Protocol == HandoffProtocol.Isbar;
        return new HandoffContent
        {
            Protocol = Protocol, Scope = AllCare ? null : Title.Trim(), ScopeUntil = AllCare || Until is not { } until ? null : BelgianTime.ToUtc(until), Severity = Severity, SeverityNote = SeverityNote,
            Summary = isbar ? "" : Part("Summary", Summary), Situation = Part("Situation", Situation), Identification = isbar ? Identification : null, Background = isbar ? Part("Background", Summary) : null,
            Assessment = isbar ? Part("Assessment", Assessment) : null, Recommendation = isbar ? Recommendation : null,
            Contingencies = [.. Contingencies.Select(c => new Contingency(c.If, c.Then))], Tasks = [.. Tasks.Where(t => t.In).Select(t => new TravellingTask(t.Id, t.Title, t.NewOwner))],
            SecondReceiver = Second, MovesCoordinator = AllCare && MovesCoordinator, Sources = [.. Fragments.Where(f => f.In).Select(f => new HandoffSource(f.Source, f.SourceWords))], Gaps = [.. OpenGaps()],
            BasedOn = BasedOn, Follows = Follows, Tells = Tells,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, HandoffJson.Default.HandoffDraft);

    /// <summary>What was kept; null when it cannot be read (an older form).</summary>
    public static HandoffDraft? Parse(string? json)
    {
        try
        {
            return string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize(json, HandoffJson.Default.HandoffDraft);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HandoffDraft))]
internal sealed partial class HandoffJson : JsonSerializerContext;
