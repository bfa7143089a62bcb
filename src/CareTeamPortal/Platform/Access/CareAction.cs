namespace CareTeamPortal.Platform.Access;

/// <summary>What a use case needs to be allowed to do in a file.</summary>
public enum CareAction
{
    /// <summary>Read what the actor's reach shows.</summary>
    Read,

    /// <summary>Add, correct or retract one's own entries.</summary>
    Write,

    /// <summary>Keep one's own unsent text and one's own place in the file.</summary>
    Draft,

    /// <summary>Pin an entry for the whole team.</summary>
    Pin,

    /// <summary>Show the whole national number (logged).</summary>
    RevealNationalNumber,

    /// <summary>Read who opened the file.</summary>
    ReadAccessLog,

    /// <summary>Ask for a task, take one on, carry it out.</summary>
    DoTasks,

    /// <summary>Hand responsibility for care to somebody else, or take it.</summary>
    HandOff,

    /// <summary>Say who is on the team, who coordinates, who leaves.</summary>
    ManageTeam,

    /// <summary>Say who is shown what: the patient and named proxies. Not in the table.</summary>
    DecideSharing,

    /// <summary>Open a file without a relation, in an emergency. Not in the table.</summary>
    BreakGlass,

    /// <summary>Keep people, roles and organisations. Not in the table, and about no file.</summary>
    Administer,
}

/// <summary>Why a file is opened; written in the access record.</summary>
public enum AccessPurpose
{
    /// <summary>Care for this patient.</summary>
    Care = 0,

    /// <summary>The person's own file.</summary>
    OwnFile = 1,

    /// <summary>Taking in data that a source sent.</summary>
    Import = 2,

    /// <summary>Writing or approving sharing rules; no file is opened.</summary>
    Governance = 3,

    /// <summary>Keeping people and organisations; about no file.</summary>
    Administration = 4,
}

/// <summary>Through which door a file is opened; written in the access record.</summary>
public enum AccessSource
{
    Page = 0,
    Fhir = 1,
    Hub = 2,
    CommandLine = 3,
    Background = 4,

    /// <summary>A list across files that shows words of this one (my day).</summary>
    Overview = 5,

    /// <summary>A list that left the portal as a file.</summary>
    Export = 6,

    /// <summary>A hit of a search that was shown.</summary>
    Search = 7,

    /// <summary>A page made for paper.</summary>
    Print = 8,
}
