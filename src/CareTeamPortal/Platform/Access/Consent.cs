namespace CareTeamPortal.Platform.Access;

/// <summary>About whom or what a patient decides. The narrower goes before the wider. Stored as a number: append, never renumber.</summary>
public enum ConsentScope
{
    /// <summary>Sharing in general: without it nothing is shared.</summary>
    General = 0,

    /// <summary>Categories of information, for everyone.</summary>
    Category = 1,

    /// <summary>An organisation: all, or some categories.</summary>
    Organisation = 2,

    /// <summary>One person: all, or some categories. A refusal of all is an exclusion, for good.</summary>
    Person = 3,

    /// <summary>Names a person who decides in the patient's place; about sharing itself it says nothing.</summary>
    Proxy = 4,
}

/// <summary>How a consent came here. Stored as a number: append, never renumber.</summary>
public enum ConsentSource
{
    /// <summary>Given by the patient, on the own page.</summary>
    Patient = 0,

    /// <summary>Given by a named proxy of the patient.</summary>
    Proxy = 1,

    /// <summary>Registered elsewhere and taken over with the file (import).</summary>
    TakenOver = 2,

    /// <summary>Registered by whoever opened the file here.</summary>
    Registered = 3,

    /// <summary>From before consents were kept here: sharing as it was.</summary>
    BeforeConsents = 4,

    /// <summary>The patient contests an access: closed until it is answered.</summary>
    Contested = 5,
}

/// <summary>One decision of a patient about sharing.</summary>
/// <param name="Categories">The categories that it is about; all of them when it is not about some.</param>
/// <param name="Until">Exclusive; null: until it is withdrawn.</param>
public sealed record Consent(long Key, ConsentScope Scope, InformationCategory Categories, string? Organisation, PersonId? Person, bool Permits, DateTime From, DateTime? Until)
{
    public bool IsInForce(DateTime at) => From <= at && (Until is null || Until > at);

    /// <summary>A refusal of everything to one person.</summary>
    public bool Excludes(PersonId person) => Scope == ConsentScope.Person && !Permits && Categories == InformationCategory.All && Person == person;
}

/// <summary>What a patient's decisions come to.</summary>
public static class Consents
{
    /// <summary>Of a row that waits for nothing.</summary>
    public static readonly DateTime Never = new(3155378975999999999, DateTimeKind.Utc);

    /// <summary>
    /// What the patient leaves to somebody: for each category the narrowest decision in force says (person, organisation, category, general), of two
    /// equally narrow ones the later. An exclusion goes before everything. Without any decision nothing is shared. The patient is never limited by the own consent.
    /// </summary>
    /// <param name="inEmergency">A broken glass: the missing general consent is presumed; what the patient closed on purpose stays closed.</param>
    public static InformationCategory MayShare(IReadOnlyList<Consent> consents, PersonId person, string? organisation, bool isThePatient, DateTime at, bool inEmergency = false)
    {
        if (isThePatient)
            return InformationCategory.All;
        var allowed = inEmergency ? InformationCategory.All : InformationCategory.None;
        foreach (var scope in (ReadOnlySpan<ConsentScope>)[ConsentScope.General, ConsentScope.Category, ConsentScope.Organisation, ConsentScope.Person])
        {
            if (inEmergency && scope == ConsentScope.General)
                continue;
            foreach (var consent in consents.Where(c => c.Scope == scope && c.IsInForce(at)).OrderBy(c => c.Key))
            {
                var concerned = scope switch
                {
                    ConsentScope.Organisation => organisation is not null && string.Equals(consent.Organisation, organisation, StringComparison.Ordinal),
                    ConsentScope.Person => consent.Person == person,
                    _ => true,
                };
                if (concerned)
                    allowed = consent.Permits ? allowed | consent.Categories : allowed & ~consent.Categories;
            }
        }

        return consents.Any(c => c.Excludes(person) && c.IsInForce(at)) ? InformationCategory.None : allowed;
    }

    /// <summary>When a dated decision begins or ends next; <see cref="Never"/> when none does.</summary>
    public static DateTime NextChange(IReadOnlyList<Consent> consents, DateTime at)
    {
        var next = Never;
        foreach (var consent in consents)
        {
            if (consent.From > at && consent.From < next)
                next = consent.From;
            if (consent.Until is { } until && until > at && until < next)
                next = until;
        }

        return next;
    }
}
