using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.Patients;

/// <summary>What the banner of a patient shows, in words.</summary>
public sealed record BannerView
{
    public required string Patient { get; init; }
    public required string Name { get; init; }

    /// <summary>Age and sex: 82 jaar · vrouw.</summary>
    public string? AgeAndSex { get; init; }
    public string? Born { get; init; }
    public string? City { get; init; }

    /// <summary>National number with all but the birth date hidden; null when there is none.</summary>
    public string? MaskedNumber { get; init; }

    /// <summary>This person may ask for the whole number.</summary>
    public bool MayRevealNumber { get; init; }
    public string? Deceased { get; init; }

    /// <summary>Allergies first, then what else must be known before anything is done.</summary>
    public IReadOnlyList<BannerAlert> Alerts { get; init; } = [];

    /// <summary>Allergies were looked for and none is known.</summary>
    public bool NoAllergiesKnown { get; init; }
    public BannerOwner? Owner { get; init; }

    /// <summary>This person can hand care on.</summary>
    public bool MayHandOff { get; init; }

    /// <summary>Hand-offs that wait for somebody to accept them.</summary>
    public IReadOnlyList<BannerHandoff> Waiting { get; init; } = [];

    /// <summary>This person reads entries of the file.</summary>
    public bool ReadsEntries { get; init; } = true;

    /// <summary>This person follows the coordination.</summary>
    public bool Coordinates { get; init; }

    /// <summary>The tabs of the file for this person.</summary>
    public bool Shows(PatientTab tab) => tab.For switch { TabFor.Everyone => true, TabFor.Coordination => Coordinates, _ => ReadsEntries };

    /// <summary>This person broke the glass: the file is open to them until then.</summary>
    public DateTime? EmergencyUntil { get; init; }

    /// <summary>When this person looked before, in words; null on a first visit.</summary>
    public string? LastVisit { get; init; }
}

/// <summary>One warning of the banner.</summary>
public sealed record BannerAlert(string Text, string? Icon, bool Critical);

/// <summary>Who is accountable now, and from where the responsibility came.</summary>
public sealed record BannerOwner(string Name, string Role, CareLine Line, string? Since, string? For, CareLine? From);

/// <summary>Somebody who has the file open now.</summary>
public sealed record BannerVisitor(string Name, CareLine? Line, bool Typing);

/// <summary>A tab of the patient's file. Features register theirs; the banner shows only what exists.</summary>
public sealed record PatientTab
{
    /// <summary>What follows <c>/patients/{id}</c>: empty for the timeline, else with its slash.</summary>
    public required string Path { get; init; }
    public required Func<string> Text { get; init; }
    public required int Order { get; init; }

    /// <summary>Second key after <c>g</c>, or null.</summary>
    public char? GoKey { get; init; }

    /// <summary>For whom it is there.</summary>
    public TabFor For { get; init; }

    /// <summary>Component with a parameter Patient that stands behind the word: a count; or null.</summary>
    public Type? Count { get; init; }
}

/// <summary>For whom a tab of the file is there.</summary>
public enum TabFor
{
    /// <summary>Who reads entries: everyone but who follows coordination alone.</summary>
    Readers = 0,
    Everyone = 1,

    /// <summary>Who follows coordination.</summary>
    Coordination = 2,
}

/// <summary>A hand-off that waits: who answers until then, and where to read it.</summary>
/// <param name="Title">What is handed on.</param>
/// <param name="Words">Who is asked, and who stays responsible.</param>
/// <param name="IsMine">The reader is asked.</param>
public sealed record BannerHandoff(string Href, string Title, string Words, bool IsMine);
