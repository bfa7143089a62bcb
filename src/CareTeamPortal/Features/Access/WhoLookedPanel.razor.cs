using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Access;

/// <summary>Who looked: filters, pages, and what is new within seconds.</summary>
public sealed partial class WhoLookedPanel
{
    private const int MostShown = 3_000;

    private static readonly Dictionary<string, int?> Periods = new(StringComparer.Ordinal) { ["Month"] = 30, ["Day"] = 1, ["Week"] = 7, ["Year"] = 365, ["All"] = null };

    private IReadOnlyList<LookGroup> _groups = [];
    private IReadOnlyList<(PersonId Person, string Name)> _people = [];
    private List<Look>? _looks;
    private LiveList? _live;
    private Actor? _me;
    private Look? _asking;
    private AccessPlace? _next;
    private PersonId? _person;
    private AccessKind? _kind;
    private string _period = "Month";
    private string _words = "";
    private long _stamp;
    private int _asked;

    [Parameter, EditorRequired] public PatientId Patient { get; set; }
    [Parameter, EditorRequired] public IReadOnlyList<ContestView> Contests { get; set; } = [];
    [Parameter, EditorRequired] public Func<(Look Look, string Words), Task<bool>> OnContest { get; set; } = default!;

    [Inject] private ReadWhoLooked Read { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private LiveFeed Feed { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    private AccessFilter Filter => new(_person, _kind, Periods[_period] is { } days ? BelgianTime.BoundsOf(BelgianTime.DayOf(Now).AddDays(1 - days)).Start : null);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        // An opening wakes nobody: on each beat one number tells whether there is anything new.
        _live = new LiveList(Feed, Clock, () => Task.CompletedTask, BeatAsync);
        _live.Follow([Patient]);
        await ReadAsync(null);
    }

    private async Task<bool> BeatAsync(CancellationToken ct)
    {
        await InvokeAsync(() => ReadAsync(_stamp));
        return false;
    }

    /// <summary>Reads the newest page again, and keeps older ones that were asked for.</summary>
    private async Task ReadAsync(long? after)
    {
        var mine = _asked;
        try
        {
            if (await Read.RunAsync(_me!, Patient, new(Filter, After: after), _live!.Gone) is not { } page || mine != _asked)
                return;
            var last = page.Looks.Count == 0 ? (AccessPlace?)null : new AccessPlace(page.Looks[^1].At, page.Looks[^1].Key);
            var older = after is null || last is not { } end ? [] : _looks!.Where(l => l.At < end.At || (l.At == end.At && l.Key < end.Key)).ToList();
            Show([.. page.Looks, .. older], older.Count == 0 ? page.Next : _next);
            (_people, _stamp) = (page.People, page.Stamp);
            StateHasChanged();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException or PatientNotFound or ActionRefused or System.Data.Common.DbException)
        {
            // The page around this says what is wrong; the next beat tries again.
        }
    }

    private void Show(List<Look> looks, AccessPlace? next) => (_looks, _groups, _next) = (looks, LookGroup.Of(looks), looks.Count >= MostShown ? null : next);

    private async Task MoreAsync()
    {
        if (_next is not { } place)
            return;
        _next = null; // asked for once
        var mine = _asked;
        try
        {
            if (await Read.RunAsync(_me!, Patient, new(Filter, place), _live!.Gone) is { } page && mine == _asked)
                Show([.. _looks!, .. page.Looks], page.Next);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException or PatientNotFound or ActionRefused or System.Data.Common.DbException)
        {
            _next = place;
        }
    }

    private Task PersonAsync(ChangeEventArgs e)
    {
        _person = e.Value is string { Length: > 0 } id ? new PersonId(id) : null;
        return FilterAsync();
    }

    private Task KindAsync(ChangeEventArgs e)
    {
        _kind = int.TryParse(e.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var kind) && Enum.IsDefined((AccessKind)kind) ? (AccessKind)kind : null;
        return FilterAsync();
    }

    private Task PeriodAsync(ChangeEventArgs e)
    {
        _period = e.Value is string period && Periods.ContainsKey(period) ? period : "Month";
        return FilterAsync();
    }

    private Task FilterAsync()
    {
        _asked++;
        return ReadAsync(null);
    }

    private void Ask(Look look) => (_asking, _words) = (look, "");

    private async Task ContestAsync()
    {
        if (_asking is not { } look)
            return;
        _asking = null;
        await OnContest((look, _words));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
            await _live.DisposeAsync();
    }
}
