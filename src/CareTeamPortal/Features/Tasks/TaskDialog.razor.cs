using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Files;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace CareTeamPortal.Features.Tasks;

/// <summary>The form for a new task: what, for whom, by when; the rest is folded. What is filled in is kept as a draft per patient.</summary>
public sealed partial class TaskDialog : IAsyncDisposable
{
    internal const string Slot = "task";
    internal const string TitleSlot = "task:title";
    private static readonly TimeSpan SaveAfter = TimeSpan.FromMilliseconds(800);

    private readonly CancellationTokenSource _gone = new();
    private readonly string _problemId = UiId.Next();
    private TaskForm _form = new();
    private PatientId? _patient;
    private Actor? _me;
    private string? _name;
    private IReadOnlyList<ReadTeam.Member> _team = [];
    private IReadOnlyList<TaskChoice> _choices = [];
    private IReadOnlyList<Audience> _audiences = [Audience.WholeTeam];
    private IReadOnlyList<(string Reference, string Words)> _goals = [];
    private TaskChoice? _for;
    private ElementReference _what;
    private DateTimeField? _dueField;
    private DateTimeField? _acceptField;
    private Field _missing;
    private string? _problem;
    private bool _restored;
    private bool _more;
    private bool _busy;
    private bool _focusWhat;
    private int _changes;

    private enum Field
    {
        None,
        What,
        Other,
    }

    /// <summary>What it begins with.</summary>
    [Parameter, EditorRequired] public NewTask Begin { get; set; } = new();
    [Parameter] public EventCallback OnClosed { get; set; }

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadPatients ReadPatients { get; set; } = default!;
    [Inject] private ReadBanner ReadBanner { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private ReadTimeline ReadTimeline { get; set; } = default!;
    [Inject] private ReadDrafts ReadDrafts { get; set; } = default!;
    [Inject] private SaveDraft SaveDraft { get; set; } = default!;
    [Inject] private CreateTask Create { get; set; } = default!;
    [Inject] private AddAttachment AddAttachment { get; set; } = default!;
    [Inject] private DropAttachment DropAttachment { get; set; } = default!;
    [Inject] private ILogger<TaskDialog> Log { get; set; } = default!;

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    private IEnumerable<(string Word, DateTime Moment)> Quick
    {
        get
        {
            var local = BelgianTime.ToLocal(Now);
            // The Monday of the week after this one; on a Sunday that is not tomorrow, for which there is a choice already.
            var monday = local.Date.AddDays(local.DayOfWeek == DayOfWeek.Sunday ? 8 : 8 - (int)local.DayOfWeek);
            return [(T["Quick.Today"], local.Hour < 17 ? local.Date.AddHours(18) : local.Date.AddHours(23).AddMinutes(59)), (T["Quick.Tomorrow"], local.Date.AddDays(1).AddHours(12)), (T["Quick.NextWeek"], monday.AddHours(12))];
        }
    }

    /// <summary>Who answers for it until somebody takes it on.</summary>
    private string Answers
    {
        get
        {
            if (_for is null or { IsMe: true })
                return T["Answers.Mine"];
            var whom = _for.Party.Kind == Platform.Data.OwnerKind.Person ? _for.Name : T["Answers.Somebody"].Value;
            if (SharingRules.AnswersForCare(SharingRules.RoleIn(_me!, _patient!.Value)))
                return T["Answers.MeUntil", whom];
            return _team.FirstOrDefault(m => m.IsAccountable) is { } accountable ? T["Answers.Until", accountable.Name, whom] : T["Answers.Nobody"];
        }
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _form = New();
        if (Begin.Patient is { } patient)
            await LoadAsync(patient);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focusWhat)
            return;
        _focusWhat = false;
        await _what.FocusAsync();
    }

    private TaskForm New() => new() { Id = Guid.CreateVersion7(Clock.GetUtcNow()).ToString(), Focus = Begin.Focus, FocusTitle = Begin.FocusTitle, Audience = _audiences[0] };

    private async Task LoadAsync(PatientId patient)
    {
        try
        {
            var banner = await ReadBanner.RunAsync(_me!, patient, new(), _gone.Token);
            _team = await ReadTeam.RunAsync(_me!, patient, new(), _gone.Token);
            _audiences = SharingRules.RoleIn(_me!, patient) switch
            {
                Discipline.Patient => [Audience.WholeTeam, Audience.ProfessionalsAndPatient],
                Discipline.InformalCaregiver or Discipline.HomeCareAide => [Audience.WholeTeam],
                _ => [Audience.WholeTeam, Audience.Professionals, Audience.ProfessionalsAndPatient],
            };
            var goals = await ReadTimeline.RunAsync(_me!, patient, new(Filter: new() { Kinds = [(int)EntryKind.Goal] }, Count: 30), _gone.Token);
            _goals = [.. goals.Entries.Where(g => !g.Retracted && g.Status is not ("cancelled" or "rejected" or "entered-in-error" or "completed")).Select(g => (g.Reference, SafeText.Truncate(SafeText.Line(g.Title.Length > 0 ? g.Title : g.Text ?? "", 90), 90)))];
            var drafts = await ReadDrafts.RunAsync(_me!, patient, new(), _gone.Token);
            (_patient, _name) = (patient, banner.Name);
            Restore(drafts.GetValueOrDefault(Slot), drafts.GetValueOrDefault(TitleSlot));
            if (!_audiences.Contains(_form.Audience))
                _form.Audience = _audiences[0];
            Choices();
            _focusWhat = true;
        }
        catch (PatientNotFound)
        {
            _problem = T["Why.Gone"];
        }
    }

    /// <summary>Gives back what was filled in before and not saved. The title has a draft of its own, which the browser also saves while the connection is away.</summary>
    private void Restore(string? draft, string? title)
    {
        var typed = _form.Title;
        if (TaskForm.FromDraft(draft) is { } kept)
        {
            kept.Title = title ?? "";
            if (Begin.Focus is not null)
                (kept.Focus, kept.FocusTitle) = (Begin.Focus, Begin.FocusTitle);
            _form = kept;
        }
        else if (!string.IsNullOrEmpty(title))
        {
            _form.Title = title;
        }

        _restored = !_form.IsEmpty && typed.Length == 0;
        if (typed.Length > 0)
            _form.Title = typed;
        _more = _form.Detail.Length > 0 || _form.Checks.Length > 0 || _form.Repeat.Length > 0 || _form.Files.Count > 0 || _form.Goal is not null;
    }

    private void Choices()
    {
        _choices = TaskChoices.Of(_team, _me!.Person, _form.Audience, People);
        _for = _choices.FirstOrDefault(c => c.Key == _form.For) ?? _choices.FirstOrDefault(c => c.IsMe);
    }

    private async ValueTask<IReadOnlyList<ReadPatients.Line>> FindPatientsAsync(string text, CancellationToken ct) =>
        [.. (await ReadPatients.RunAsync(_me!, new(Search: text, Count: 12), ct)).Lines.Take(12)];

    private Task ChoosePatientAsync(ReadPatients.Line line) => LoadAsync(line.Patient.Patient);

    private void OtherPatient()
    {
        (_patient, _name, _for, _goals, _problem) = (null, null, null, [], null);
        (_form.For, _form.Goal, _form.Focus, _form.FocusTitle) = (null, null, null, null);
        _form.Id = Guid.CreateVersion7(Clock.GetUtcNow()).ToString();
        _form.Files.Clear(); // files belong to the file of one patient
    }

    private ValueTask<IReadOnlyList<TaskChoice>> FindChoicesAsync(string text, CancellationToken ct) => new(TaskChoices.Find(_choices, text));

    private Task ChooseAsync(TaskChoice choice)
    {
        _for = choice;
        return Keep(() => _form.For = choice.Key);
    }

    private void Titled(string? text)
    {
        _form.Title = text ?? "";
        (_problem, _missing) = (null, Field.None);
    }

    private Task DueAsync(DateTime? due) => Keep(() => _form.Due = due);

    private Task AudienceAsync(Audience audience) => Keep(() =>
    {
        _form.Audience = audience;
        Choices();
    });

    private Task ForgetFocus() => Keep(() => (_form.Focus, _form.FocusTitle) = (null, null));

    /// <summary>Changes the form; a moment later it is a draft on the server.</summary>
    private async Task Keep(Action change)
    {
        change();
        _problem = null;
        if (_patient is not { } patient)
            return;
        var mine = ++_changes;
        await Task.Delay(SaveAfter, Clock);
        if (mine != _changes || _busy || _gone.IsCancellationRequested)
            return;
        try
        {
            await SaveDraft.RunAsync(_me!, patient, new(Slot, _form.ToDraft()), _gone.Token);
        }
        catch (Exception fault) when (fault is PatientNotFound or OperationCanceledException or System.Data.Common.DbException)
        {
            // What is filled in stands in the page; saving the task says what is wrong.
        }
    }

    private async Task StartAnewAsync()
    {
        _form = New();
        (_restored, _problem) = (false, null);
        Choices();
        await ForgetDraftAsync();
        _focusWhat = true;
    }

    private async Task ForgetDraftAsync()
    {
        _changes++;
        foreach (var slot in new[] { Slot, TitleSlot })
            await SaveDraft.RunAsync(_me!, _patient!.Value, new(slot, ""), default);
    }

    private async Task UploadAsync(IReadOnlyList<IBrowserFile> files)
    {
        foreach (var file in files)
        {
            var name = SafeText.Line(file.Name, 80);
            try
            {
                using var content = new MemoryStream();
                await using (var stream = file.OpenReadStream(AddAttachment.MaxBytes, _gone.Token))
                    await stream.CopyToAsync(content, _gone.Token);
                var result = await AddAttachment.RunAsync(_me!, _patient!.Value, new(file.Name, content.ToArray()), _gone.Token);
                if (result.Kept is { } kept)
                    await Keep(() => _form.Files.Add(new(kept.Id, kept.Name, null)));
                else
                    _problem = result.Refused is { } why ? $"{name}: {new FileVerdict(null, why).Message}" : T["Why.File", name];
            }
            catch (Exception fault) when (fault is IOException or PatientNotFound or ActionRefused or Microsoft.JSInterop.JSException)
            {
                _problem = T["Why.File", name];
            }
        }
    }

    private async Task RemoveAsync(UploadedFile file)
    {
        if (file.Id is { } id)
            await DropAttachment.RunAsync(_me!, _patient!.Value, new(id), _gone.Token);
        await Keep(() => _form.Files.Remove(file));
    }

    private async Task SaveAsync()
    {
        if (_busy)
            return;
        (_problem, _missing) = (null, Field.None);
        if (_patient is not { } patient)
        {
            (_problem, _missing) = (T["Why.NoPatient"], Field.Other);
            return;
        }

        if (SafeText.IsBlank(_form.Title))
        {
            (_problem, _missing, _focusWhat) = (T["Why.NoTitle"], Field.What, true);
            return;
        }

        if (_dueField?.IsWrong == true || _acceptField?.IsWrong == true)
        {
            (_problem, _missing) = (T["Why.WrongDate"], Field.Other);
            return;
        }

        if (_form.Rule is not null && _form.Due is null)
        {
            (_problem, _missing) = (T["Why.RepeatNeedsDate"], Field.Other);
            return;
        }

        _busy = true;
        try
        {
            var me = await Current.RequireAsync();
            var result = await Create.RunAsync(me, patient, new()
            {
                Id = _form.Id, Title = _form.Title, Detail = _form.Detail, Owner = _for is { IsMe: false } other ? other.Party : null, DueAt = TaskForm.Utc(_form.Due), AcceptBy = TaskForm.Utc(_form.AcceptBy), Priority = _form.Priority,
                Checklist = TaskForm.Lines(_form.Checks), Repeat = _form.Rule, Goal = string.IsNullOrEmpty(_form.Goal) ? null : _form.Goal, Focus = _form.Focus, Audience = _form.Audience, Examination = _form.Examination.Length == 0 ? null : _form.Examination, AskedAgain = _form.AskedAgain,
                Attachments = [.. _form.Files.Where(f => f.Id is not null).Select(f => new Attachment(f.Id!, f.Name, "", 0))],
            }, _gone.Token);
            if (TaskSentences.Why(result, Now) is { } why)
            {
                _problem = $"{(result is TaskRefused { Rule: TaskRule.Incomplete } ? T["Why.IncompleteNew"].Value : why)} {T["Why.Kept"].Value}";
                return;
            }

            await ForgetDraftAsync();
            Toasts.Show(_for is { IsMe: false } asked ? T["New.Asked", asked.Name] : T["New.Done"]);
            await OnClosed.InvokeAsync();
        }
        catch (PatientNotFound)
        {
            _problem = T["Why.Gone"];
        }
        catch (ActionRefused refused)
        {
            _problem = $"{T["Why.NotAllowed"]} {RuleWords.Cite(refused.Rule)}";
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TasksLog.NotDone(Log, fault);
            _problem = $"{T["Why.Failed"].Value} {T["Why.Kept"].Value}";
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>An examination names the task, as long as nobody else did.</summary>
    private Task ExaminedAsync(string? name) => Keep(() =>
    {
        if (name is not null && SafeText.IsBlank(_form.Title))
            _form.Title = name;
    });

    /// <summary>There is a recent result, and it will do.</summary>
    private async Task AvoidedAsync(string told)
    {
        await ForgetDraftAsync();
        Toasts.Show(told);
        await OnClosed.InvokeAsync();
    }

    private async Task CloseAsync(bool open)
    {
        if (open)
            return;
        if (_patient is { } patient && !_form.IsEmpty && !_busy)
        {
            try
            {
                // The title first: a form that comes back always has it.
                await SaveDraft.RunAsync(_me!, patient, new(TitleSlot, _form.Title), default);
                await SaveDraft.RunAsync(_me!, patient, new(Slot, _form.ToDraft()), default);
            }
            catch (PatientNotFound)
            {
                // The file closed: there is nothing to come back to.
            }
        }

        await OnClosed.InvokeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _gone.Dispose();
    }
}
