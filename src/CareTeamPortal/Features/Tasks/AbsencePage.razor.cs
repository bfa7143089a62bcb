using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Tasks;

/// <summary>
/// One's own absences. Entering one lists all that is open on oneself and asks who does what falls in it. Saving is one act over all files: the absence is
/// entered and everybody is asked, or nothing happened and each task says what stands in the way.
/// </summary>
public sealed partial class AbsencePage : IAsyncDisposable
{
    /// <summary>Choice: one does it oneself.</summary>
    internal const string Myself = "-";

    /// <summary>Choice: it stays asked of whom it was asked already.</summary>
    internal const string Arranged = "=";

    /// <summary>More tasks than this are not all shown at once.</summary>
    private const int ShownAtOnce = 40;

    private readonly CancellationTokenSource _gone = new();
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Words, bool Failed)> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<PatientId, string> _failed = [];
    private readonly Dictionary<PatientId, StandIns> _standIns = [];
    private readonly HashSet<PatientId> _open = [];
    private readonly List<(string Name, List<(string Title, string Words, bool Failed)> Lines)> _told = [];
    private Actor? _me;
    private DateTime? _from;
    private DateTime? _to;
    private DateTime _start;
    private DateTime _until;
    private IReadOnlyList<AwayFile>? _plan;
    private IReadOnlyList<Absence> _mine = [];
    private string? _problem;
    private bool _missing;
    private bool _busy;

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private Absences Absences { get; set; } = default!;
    [Inject] private ReadAbsencePlan ReadPlan { get; set; } = default!;
    [Inject] private EnterAbsence EnterAbsence { get; set; } = default!;
    [Inject] private ILogger<AbsencePage> Log { get; set; } = default!;

    /// <summary>The line in the person's own menu.</summary>
    internal static MeEntry Entry { get; } = new("/absence", "cal", () => TaskWords.Get("Away"), static (person, rules) => rules.May(person, CareAction.DoTasks) && person.Discipline is not Discipline.Patient);

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    private string? Busy => _busy ? "true" : null;

    private int Falling => _plan?.Sum(f => f.Falling) ?? 0;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _mine = await Absences.ReadAsync(_me, _gone.Token);
    }

    private string Days(DateTime from, DateTime until)
    {
        var today = BelgianTime.DayOf(Now);
        var (first, last) = (BelgianTime.DayOf(from), BelgianTime.DayOf(until.AddTicks(-1)));
        return first == last ? BelgianTime.LongDay(first, today) : T["Away.Days", BelgianTime.LongDay(first, today), BelgianTime.LongDay(last, today)];
    }

    private void OtherDays()
    {
        if (_busy)
            return;
        (_plan, _problem) = (null, null);
    }

    private async Task LookAsync()
    {
        if (_busy)
            return;
        (_problem, _missing) = (null, false);
        _given.Clear();
        _outcomes.Clear();
        _failed.Clear();
        _open.Clear();
        _told.Clear();
        if (_from is not { } from || _to is not { } to || to < from || BelgianTime.BoundsOf(DateOnly.FromDateTime(to)).End <= Now || (to - from).TotalDays > Absences.MostDays)
        {
            _problem = T["Away.BadDays"];
            return;
        }

        _busy = true;
        try
        {
            (_start, _until) = Absences.Bounds(DateOnly.FromDateTime(from), DateOnly.FromDateTime(to));
            if (await OverlapsAsync())
                return;
            await ReadAsync();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TasksLog.NotDone(Log, fault);
            (_plan, _problem) = (null, T["Why.Failed"]);
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>Asked before anything is given away: days that overlap are not kept.</summary>
    private async Task<bool> OverlapsAsync()
    {
        _mine = await Absences.ReadAsync(_me!, _gone.Token);
        if (_mine.FirstOrDefault(a => a.From < _until && a.Until > _start) is not { } other)
            return false;
        _problem = T["Away.OverlapsWith", Days(other.From, other.Until)];
        return true;
    }

    /// <summary>Reads all that is open; whom one can ask is read for the files in which something falls.</summary>
    private async Task ReadAsync()
    {
        var plan = await ReadPlan.RunAsync(_me!, _start, _until, _gone.Token);
        _standIns.Clear();
        var shown = 0;
        foreach (var file in plan)
        {
            if (file.Falling > 0 && (shown += file.Items.Count) <= ShownAtOnce)
                _open.Add(file.Patient);
            if (_open.Contains(file.Patient) || file.Falling > 0)
                await LoadStandInsAsync(file.Patient);
        }

        _plan = plan;
    }

    private async Task LoadStandInsAsync(PatientId patient)
    {
        try
        {
            _standIns[patient] = await ReadPlan.StandInsAsync(_me!, patient, _start, _until, _gone.Token);
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _failed[patient] = T["Why.Gone"]; // the file closed in between
        }
    }

    private async Task ToggleAsync(AwayFile file)
    {
        if (!_open.Remove(file.Patient))
            _open.Add(file.Patient);
        else
            return;
        if (!_standIns.ContainsKey(file.Patient))
            await LoadStandInsAsync(file.Patient);
    }

    /// <summary>What was chosen; what was arranged before stays so, and what falls outside the absence stays one's own.</summary>
    private string Given(AwayItem item) => _given.TryGetValue(item.Task.Id, out var key) ? key : item.IsArranged ? Arranged : item.Falls ? "" : Myself;

    private void Give(string task, string? key)
    {
        _problem = null;
        _outcomes.Remove(task);
        if (string.IsNullOrEmpty(key))
            _given.Remove(task);
        else
            _given[task] = key;
    }

    private void GiveAll(AwayFile file, string? key)
    {
        if (string.IsNullOrEmpty(key))
            return;
        foreach (var item in file.Items.Where(i => !i.IsArranged && (i.Falls || file.Falling == 0)))
            Give(item.Task.Id, key);
    }

    private async Task SaveAsync()
    {
        if (_busy || _plan is not { } plan || _from is not { } from || _to is not { } to)
            return;
        _problem = null;
        if (plan.FirstOrDefault(f => f.Items.Any(i => Given(i).Length == 0)) is { } open)
        {
            (_problem, _missing) = (T["Away.Missing"], true);
            if (_open.Add(open.Patient) && !_standIns.ContainsKey(open.Patient))
                await LoadStandInsAsync(open.Patient);
            return;
        }

        _busy = true;
        try
        {
            if (await OverlapsAsync())
                return;
            var gifts = plan.SelectMany(file => file.Items.Select(i => (File: file, i.Task, Choice: _standIns.GetValueOrDefault(file.Patient)?.All.FirstOrDefault(c => c.Key == Given(i))))).Where(g => g.Choice is not null).ToList();
            if (gifts.Count > EnterAbsence.Most)
            {
                _problem = T["Away.TooMany", EnterAbsence.Most];
                return;
            }

            _failed.Clear();
            _told.Clear();
            var result = await EnterAbsence.RunAsync(_me!, new(DateOnly.FromDateTime(from), DateOnly.FromDateTime(to),
                [.. gifts.GroupBy(g => g.File.Patient).Select(f => new EnterAbsence.Gifts(f.Key, [.. f.Select(g => new EnterAbsence.Gift(g.Task.Id, g.Choice!.Party))]))], T["Away.Remark"]), _gone.Token);
            Tell(result, gifts.ToDictionary(g => g.Task.Id, g => (g.File.Name, g.Task.Title, For: g.Choice!.Name), StringComparer.Ordinal));
            if (!result.IsEntered)
            {
                _problem = T[result.Overlaps ? "Away.Overlaps" : "Away.NothingDone"];
                var failed = _failed.Keys.ToList();
                await ReadAsync(); // the team may be another now
                foreach (var item in _plan!.SelectMany(f => f.Items.Where(i => Given(i) is not (Myself or Arranged) && _standIns.TryGetValue(f.Patient, out var there) && there.All.All(c => c.Key != Given(i)))).ToList())
                    _given.Remove(item.Task.Id); // nobody stands for it any more: it is asked again
                _open.UnionWith(failed);
                return;
            }

            Toasts.Show(T["Away.Saved"]);
            (_plan, _from, _to) = (null, null, null);
            _mine = await Absences.ReadAsync(_me!, _gone.Token);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TasksLog.NotDone(Log, fault);
            _problem = T["Away.NotSaved"];
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>Says of each task what became of it.</summary>
    private void Tell(EnterAbsence.Result result, Dictionary<string, (string File, string Title, string For)> asked)
    {
        foreach (var (patient, onlyThis) in result.Closed)
            _failed[patient] = T[onlyThis ? "Why.NotAllowed" : "Why.Gone"];
        foreach (var given in result.Tasks)
        {
            var (file, title, whom) = asked[given.Id];
            var failed = given.Outcome is EnterAbsence.Outcome.Refused;
            if (failed)
                _failed[given.Patient] = T["Away.FileFailed"];
            var words = given.Why is { } why ? TaskSentences.Why(why, Now)! : T[$"Away.Outcome.{given.Outcome}", whom].Value;
            _outcomes[given.Id] = (words, failed);
            if (!result.IsEntered)
                continue;
            if (_told.Count == 0 || _told[^1].Name != file)
                _told.Add((file, []));
            _told[^1].Lines.Add((title, words, false));
        }
    }

    private async Task WithdrawAsync(long key)
    {
        if (await Absences.WithdrawAsync(_me!, key, _gone.Token))
            Toasts.Show(T["Away.Withdrawn"]);
        _mine = await Absences.ReadAsync(_me!, _gone.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _gone.Dispose();
    }
}
