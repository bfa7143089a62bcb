using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Tasks across patients: mine, those I answer for, my queue, my patients', those I asked. The address holds list and filters.</summary>
public sealed partial class WorklistPage
{
    private const int MostShown = 1_000;

    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private WorklistQuery _query = new();
    private Actor? _me;
    private LiveList? _live;
    private List<TaskView>? _tasks;
    private ReadFinished.Result _finished = ReadFinished.Result.None;
    private (long DueSort, string Id)? _next;
    private IReadOnlyList<SavedView> _views = [];
    private IReadOnlyList<TaskChoice> _common = [];
    private IReadOnlyList<(string Title, string? Why)> _results = [];
    private DueGroup _lastGroup;
    private BulkForm _bulk;
    private DateTime? _bulkDue;
    private DateTimeField? _bulkField;
    private string? _bulkProblem;
    private DateTime _now;
    private string? _patientName;
    private string _viewName = "";
    private string? _viewProblem;
    private int _reading;
    private bool _naming;
    private bool _busy;
    private bool _failed;

    private enum BulkForm
    {
        None,
        Assign,
        Due,
    }

    [SupplyParameterFromQuery(Name = "list")] private string? List { get; set; }
    [SupplyParameterFromQuery(Name = "patient")] private string? Patient { get; set; }
    [SupplyParameterFromQuery(Name = "priority")] private string? Priority { get; set; }
    [SupplyParameterFromQuery(Name = "state")] private string? State { get; set; }
    [SupplyParameterFromQuery(Name = "from")] private string? From { get; set; }
    [SupplyParameterFromQuery(Name = "to")] private string? To { get; set; }
    [SupplyParameterFromQuery(Name = "late")] private string? Late { get; set; }
    [SupplyParameterFromQuery(Name = "view")] private string? View { get; set; }

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private LiveFeed Feed { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadWorklist Read { get; set; } = default!;
    [Inject] private ReadFinished ReadFinished { get; set; } = default!;
    [Inject] private ReadPatients ReadPatients { get; set; } = default!;
    [Inject] private ReadBanner ReadBanner { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private SavedViews Views { get; set; } = default!;
    [Inject] private TaskActions Actions { get; set; } = default!;
    [Inject] private ILogger<WorklistPage> Log { get; set; } = default!;

    /// <summary>The place in the main menu; for who works in the files of others.</summary>
    internal static NavEntry Entry { get; } = new()
    {
        Href = "/worklist", Icon = "checks", Order = 15, GoKey = 'w', Text = () => TaskWords.Get("Work"),
        For = static (person, rules) => rules.May(person, CareAction.DoTasks) && person.Discipline is not (Discipline.Patient or Discipline.InformalCaregiver),
    };

    private string? Busy => _busy ? "true" : null;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_live is null)
        {
            _me = await Current.FindAsync();
            if (_me is null)
                return;
            _live = new LiveList(Feed, Clock, () => InvokeAsync(ReadAsync), _ => Task.FromResult(Clock.GetUtcNow().UtcDateTime - _now > TimeSpan.FromMinutes(1)), Topics.Tasks);
            _views = await Views.ReadAsync(_me, SavedViews.Worklist, _live.Gone);
        }

        var query = WorklistQuery.Of(List, Patient, Priority, State, From, To, Late, View);
        if (_tasks is not null && query == _query)
            return;
        var (list, patient) = (query with { Board = _query.Board } == _query, query.Patient != _query.Patient || _tasks is null);
        _query = query;
        _chosen.Clear();
        _bulk = BulkForm.None;
        if (patient)
            await NamePatientAsync();
        if (!list || _tasks is null)
        {
            _tasks = null;
            await LoadAsync();
        }
        else if (_query.Board)
        {
            await LoadAsync(); // its column of finished tasks was not read for the list
        }
    }

    private static string Address(WorklistQuery query) => $"/worklist?{query}";

    private void Go(WorklistQuery query) => Nav.NavigateTo(Address(query));

    private async Task NamePatientAsync()
    {
        _patientName = null;
        if (_query.Patient is not { } patient)
            return;
        try
        {
            _patientName = (await ReadBanner.RunAsync(_me!, patient, new(), _live!.Gone)).Name;
        }
        catch (PatientNotFound)
        {
            // The list is empty then, as for a patient who does not exist.
        }
    }

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            await ReadAsync();
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or InvalidOperationException)
        {
            TasksLog.NotRead(Log, fault, _me!.Person.Value);
            _failed = true;
        }
    }

    /// <summary>Reads again as much as is shown; an older reading that ends later is dropped.</summary>
    private async Task ReadAsync()
    {
        if (_me is null)
            return;
        var mine = ++_reading;
        try
        {
            _now = Clock.GetUtcNow().UtcDateTime;
            var count = Math.Clamp(_tasks?.Count ?? 0, ReadWorklist.PageSize, MostShown);
            var page = await Read.RunAsync(_me, new(_query.List, _query.Filter(_now), null, count), _live!.Gone);
            var finished = _query is { Board: true, Late: false, State: null } ? await ReadFinished.RunAsync(_me, _query.List, _query.Filter(_now), _live.Gone) : ReadFinished.Result.None;
            if (mine != _reading)
                return;
            _finished = finished;
            Show([.. page.Tasks], page.Next);
            StateHasChanged();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The page went away.
        }
    }

    private void Show(List<TaskView> tasks, (long, string)? next)
    {
        (_tasks, _next) = (tasks, next);
        _lastGroup = tasks.Count == 0 ? default : DueGroups.Of(tasks[^1].DueAt, _now);
        _chosen.IntersectWith(tasks.Select(t => t.Id));
        _live!.Follow(tasks.Concat(_finished.Tasks).Select(t => t.Patient).Distinct());
    }

    private async Task MoreAsync()
    {
        if (_busy || _next is not { } after || _tasks is not { } shown)
            return;
        _busy = true;
        try
        {
            var page = await Read.RunAsync(_me!, new(_query.List, _query.Filter(_now), after), _live!.Gone);
            var known = shown.Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
            Show([.. shown, .. page.Tasks.Where(t => !known.Contains(t.Id))], shown.Count + page.Tasks.Count >= MostShown ? null : page.Next);
        }
        finally
        {
            _busy = false;
        }
    }

    private async ValueTask<IReadOnlyList<ReadPatients.Line>> FindPatientsAsync(string text, CancellationToken ct) => [.. (await ReadPatients.RunAsync(_me!, new(Search: text, Count: 12), ct)).Lines.Take(12)];

    private void ChoosePatient(ReadPatients.Line line) => Go(_query with { Patient = line.Patient.Patient });

    private async Task<string?> FinishAsync(TaskView task)
    {
        var why = await Actions.FinishAsync(task.Patient, task.Id, task.Version);
        if (why is null)
            Toasts.Show(T["Done.Finished"]);
        await ReadAsync();
        return why;
    }

    private async Task<string?> MoveAsync(TaskView task, TaskState to, string? reason)
    {
        var why = to == TaskState.Completed ? await Actions.FinishAsync(task.Patient, task.Id, task.Version)
            : task.MayTake && to == TaskState.Accepted ? await Actions.TakeAsync(task)
            : await Actions.MoveAsync(task.Patient, task.Id, to, reason, task.Version);
        await ReadAsync();
        return why;
    }

    private void Choose(TaskView task, bool on)
    {
        if (!(on ? _chosen.Add(task.Id) : _chosen.Remove(task.Id)))
            return;
        _bulk = BulkForm.None;
    }

    private Task BulkTakeAsync() => BulkAsync(Actions.TakeAsync);

    private Task BulkFinishAsync() => BulkAsync(t => Actions.FinishAsync(t.Patient, t.Id, t.Version));

    private void BulkDue() => (_bulk, _bulkProblem) = (_bulk is BulkForm.Due ? BulkForm.None : BulkForm.Due, null);

    private Task BulkDueAsync()
    {
        _bulkProblem = _bulkField?.IsWrong == true ? T["Why.WrongDate"].Value : _bulkDue is null ? T["Bulk.ChooseDue"].Value : null;
        return _bulkProblem is null && TaskForm.Utc(_bulkDue) is { } due ? BulkAsync(t => Actions.EditAsync(t.Patient, new(t.Id, DueAt: due, SeenVersion: t.Version))) : Task.CompletedTask;
    }

    private Task BulkNoDueAsync() => BulkAsync(t => Actions.EditAsync(t.Patient, new(t.Id, NoDeadline: true, SeenVersion: t.Version)));

    /// <summary>Who is on the team of every patient concerned.</summary>
    private async Task BulkAssignAsync()
    {
        if (_bulk is BulkForm.Assign)
        {
            _bulk = BulkForm.None;
            return;
        }

        List<TaskChoice>? common = null;
        foreach (var patient in Chosen().Select(t => t.Patient).Distinct())
        {
            try
            {
                var choices = TaskChoices.Of(await ReadTeam.RunAsync(_me!, patient, new(), _live!.Gone), _me!.Person, Audience.WholeTeam, People);
                common = common is null ? [.. choices] : common.FindAll(c => choices.Any(o => o.Key == c.Key));
            }
            catch (PatientNotFound)
            {
                common = [];
            }
        }

        // What is one's own already is not asked of oneself.
        (_common, _bulk) = (common?.FindAll(c => !c.IsMe || Chosen().Exists(t => t.OwnerId != _me!.Person)) ?? [], BulkForm.Assign);
    }

    private ValueTask<IReadOnlyList<TaskChoice>> FindChoicesAsync(string text, CancellationToken ct) => new(TaskChoices.Find(_common, text));

    private Task BulkGiveAsync(TaskChoice choice) => BulkAsync(t => Actions.AssignAsync(t.Patient, t.Id, choice.Party, null, t.Version));

    private List<TaskView> Chosen() => [.. (_tasks ?? []).Where(t => _chosen.Contains(t.Id))];

    /// <summary>Each task by itself: what one refuses does not stop the others, and each is told.</summary>
    private async Task BulkAsync(Func<TaskView, Task<string?>> change)
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            var results = new List<(string, string?)>();
            foreach (var task in Chosen())
            {
                var why = await change(task);
                results.Add((task.Title, why));
                if (why is null)
                    _chosen.Remove(task.Id);
            }

            (_results, _bulk) = (results, BulkForm.None);
            await ReadAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task KeepViewAsync()
    {
        _viewProblem = null;
        if (!await Views.KeepAsync(_me!, _viewName, _query.ToString(), _live!.Gone))
        {
            _viewProblem = T["Work.Views.NotKept", SavedViews.Most];
            return;
        }

        Toasts.Show(T["Work.Views.Kept", _viewName.Trim()]);
        (_naming, _viewName) = (false, "");
        _views = await Views.ReadAsync(_me!, SavedViews.Worklist, _live!.Gone);
    }

    private async Task PutViewAwayAsync(SavedView view)
    {
        await Views.PutAwayAsync(_me!, view.Key, _live!.Gone);
        _views = await Views.ReadAsync(_me!, SavedViews.Worklist, _live.Gone);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
            await _live.DisposeAsync();
    }
}
