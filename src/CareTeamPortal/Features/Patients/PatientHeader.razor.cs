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
    private static readonly TimeSpan PresenceAtMostEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _gone = new();
    private BannerView? _view;
    private IReadOnlyList<BannerVisitor> _here = [];
    private Presence.Stay? _stay;
    private PatientId? _patient;
    private Actor? _me;
    private int _presenceWaits;

    /// <summary>Whose file.</summary>
    [Parameter, EditorRequired] public PatientId Patient { get; set; }

    /// <summary>Path of the current tab (see <see cref="PatientTab.Path"/>).</summary>
    [Parameter, EditorRequired] public string Current { get; set; } = "";

    /// <summary>The name, once read: for the title of the page.</summary>
    [Parameter] public EventCallback<string> OnName { get; set; }

    [Inject] private CurrentActor Actors { get; set; } = default!;
    [Inject] private Presence People { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private ReadBanner Read { get; set; } = default!;
    [Inject] private RevealInsz Reveal { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_patient == Patient)
            return;
        _stay?.Dispose();
        (_patient, _view, _here, _stay) = (Patient, null, [], null);
        try
        {
            _me = await Actors.RequireAsync();
            var banner = await Read.RunAsync(_me, Patient, new(), _gone.Token);
            _view = BannerViews.From(banner, _me, null, Clock.GetUtcNow().UtcDateTime, T);
            _stay = People.Enter(Patient, _me, PresenceChanged);
            _here = Here();
            await OnName.InvokeAsync(_view.Name);
        }
        catch (PatientNotFound)
        {
            _view = null;
        }
    }

    private async Task<string?> RevealAsync()
    {
        try
        {
            return await Reveal.RunAsync(await Actors.RequireAsync(), Patient, new(), _gone.Token);
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            Toasts.Show(T["Number.Refused"], critical: true);
            return null;
        }
    }

    private IReadOnlyList<BannerVisitor> Here() =>
        _me is { } me ? [.. People.Here(Patient, me.Person, SharingRules.ReachOf(BannerViews.DisciplineHere(me, Patient))).Select(h => new BannerVisitor(h.Actor.DisplayName, h.Actor.Line, h.IsTyping))] : [];

    /// <summary>Comes from any thread, and often when many arrive at once: one look half a second later answers all.</summary>
    private void PresenceChanged()
    {
        if (Interlocked.Exchange(ref _presenceWaits, 1) == 0)
            _ = LookWhoIsHereAsync();
    }

    private async Task LookWhoIsHereAsync()
    {
        try
        {
            await Task.Delay(PresenceAtMostEvery, Clock, _gone.Token);
            Volatile.Write(ref _presenceWaits, 0);
            await InvokeAsync(ShowWhoIsHere);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The page went away meanwhile.
        }
    }

    private void ShowWhoIsHere()
    {
        var here = Here();
        if (here.SequenceEqual(_here))
            return;
        _here = here;
        StateHasChanged();
        if (here.Any(h => h.Typing))
            _ = ForgetTypingAsync();
    }

    private async Task ForgetTypingAsync()
    {
        try
        {
            await Task.Delay(Presence.TypingLasts, Clock, _gone.Token);
            await InvokeAsync(ShowWhoIsHere);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The page went away meanwhile.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _stay?.Dispose();
        _gone.Dispose();
    }
}
