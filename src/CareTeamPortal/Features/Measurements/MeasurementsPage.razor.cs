using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace CareTeamPortal.Features.Measurements;

/// <summary>
/// Everything measured of one patient: a plot per quantity, or the tables that say the same. Period and view are in the address (no clinical content),
/// so a period can be shared and the browser's back button works.
/// </summary>
public sealed partial class MeasurementsPage
{
    private ReadMeasurements.Result? _result;
    private (string Id, MeasurementRange? Range, DateOnly? Until)? _shown;
    private IReadOnlyList<QuietQuantity> _elsewhere = [];
    private IReadOnlyList<QuietQuantity> _words = [];
    private IReadOnlyList<CareLine> _lines = [];
    private bool _someUnknown;
    private News2View? _news2;
    private MeasurementRange? _asked;
    private DateOnly? _until;
    private DateOnly _today;
    private DateTime _now;
    private string? _name;
    private bool _closed;
    private bool _failed;

    /// <summary>FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary><c>week</c>, <c>month</c>, <c>year</c> or <c>all</c>; anything else lets the page choose.</summary>
    [SupplyParameterFromQuery(Name = "range")] public string? Range { get; set; }

    /// <summary>Last day of the period, <c>yyyy-MM-dd</c>; today when it is absent.</summary>
    [SupplyParameterFromQuery(Name = "until")] public string? Until { get; set; }

    /// <summary><c>table</c>, or the plots.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    [Inject] internal ReadMeasurements Read { get; set; } = default!;
    [Inject] internal ReadNews2 ReadNews2 { get; set; } = default!;
    [Inject] private ILogger<MeasurementsPage> Log { get; set; } = default!;
    [Inject] private IStringLocalizer<UiText> Words { get; set; } = default!;

    private bool Table => View == "table";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _asked = Enum.TryParse<MeasurementRange>(Range, ignoreCase: true, out var range) && Enum.IsDefined(range) ? range : null;
        _until = DateOnly.TryParseExact(Until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) ? until : null;
        if (_shown == (Id, _asked, _until))
            return;
        if (_shown?.Id != Id)
            (_result, _news2, _name) = (null, null, null);
        _shown = (Id, _asked, _until);
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
        if (PatientId.TryParse(Id) is not { } patient)
            return;
        if (await ReadAsync(patient, _result?.Cursor))
            StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        _closed = true;
        (_result, _news2) = (null, null);
        StateHasChanged();
        return Task.CompletedTask;
    }

    private Task RetryAsync() => PatientId.TryParse(Id) is { } patient ? LoadAsync(patient) : Task.CompletedTask;

    private async Task LoadAsync(PatientId patient)
    {
        _failed = false;
        _closed = false;
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
            MeasurementsLog.NotRead(Log, fault);
        }
    }

    /// <returns>False when nothing changed.</returns>
    private async Task<bool> ReadAsync(PatientId patient, long? after)
    {
        var shown = _shown;
        var me = await Current.RequireAsync();
        var result = await Read.RunAsync(me, patient, new(_asked, _until, after, after is null ? null : _result?.Reach), Gone);
        if (result is null || shown != _shown)
            return false; // the person went on to another period meanwhile
        var news2 = result.FirstDay is null ? null : await ReadNews2.RunAsync(me, patient, new(), Gone);
        if (shown != _shown)
            return false;
        _news2 = news2;
        _now = Clock.GetUtcNow().UtcDateTime;
        _today = BelgianTime.DayOf(_now);
        _result = result;
        _elsewhere = [.. result.Quiet.Where(q => q.HasNumbers)];
        _words = [.. result.Quiet.Where(q => !q.HasNumbers)];
        _lines = [.. CareLines.All.Where(l => result.Series.Any(s => s.Points.Any(p => p.Line == l)))];
        _someUnknown = result.Series.Any(s => s.Points.Any(p => p.Line is null));
        return true;
    }

    private string Address(MeasurementRange? range, DateOnly? until, string? view)
    {
        var query = string.Join('&', new[]
        {
            range is { } r ? "range=" + r.ToString().ToLowerInvariant() : null,
            until is { } day ? "until=" + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            view == "table" ? "view=table" : null,
        }.OfType<string>());
        return $"/patients/{Id}/measurements{(query.Length > 0 ? "?" + query : null)}";
    }

    private string Said(MeasurementPeriod period) => MeasurementsText.Get("Page.Span", BelgianTime.Day(period.First, _today), BelgianTime.Day(period.Last, _today));

    private static string Times(QuietQuantity quantity) => quantity.Count == 1 ? MeasurementsText.Get("Quiet.Once") : MeasurementsText.Get("Quiet.Count", quantity.Count);
}
