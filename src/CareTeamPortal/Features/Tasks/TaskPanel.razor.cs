using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Tasks;

/// <summary>One task with all of it: who answers, what may happen next, checklist, story, versions. Follows the file while it is open.</summary>
public sealed partial class TaskPanel
{
    private readonly string _storyId = UiId.Next();
    private readonly string _mentionsId = UiId.Next();
    private IReadOnlyList<MemberView> _members = [];
    private ReadTask.Result? _read;
    private Actor? _me;
    private IReadOnlyList<TaskState> _ours = [];
    private IReadOnlyList<TaskChoice> _choices = [];
    private IReadOnlyList<ReadHistory.Version>? _history;
    private TaskForm? _editing;
    private DateTimeField? _dueField;
    private int _editedVersion;
    private TaskState? _asking;
    private string? _focusTitle;
    private string? _goalTitle;
    private Alerts.AlertView? _alert;
    private bool _answering;
    private string? _problem;
    private string _remark = "";
    private string _said = "";
    private bool _finish;
    private bool _maySay;
    private bool _assigning;
    private bool _busy;
    private bool _closed;

    [Parameter, EditorRequired] public PatientId Patient { get; set; }
    [Parameter, EditorRequired] public string Id { get; set; } = "";
    [Parameter] public EventCallback OnClosed { get; set; }

    [Inject] private ReadTask ReadTask { get; set; } = default!;
    [Inject] private Alerts.ReadAlert ReadAlert { get; set; } = default!;
    [Inject] private ReadThread ReadThread { get; set; } = default!;
    [Inject] private ReadHistory ReadHistory { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private ReadDrafts ReadDrafts { get; set; } = default!;
    [Inject] private SaveDraft SaveDraft { get; set; } = default!;
    [Inject] private TaskActions Actions { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private RuleBook Rules { get; set; } = default!;

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    private string? Busy => _busy ? "true" : null;

    private bool MayTick => _read is { Task.IsOpen: true } read && (read.MayAssign || read.View.IsMine);

    /// <summary>A step of a pathway that asks the viewer for a hand-off.</summary>
    private bool IsToHandOn => _read is { Task: { IsOpen: true, IsHandoff: false, Focus: { } focus }, View.IsMine: true } && focus.StartsWith("CarePlan/", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _maySay = Rules.Current.MayIn(_me, Patient, CareAction.Write);
        Follow(Patient);
        try
        {
            await ReadAsync(Gone);
            _said = (await ReadDrafts.RunAsync(_me, Patient, new(), Gone)).GetValueOrDefault($"reply:Task/{Id}") ?? "";
            _focusTitle = Outcomes.Questionnaires.AskedBy(_read?.Task.Focus) is { } asked ? T["Panel.Questionnaire", asked.Title].Value : await TitleOfAsync(_read?.Task.Focus);
            _goalTitle = await TitleOfAsync(_read?.Task.Goal);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        (_closed, _read) = (true, null);
        StateHasChanged();
        return Task.CompletedTask;
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        _read = await ReadTask.RunAsync(_me!, Patient, new(Id), ct);
        _closed = _read is null;
        if (_read is not { } read)
            return;
        _alert = read.Task.Focus is { } focus ? await ReadAlert.RunAsync(_me!, Patient, new(focus), ct) : null;
        // Finishing is one gesture; what has to come before comes with it. The steps that lead there are not asked for one by one.
        _finish = read.View.IsMine && read.Task is { IsHandoff: false, IsOpen: true, State: not TaskState.Draft };
        _ours = [.. read.Next.Where(to => to is not (TaskState.Completed or TaskState.Received) && !(to is TaskState.Accepted && read.View.MayTake) && !(to is TaskState.Ready && read.Task.State == TaskState.Accepted))];
    }

    private async Task<string?> TitleOfAsync(string? reference) =>
        reference is not null && await ReadThread.RunAsync(_me!, Patient, new(reference), Gone) is { } thread ? SafeText.Truncate(SafeText.Line(thread.Root.Title.Length > 0 ? thread.Root.Title : thread.Root.Text ?? "", 120), 120) : null;

    private string Row(string reference) => Outcomes.Questionnaires.AskedBy(reference) is { } form ? $"/patients/{Patient}/questionnaires/{form.Id}" : $"/patients/{Patient}#{reference.Replace('/', '-')}";

    private static string AudienceWord(Audience audience) => audience switch
    {
        Audience.Professionals => "Audience.Professionals",
        Audience.ProfessionalsAndPatient => "Audience.ProfessionalsAndPatient",
        _ => "Audience.WholeTeam",
    };

    private Task TakeAsync() => DoAsync(() => Actions.TakeAsync(_read!.View));

    private Task FinishAsync()
    {
        if (_alert is { IsOpen: true })
        {
            _answering = true; // an alert is not ticked off: what was done is said
            return Task.CompletedTask;
        }

        return DoAsync(() => Actions.FinishAsync(Patient, Id, _read!.Task.Version), T["Done.Finished"]);
    }

    private async Task AnsweredAsync(bool answered)
    {
        _answering = false;
        if (answered)
            await OnAdvancedAsync(Gone);
    }

    private Task AnswerAsync(bool takeOver) => DoAsync(() => Actions.AnswerAsync(Patient, Id, takeOver, null, _read!.Task.Version));

    private Task AskMoveAsync(TaskState to)
    {
        if (TaskStates.NeedsReason(to))
        {
            _asking = to;
            return Task.CompletedTask;
        }

        return DoAsync(() => Actions.MoveAsync(Patient, Id, to, null, _read!.Task.Version));
    }

    private Task MoveAsync(string reason)
    {
        if (_asking is not { } to)
            return Task.CompletedTask;
        _asking = null;
        return DoAsync(() => Actions.MoveAsync(Patient, Id, to, reason, _read!.Task.Version));
    }

    private Task TickAsync(int item, bool done) => DoAsync(() => Actions.TickAsync(Patient, Id, item, done));

    private void EditAsync()
    {
        var task = _read!.Task;
        _editedVersion = task.Version;
        _editing = new TaskForm { Title = task.Title, Detail = task.Detail ?? "", Due = task.DueAt is { } due ? BelgianTime.ToLocal(due) : null, Priority = task.Priority, Checks = string.Join('\n', task.Checklist.Select(c => c.Text)) };
        _editing.Choose(task.Repeat);
    }

    private async Task SaveEditAsync()
    {
        if (_editing is not { } form)
            return;
        if (SafeText.IsBlank(form.Title))
        {
            _problem = T["Why.NoTitle"];
            return;
        }

        if (_dueField?.IsWrong == true)
        {
            _problem = T["Why.WrongDate"];
            return;
        }

        if (form is { Rule: not null, Due: null })
        {
            _problem = T["Why.RepeatNeedsDate"];
            return;
        }

        var due = TaskForm.Utc(form.Due);
        var repeat = form.Rule is var rule && SameRule(rule, _read!.Task.Repeat) ? null : new EditTask.RepeatChange(rule);
        await DoAsync(() => Actions.EditAsync(Patient, new(Id, form.Title, due, form.Priority, TaskForm.Lines(form.Checks), _editedVersion, form.Detail, NoDeadline: due is null && _read!.Task.DueAt is not null, repeat)));
        if (_problem is null)
            _editing = null;
    }

    /// <summary>Days in another order are the same days.</summary>
    private static bool SameRule(RepeatRule? a, RepeatRule? b) => a == b || (a is not null && b is not null && a with { Days = b.Days } == b && a.Days.Order().SequenceEqual(b.Days.Order()));

    private async Task AssignAsync()
    {
        _assigning = !_assigning;
        if (!_assigning)
            return;
        try
        {
            _choices = TaskChoices.Of(await ReadTeam.RunAsync(_me!, Patient, new(), Gone), _me!.Person, _read!.Task.Audience, People);
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
    }

    private ValueTask<IReadOnlyList<TaskChoice>> FindChoicesAsync(string text, CancellationToken ct) => new(TaskChoices.Find(_choices.Where(c => c.Party.Person is null || c.Party.Person != _read?.View.OwnerId), text));

    private async Task GiveAsync(TaskChoice choice)
    {
        await DoAsync(() => Actions.AssignAsync(Patient, Id, choice.Party, _remark, _read!.Task.Version), T["Done.Assigned", choice.Name]);
        if (_problem is null)
            (_assigning, _remark) = (false, "");
    }

    /// <summary>The team, once somebody begins to write: an @ offers it.</summary>
    private async Task ReadMembersAsync()
    {
        if (_members.Count > 0)
            return;
        try
        {
            _members = [.. (await ReadTeam.RunAsync(_me!, Patient, new(), Gone)).Select(m => new MemberView(m.Person, m.Name, m.Role, m.Line, m.Person == _me!.Person, m.IsAccountable, m.SeesNotes))];
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
    }

    private async Task SayAsync()
    {
        if (_busy || _read is null)
            return;
        if (_said.Contains('@', StringComparison.Ordinal))
            await ReadMembersAsync();
        var audience = _read?.Task.Audience ?? Audience.WholeTeam;
        await DoAsync(() => Actions.SayAsync(Patient, Id, _said, audience, [.. ComposerChoices.Named(_said, _members, whole: true).Where(m => (m.Sees & audience) != 0).Select(m => m.Person)]));
        if (_problem is not null)
            return;
        _said = "";
        await SaveDraft.RunAsync(_me!, Patient, new($"reply:Task/{Id}", ""), Gone);
    }

    private async Task HistoryAsync()
    {
        if (_history is not null || _me is null)
            return;
        try
        {
            _history = await ReadHistory.RunAsync(_me, Patient, new($"Task/{Id}"), Gone);
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
    }

    private async Task DoAsync(Func<Task<string?>> change, string? done = null)
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            _problem = await change();
            _history = null;
            if (_problem is null && done is not null)
                Toasts.Show(done);
            await ReadAsync(Gone);
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
        catch (OperationCanceledException)
        {
            // The panel was closed meanwhile.
        }
        finally
        {
            _busy = false;
        }
    }
}
