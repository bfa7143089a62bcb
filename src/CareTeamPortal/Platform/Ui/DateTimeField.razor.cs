using System.Globalization;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Platform.Ui;

/// <summary>A date, and a time of day when asked, as people here type them: 3-12-2026, 03122026, 3/12, 14:05, 1405, 14u.</summary>
public sealed partial class DateTimeField
{
    private readonly string _error = UiId.Next();
    private DateTime? _shown;
    private string _date = "";
    private string _time = "";
    private bool _dateOk = true;
    private bool _timeOk = true;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Parameter] public string Id { get; set; } = UiId.Next();
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>Local clock of the person (Europe/Brussels), kind unspecified.</summary>
    [Parameter] public DateTime? Value { get; set; }
    [Parameter] public EventCallback<DateTime?> ValueChanged { get; set; }
    [Parameter] public bool WithTime { get; set; } = true;

    /// <summary>What stands in it cannot be read: its value is nothing, and whoever saves says so instead of keeping nothing.</summary>
    internal bool IsWrong => _bad;

    private bool _bad => !_dateOk || !_timeOk;

    private DateOnly Today => BelgianTime.DayOf(Clock.GetUtcNow().UtcDateTime);

    protected override void OnParametersSet()
    {
        if (Value == _shown)
            return;
        _shown = Value;
        if (Value is not { } value)
        {
            (_date, _time, _dateOk, _timeOk) = ("", "", true, true); // emptied from outside; what cannot be read stays, because it was published as nothing
            return;
        }

        _date = value.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);
        _time = value.ToString("HH:mm", CultureInfo.InvariantCulture);
        _dateOk = _timeOk = true;
    }

    private Task DateAsync(ChangeEventArgs e)
    {
        _date = (e.Value?.ToString() ?? "").Trim();
        var parsed = BelgianTime.ParseDate(_date, Today);
        _dateOk = _date.Length == 0 || parsed is not null;
        if (parsed is { } date)
            _date = date.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);
        return PublishAsync();
    }

    private Task TimeAsync(ChangeEventArgs e)
    {
        _time = (e.Value?.ToString() ?? "").Trim();
        var parsed = BelgianTime.ParseTime(_time);
        _timeOk = _time.Length == 0 || parsed is not null;
        if (parsed is { } time)
            _time = time.ToString("HH:mm", CultureInfo.InvariantCulture);
        return PublishAsync();
    }

    private Task PublishAsync()
    {
        DateTime? value = null;
        if (!_bad && BelgianTime.ParseDate(_date, Today) is { } date)
            value = date.ToDateTime(WithTime ? BelgianTime.ParseTime(_time) ?? default : default);
        _shown = value;
        return ValueChanged.InvokeAsync(value);
    }
}
