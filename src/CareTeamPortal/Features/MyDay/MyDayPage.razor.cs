using CareTeamPortal.Features.Population;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.MyDay;

/// <summary>Home: what changed, what is mine, what waits; for each role in the form that fits it.</summary>
public sealed partial class MyDayPage
{
    private static readonly Words Words = new(typeof(MyDayText));

    private Actor? _me;
    private DayView? _day;
    private HomeView? _home;
    private LiveList? _live;
    private IReadOnlyList<InformationCategory> _hidden = [];
    private DateTime _readAt;
    private bool _coordinates;
    private bool _failed;
    private bool _reading;
    private bool _again;

    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private LiveFeed Feed { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadMyDay ReadMyDay { get; set; } = default!;
    [Inject] private ReadHomeDay ReadHomeDay { get; set; } = default!;
    [Inject] private Patients.ReadPatients ReadPatients { get; set; } = default!;
    [Inject] private MarkSeen MarkSeen { get; set; } = default!;
    [Inject] private TaskActions Actions { get; set; } = default!;
    [Inject] private Goals.SetGoal SetGoal { get; set; } = default!;
    [Inject] private ReportObservation Report { get; set; } = default!;
    [Inject] private AddNote AddNote { get; set; } = default!;
    [Inject] private ILogger<MyDayPage> Log { get; set; } = default!;

    /// <summary>The place in the main menu, called as the page calls itself for this person.</summary>
    internal static IReadOnlyList<NavEntry> Nav { get; } = [.. new[] { "Title", "Title.Home", "Title.Patient" }.Select(word =>
        new NavEntry { Href = "/", Icon = "day", Order = 0, GoKey = 'd', Exact = true, Text = () => Words.Get(word), For = (person, rules) => TitleFor(person.Discipline) == word && !ReadPopulation.IsFor(person, rules) })];

    private static string TitleFor(Discipline? discipline) => discipline switch
    {
        Discipline.Patient => "Title.Patient",
        Discipline.InformalCaregiver or Discipline.HomeCareAide => "Title.Home",
        _ => "Title",
    };

    private string Heading => T[TitleFor(_me?.Discipline)];

    protected override async Task OnInitializedAsync()
    {
        _me = await Current.FindAsync();
        _coordinates = _me is { } person && ReadPopulation.IsFor(person, Rules.Current);
        if (_me is null or { Discipline: Discipline.CaseManager or Discipline.GovernanceOfficer or Discipline.Unknown or Discipline.Organisation })
            return;
        var reach = Rules.Current.ReachOf(_me.Discipline, _me.Line);
        _hidden = [.. Enum.GetValues<InformationCategory>().Where(c => c is not (InformationCategory.None or InformationCategory.All) && (reach.Categories & c) == 0)];
        _live = new LiveList(Feed, Clock, () => InvokeAsync(ReadAsync), BeatAsync);
        await LoadAsync();
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
            MyDayLog.NotRead(Log, fault, _me!.Person.Value);
            _failed = true;
        }
    }

    /// <summary>Reads again; wishes that come in between lead to one more reading, not to several.</summary>
    private async Task ReadAsync()
    {
        if (_reading)
        {
            _again = true;
            return;
        }

        _reading = true;
        try
        {
            do
            {
                _again = false;
                var gone = _live!.Gone;
                _readAt = Clock.GetUtcNow().UtcDateTime;
                if (_me!.IsLimited)
                {
                    _home = await ReadHomeDay.RunAsync(_me, gone);
                    _live.Follow(_home.Files.Select(f => f.Patient));
                }
                else
                {
                    _day = await ReadMyDay.RunAsync(_me, gone);
                    _live.Follow(_day.Follow);
                }

                StateHasChanged();
            }
            while (_again);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
        finally
        {
            _reading = false;
        }
    }

    /// <summary>Once a minute the clock alone changes what stands here; a new file on somebody's list shows within seconds.</summary>
    private async Task<bool> BeatAsync(CancellationToken ct) =>
        Clock.GetUtcNow().UtcDateTime - _readAt > TimeSpan.FromMinutes(1)
        || ((_day?.Stamp ?? _home?.Stamp) is { } stamp && await ReadPatients.IsStaleAsync(_me!, stamp, ct));

    private async Task AllSeenAsync()
    {
        foreach (var change in _day!.Changed)
        {
            try
            {
                await MarkSeen.RunAsync(_me!, change.Patient, new(change.UpTo), _live!.Gone); // what came after the reading stays new
            }
            catch (PatientNotFound)
            {
                // It left the list in the meantime.
            }
        }

        await ReadAsync();
        Toasts.Show(T["Changed.AllDone"]);
    }

    private async Task<string?> FinishAsync(TaskView task)
    {
        var why = await Actions.FinishAsync(task.Patient, task.Id, task.Version);
        if (why is null)
            Toasts.Show(T["Tasks.Finished"]);
        await ReadAsync();
        return why;
    }

    private async Task<string?> TakeAsync(TaskView task)
    {
        var why = await Actions.TakeAsync(task);
        await ReadAsync();
        return why;
    }

    private async Task<bool> AskAsync((PatientId Patient, string Text, Discipline? Role) ask) =>
        await WriteAsync(ask.Patient, new AddNote.Request { Id = Guid.CreateVersion7(Clock.GetUtcNow()).ToString(), Kind = EntryKind.Question, Text = ask.Text, ReplyBy = Tomorrow(), ReplyRole = ask.Role }, T["Home.AskSent"]);

    private async Task<bool> GoalAsync(PatientId patient, Goals.GoalWords words)
    {
        try
        {
            if (!await SetGoal.RunAsync(_me!, patient, words, _live!.Gone))
                return false;
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused or System.Data.Common.DbException)
        {
            return false;
        }

        await ReadAsync();
        return true;
    }

    private async Task<ReportOutcome> ReportAsync(PatientId patient, SeenAtHome request)
    {
        try
        {
            var outcome = await Report.RunAsync(_me!, patient, request, _live!.Gone);
            if (outcome == ReportOutcome.Written)
                await ReadAsync();
            return outcome;
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused or System.Data.Common.DbException)
        {
            return ReportOutcome.NotWritten;
        }
    }

    /// <summary>A question of the family is answered by noon of the next day.</summary>
    private DateTime Tomorrow() => BelgianTime.ToUtc(BelgianTime.DayOf(Clock.GetUtcNow().UtcDateTime).AddDays(1), new TimeOnly(12, 0));

    private async Task<bool> WriteWordsAsync((PatientId Patient, string Text) words) =>
        await WriteAsync(words.Patient, new AddNote.Request { Id = Guid.CreateVersion7(Clock.GetUtcNow()).ToString(), Kind = EntryKind.Note, Title = ReadHomeDay.OwnWordsTopic, Text = words.Text }, T["Own.Saved"]);

    private async Task<bool> WriteAsync(PatientId patient, AddNote.Request request, string done)
    {
        try
        {
            if (await AddNote.RunAsync(_me!, patient, request, _live!.Gone) is not AddNote.Written)
                return false;
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused or System.Data.Common.DbException)
        {
            return false;
        }

        Toasts.Show(done);
        await ReadAsync();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
            await _live.DisposeAsync();
    }
}
