using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Features.MyDay;

/// <summary>The day of a professional.</summary>
/// <param name="Now">The moment of the reading, UTC.</param>
/// <param name="LastLook">Since when what changed counts: my earliest last look in a file that changed, else my last look in any file; null on the first day.</param>
/// <param name="Patients">How many files are open to me; above 1,000 it only says: more than that.</param>
/// <param name="Changed">Files with news, those with the newest news first.</param>
/// <param name="Calm">Names of files without news, at most as many as fit in a line.</param>
/// <param name="CalmMore">How many more.</param>
/// <param name="NeverOpened">Files that I never opened.</param>
/// <param name="Handoffs">Hand-offs that were offered to me.</param>
/// <param name="Questions">Questions that I must answer.</param>
/// <param name="Tasks">My tasks that are over time or due today, and what I am asked to take over.</param>
/// <param name="Queue">Tasks that wait for my role or organisation.</param>
/// <param name="Coming">Tasks over time or due today that come to me when I accept what is offered to me. Not mine yet, and not counted as mine.</param>
/// <param name="Asked">What I asked and nobody answered yet.</param>
/// <param name="Mentions">Entries that name me.</param>
/// <param name="Round">My own appointments of today.</param>
public sealed record DayView(
    DateTime Now, DateTime? LastLook, int Patients, IReadOnlyList<DayChange> Changed, IReadOnlyList<string> Calm, int CalmMore, IReadOnlyList<DayName> NeverOpened, int NeverOpenedMore,
    IReadOnlyList<HandoffCard> Handoffs, IReadOnlyList<DayItem> Questions, IReadOnlyList<TaskView> Tasks, IReadOnlyList<TaskView> Queue, IReadOnlyList<DayGhost> Coming, IReadOnlyList<DayItem> Asked, IReadOnlyList<DayItem> Mentions, IReadOnlyList<DayVisit> Round, string Stamp, IReadOnlyList<PatientId> Follow)
{
    /// <summary>Alerts that wait for this person's answer, the gravest first; they are in no other list.</summary>
    public IReadOnlyList<TaskView> Alerts { get; init; } = [];
}

/// <summary>A task of somebody else that comes along with a hand-off.</summary>
/// <param name="Href">The hand-off.</param>
public sealed record DayGhost(TaskView Task, string Handoff, string Href);

/// <summary>A file with news.</summary>
/// <param name="UpTo">Commit of the newest of them. Stays on the server.</param>
public sealed record DayChange(PatientId Patient, string Name, int New, long UpTo, DateTime? At, IReadOnlyList<DayHeadline> Headlines, string? Owner, string? OwnerRole, CareLine? OwnerLine);

/// <summary>One new entry in a few words.</summary>
public sealed record DayHeadline(EntryKind Kind, string Text);

/// <summary>A file that was never opened.</summary>
public sealed record DayName(PatientId Patient, string Name);

/// <summary>An entry that asks something of somebody.</summary>
/// <param name="Key">Row of the timeline, for a link.</param>
/// <param name="By">When it must be done or answered.</param>
/// <param name="Owner">Who must, when that is not the viewer.</param>
public sealed record DayItem(PatientId Patient, string PatientName, int? Age, string Key, EntryKind Kind, string Title, DateTime At, DateTime? By, bool Late, string From, string? FromRole, CareLine? FromLine, bool IsOwnVoice, string? Owner, CareLine? OwnerLine);

/// <summary>An appointment of today.</summary>
public sealed record DayVisit(PatientId Patient, string PatientName, string Short, string? Address, DateTime From, DateTime Until, string What, int New);

/// <summary>The simple day of a patient, caregiver or aide.</summary>
/// <param name="Files">The files, by name.</param>
public sealed record HomeView(DateTime Now, IReadOnlyList<HomeFile> Files, string Stamp);

/// <summary>One file in the simple day.</summary>
/// <param name="IsOwn">It is the viewer's own file.</param>
/// <param name="OwnWords">What matters to the patient, in the patient's words.</param>
/// <param name="Coming">Who comes today and the next two days.</param>
/// <param name="Questions">Questions of the viewer and open questions of others that the viewer may see, newest first.</param>
/// <param name="New">Entries of others since the last visit that the viewer may see; null when the file was never opened.</param>
public sealed record HomeFile(
    PatientId Patient, string Name, bool IsOwn, string? OwnWords, DateTime? OwnWordsAt, IReadOnlyList<HomeComing> Coming, IReadOnlyList<HomeQuestion> Questions, IReadOnlyList<HomeGoal> Goals, int? New, DateTime? LastChange,
    string? Owner, string? OwnerRole, CareLine? OwnerLine, DateTime? OwnerSince, IReadOnlyList<HomeMember> Team)
{
    /// <summary>Who is accountable now.</summary>
    public PersonId? OwnerId { get; init; }

    /// <summary>Roles of the team that can be asked something, with who answers now.</summary>
    public IReadOnlyList<HomeRole> Roles { get; init; } = [];
}

/// <summary>A role of the team that can be asked something.</summary>
/// <param name="Words">"de thuisverpleging".</param>
public sealed record HomeRole(Discipline Role, string Words, string Answers);

/// <summary>Somebody comes.</summary>
public sealed record HomeComing(DateOnly Day, DateTime At, string What, string? Who, string? WhoShort, CareLine? Line, bool IsViewer);

/// <summary>A question with who answers it, or the answer.</summary>
public sealed record HomeQuestion(string Key, string Text, DateTime At, DateTime? By, bool Late, bool IsMine, string From, string? Owner, CareLine? OwnerLine, bool OwnerIsViewer, string? Answer, string? AnswerBy)
{
    /// <summary>The role to which it was put, in words.</summary>
    public string? Asked { get; init; }
}

/// <summary>A goal in the patient's words.</summary>
public sealed record HomeGoal(string Key, string Words, string? Progress, int Version = 0);

/// <summary>Somebody on the team.</summary>
public sealed record HomeMember(string Name, string Role, CareLine Line)
{
    /// <summary>Where this person can be reached, as far as the viewer sees it.</summary>
    public CareTeamPortal.Platform.Text.ContactDetails Contact { get; init; }

    /// <summary>Accountable for the patient now.</summary>
    public bool IsOwner { get; init; }
}
