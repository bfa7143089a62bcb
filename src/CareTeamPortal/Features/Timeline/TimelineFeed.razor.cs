using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CareTeamPortal.Features.Timeline;

/// <summary>
/// The rows of the timeline: pages that were read, and above them what arrived since. Each page is one component that renders only when its rows
/// change; what arrives renders only the part for arrivals.
/// </summary>
public sealed partial class TimelineFeed
{
    private const int PageSize = 50;
    private static readonly CareLine[] LineChips = [CareLine.Home, CareLine.First, CareLine.Second];
    private static readonly TimeSpan MarkSeenAtMostEvery = TimeSpan.FromSeconds(10);
    private static readonly Discipline[] Disciplines =
    [
        Discipline.GeneralPractitioner, Discipline.Specialist, Discipline.HomeNurse, Discipline.HospitalNurse, Discipline.Pharmacist, Discipline.Physiotherapist, Discipline.SocialWorker,
        Discipline.Psychologist, Discipline.Dietician, Discipline.OccupationalTherapist, Discipline.HomeCareAide, Discipline.InformalCaregiver, Discipline.Patient, Discipline.Organisation,
    ];

    private readonly Dictionary<string, IReadOnlyList<TimelineEntry>> _threads = new(StringComparer.Ordinal);
    private readonly List<TimelineEntry> _waiting = [];
    private readonly HashSet<string> _apart = new(StringComparer.Ordinal);
    private Loaded _planned = new();
    private Loaded _arrived = new();
    private List<Loaded>? _pages;
    private Filter _filter = Filter.None;
    private PatientId _following;
    private ElementReference _scope;
    private IJSObjectReference? _module;
    private IJSObjectReference? _watch;
    private DotNetObjectReference<TimelineFeed>? _self;
    private CancellationTokenSource? _searchWait;
    private DateOnly _today;
    private long _cursor;
    private long _seen;
    private long _seenAt;
    private string? _dividerKey;
    private string? _dividerText;
    private string? _replyKey;
    private string? _replySlot;
    private TimelineEntry? _retracting;
    private TimelineEntry? _correcting;
    private string _correction = "";
    private string? _problem;
    private IReadOnlyList<ReadHistory.Version>? _history;
    private DateTime? _jumpTo;
    private string? _gotoWhenDrawn;
    private bool _showPlanned;
    private bool _jumping;
    private bool _jumped;
    private bool _hasMore;
    private bool _hasNewer;
    private bool _loadingMore;
    private bool _failed;
    private bool _away;

    [Inject] private IJSRuntime Js { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadTimeline ReadTimeline { get; set; } = default!;
    [Inject] private ReadArrivals ReadArrivals { get; set; } = default!;
    [Inject] private ReadThread ReadThread { get; set; } = default!;
    [Inject] private ReadHistory ReadHistory { get; set; } = default!;
    [Inject] private MarkSeen MarkSeen { get; set; } = default!;
    [Inject] private AddNote AddNote { get; set; } = default!;
    [Inject] private CorrectNote CorrectNote { get; set; } = default!;
    [Inject] private RetractEntry RetractEntry { get; set; } = default!;
    [Inject] private PinEntry PinEntry { get; set; } = default!;
    [Inject] private Platform.SignIn.PeopleDirectory Directory { get; set; } = default!;
    [Inject] private ILogger<TimelineFeed> Log { get; set; } = default!;

    [Parameter, EditorRequired] public PatientId Patient { get; set; }
    [Parameter, EditorRequired] public RowReader Reader { get; set; } = default!;
    [Parameter] public DateTime? LastVisit { get; set; }
    [Parameter] public int NewCount { get; set; }
    [Parameter] public bool MayWrite { get; set; }
    [Parameter] public IReadOnlyDictionary<string, string> Drafts { get; set; } = new Dictionary<string, string>();
    [Parameter] public EventCallback OnTyping { get; set; }

    /// <summary>An answer was kept; its draft can go.</summary>
    [Parameter] public EventCallback<string> OnSent { get; set; }

    /// <summary>The kinds of what just came, for whoever shows more than rows.</summary>
    [Parameter] public EventCallback<IReadOnlySet<EntryKind>> OnArrived { get; set; }
    [Parameter] public EventCallback OnClosed { get; set; }

    /// <summary>One read page, or the part for arrivals.</summary>
    private sealed class Loaded
    {
        public List<TimelineEntry> Entries { get; init; } = [];
        public IReadOnlyList<RowView> Rows { get; set; } = [];
    }

    /// <summary>What the reader asked to see.</summary>
    private sealed record Filter(IReadOnlyList<CareLine> Lines, Discipline? Discipline, EntryKind? Kind, bool Mine, bool New, string Words)
    {
        public static Filter None { get; } = new(LineChips, null, null, false, false, "");

        public bool IsEmpty => Lines.Count == LineChips.Length && Discipline is null && Kind is null && !Mine && !New && string.IsNullOrWhiteSpace(Words);
    }

    private string DisciplineWord => _filter.Discipline is { } discipline ? Ui[$"Discipline.{discipline}"] : T["Filter.All"];

    private string KindWord => _filter.Kind is { } kind ? T[$"Kind.{kind}"] : T["Filter.All"];

    private string? NextPlanned => _planned.Entries.LastOrDefault() is { } next ? T["Planned.Next", BelgianTime.Moment(next.Time, Clock.GetUtcNow().UtcDateTime), SafeText.Line(next.Title, 80)].Value : null;

    private string? SinceText => LastVisit is { } at ? BelgianTime.Moment(at, Reader.Now) : null;

    protected override async Task OnParametersSetAsync()
    {
        if (_following == Patient)
            return;
        _following = Patient;
        Follow(Patient);
        await ReloadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/feed.js");
            _self = DotNetObjectReference.Create(this);
        }
        if (_module is not null && _watch is null && _pages is not null && _self is not null)
            _watch = await _module.InvokeAsync<IJSObjectReference>("watch", _scope, _self);
        if (_gotoWhenDrawn is { } key && _watch is not null)
        {
            _gotoWhenDrawn = null;
            await _watch.InvokeVoidAsync("goto", key);
        }
    }

    // Reading ---------------------------------------------------------------------------------------------------------

    private Task ReloadAsync() => LoadAsync(null);

    private async Task LoadAsync(ReadTimeline.Place? before)
    {
        _failed = false;
        try
        {
            var page = await ReadTimeline.RunAsync(Reader.Me, Patient, new(Before: before, Filter: Query(), Count: PageSize), Gone);
            _today = BelgianTime.DayOf(Clock.GetUtcNow().UtcDateTime);
            _cursor = _seen = page.Cursor;
            _waiting.Clear();
            _threads.Clear();
            _arrived = new();
            var now = Clock.GetUtcNow().UtcDateTime;
            var ahead = before is null ? page.Entries.TakeWhile(e => e.Time > now).Count() : 0;
            _planned = new() { Entries = [.. page.Entries.Take(ahead)] };
            _pages = [new() { Entries = [.. page.Entries.Skip(ahead)] }];
            _hasMore = page.HasMore;
            _jumped = _hasNewer = before is not null;
            _replyKey = null;
            Redraw();
        }
        catch (PatientNotFound)
        {
            await OnClosed.InvokeAsync();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TimelineLog.FeedFailed(Log, fault);
            _pages = null;
            _failed = true;
        }
    }

    private TimelineFilter Query()
    {
        if (_filter.IsEmpty)
            return TimelineFilter.None;
        return new()
        {
            Lines = _filter.Lines.Count == LineChips.Length ? null : [.. LinesAsked()],
            Disciplines = _filter.Discipline is { } discipline ? [discipline] : null,
            Kinds = _filter.Kind is { } kind ? [(int)kind] : null,
            Author = _filter.Mine ? Reader.Me.Person : null,
            NewSince = _filter.New && Reader.NewAfter is { } after ? (after, Reader.Me.Person) : null,
            Words = string.IsNullOrWhiteSpace(_filter.Words) ? null : [.. NameFolding.Fold(_filter.Words).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8)],
        };
    }

    /// <summary>The hospital's chip stands for the third line too; zorgregie goes with the first line's rail.</summary>
    private IEnumerable<CareLine> LinesAsked() => _filter.Lines.SelectMany(l => l switch
    {
        CareLine.Second => new[] { CareLine.Second, CareLine.Third },
        CareLine.First => [CareLine.First, CareLine.Support],
        _ => [l],
    });

    /// <summary>Asked by js/feed.js when the reader nears an end, and by the buttons.</summary>
    [JSInvokable]
    public async Task NearEndAsync(bool bottom)
    {
        if (_loadingMore || _pages is not { Count: > 0 } pages || !(bottom ? _hasMore : _hasNewer))
            return;
        var edge = bottom ? (pages.LastOrDefault(p => p.Entries.Count > 0) ?? _planned).Entries.LastOrDefault() : pages.FirstOrDefault(p => p.Entries.Count > 0)?.Entries[0];
        if (edge is null)
            return;
        _loadingMore = true;
        var more = false;
        try
        {
            var place = new ReadTimeline.Place(edge.Time, edge.Seq);
            var page = await ReadTimeline.RunAsync(Reader.Me, Patient, bottom ? new(Before: place, Filter: Query(), Count: PageSize) : new(After: place, Filter: Query(), Count: PageSize), Gone);
            var known = Known();
            var loaded = new Loaded { Entries = [.. page.Entries.Where(e => !known.ContainsKey(e.Seq))] };
            if (bottom)
            {
                var previous = pages[^1];
                pages.Add(loaded);
                _hasMore = page.HasMore;
                if (previous.Rows.Any(r => r.Values.Count > 0 && r.Trend is null))
                    Draw(previous); // the course of its last values goes on in the page that came
            }
            else
            {
                pages.Insert(0, loaded);
                _hasNewer = page.HasMore;
                _jumped = page.HasMore;
                if (_watch is not null)
                    await _watch.InvokeVoidAsync("hold");
            }
            Draw(loaded);
            if (pages.Count > 1)
                Divide();
            more = true;
        }
        catch (PatientNotFound)
        {
            await OnClosed.InvokeAsync();
        }
        finally
        {
            _loadingMore = false;
        }
        StateHasChanged();
        if (more && _watch is not null)
        {
            await Task.Yield();
            await _watch.InvokeVoidAsync(bottom ? "again" : "release");
        }
    }

    // Arriving --------------------------------------------------------------------------------------------------------

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        if (_pages is null)
            return;
        var kinds = new HashSet<EntryKind>();
        var came = false;
        while (true)
        {
            var arrivals = await ReadArrivals.RunAsync(Reader.Me, Patient, new(_cursor), ct);
            _cursor = arrivals.Cursor;
            foreach (var entry in arrivals.Entries)
            {
                came = true;
                kinds.Add(entry.Kind);
                Take(entry);
            }
            if (!arrivals.HasMore)
                break;
        }
        if (!came)
            return;
        foreach (var stale in _stale)
            Draw(stale);
        _stale.Clear();
        StateHasChanged();
        await SeenAsync();
        if (kinds.Overlaps([EntryKind.Question, EntryKind.Reply, EntryKind.Goal, EntryKind.Allergy, EntryKind.Alert, EntryKind.Handoff, EntryKind.Team]) || _pinsChanged)
        {
            _pinsChanged = false;
            await OnArrived.InvokeAsync(kinds);
        }
    }

    private readonly HashSet<Loaded> _stale = [];
    private bool _pinsChanged;

    private void Take(TimelineEntry entry)
    {
        // Changed: it stays where it stands.
        foreach (var part in Parts())
        {
            var at = part.Entries.FindIndex(e => e.Seq == entry.Seq);
            if (at < 0)
                continue;
            _pinsChanged |= part.Entries[at].PinnedAt != entry.PinnedAt;
            if (part.Entries[at].Time == entry.Time)
                part.Entries[at] = entry;
            else
                part.Entries.RemoveAt(at); // moved in time: put again below
            _stale.Add(part);
            if (part.Entries.Contains(entry))
            {
                Refresh(entry);
                return;
            }
            break;
        }
        var waits = _waiting.FindIndex(e => e.Seq == entry.Seq);
        if (waits >= 0)
        {
            _waiting[waits] = entry;
            return;
        }

        Refresh(entry);
        if (!Fits(entry))
            return;
        if (_jumped || (_away && !entry.IsOwn))
        {
            _waiting.Add(entry);
            return;
        }
        Put(entry);
    }

    /// <summary>An answer belongs to a thread that may be open.</summary>
    private void Refresh(TimelineEntry entry)
    {
        foreach (var (key, answers) in _threads)
        {
            if (answers.Count > 0 && answers[0].AnswersSeq == entry.AnswersSeq && entry.AnswersSeq is not null)
            {
                _threads[key] = [.. answers.Where(a => a.Seq != entry.Seq).Append(entry).OrderBy(a => a.Time).ThenBy(a => a.Seq)];
                break;
            }
        }
        if (entry.AnswersSeq is { } root && Parts().FirstOrDefault(p => p.Entries.Any(e => e.Seq == root)) is { } part)
        {
            var at = part.Entries.FindIndex(e => e.Seq == root);
            if (entry.Version == 1 && !entry.Retracted)
                part.Entries[at] = part.Entries[at] with { AnswerCount = Math.Max(part.Entries[at].AnswerCount, CountKnownAnswers(root) + 1) };
            _stale.Add(part);
        }
    }

    private int CountKnownAnswers(long root) => Parts().Sum(p => p.Entries.Count(e => e.AnswersSeq == root)) + _waiting.Count(e => e.AnswersSeq == root);

    /// <summary>At its place in time: above all that was read among the arrivals, else in the page where it belongs; older than all pages it comes by scrolling.</summary>
    private void Put(TimelineEntry entry)
    {
        if (!_jumped && entry.Time > Clock.GetUtcNow().UtcDateTime)
        {
            Insert(_planned, entry);
            return;
        }
        var top = _pages!.SelectMany(p => p.Entries).FirstOrDefault();
        if (top is null || IsNewer(entry, top))
        {
            Insert(_arrived, entry);
            return;
        }
        foreach (var page in _pages!.Where(p => p.Entries.Count > 0))
        {
            if (IsNewer(entry, page.Entries[^1]))
            {
                Insert(page, entry);
                return;
            }
        }
        if (!_hasMore)
            Insert(_pages![^1], entry);
    }

    private void Insert(Loaded part, TimelineEntry entry)
    {
        var at = part.Entries.FindIndex(e => IsNewer(entry, e));
        part.Entries.Insert(at < 0 ? part.Entries.Count : at, entry);
        _stale.Add(part);
    }

    private static bool IsNewer(TimelineEntry one, TimelineEntry other) => one.Time != other.Time ? one.Time > other.Time : one.Seq > other.Seq;

    private bool Fits(TimelineEntry entry) =>
        (entry.Line is not { } line || _filter.Lines.Count == LineChips.Length || LinesAsked().Contains(line))
        && (_filter.Discipline is null || entry.Discipline == _filter.Discipline)
        && (_filter.Kind is null || entry.Kind == _filter.Kind)
        && (!_filter.Mine || entry.IsOwn)
        && (!_filter.New || (!entry.IsOwn && !entry.IsOwnChange))
        && (string.IsNullOrWhiteSpace(_filter.Words) || NameFolding.Fold(_filter.Words).Split(' ', StringSplitOptions.RemoveEmptyEntries).All(NameFolding.FoldText($"{entry.Title} {entry.Text} {entry.AuthorName}", Filing.LongestSearch).Contains));

    /// <summary>The reader scrolled away from the top or types: new rows wait.</summary>
    [JSInvokable]
    public async Task AwayAsync(bool away)
    {
        _away = away;
        if (!away && _waiting.Count > 0 && !_jumped)
            await ShowWaitingAsync();
    }

    private async Task ShowWaitingAsync()
    {
        if (_jumped)
        {
            await ToNewestAsync();
            return;
        }
        foreach (var entry in _waiting)
            Put(entry);
        _waiting.Clear();
        foreach (var stale in _stale)
            Draw(stale);
        _stale.Clear();
        StateHasChanged();
        if (_watch is not null)
            await _watch.InvokeVoidAsync("top");
        await SeenAsync();
    }

    /// <summary>What the reader wrote comes at once, wherever they are.</summary>
    public void ShowOwn() => _away = false;

    private async Task SeenAsync()
    {
        if (_waiting.Count > 0 || _cursor == _seen || Clock.GetElapsedTime(_seenAt) < MarkSeenAtMostEvery)
            return;
        _seenAt = Clock.GetTimestamp();
        _seen = _cursor;
        await MarkSeen.RunAsync(Reader.Me, Patient, new(_cursor), Gone);
    }

    /// <summary>Half a minute passed: deadlines and "seen" move on.</summary>
    public async Task TickAsync()
    {
        if (_pages is null)
            return;
        await SeenAsync();
        var today = BelgianTime.DayOf(Clock.GetUtcNow().UtcDateTime);
        var aged = Parts().Where(p => p.Entries.Any(e => e is { Kind: EntryKind.Question, IsAnswered: false, ReplyBy: not null })).ToList();
        if (aged.Count == 0 && today == _today)
            return;
        _today = today;
        foreach (var part in aged)
            Draw(part);
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync() => OnClosed.InvokeAsync();

    // Drawing ---------------------------------------------------------------------------------------------------------

    private IEnumerable<Loaded> Parts() => _pages is null ? [] : _pages.Prepend(_arrived).Prepend(_planned);

    private Dictionary<long, TimelineEntry> Known()
    {
        var known = new Dictionary<long, TimelineEntry>();
        foreach (var part in Parts())
        {
            foreach (var entry in part.Entries)
                known[entry.Seq] = entry;
        }
        return known;
    }

    private void Redraw()
    {
        foreach (var part in Parts())
            Draw(part);
        Divide();
    }

    private void Draw(Loaded part) => part.Rows = new RowViews(T, Directory).Of(part.Entries, Reader with { Now = Clock.GetUtcNow().UtcDateTime }, _threads, Known(), _apart);

    /// <summary>The divider stands under the last new row of what was read first.</summary>
    private void Divide()
    {
        if (_dividerKey is not null || NewCount == 0 || _jumped || !_filter.IsEmpty)
        {
            if (!_filter.IsEmpty || _jumped)
                _dividerKey = null;
            return;
        }
        var rows = _pages!.Prepend(_arrived).SelectMany(p => p.Rows).ToList();
        var last = rows.FindLastIndex(r => r.IsNew);
        if (last < 0 || last + 1 >= rows.Count)
            return;
        _dividerKey = rows[last + 1].Key;
        _dividerText = T["Divider.New", NewCount];
    }

    // Filtering -------------------------------------------------------------------------------------------------------

    private Task ToggleLineAsync(CareLine line)
    {
        var lines = _filter.Lines.Contains(line) ? _filter.Lines.Where(l => l != line).ToList() : [.. LineChips.Where(l => l == line || _filter.Lines.Contains(l))];
        return SetAsync(_filter with { Lines = lines });
    }

    private Task SetAsync(Filter filter)
    {
        _filter = filter;
        _dividerKey = null;
        return ReloadAsync();
    }

    private Task ClearAsync() => SetAsync(Filter.None);

    private async Task SearchAsync(string? words)
    {
        _filter = _filter with { Words = words ?? "" };
        _searchWait?.Cancel();
        _searchWait?.Dispose();
        var wait = _searchWait = CancellationTokenSource.CreateLinkedTokenSource(Gone);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), Clock, wait.Token);
            await SetAsync(_filter);
        }
        catch (OperationCanceledException)
        {
            // The next letter took over.
        }
    }

    private async Task JumpAsync()
    {
        if (_jumpTo is not { } day)
            return;
        _jumping = false;
        var end = BelgianTime.BoundsOf(DateOnly.FromDateTime(day)).End;
        await LoadAsync(ReadTimeline.Place.UpTo(end.AddTicks(-1)));
        if (_watch is not null)
            await _watch.InvokeVoidAsync("top");
    }

    private async Task ToNewestAsync()
    {
        await ReloadAsync();
        StateHasChanged();
        if (_watch is not null)
            await _watch.InvokeVoidAsync("top");
    }

    // Acting on a row -------------------------------------------------------------------------------------------------

    private async Task ActAsync(RowActEventArgs e)
    {
        var entry = Parts().SelectMany(p => p.Entries).Concat(_threads.Values.SelectMany(t => t)).FirstOrDefault(x => RowViews.KeyOf(x) == e.Key);
        try
        {
            switch (e.Act)
            {
                case "goto":
                    await GotoAsync(e.Key);
                    break;
                case "thread" when entry is not null:
                    await ToggleThreadAsync(entry);
                    break;
                case "reply" when entry is not null && MayWrite:
                    _replyKey = Parts().Any(p => p.Entries.Any(x => RowViews.KeyOf(x) == e.Key)) ? e.Key : null;
                    _replySlot = $"reply:{entry.Reference}";
                    break;
                case "split" when entry is not null:
                    SplitRound(entry);
                    break;
                case "pin" or "unpin" when entry is not null:
                    await PinEntry.RunAsync(Reader.Me, Patient, new(entry.Reference, e.Act == "pin"), Gone);
                    Toasts.Show(T[e.Act == "pin" ? "Pinned.Done" : "Unpinned.Done"]);
                    break;
                case "correct" when entry is { IsOwn: true }:
                    (_correcting, _correction, _problem) = (entry, entry.Text ?? "", null);
                    break;
                case "retract" when entry is { IsOwn: true }:
                    _retracting = entry;
                    break;
                case "history" when entry is not null:
                    _history = await ReadHistory.RunAsync(Reader.Me, Patient, new(entry.Reference), Gone);
                    break;
            }
        }
        catch (ActionRefused)
        {
            Toasts.Show(T["Refused"], critical: true);
        }
        catch (PatientNotFound)
        {
            await OnClosed.InvokeAsync();
        }
    }

    private void SplitRound(TimelineEntry first)
    {
        foreach (var part in Parts().Where(p => p.Entries.Any(e => e.Seq == first.Seq)))
        {
            foreach (var entry in part.Entries.Where(e => e.Time == first.Time && e.AuthorId == first.AuthorId && e.ResourceType == "Observation"))
                _apart.Add(RowViews.KeyOf(entry));
            Draw(part);
        }
    }

    /// <summary>Shows a row, reading the page where it stands when it is not there yet.</summary>
    private async Task GotoAsync(string key)
    {
        var cut = key.IndexOf('-', StringComparison.Ordinal);
        if (cut <= 0 || await ReadThread.RunAsync(Reader.Me, Patient, new($"{key[..cut]}/{key[(cut + 1)..]}"), Gone) is not { } thread)
            return;
        var rootKey = RowViews.KeyOf(thread.Root);
        if (!Known().ContainsKey(thread.Root.Seq))
        {
            _filter = Filter.None;
            await LoadAsync(new ReadTimeline.Place(thread.Root.Time, thread.Root.Seq + 1));
        }
        if (thread.Answers.Count > 0)
            _threads[rootKey] = thread.Answers;
        Redraw();
        _gotoWhenDrawn = rootKey;
    }

    private async Task ToggleThreadAsync(TimelineEntry entry)
    {
        var key = RowViews.KeyOf(entry);
        if (!_threads.Remove(key) && await ReadThread.RunAsync(Reader.Me, Patient, new(entry.Reference), Gone) is { } thread)
            _threads[key] = thread.Answers;
        if (Parts().FirstOrDefault(p => p.Entries.Any(x => x.Seq == entry.Seq)) is { } part)
            Draw(part);
    }

    private async Task<string?> ReplyAsync(string text)
    {
        if (_replySlot is not { } slot)
            return null;
        try
        {
            var answered = Parts().SelectMany(p => p.Entries).FirstOrDefault(x => $"reply:{x.Reference}" == slot);
            var result = await AddNote.RunAsync(await Current.RequireAsync(), Patient, new()
            {
                Id = Guid.CreateVersion7().ToString(), Kind = EntryKind.Reply, Text = text, Answers = slot["reply:".Length..], Audience = answered?.Audience ?? Audience.WholeTeam,
            }, Gone);
            if (result is AddNote.Refused refused)
                return T[TimelinePage.WordOf(refused.Reason)];
            _replyKey = null;
            _away = false;
            await OnSent.InvokeAsync(slot);
            StateHasChanged();
            return null;
        }
        catch (ActionRefused)
        {
            return T["Refused"];
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TimelineLog.SaveFailed(Log, fault);
            return $"{T["Error.Save"].Value} {T["Error.SaveMore"].Value}";
        }
    }

    private async Task CorrectAsync()
    {
        if (_correcting is not { } entry)
            return;
        _problem = await ChangeAsync(() => CorrectNote.RunAsync(Reader.Me, Patient, new(entry.Reference, entry.Version, _correction), Gone), "Corrected.Done");
        if (_problem is null)
            _correcting = null;
    }

    private async Task RetractAsync(string reason)
    {
        if (_retracting is not { } entry)
            return;
        _retracting = null;
        if (await ChangeAsync(() => RetractEntry.RunAsync(Reader.Me, Patient, new(entry.Reference, entry.Version, reason), Gone), "Retracted.Done") is { } problem)
            Toasts.Show(problem, critical: true);
    }

    private async Task<string?> ChangeAsync(Func<Task<ChangeResult>> change, string done)
    {
        try
        {
            switch (await change())
            {
                case Changed:
                    Toasts.Show(T[done]);
                    return null;
                case ChangedMeanwhile:
                    return T["Conflict"];
                case NothingSaid:
                    return T["Note.Missing"];
                default:
                    return T["Refused"];
            }
        }
        catch (Exception fault) when (fault is ActionRefused or PatientNotFound)
        {
            return T["Refused"];
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TimelineLog.SaveFailed(Log, fault);
            return $"{T["Error.Save"].Value} {T["Error.SaveMore"].Value}";
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask OnGoneAsync()
    {
        _searchWait?.Dispose();
        try
        {
            if (_watch is not null)
            {
                await _watch.InvokeVoidAsync("dispose");
                await _watch.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its listeners with it.
        }
        _self?.Dispose();
    }
}
