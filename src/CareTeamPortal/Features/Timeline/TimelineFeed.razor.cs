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
    private static readonly TimeSpan MarkSeenAtMostEvery = TimeSpan.FromSeconds(10);

    private FeedList? _list;
    private FeedFilter _filter = FeedFilter.None;
    private PatientId _following;
    private ElementReference _scope;
    private IJSObjectReference? _module;
    private IJSObjectReference? _watch;
    private DotNetObjectReference<TimelineFeed>? _self;
    private DrawnAlone? _parts;
    private RowViews? _words;
    private CancellationTokenSource? _searchWait;
    private DateOnly _today;
    private Reach _reach;
    private long _cursor;
    private long _seen;
    private long _seenAt;
    private string? _dividerKey;
    private string? _dividerText;
    private string? _replyKey;
    private string? _replySlot;
    private TimelineEntry? _retracting;
    private TimelineEntry? _correcting;
    private IReadOnlyList<ReadHistory.Version>? _history;
    private DateTime? _jumpTo;
    private string? _gotoWhenDrawn;
    private bool _showPlanned;
    private int _reading;
    private int _loads;
    private bool _woken;
    private bool _catchingUp;
    private bool _jumping;
    private bool _loadingMore;
    private bool _failed;
    private bool _away;

    [Inject] private IJSRuntime Js { get; set; } = default!;
    [Inject] private Tasks.TaskWindow Tasks { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadTimeline ReadTimeline { get; set; } = default!;
    [Inject] private ReadArrivals ReadArrivals { get; set; } = default!;
    [Inject] private ReadThread ReadThread { get; set; } = default!;
    [Inject] private ReadAsked ReadAsked { get; set; } = default!;
    [Inject] private ReadHistory ReadHistory { get; set; } = default!;
    [Inject] private MarkSeen MarkSeen { get; set; } = default!;
    [Inject] private SharedRows Shared { get; set; } = default!;
    [Inject] private AddNote AddNote { get; set; } = default!;
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
    /// <summary>The team, for what is mentioned in an answer.</summary>
    [Parameter] public IReadOnlyList<MemberView> Members { get; set; } = [];
    [Parameter] public EventCallback OnTyping { get; set; }

    /// <summary>An answer was kept; its draft can go.</summary>
    [Parameter] public EventCallback<string> OnSent { get; set; }

    /// <summary>Something came that is shown elsewhere too, or a pin was set or taken away: its kinds, for whoever shows more than rows.</summary>
    [Parameter] public EventCallback<IReadOnlySet<EntryKind>> OnArrived { get; set; }
    [Parameter] public EventCallback OnClosed { get; set; }

    /// <summary>What the reader may see became another: the whole page reads anew.</summary>
    [Parameter] public EventCallback OnRights { get; set; }

    private string? NextPlanned => _list?.Planned.Entries.LastOrDefault() is { } next ? T["Planned.Next", BelgianTime.Moment(next.Time, Clock.GetUtcNow().UtcDateTime), SafeText.Line(next.Title, 80)].Value : null;

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
        if (_module is not null && _watch is null && _list is not null && _self is not null)
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
        var reading = ++_reading;
        _loads++;
        try
        {
            var page = await ReadTimeline.RunAsync(Reader.Me, Patient, new(Before: before, Filter: Query(), Count: PageSize), Gone);
            if (reading != _reading)
                return; // another filter was chosen meanwhile
            _today = BelgianTime.DayOf(Clock.GetUtcNow().UtcDateTime);
            _cursor = _seen = page.Cursor;
            _reach = page.Reach;
            _list ??= new(Clock);
            _list.Begin(page.Entries, page.HasMore, jumped: before is not null);
            await NameAskedAsync(_list);
            if (reading != _reading)
                return;
            _replyKey = _dividerKey = null;
            Draw();
            Divide();
        }
        catch (PatientNotFound)
        {
            await OnClosed.InvokeAsync();
        }
        catch (Exception fault) when (fault is not OperationCanceledException && reading == _reading)
        {
            TimelineLog.FeedFailed(Log, fault);
            _list = null;
            _failed = true;
        }
        finally
        {
            _loads--;
        }
        await CatchUpAsync(Gone); // something may have been committed while the page was read
    }

    /// <summary>An answer under a filter that leaves out its question, or far above it, names it all the same.</summary>
    private async Task NameAskedAsync(FeedList list)
    {
        if (list.Unnamed() is { Count: > 0 } unnamed)
            list.Name(unnamed, await ReadAsked.RunAsync(Reader.Me, Patient, new(unnamed), Gone));
    }

    private TimelineFilter Query()
    {
        if (_filter.IsEmpty)
            return TimelineFilter.None;
        return new()
        {
            Lines = _filter.LinesAsked,
            Disciplines = _filter.Discipline is { } discipline ? [discipline] : null,
            Kinds = _filter.Kind is { } kind ? [.. EntryLook.With(kind).Select(k => (int)k)] : null,
            Author = _filter.Mine ? Reader.Me.Person : null,
            NewSince = _filter.New && Reader.NewAfter is { } after ? (after, Reader.Me.Person) : null,
            Words = string.IsNullOrWhiteSpace(_filter.Words) ? null : [.. NameFolding.Fold(_filter.Words).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8)],
        };
    }

    /// <summary>Asked by js/feed.js when the reader nears an end, and by the buttons.</summary>
    [JSInvokable]
    public async Task NearEndAsync(bool bottom)
    {
        if (_loadingMore || _list is not { } list || !(bottom ? list.HasOlder : list.HasNewer) || (bottom ? list.Oldest : list.Newest) is not { } edge)
            return;
        _loadingMore = true;
        var reading = _reading;
        var more = false;
        try
        {
            var place = new ReadTimeline.Place(edge.Time, edge.Seq);
            var page = await ReadTimeline.RunAsync(Reader.Me, Patient, bottom ? new(Before: place, Filter: Query(), Count: PageSize) : new(After: place, Filter: Query(), Count: PageSize), Gone);
            if (reading != _reading)
                return;
            if (bottom)
            {
                list.AddOlder(page.Entries, page.HasMore);
            }
            else
            {
                list.AddNewer(page.Entries, page.HasMore);
                if (_watch is not null)
                    await _watch.InvokeVoidAsync("hold");
            }
            await NameAskedAsync(list);
            if (reading != _reading)
                return;
            Draw();
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
        _woken = true;
        await CatchUpAsync(ct);
    }

    /// <summary>Takes in all that was committed after what is held; one at a time, and not while a page is read anew, which ends with this.</summary>
    private async Task CatchUpAsync(CancellationToken ct)
    {
        if (_catchingUp)
            return;
        _catchingUp = true;
        try
        {
            while (_woken && _loads == 0 && _list is { } list)
            {
                _woken = false;
                await TakeInAsync(list, ct);
            }
        }
        finally
        {
            _catchingUp = false;
        }
    }

    private async Task TakeInAsync(FeedList list, CancellationToken ct)
    {
        HashSet<EntryKind>? elsewhere = null;
        var (came, pins) = (false, false);
        var before = (list.Waiting.Count, list.HasOlder, list.IsEmpty);
        while (true)
        {
            var reading = _reading;
            var arrivals = await ReadArrivals.RunAsync(Reader.Me, Patient, new(_cursor), ct);
            if (reading != _reading)
            {
                _woken = true; // the page is being read anew; what came is asked for again after that
                return;
            }
            if (arrivals.Reach != _reach)
            {
                await RightsChangedAsync();
                return;
            }
            _cursor = arrivals.Cursor;
            foreach (var entry in arrivals.Entries)
            {
                came = true;
                pins |= list.Take(entry, hold: _away, Fits(entry));
                if (pins || ShownElsewhere.Contains(entry.Kind))
                    (elsewhere ??= []).Add(entry.Kind);
            }
            if (!arrivals.HasMore)
                break;
        }
        if (!came)
            return;
        await NameAskedAsync(list);
        if (!ReferenceEquals(_list, list))
            return;
        var arrived = list.Arrived;
        var lastDay = arrived.Rows.Count > 0 ? arrived.Rows[^1].Day : (DateOnly?)null;
        var drawn = Draw();
        // What arrives is drawn alone: the filters, the pages below and what surrounds them have nothing to say about it.
        if (_parts is null || before != (list.Waiting.Count, list.HasOlder, list.IsEmpty) || drawn.Contains(list.Planned))
            StateHasChanged();
        else if (drawn is [var only] && only == arrived && arrived.DrawnBy is { } part && lastDay is not null && arrived.Rows[^1].Day == lastDay)
            part.Show(arrived.Rows);
        else if (drawn.Count > 0)
            _parts.Draw();
        await SeenAsync();
        if (elsewhere is not null)
            await OnArrived.InvokeAsync(elsewhere);
    }

    /// <summary>Consent or rules are others now: what stands here goes at once, and is read by the new right.</summary>
    private async Task RightsChangedAsync()
    {
        _list = null;
        _correcting = _retracting = null;
        _history = null;
        StateHasChanged();
        if (OnRights.HasDelegate)
            await OnRights.InvokeAsync();
        else
            await ReloadAsync();
        StateHasChanged();
    }

    /// <summary>Kinds that the banner or the side shows too.</summary>
    private static readonly EntryKind[] ShownElsewhere = [EntryKind.Question, EntryKind.Reply, EntryKind.Goal, EntryKind.Allergy, EntryKind.Alert, EntryKind.Handoff, EntryKind.HandoffStep, EntryKind.Team];

    private bool Fits(TimelineEntry entry) =>
        (entry.Line is not { } line || _filter.LinesAsked is not { } asked || asked.Contains(line))
        && (_filter.Discipline is null || entry.Discipline == _filter.Discipline)
        && (_filter.Kind is not { } kind || EntryLook.With(kind).Contains(entry.Kind))
        && (!_filter.Mine || entry.IsOwn)
        && (!_filter.New || (!entry.IsOwn && !entry.IsOwnChange))
        && (string.IsNullOrWhiteSpace(_filter.Words) || NameFolding.Fold(_filter.Words).Split(' ', StringSplitOptions.RemoveEmptyEntries).All(NameFolding.FoldText($"{entry.Title} {entry.Text} {entry.AuthorName}", Filing.LongestSearch).Contains));

    /// <summary>The reader scrolled away from the top or types: new rows wait.</summary>
    [JSInvokable]
    public async Task AwayAsync(bool away)
    {
        _away = away;
        if (_list is { } list)
            list.AtTop = !away;
        if (!away && _list is { Waiting.Count: > 0, HasNewer: false })
            await ShowWaitingAsync();
    }

    private async Task ShowWaitingAsync()
    {
        if (_list is not { HasNewer: false } list)
        {
            await ToNewestAsync();
            return;
        }
        list.Release();
        Draw();
        StateHasChanged();
        if (_watch is not null)
            await _watch.InvokeVoidAsync("top");
        await SeenAsync();
    }

    /// <summary>What the reader wrote comes at once, wherever they are.</summary>
    public void ShowOwn() => _away = false;

    private async Task SeenAsync()
    {
        if (_list is not { Waiting.Count: 0 } || _cursor == _seen || Clock.GetElapsedTime(_seenAt) < MarkSeenAtMostEvery)
            return;
        _seenAt = Clock.GetTimestamp();
        _seen = _cursor;
        await MarkSeen.RunAsync(Reader.Me, Patient, new(_cursor), Gone);
    }

    /// <summary>Half a minute passed: deadlines and "seen" move on.</summary>
    public async Task TickAsync()
    {
        if (_list is not { } list)
            return;
        await SeenAsync();
        list.Touch(e => e is { Kind: EntryKind.Question, IsAnswered: false, ReplyBy: not null });
        var today = BelgianTime.DayOf(Clock.GetUtcNow().UtcDateTime);
        if (Draw().Count == 0 && today == _today)
            return;
        _today = today;
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync() => OnClosed.InvokeAsync();

    // Drawing ---------------------------------------------------------------------------------------------------------

    /// <summary>Puts what changed into words; the parts that did.</summary>
    private IReadOnlyList<FeedList.Part> Draw()
    {
        if (_list is not { } list)
            return [];
        var stale = list.TakeStale();
        if (stale.Count == 0)
            return [];
        var words = _words ??= new(T, Directory, Shared);
        var reader = Reader with { Now = Clock.GetUtcNow().UtcDateTime };
        var known = new Lazy<Dictionary<long, TimelineEntry>>(list.Known, isThreadSafe: false);
        foreach (var part in stale)
            part.Rows = words.Of(part.Entries, list.Below(part), reader, list.Threads, known, list.Apart);
        return stale;
    }

    /// <summary>The divider stands under the last new row of what was read first.</summary>
    private void Divide()
    {
        if (_dividerKey is not null || _list is not { HasNewer: false } list || NewCount == 0 || !_filter.IsEmpty)
            return;
        var rows = list.Pages.Prepend(list.Arrived).SelectMany(p => p.Rows).ToList();
        var last = rows.FindLastIndex(r => r.IsNew);
        if (last < 0 || last + 1 >= rows.Count)
            return;
        _dividerKey = rows[last + 1].Key;
        _dividerText = T["Divider.New", NewCount];
    }

    // Filtering -------------------------------------------------------------------------------------------------------

    private async Task SetAsync(FeedFilter filter)
    {
        var typed = filter.Words != _filter.Words && filter with { Words = _filter.Words } == _filter;
        _filter = filter;
        _searchWait?.Cancel();
        _searchWait?.Dispose();
        _searchWait = null;
        if (typed)
        {
            var wait = _searchWait = CancellationTokenSource.CreateLinkedTokenSource(Gone);
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), Clock, wait.Token);
            }
            catch (OperationCanceledException)
            {
                return; // the next letter took over
            }
        }
        await ReloadAsync();
    }

    private async Task JumpAsync()
    {
        if (_jumpTo is not { } day)
            return;
        _jumping = false;
        var end = BelgianTime.BoundsOf(DateOnly.FromDateTime(day)).End;
        await LoadAsync(ReadTimeline.Place.UpTo(end.AddTicks(-1)));
        StateHasChanged();
        if (_watch is not null)
            await _watch.InvokeVoidAsync("top");
        await NearEndAsync(bottom: false); // what follows that day stands above it, for scrolling up
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
        var entry = _list?.Find(e.Key);
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
                    _replyKey = e.Key;
                    _replySlot = $"reply:{entry.Reference}";
                    break;
                case "task" when entry is not null && MayWrite:
                    await Tasks.AskAsync(new(Patient, entry.Reference, SafeText.Truncate(SafeText.Line(entry.Title.Length > 0 ? entry.Title : entry.Text ?? "", 90), 90)));
                    break;
                case "opentask" when entry is { ResourceType: "Task" }:
                    await Tasks.OpenAsync(Patient, entry.ResourceId);
                    break;
                case "split" when entry is not null:
                    SplitRound(entry);
                    break;
                case "pin" or "unpin" when entry is not null:
                    await PinEntry.RunAsync(Reader.Me, Patient, new(entry.Reference, e.Act == "pin"), Gone);
                    Toasts.Show(T[e.Act == "pin" ? "Pinned.Done" : "Unpinned.Done"]);
                    break;
                case "correct" when entry is { IsOwn: true }:
                    _correcting = entry;
                    break;
                case "retract" when entry is { IsOwn: true }:
                    _retracting = entry;
                    break;
                case "history" when entry is not null:
                    _history = await ReadHistory.RunAsync(Reader.Me, Patient, new(entry.Reference), Gone);
                    break;
            }
        }
        catch (ActionRefused refused)
        {
            Toasts.Show($"{T["Refused"]} {RuleWords.Cite(refused.Rule)}", critical: true);
        }
        catch (PatientNotFound)
        {
            await OnClosed.InvokeAsync();
        }
    }

    private void SplitRound(TimelineEntry first)
    {
        if (_list is not { } list)
            return;
        foreach (var entry in list.Parts.SelectMany(p => p.Entries).Where(e => (e.Time - first.Time).Duration() < TimeSpan.FromMinutes(1) && e.AuthorId == first.AuthorId && e.ResourceType == "Observation"))
            list.Apart.Add(RowViews.KeyOf(entry));
        list.Touch(first.Seq);
        Draw();
    }

    /// <summary>Shows a row, reading the page where it stands when it is not there yet.</summary>
    private async Task GotoAsync(string key)
    {
        var cut = key.IndexOf('-', StringComparison.Ordinal);
        if (cut <= 0 || await ReadThread.RunAsync(Reader.Me, Patient, new($"{key[..cut]}/{key[(cut + 1)..]}"), Gone) is not { } thread)
            return;
        if (_list is null || !_list.BySeq().ContainsKey(thread.Root.Seq))
        {
            _filter = FeedFilter.None;
            await LoadAsync(new ReadTimeline.Place(thread.Root.Time, thread.Root.Seq + 1));
        }
        _gotoWhenDrawn = RowViews.KeyOf(thread.Root);
        if (_list is not { } list)
            return;
        if (thread.Answers.Count > 0)
            list.Threads[_gotoWhenDrawn] = thread.Answers;
        _showPlanned |= list.Planned.Entries.Any(e => e.Seq == thread.Root.Seq);
        list.Apart.Add(_gotoWhenDrawn);
        list.Touch(thread.Root.Seq);
        Draw();
    }

    private async Task ToggleThreadAsync(TimelineEntry entry)
    {
        var key = RowViews.KeyOf(entry);
        if (_list is not { } list)
            return;
        if (!list.Threads.Remove(key) && await ReadThread.RunAsync(Reader.Me, Patient, new(entry.Reference), Gone) is { } thread)
            list.Threads[key] = thread.Answers;
        list.Touch(entry.Seq);
        Draw();
    }

    /// <summary>What is being answered, while it is on the page.</summary>
    private TimelineEntry? Answered => _replySlot is { } slot ? _list?.Parts.SelectMany(p => p.Entries).FirstOrDefault(x => $"reply:{x.Reference}" == slot) : null;

    private async Task<string?> ReplyAsync(string text)
    {
        if (_replySlot is not { } slot)
            return null;
        try
        {
            var audience = Answered?.Audience ?? Audience.WholeTeam;
            var result = await AddNote.RunAsync(await Current.RequireAsync(), Patient, new()
            {
                Id = Guid.CreateVersion7().ToString(), Kind = EntryKind.Reply, Text = text, Answers = slot["reply:".Length..], Audience = audience,
                Mentions = [.. ComposerChoices.Named(text, Members, whole: true).Where(m => (m.Sees & audience) != 0).Select(m => m.Person)],
            }, Gone);
            if (result is AddNote.Refused refused)
                return T[TimelinePage.WordOf(refused.Reason)];
            _replyKey = null;
            _away = false;
            await OnSent.InvokeAsync(slot);
            StateHasChanged();
            return null;
        }
        catch (ActionRefused refused)
        {
            return $"{T["Refused"]} {RuleWords.Cite(refused.Rule)}";
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            TimelineLog.SaveFailed(Log, fault);
            return $"{T["Error.Save"].Value} {T["Error.SaveMore"].Value}";
        }
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
            return RuleWords.With(T["Refused"], fault);
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
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone, and its listeners with it; or it went while it was asked and never answers.
        }
        _self?.Dispose();
    }
}
