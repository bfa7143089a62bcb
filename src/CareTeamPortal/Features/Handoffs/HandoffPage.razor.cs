using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>One hand-off: reading on the left, reading back on the right. Both sides see each step at once.</summary>
public sealed partial class HandoffPage
{
    private ReadHandoff.Result? _read;
    private HandoffHeadView? _view;
    private Actor? _me;
    private WhoIsHere? _here;
    private IReadOnlyList<HandoffChoice> _choices = [];
    private readonly Dictionary<string, TaskParty> _owners = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _prompts = [];
    private IReadOnlyList<ReadBackPoint> _points = [];
    private IReadOnlyList<HandoffTrend> _trends = [];
    private long? _measuredUpTo;
    private (string Id, string Handoff)? _shown;
    private string? _name;
    private string _readBack = "";
    private string _question = "";
    private string _answer = "";
    private string? _missing;
    private string? _told;
    private bool _toldBad;
    private long? _seenNews;
    private int _rev;
    private DateTime _now;
    private bool _asking;
    private bool _declining;
    private bool _withdrawing;
    private bool _ending;
    private bool _drawn;
    private bool _busy;
    private bool _closed;
    private bool _failed;

    /// <summary>FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>Id of the hand-off.</summary>
    [Parameter] public string HandoffId { get; set; } = "";

    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] internal ReadHandoff Read { get; set; } = default!;
    [Inject] internal OpenHandoff Open { get; set; } = default!;
    [Inject] internal AcceptHandoff Accept { get; set; } = default!;
    [Inject] internal AcknowledgeNews Acknowledge { get; set; } = default!;
    [Inject] internal AskClarification Ask { get; set; } = default!;
    [Inject] internal AnswerClarification Answer { get; set; } = default!;
    [Inject] internal DeclineHandoff Decline { get; set; } = default!;
    [Inject] internal WithdrawHandoff Withdraw { get; set; } = default!;
    [Inject] internal EndHandoff End { get; set; } = default!;
    [Inject] internal ReadMeasurements Measured { get; set; } = default!;
    [Inject] internal ReadBanner Banner { get; set; } = default!;
    [Inject] internal ReadTeam Team { get; set; } = default!;
    [Inject] internal ReadDrafts Drafts { get; set; } = default!;
    [Inject] internal SaveDraft Save { get; set; } = default!;
    [Inject] internal PeopleDirectory People { get; set; } = default!;
    [Inject] internal Presence Presence { get; set; } = default!;
    [Inject] internal CircuitConnection Connection { get; set; } = default!;
    [Inject] private ILogger<HandoffPage> Log { get; set; } = default!;

    private string ReadBackHref => "#rbh";

    private PatientId Patient => PatientId.TryParse(Id)!.Value;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown == (Id, HandoffId))
            return;
        _shown = (Id, HandoffId);
        (_read, _view, _told, _seenNews, _drawn, _trends, _measuredUpTo) = (null, null, null, null, false, [], null);
        _owners.Clear();
        if (PatientId.TryParse(Id) is not { } patient)
        {
            _closed = true;
            return;
        }

        Follow(patient);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _failed = _closed = false;
        try
        {
            _me = await Current.RequireAsync();
            if (!await ReadAsync())
                return;
            // Who was asked and opens the page has opened the offer: the sender sees it.
            if (_read is { MayAnswer: true, Task.State: TaskState.Requested } && await Open.RunAsync(_me, Patient, new(HandoffId), Gone) is TaskDone)
                await ReadAsync();
            var drafts = await Drafts.RunAsync(_me, Patient, new(), Gone);
            _readBack = drafts.GetValueOrDefault($"readback:{HandoffId}") ?? "";
            _answer = drafts.GetValueOrDefault($"answer:{HandoffId}") ?? "";
            Weigh();
            _here ??= new(Presence, Rules, Connection, Clock, look => InvokeAsync(() =>
            {
                if (look())
                {
                    SetView();
                    StateHasChanged();
                }
            }));
            _here.Enter(Patient, _me);
            SetView();
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            _failed = true;
            HandoffsLog.PageFailed(Log, fault);
        }
    }

    /// <returns>False when there is no such hand-off for this person.</returns>
    private async Task<bool> ReadAsync()
    {
        var before = _read?.Task.State;
        var read = await Read.RunAsync(_me!, Patient, new(HandoffId, _seenNews), Gone);
        if (read is null)
        {
            await OnClosedAsync();
            return false;
        }

        _now = Clock.GetUtcNow().UtcDateTime;
        _drawn |= before?.IsAsked() == true && read.Task.State.IsTaken();
        _read = read;
        if (_choices.Count == 0 && read.MayAnswer)
            _choices = await ChoicesAsync(read);
        await SetHeadAsync();
        await MeasureAsync(read);
        Weigh();
        return true;
    }

    /// <summary>How what the hand-off speaks of went: read again only when something was measured since.</summary>
    private async Task MeasureAsync(ReadHandoff.Result read)
    {
        if (await Measured.RunAsync(_me!, Patient, new(MeasurementRange.Month, After: _measuredUpTo), Gone) is not { } measured)
            return;
        _measuredUpTo = measured.Cursor;
        _trends = HandoffTrend.Of(read.Task, read.Travelling.Select(t => t.Title), measured.Series, _now);
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        if (_read is not null && await ReadAsync())
            StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        _closed = true;
        _read = null;
        _here?.Leave();
        StateHasChanged();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask OnGoneAsync()
    {
        _here?.Dispose();
        return ValueTask.CompletedTask;
    }

    private ReadBanner.Banner? _banner;

    private async Task SetHeadAsync()
    {
        _banner = await Banner.RunAsync(_me!, Patient, new(), Gone);
        _name = SafeText.Line(_banner.Name, 80);
        _prompts = [T["Prompt.Severity"], T["Prompt.Watch"], T["Prompt.Tasks"], T["Prompt.If"]];
        SetView();
    }

    private void SetView()
    {
        if (_banner is { } banner && _read is { } read)
            _view = HandoffHeadView.Of(read, banner, _me!, People, _here?.Others ?? [], _now);
    }

    /// <summary>Who could get a travelling task instead of whom the sender proposed: the people of the team who carry tasks out.</summary>
    private async Task<IReadOnlyList<HandoffChoice>> ChoicesAsync(ReadHandoff.Result read)
    {
        var sender = read.Task.Requester?.Person;
        var team = await Team.RunAsync(_me!, Patient, new(), Gone);
        return
        [
            new HandoffChoice("", T["Owner.Me"], TaskParty.Of(_me!)),
            .. read.Task.Requester is { Person: not null } from ? [new HandoffChoice(from.Person.Value.Value, T["Owner.Stays", ReadMyDayName(from.Display)], from)] : Array.Empty<HandoffChoice>(),
            .. team.Where(m => m.Person != _me!.Person && m.Person != sender && m.DoesTasks && (m.SeesNotes & read.Task.Audience) != 0 && People.Find(m.Person) is not null)
                .Select(m => new HandoffChoice(m.Person.Value, m.Name, TaskParty.Of(People.Find(m.Person)!))),
        ];
    }

    private static string ReadMyDayName(string? name) => MyDay.ReadMyDay.FirstName(name ?? "");

    private void Choose((string Task, string Choice) pick)
    {
        if (_choices.FirstOrDefault(c => c.Key == pick.Choice) is { } choice)
        {
            _owners[pick.Task] = choice.Party;
            Weigh();
        }
    }

    private void Typed(string? text)
    {
        _readBack = text ?? "";
        Weigh();
    }

    /// <summary>What is missing before it can be accepted; the button says so.</summary>
    private void Weigh()
    {
        _points = _read is { MayAnswer: true, Task.Handoff: { } content } read
            ? ReadBackPoints.Of(content.Severity is null ? null : HandoffWords.Severity(content.Severity), content, read.Travelling.Where(t => t.State.IsOpen() && Proposed(read, t.Id)?.Person is var to && (to is null || to == _me!.Person)).Select(t => t.Title), _readBack)
            : [];
        var missing = new List<string>();
        if (_readBack.Trim().Length < AcceptHandoff.ShortestReadBack)
            missing.Add(T["Missing.ReadBack"]);
        if (_read?.NewsCount > 0)
            missing.Add(T["Missing.News"]);
        _missing = missing.Count == 0 ? null : T["Missing", string.Join(T["And"].Value, missing)].Value;
    }

    private string Moves(ReadHandoff.Result read)
    {
        var stays = read.Travelling.Count(t => Proposed(read, t.Id)?.Person is { } p && p == read.Task.Requester?.Person);
        var moving = read.Travelling.Count(t => t.State.IsOpen()) - stays;
        return moving <= 0 ? "" : moving == 1 ? T["Accept.Tasks1"] : T["Accept.Tasks", moving];
    }

    private TaskParty? Proposed(ReadHandoff.Result read, string task) => _owners.GetValueOrDefault(task) ?? read.Task.Handoff!.Tasks.FirstOrDefault(t => t.TaskId == task)?.NewOwner;

    private string Line(TimelineEntry entry)
    {
        var words = MarkdownText.Preview(entry.Kind is EntryKind.Note or EntryKind.Question or EntryKind.Reply && !string.IsNullOrWhiteSpace(entry.Text) ? entry.Text : entry.Values.FirstOrDefault(v => v.Value is not null) is { Value: { } value } measured ? $"{entry.Title} {value.ToString("0.##", BelgianTime.Culture)} {measured.Unit}".TrimEnd() : entry.Title, 120);
        return $"{(entry.AuthorName is { } who ? ReadMyDayName(SafeText.Line(who, 60)) + ", " : "")}{BelgianTime.Moment(entry.Time, _now)}: {words}";
    }

    private async Task AcknowledgeAsync()
    {
        if (_read is not { } read || _busy)
            return;
        _busy = true;
        try
        {
            _seenNews = read.NewsUpTo;
            await Acknowledge.RunAsync(_me!, Patient, new(HandoffId, read.NewsUpTo), Gone);
            await ReadAsync();
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task AcceptAsync()
    {
        _rev++;
        if (_missing is not null)
            return;
        if (await DoAsync(() => Accept.RunAsync(_me!, Patient, new(HandoffId, _readBack, _read!.Task.Version, _owners, _seenNews), Gone), T["Done.Accepted"]))
            await ForgetAsync("readback");
    }

    private async Task AskAsync()
    {
        if (!string.IsNullOrWhiteSpace(_question) && await DoAsync(() => Ask.RunAsync(_me!, Patient, new(HandoffId, _question), Gone), T["Done.Asked"]))
            (_asking, _question) = (false, "");
    }

    private async Task AnswerAsync()
    {
        _rev++;
        if (string.IsNullOrWhiteSpace(_answer) || !await DoAsync(() => Answer.RunAsync(_me!, Patient, new(HandoffId, _answer), Gone), T["Done.Answered"]))
            return;
        _answer = "";
        await ForgetAsync("answer");
    }

    private async Task DeclineAsync(string reason)
    {
        if (await DoAsync(() => Decline.RunAsync(_me!, Patient, new(HandoffId, reason), Gone), T["Done.Declined"]))
            _declining = false;
    }

    private async Task WithdrawAsync(string reason)
    {
        if (await DoAsync(() => Withdraw.RunAsync(_me!, Patient, new(HandoffId, reason), Gone), T["Done.Withdrawn"]))
            _withdrawing = false;
    }

    private async Task EndAsync(string remark)
    {
        if (await DoAsync(() => End.RunAsync(_me!, Patient, new(HandoffId, remark), Gone), T["Done.Ended"]))
            _ending = false;
    }

    private async Task ForgetAsync(string slot) => await Save.RunAsync(_me!, Patient, new($"{slot}:{HandoffId}", ""), Gone);

    /// <summary>Does one step and says what became of it, also when somebody else was first.</summary>
    private async Task<bool> DoAsync(Func<Task<TaskResult>> step, string done)
    {
        if (_busy)
            return false;
        _busy = true;
        try
        {
            var result = await step();
            (_told, _toldBad) = result is TaskDone ? (done, false) : (HandoffRules.Say(result), true);
            await ReadAsync();
            return result is TaskDone;
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
            return false;
        }
        catch (ActionRefused refused)
        {
            (_told, _toldBad) = ($"{T["Rule.NotYours"]} {RuleWords.Cite(refused.Rule)}", true);
            return false;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            HandoffsLog.StepFailed(Log, fault);
            (_told, _toldBad) = (T["Error.Step"], true);
            return false;
        }
        finally
        {
            _busy = false;
        }
    }
}

/// <summary>Somebody who can get a travelling task.</summary>
public sealed record HandoffChoice(string Key, string Name, TaskParty Party);

/// <summary>What the parts of a hand-off show.</summary>
/// <param name="Travelling">The tasks that travel along, as they stand now.</param>
/// <param name="Repeats">How often those come back that do, by task.</param>
/// <param name="Trends">How what it speaks of went.</param>
public sealed record HandoffReading(CareTask Task, IReadOnlyList<TaskView> Travelling, IReadOnlyDictionary<string, RepeatRule> Repeats, IReadOnlyList<HandoffTrend> Trends);
