using System.Globalization;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Rules;

/// <summary>The patient sees the own file as somebody of the team, or a role, sees it. Read only; follows consent, rules and what is written while it is open.</summary>
public sealed partial class ViewFileAsPage
{
    private const int PageSize = 40;

    private static readonly IReadOnlyList<Discipline> AllRoles = [.. Enum.GetValues<Discipline>().Where(d => d.Kind() is not (RoleKind.None or RoleKind.Patient))];

    private PatientId? _patient;
    private Actor? _me;
    private IReadOnlyList<ReadTeam.Member>? _team;
    private ViewFileAs.Seen? _seen;
    private IReadOnlyList<RowView> _rows = [];
    private string? _name;
    private ActionRefused? _refused;
    private int _count = PageSize;
    private bool _notThere;
    private bool _closed;
    private bool _failed;

    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>User name of somebody of the team.</summary>
    [SupplyParameterFromQuery] public string? Person { get; set; }

    /// <summary>A role, when nobody in particular is meant.</summary>
    [SupplyParameterFromQuery] public string? Role { get; set; }

    /// <summary><c>tasks</c>, <c>measurements</c> or <c>lanes</c>; the timeline otherwise.</summary>
    [SupplyParameterFromQuery] public string? Show { get; set; }

    /// <summary>Of the drawn care lines: <c>week</c>, <c>month</c> or <c>year</c>.</summary>
    [SupplyParameterFromQuery] public string? Zoom { get; set; }

    /// <summary>Of the drawn care lines: a day in the period, <c>yyyy-MM-dd</c>.</summary>
    [SupplyParameterFromQuery] public string? At { get; set; }

    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private ViewFileAs View { get; set; } = default!;
    [Inject] private PeopleDirectory Directory { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private ILogger<ViewFileAsPage> Log { get; set; } = default!;

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (PatientId.TryParse(Id) is not { } patient)
        {
            _closed = true;
            return;
        }

        if (_patient != patient)
        {
            (_patient, _team, _closed, _refused) = (patient, null, false, null);
            _me = await Current.RequireAsync();
            Follow(patient);
        }

        _count = PageSize;
        await AgainAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        await AgainAsync();
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        _closed = true;
        StateHasChanged();
        return Task.CompletedTask;
    }

    private async Task AgainAsync()
    {
        _failed = false;
        try
        {
            await ReadAsync();
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (ActionRefused refused)
        {
            _refused = refused;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException or IOException)
        {
            RulesLog.ReadFailed(Log, fault);
            _failed = true;
        }
    }

    private async Task ReadAsync()
    {
        var (me, patient) = (_me!, _patient!.Value);
        var role = Enum.TryParse<Discipline>(Role, out var named) && AllRoles.Contains(named) ? named : (Discipline?)null;
        if (me.OwnFile != patient || Person is { Length: > 0 } || role is not null)
        {
            // Who may not look this way is refused before the team is read.
            var result = await View.RunAsync(me, patient, new(Person is { Length: > 0 } id ? new PersonId(id) : null, role, Count: _count, Lanes: Show == "lanes" ? Asked() : null), Gone);
            _seen = result as ViewFileAs.Seen;
            _notThere = _seen is null && (Person is { Length: > 0 } || role is not null); // a proxy who chose nobody yet
        }
        else
        {
            (_seen, _notThere) = (null, false);
        }

        _team = [.. (await ReadTeam.RunAsync(me, patient, new(), Gone)).Where(m => m.Person != me.Person)];
        _name = _team.FirstOrDefault(m => m.Person.Value == Person)?.Name ?? (Person is { Length: > 0 } other && _seen is not null ? Directory.Find(new(other))?.DisplayName : null);
        Draw();
    }

    private void Draw()
    {
        if (_seen is not { } seen)
        {
            _rows = [];
            return;
        }

        // Rows of its own: nothing that somebody really reads is shared with a look that is not theirs.
        var reader = new RowReader(_me!, _patient!.Value, Now, null, [], false, false, false, seen.Reach);
        var known = new Lazy<Dictionary<long, TimelineEntry>>(() => seen.Entries.ToDictionary(e => e.Seq), LazyThreadSafetyMode.None);
        _rows = [.. new RowViews(Words, Directory, new SharedRows()).Of(seen.Entries, null, reader, new Dictionary<string, IReadOnlyList<TimelineEntry>>(), known, new HashSet<string>()).Select(row => row with { Still = true })];
    }

    private async Task MoreAsync()
    {
        _count = Math.Min(200, _count + PageSize);
        await AgainAsync();
    }

    private ReadLanes.Request Asked() => new(
        Enum.TryParse<LanesZoom>(Zoom, ignoreCase: true, out var zoom) && Enum.IsDefined(zoom) && !char.IsAsciiDigit(Zoom![0]) ? zoom : null,
        DateOnly.TryParseExact(At, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null);

    private string Period(LanesPeriod period) => Nav.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["zoom"] = period.Zoom.ToString().ToLowerInvariant(), ["at"] = period.Around.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    });

    private string Said(LanesPeriod period) => LanesText.Get("Page.Span", BelgianTime.Day(period.First, BelgianTime.DayOf(Now)), BelgianTime.Day(period.Last, BelgianTime.DayOf(Now)));

    private string Part(string? part) => Nav.GetUriWithQueryParameters(new Dictionary<string, object?> { ["show"] = part, ["zoom"] = null, ["at"] = null });

    private void Go(string? person, string? role) => Nav.NavigateTo(Nav.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["person"] = person is { Length: > 0 } ? person : null,
        ["role"] = role is { Length: > 0 } ? role : null,
    }), replace: true);
}
