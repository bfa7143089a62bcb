using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Tasks;

/// <summary>A task as lists show it.</summary>
/// <param name="Accountable">Who answers for it now, and as what.</param>
/// <param name="IsMine">The viewer is its owner, or belongs to the role or queue that is asked.</param>
/// <param name="MayTake">The viewer can take it on, or over, now.</param>
public sealed record TaskView(
    PatientId Patient, string PatientName, string Id, int Version, string Title, TaskState State, TaskPriority Priority, bool IsHandoff, string? Business, string? Scope,
    string? Requester, CareLine? RequesterLine, OwnerKind OwnerKind, PersonId? OwnerId, string? Owner, CareLine? OwnerLine, PersonId? DelegateId, string? Delegate,
    PersonId? AccountableId, string? Accountable, AccountableAs AccountableAs, DateTime AuthoredOn, DateTime? DueAt, DateTime? AcceptBy, DateTime? AcceptedAt, DateTime? ClosedAt, bool Late, bool IsMine, bool MayTake,
    int ChecklistDone, int ChecklistTotal, bool Repeats, string? Goal, bool IsEscalated)
{
    /// <summary>What it is about, <c>Type/x</c>.</summary>
    public string? Focus { get; init; }

    /// <summary>It asks for an answer to an alert.</summary>
    public bool IsAlert => Focus?.StartsWith("DetectedIssue/", StringComparison.Ordinal) == true;

    /// <summary>The questionnaire that it asks to fill in; null when it asks for none.</summary>
    public string? Questionnaire => Outcomes.Questionnaires.AskedBy(Focus)?.Id;

    /// <summary>Row of the timeline.</summary>
    public string Key => $"Task/{Id}";

    /// <summary>The row as somebody sees it.</summary>
    internal static TaskView From(TaskRow row, string patientName, PersonId viewer, PersonRow? viewerRow, PeopleDirectory people, DateTime now)
    {
        var state = (TaskState)row.Status;
        var party = row.OwnerKind switch { OwnerKind.Role => TaskParty.OfRole(row.OwnerRole ?? Discipline.Unknown, ""), OwnerKind.Organisation => TaskParty.OfOrganisation(row.OwnerOrganisation ?? ""), _ => null };
        var mine = row.OwnerId == viewer || (party is not null && viewerRow is not null && party.Includes(viewer, viewerRow.Discipline, viewerRow.Organisation));
        return new TaskView(
            row.PatientId, patientName, row.Id, row.Version, row.Title, state, (TaskPriority)row.Priority, row.IsHandoff, row.Business, row.Scope, row.RequesterName, row.RequesterLine, row.OwnerKind, row.OwnerId, row.OwnerName, row.OwnerLine, row.DelegateId, row.DelegateName,
            row.AccountableId, row.AccountableId is { } accountable ? people.Find(accountable)?.DisplayName : null, row.AccountableAs, row.AuthoredOn, row.DueAt, row.AcceptBy, row.AcceptedAt, row.ClosedAt, row.Open && row.DueAt < now, mine,
            (mine && state.IsAsked()) || (row.Open && row.DelegateId == viewer), row.ChecklistDone, row.ChecklistTotal, row.RepeatAt is not null || row.Series is not null, row.Goal, row.Business == Handoffs.HandoffStatus.Escalated) { Focus = row.Focus };
    }
}
