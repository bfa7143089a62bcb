using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Lanes;

/// <summary>
/// The care lines of one patient: who is accountable, what lasts, what crosses from line to line. Period, series and the chosen hand-off are in the address
/// (ids and dates only), so that a picture can be shared and the browser's back button works.
/// </summary>
public sealed partial class LanesPage
{
    private LanesPicture? _picture;
    private LaneShape? _shape;
    private LaneHandoff? _selected;
    private IReadOnlyList<LaneLine> _lines = [];
    private string? _mark;
    private (string Id, string? Zoom, string? At, string? Series)? _shown;
    private string? _name;
    private bool _closed;
    private bool _failed;
    private bool _showHandoffs = true;
    private bool _showTasks = true;
    private bool _listed;

    /// <summary>FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary><c>week</c>, <c>month</c> or <c>year</c>; anything else lets the page choose.</summary>
    [SupplyParameterFromQuery(Name = "zoom")] public string? Zoom { get; set; }

    /// <summary>A day in the period, <c>yyyy-MM-dd</c>.</summary>
    [SupplyParameterFromQuery(Name = "at")] public string? At { get; set; }

    /// <summary>Key of the series that shares the axis.</summary>
    [SupplyParameterFromQuery(Name = "series")] public string? Series { get; set; }

    /// <summary>FHIR id of the hand-off that is shown below the picture.</summary>
    [SupplyParameterFromQuery(Name = "handoff")] public string? Handoff { get; set; }

    [Inject] internal ReadLanes Read { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private ILogger<LanesPage> Log { get; set; } = default!;

    private DateOnly Today => BelgianTime.DayOf(_picture?.Now ?? Clock.GetUtcNow().UtcDateTime);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown == (Id, Zoom, At, Series))
        {
            Select();
            return;
        }
        if (_shown?.Id != Id)
            (_picture, _name) = (null, null);
        _shown = (Id, Zoom, At, Series);
        if (PatientId.TryParse(Id) is not { } patient)
        {
            _closed = true;
            return;
        }
        Follow(patient);
        await LoadAsync(patient);
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        if (PatientId.TryParse(Id) is { } patient && await ReadAsync(patient, _mark))
            StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        _closed = true;
        (_picture, _shape, _selected, _lines) = (null, null, null, []);
        StateHasChanged();
        return Task.CompletedTask;
    }

    private Task RetryAsync() => PatientId.TryParse(Id) is { } patient ? LoadAsync(patient) : Task.CompletedTask;

    private async Task LoadAsync(PatientId patient)
    {
        (_failed, _closed) = (false, false);
        try
        {
            await ReadAsync(patient, after: null);
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            _failed = true;
            LanesLog.NotRead(Log, fault);
        }
    }

    /// <returns>False when nothing changed.</returns>
    private async Task<bool> ReadAsync(PatientId patient, string? after)
    {
        var shown = _shown;
        var zoom = Enum.TryParse<LanesZoom>(Zoom, ignoreCase: true, out var z) && Enum.IsDefined(z) && !char.IsAsciiDigit(Zoom![0]) ? z : (LanesZoom?)null;
        var around = DateOnly.TryParseExact(At, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null;
        var result = await Read.RunAsync(await Current.RequireAsync(), patient, new(zoom, around, Series, after, _listed), Gone);
        if (result is null || shown != _shown)
            return false; // the person went on to another period meanwhile
        (_picture, _mark) = (result.Picture, result.Mark);
        Draw();
        return true;
    }

    private void Show(bool handoffs, bool tasks)
    {
        (_showHandoffs, _showTasks) = (handoffs, tasks);
        if (_picture is not null)
            Draw();
    }

    // The list of a busy year is longer than the picture: it is made for who asks for it.
    private Task ToggleList()
    {
        _listed = !_listed;
        return _listed ? RetryAsync() : Task.CompletedTask;
    }

    private void Draw()
    {
        _shape = LaneShape.Of(_picture!, _showHandoffs, _showTasks);
        _lines = _listed ? LaneWords.List(_picture!, Id, _showHandoffs, _showTasks) : [];
        Select();
    }

    // The one that was asked for; else what was accepted last: what waits stands beside it.
    private void Select() => _selected = _picture is null ? null
        : _picture.Handoffs.FirstOrDefault(h => h.Id == Handoff)
            ?? _picture.Handoffs.LastOrDefault(h => h.State == LaneHandoffState.Accepted)
            ?? _picture.Handoffs.FirstOrDefault(h => h.State == LaneHandoffState.Waiting)
            ?? _picture.Handoffs.LastOrDefault();

    private void ChooseSeries(ChangeEventArgs e) => Navigation.NavigateTo(Address(_picture!.Period, e.Value?.ToString()));

    private void JumpAsync(DateTime? day)
    {
        if (day is { } asked && _picture is not null && DateOnly.FromDateTime(asked) is var date && date != _picture.Period.Around)
            Navigation.NavigateTo(Address(_picture.Period with { Around = date }));
    }

    private string? Nearer(DateOnly day) => _picture!.Period.Zoom == LanesZoom.Week ? null : Address(_picture.Period with { Zoom = _picture.Period.Zoom - 1, Around = day });

    private string Address(LanesPeriod period) => Address(period, Series);

    private string Address(LanesPeriod period, string? series) =>
        $"/patients/{Id}/lanes?zoom={Code(period.Zoom)}&at={period.Around.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}{(series is null ? null : "&series=" + Uri.EscapeDataString(series))}";

    private string HandoffAddress(string handoff) => Address(_picture!.Period) + "&handoff=" + Uri.EscapeDataString(handoff);

    // + goes to the nearer zoom, - to the wider one.
    private string? ZoomKey(LanesZoom zoom) => (zoom - _picture!.Period.Zoom) switch { -1 => "+", 1 => "-", _ => null };

    private static string Code(LanesZoom zoom) => zoom.ToString().ToLowerInvariant();

    private string Said(LanesPeriod period) => LanesText.Get("Page.Span", BelgianTime.Day(period.First, Today), BelgianTime.Day(period.Last, Today));
}
