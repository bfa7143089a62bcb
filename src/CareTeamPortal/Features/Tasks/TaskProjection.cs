using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Keeps the row of every Task, whoever brings it: a page, FHIR, an import, the demo.</summary>
internal sealed class TaskProjection(PeopleDirectory people, RuleBook rules) : IProjection
{
    public string Type => "Task";

    public object? Read(FhirNode root, string id) => TaskFhir.Read(root, default, id, 0, people.FindByReference);

    public string? Refuses(DbSession session, object read, bool isPresent, Actor by)
    {
        var task = (CareTask)read;
        bool Here(PersonId? person) => person is { } id && people.Find(id) is not null;
        if (isPresent && (Here(task.Owner?.Person) || Here(task.Requester?.Person)))
            return "forbidden: a task of this portal is changed by an update of its own, with If-Match";
        return (task.State.IsTaken() || task.State == TaskState.Completed) && Here(task.Owner?.Person) && task.Owner!.Person != by.Person ? "forbidden: this says that somebody else of this portal took it on" : null;
    }

    public void Put(DbSession session, PatientId patient, object read, EntryRow entry, DateTime now)
    {
        var before = TaskSql.Find(session, patient, entry.ResourceId);
        var row = RowOf((CareTask)read, patient, entry, before, Filing.AccountableWho(session, people, rules.Current, patient, entry.Audience, entry.Category, now, before is { AccountableAs: AccountableAs.AccountableForPatient } ? before.AccountableId : null), p => GrantSql.Member(session, patient, p.Id, now) is { } grant && grant.Allows.HasFlag(InformationCategory.Tasks) && rules.Current.ReachIn(p, patient).Within(grant.Allows).Sees(entry.Audience, entry.Category));
        row.Told = Reminders.Keep(before, row);
        if (before is null && Reminders.Steps(row) is { Count: > 0 } steps)
        {
            // What was late before it came here (an import) is not shouted about level by level: only the newest step of each chain.
            foreach (var (at, kind) in steps.Where(s => s.At < now - TimeSpan.FromDays(2)))
                row.Told |= Reminders.Bit(kind);
        }

        row.EscalateAt = Reminders.Next(row, row.Told);
        TaskSql.Put(session, row, before);
        Pathways.StepProgress.TaskMoved(session, row);
    }

    /// <summary>The line of an organisation's queue: that of the people who work there, when it is one.</summary>
    private CareLine? LineOf(string? organisation) =>
        organisation is not null && people.People.Values.Where(p => p.Organisation == organisation && p.DeactivatedAt is null).Select(p => p.Line).Distinct().Take(2).ToList() is [var line] ? line : null;

    private TaskRow RowOf(CareTask task, PatientId patient, EntryRow entry, TaskRow? before, PersonId? accountableForPatient, Func<PersonRow, bool> maySee)
    {
        var owner = task.Owner ?? task.Requester;
        var row = new TaskRow
        {
            PatientId = patient, Id = entry.ResourceId, Title = SafeText.Line(task.Title, 200) is { Length: > 0 } title ? title : entry.Title, Seq = entry.Seq, Version = entry.Version, IsHandoff = task.IsHandoff, Status = (int)task.State,
            Business = task.Business, Open = task.IsOpen && !entry.Retracted, Priority = (int)task.Priority, RequesterId = task.Requester?.Person, RequesterName = Line(task.Requester?.Display), RequesterLine = task.Requester?.Line,
            OwnerKind = owner?.Kind ?? OwnerKind.Person, OwnerId = owner?.Person, OwnerRole = owner?.Role, OwnerOrganisation = owner?.Organisation, OwnerName = Line(owner?.Display), OwnerLine = owner?.Line ?? LineOf(owner?.Organisation),
            DelegateId = task.Delegate?.Person, DelegateName = Line(task.Delegate?.Display), AuthoredOn = task.AuthoredOn == DateTime.UnixEpoch ? entry.Time : task.AuthoredOn, DueAt = task.DueAt, DueSort = (task.DueAt ?? DateTime.MaxValue).Ticks,
            AcceptBy = task.IsHandoff && task.AcceptBy is null ? task.DueAt : task.AcceptBy, AcceptedAt = task.AcceptedAt, ClosedAt = task.ClosedAt, Series = task.Series, RepeatAt = task is { Repeat: not null, NextIsMade: false, DueAt: { } due } ? task.IsOpen ? due : task.ClosedAt ?? due : null,
            Goal = task.Goal, Focus = task.Focus, ChecklistDone = task.Checklist.Count(i => i.DoneAt is not null), ChecklistTotal = task.Checklist.Count, Scope = Line(task.Handoff?.Scope), ScopeUntil = task.Handoff?.ScopeUntil,
            OfferedCursor = before?.OfferedCursor ?? entry.Cursor, AcknowledgedCursor = before?.AcknowledgedCursor ?? entry.Cursor, Audience = entry.Audience, Category = entry.Category,
        };
        if (task.State is TaskState.EnteredInError or TaskState.Rejected or TaskState.Draft)
            row.RepeatAt = null;
        (row.AccountableId, row.AccountableAs) = Accountable(task, accountableForPatient, maySee);
        return row;
    }

    /// <summary>
    /// Who answers for it now: the owner who took it on; until somebody does, whoever asked; and where neither is a professional of the portal
    /// (family asks, a source asks, who asked has left the team or may not read it), who is accountable for the patient.
    /// </summary>
    private (PersonId?, AccountableAs) Accountable(CareTask task, PersonId? accountableForPatient, Func<PersonRow, bool> maySee)
    {
        if (task.State == TaskState.Draft && task.Requester?.Person is { } writing && people.Find(writing) is not null)
            return (writing, AccountableAs.Requester); // nobody else knows of it
        if ((task.State.IsTaken() || task.Owner is null) && (task.Owner ?? task.Requester)?.Person is { } owner && people.Find(owner) is not null)
            return (owner, AccountableAs.Owner);
        if (task.Requester?.Person is { } asked && people.Find(asked) is { } requester && SharingRules.AnswersForCare(requester.Discipline) && (accountableForPatient is null || maySee(requester)))
            return (asked, AccountableAs.Requester);
        return (accountableForPatient, AccountableAs.AccountableForPatient);
    }

    /// <summary>A name as a row keeps it.</summary>
    internal static string? Line(string? text) => text is null ? null : SafeText.Line(text, 200) is { Length: > 0 } line ? line : null;
}
