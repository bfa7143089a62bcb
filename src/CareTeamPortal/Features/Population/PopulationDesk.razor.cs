using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Features.Population;

/// <summary>The case manager's page. The address holds filter and order; the members' part is live, the figures are of one moment.</summary>
public sealed partial class PopulationDesk : IAsyncDisposable
{
    private PopulationQuery _query = new();
    private PopulationView? _view;
    private IReadOnlyList<(string Place, string Some, string Verb)> _said = [];
    private Actor? _me;
    private LiveList? _live;
    private IReadOnlyList<SavedView> _views = [];
    private string _viewName = "";
    private string? _viewProblem;
    private int _count = ReadPopulation.PageSize;
    private int _reading;
    private bool _naming;
    private bool _failed;
    private bool _none;

    [SupplyParameterFromQuery(Name = "region")] private string? Region { get; set; }
    [SupplyParameterFromQuery(Name = "organisation")] private string? Organisation { get; set; }
    [SupplyParameterFromQuery(Name = "pair")] private string? Pair { get; set; }
    [SupplyParameterFromQuery(Name = "show")] private string? Show { get; set; }
    [SupplyParameterFromQuery(Name = "sort")] private string? Sort { get; set; }
    [SupplyParameterFromQuery(Name = "dir")] private string? Dir { get; set; }

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private LiveFeed Feed { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadPopulation Read { get; set; } = default!;
    [Inject] private SavedViews Saved { get; set; } = default!;
    [Inject] private IStringLocalizer<UiText> Ui { get; set; } = default!;
    [Inject] private ILogger<PopulationDesk> Log { get; set; } = default!;

    /// <summary>The place in the main menu.</summary>
    internal static NavEntry Entry { get; } = new() { Href = "/population", Icon = "chart", Order = 0, GoKey = 'c', IsHome = true, Text = () => PopulationText.Get("Title"), For = ReadPopulation.IsFor };

    /// <summary>The pairs by which people filter: those of the figures and of the members shown, and the usual ones.</summary>
    private IEnumerable<LinePair> Pairs => new LinePair[] { new(CareLine.Second, CareLine.First), new(CareLine.First, CareLine.Second), new(CareLine.First, CareLine.First), new(CareLine.First, CareLine.Home), new(CareLine.First, CareLine.Support), new(CareLine.Support, CareLine.First) }
        .Concat(_view!.Figures.Waits.Select(w => w.Pair)).Concat(_view.Members.SelectMany(m => m.Pairs)).Concat(_query.Pair is { } asked ? [asked] : []).Distinct();

    /// <summary>The filter as it is kept.</summary>
    private string Kept => SavedViews.Population + _query;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_live is null)
        {
            _me = await Current.FindAsync();
            if (_me is null)
                return;
            _live = new LiveList(Feed, Clock, () => InvokeAsync(ReadAsync), _ => Task.FromResult(_view is { } view && Clock.GetUtcNow().UtcDateTime - view.Now > TimeSpan.FromMinutes(1)), Topics.Tasks);
            _views = await Saved.ReadAsync(_me, SavedViews.Population, _live.Gone);
        }

        var query = PopulationQuery.Of(Region, Organisation, Pair, Show, Sort, Dir);
        if (query == _query && _view is not null)
            return;
        (_query, _count) = (query, ReadPopulation.PageSize);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            await ReadAsync();
        }
        catch (System.Data.Common.DbException fault)
        {
            PopulationLog.NotRead(Log, fault, _me!.Person.Value);
            _failed = true;
        }
    }

    /// <summary>Reads again; an older reading that ends later is dropped.</summary>
    private async Task ReadAsync()
    {
        var mine = ++_reading;
        try
        {
            var view = await Read.RunAsync(_me!, new(_query, _count), _live!.Gone);
            if (mine != _reading)
                return;
            // What the viewer may not see also wakes this page: without a change in what is shown nothing is sent.
            var same = view is not null && _view is { } before && before.Stamp == view.Stamp && view.Now - before.Now < TimeSpan.FromMinutes(1);
            _live.Follow(view?.Follow ?? []);
            if (same)
                return;
            (_view, _none, _said) = (view, view is null, view is null ? [] : Say(view));
            StateHasChanged();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private Task MoreAsync()
    {
        _count += ReadPopulation.PageSize;
        return ReadAsync();
    }

    private static string Address(PopulationQuery query) => query.ToString() is { Length: > 0 } asked ? $"/population?{asked}" : "/population";

    /// <summary>A place on this page: the base address is the root.</summary>
    private string Here(string place) => "/" + Nav.ToBaseRelativePath(Nav.Uri).Split('#')[0] + place;

    private void Go(PopulationQuery query) => Nav.NavigateTo(Address(query));

    private static string? Chosen(ChangeEventArgs e) => e.Value as string is { Length: > 0 } chosen ? chosen : null;

    private static string Chip(bool on) => on ? "field cp-on" : "field";

    /// <summary>What is stuck, in parts of a sentence; what is not is not said.</summary>
    private static List<(string Place, string Some, string Verb)> Say(PopulationView view)
    {
        var said = new List<(string, string, string)>();
        if (view.Stuck > 0)
            said.Add(("#vast", Some("Say.Handoffs", view.Stuck), Verb("Say.Stuck", view.Stuck)));
        if (view.Late > 0)
            said.Add(("#leden", Some("Say.Tasks", view.Late), Verb("Say.Late", view.Late)));
        if (view.Ended > 0)
            said.Add(("#leden", Some("Say.Relations", view.Ended), Verb("Say.Ended", view.Ended)));
        return said;
    }

    /// <summary>What stands before a part of the sentence.</summary>
    private string Joint(int part) => part == 0 ? " " : part == _said.Count - 1 ? $" {PopulationText.Get("And")} " : ", ";

    private static string Some(string key, int count) => count == 1 ? PopulationText.Get(key + ".1") : PopulationText.Get(key, count);

    private static string Verb(string key, int count) => PopulationText.Get(count == 1 ? key + ".1" : key);

    private async Task KeepViewAsync()
    {
        _viewProblem = null;
        if (!await Saved.KeepAsync(_me!, _viewName, Kept, _live!.Gone))
        {
            _viewProblem = PopulationText.Get("Views.NotKept", SavedViews.Most);
            return;
        }

        Toasts.Show(PopulationText.Get("Views.Kept", _viewName.Trim()));
        (_naming, _viewName) = (false, "");
        _views = await Saved.ReadAsync(_me!, SavedViews.Population, _live!.Gone);
    }

    private async Task PutViewAwayAsync(SavedView view)
    {
        await Saved.PutAwayAsync(_me!, view.Key, _live!.Gone);
        _views = await Saved.ReadAsync(_me!, SavedViews.Population, _live.Gone);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
            await _live.DisposeAsync();
    }
}
