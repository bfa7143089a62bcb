using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Patients;

/// <summary>
/// The banner above every page of a patient but the timeline. Shows nothing when the file is not open to this person: the page below says so.
/// </summary>
public sealed partial class PatientHeader : IAsyncDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private BannerView? _view;
    private WhoIsHere? _here;
    private PatientId? _patient;
    private Actor? _me;
    private LiveList? _live;

    /// <summary>Whose file.</summary>
    [Parameter, EditorRequired] public PatientId Patient { get; set; }

    /// <summary>Path of the current tab (see <see cref="PatientTab.Path"/>).</summary>
    [Parameter, EditorRequired] public string Current { get; set; } = "";

    /// <summary>The name, once read: for the title of the page.</summary>
    [Parameter] public EventCallback<string> OnName { get; set; }

    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] private CurrentActor Actors { get; set; } = default!;
    [Inject] private Presence People { get; set; } = default!;
    [Inject] private CircuitConnection Connection { get; set; } = default!;
    [Inject] private LiveFeed Feed { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadBanner Read { get; set; } = default!;
    [Inject] private RevealInsz Reveal { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_patient == Patient)
            return;
        _here ??= new(People, Rules, Connection, Clock, look => InvokeAsync(() => { if (look()) StateHasChanged(); }));
        _here.Leave();
        (_patient, _view) = (Patient, null);
        try
        {
            _me = await Actors.RequireAsync();
            var banner = await Read.RunAsync(_me, Patient, new(), _gone.Token);
            _view = BannerViews.From(banner, _me, Rules.Current, null, Clock.GetUtcNow().UtcDateTime, T);
            _here.Enter(Patient, _me);
            await OnName.InvokeAsync(_view.Name);
            _live ??= new LiveList(Feed, Clock, () => InvokeAsync(AgainAsync), static _ => Task.FromResult(false), Topics.Rights);
            _live.Follow([Patient]);
        }
        catch (PatientNotFound)
        {
            _view = null;
        }
        catch (System.Data.Common.DbException)
        {
            (_view, _patient) = (null, null); // the page below says so, and drawing it again reads again
        }
    }

    /// <summary>Consent or rules changed: what may not be shown any more goes.</summary>
    private async Task AgainAsync()
    {
        try
        {
            _view = BannerViews.From(await Read.RunAsync(_me!, Patient, new(), _gone.Token), _me!, Rules.Current, null, Clock.GetUtcNow().UtcDateTime, T);
        }
        catch (PatientNotFound)
        {
            _view = null;
        }
        catch (System.Data.Common.DbException)
        {
            (_view, _patient) = (null, null);
        }
        StateHasChanged();
    }

    private async Task<string?> RevealAsync()
    {
        try
        {
            return await Reveal.RunAsync(await Actors.RequireAsync(), Patient, new(), _gone.Token);
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            Toasts.Show(RuleWords.With(T["Number.Refused"], fault), critical: true);
            return null;
        }
        catch (System.Data.Common.DbException)
        {
            Toasts.Show(T["Number.Failed"], critical: true);
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _here?.Dispose();
        if (_live is not null)
            await _live.DisposeAsync();
        _gone.Dispose();
    }
}
