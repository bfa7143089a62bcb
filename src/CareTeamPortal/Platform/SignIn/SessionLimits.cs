namespace CareTeamPortal.Platform.SignIn;

/// <summary>How long a session lasts (section <c>Session</c>).</summary>
internal sealed class SessionLimits
{
    public const string Section = "Session";

    /// <summary>Minutes without doing anything after which a session ends; also for a page that stays open.</summary>
    public int IdleMinutes { get; set; } = 60;

    /// <summary>Minutes after which it ends whatever the person does.</summary>
    public int LongestMinutes { get; set; } = 12 * 60;

    /// <summary>Pages that one person can have open at once.</summary>
    public int MostPages { get; set; } = 30;

    /// <summary>Seconds between two questions to the provider whether an account still may; at most 50, so that a deactivation there takes effect within a minute.</summary>
    public int AskProviderSeconds { get; set; } = 45;
}

/// <summary>Why a session ended.</summary>
internal enum SessionEnd
{
    SignedOut = 0,
    Idle = 1,
    Over = 2,

    /// <summary>The person or an administrator ended it from the list of sessions.</summary>
    Ended = 3,
    Deactivated = 4,

    /// <summary>The role or organisation of the person changed.</summary>
    RoleChanged = 5,

    /// <summary>The provider says so.</summary>
    Provider = 6,
}
