using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Tasks;

/// <summary>One's own absences. Entering one first asks who does what falls due in it.</summary>
public sealed partial class AbsencePage : IAsyncDisposable
{
    private const string Myself = "-";
    private const int MostTasks = 200;

    private readonly CancellationTokenSource _gone = new();
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);
    private Actor? _me;
    private DateTime? _from;
    private DateTime? _to;
    private IReadOnlyList<DueItem>? _due;
    private IReadOnlyList<Absence> _mine = [];
    private string? _problem;
    private bool _busy;

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private Absences Absences { get; set; } = default!;
    [Inject] private ReadWorklist ReadWorklist { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private TaskActions Actions { get; set; } = default!;

    /// <summary>A task that falls due in the absence, with who else can do it: colleagues of the same role or organisation first.</summary>
    private sealed record DueItem(TaskView Task, IReadOnlyList<TaskChoice> Choices);

    /// <summary>The line in the person's own menu.</summary>
    internal static MeEntry Entry { get; } = new("/absence", "cal", () => TaskWords.Get("Away"), static (person, rules) => rules.May(person, CareAction.DoTasks) && person.Discipline is not Discipline.Patient);

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    private string? Busy => _busy ? "true" : null;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _mine = await Absences.ReadAsync(_me, _gone.Token);
    }

    private string Days(Absence absence)
    {
        var today = BelgianTime.DayOf(Now);
        var (first, last) = (BelgianTime.DayOf(absence.From), BelgianTime.DayOf(absence.Until.AddTicks(-1)));
        return first == last ? BelgianTime.LongDay(first, today) : T["Away.Days", BelgianTime.LongDay(first, today), BelgianTime.LongDay(last, today)];
    }

    private async Task LookAsync()
    {
        if (_busy)
            return;
        (_problem, _due) = (null, null);
        _given.Clear();
        _failed.Clear();
        if (_from is not { } from || _to is not { } to || to < from || BelgianTime.BoundsOf(DateOnly.FromDateTime(to)).End <= Now || (to - from).TotalDays > Absences.MostDays)
        {
            _problem = T["Away.BadDays"];
            return;
        }

        _busy = true;
        try
        {
            var (start, until) = Absences.Bounds(DateOnly.FromDateTime(from), DateOnly.FromDateTime(to));
            var page = await ReadWorklist.RunAsync(_me!, new(TaskList.Mine, new TaskFilter { DueFrom = start, DueBefore = until }, null, MostTasks), _gone.Token);
            var items = new List<DueItem>();
            foreach (var file in page.Tasks.Where(t => t.OwnerId == _me!.Person && t.DueAt >= start && t.DueAt < until).GroupBy(t => t.Patient))
            {
                var team = await ReadTeam.RunAsync(_me!, file.Key, new(), _gone.Token);
                var choices = TaskChoices.Of([.. team.Where(m => m.Person != _me!.Person)], default, Audience.WholeTeam, People);
                var mine = People.Find(_me!.Person);
                var colleagues = team.Where(m => m.Discipline == _me.Discipline || (m.Organisation is not null && m.Organisation == mine?.Organisation)).Select(m => "p:" + m.Person.Value).ToHashSet(StringComparer.Ordinal);
                items.AddRange(file.Select(t => new DueItem(t, [.. choices.OrderByDescending(c => colleagues.Contains(c.Key))])));
            }

            _due = [.. items.OrderBy(i => i.Task.DueAt)];
        }
        catch (PatientNotFound)
        {
            _problem = T["Why.Failed"];
        }
        finally
        {
            _busy = false;
        }
    }

    private void Give(string task, string? key)
    {
        _problem = null;
        if (string.IsNullOrEmpty(key))
            _given.Remove(task);
        else
            _given[task] = key;
    }

    private async Task SaveAsync()
    {
        if (_busy || _due is not { } due || _from is not { } from || _to is not { } to)
            return;
        if (due.Any(i => !_given.ContainsKey(i.Task.Id)))
        {
            _problem = T["Away.Missing"];
            return;
        }

        _busy = true;
        try
        {
            foreach (var item in due.Where(i => _given[i.Task.Id] != Myself))
            {
                if (item.Choices.FirstOrDefault(c => c.Key == _given[item.Task.Id]) is { } choice && await Actions.AssignAsync(item.Task.Patient, item.Task.Id, choice.Party, T["Away.Remark"], item.Task.Version) is { } why)
                    _failed[item.Task.Id] = why;
                else
                    _failed.Remove(item.Task.Id);
            }

            if (_failed.Count > 0)
            {
                _problem = T["Away.SomeFailed"];
                return;
            }

            if (!await Absences.EnterAsync(_me!, DateOnly.FromDateTime(from), DateOnly.FromDateTime(to), _gone.Token))
            {
                _problem = T["Away.Overlaps"];
                return;
            }

            Toasts.Show(T["Away.Saved"]);
            (_due, _from, _to) = (null, null, null);
            _mine = await Absences.ReadAsync(_me!, _gone.Token);
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task WithdrawAsync(long key)
    {
        await Absences.WithdrawAsync(_me!, key, _gone.Token);
        _mine = await Absences.ReadAsync(_me!, _gone.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _gone.Dispose();
    }
}
