using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;

namespace CareTeamPortal.Features.Patients;

/// <summary>Who else has the file open and who types, for one page; enters the file for the page's own person too.</summary>
/// <param name="presence">Everybody's presence.</param>
/// <param name="connection">The page's own connection: whose browser is gone is not here.</param>
/// <param name="clock">The time.</param>
/// <param name="onPage">Runs a look on the renderer's thread and redraws the page when it answers true: something changed.</param>
internal sealed class WhoIsHere(Presence presence, RuleBook rules, CircuitConnection connection, TimeProvider clock, Func<Func<bool>, Task> onPage) : IDisposable
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _gone = new();
    private Presence.Stay? _stay;
    private int _waits;

    /// <summary>The others, each person once.</summary>
    public IReadOnlyList<BannerVisitor> Others { get; private set; } = [];

    /// <summary>Enters a file, and leaves the one before.</summary>
    public void Enter(PatientId patient, Actor me)
    {
        Leave();
        _stay = presence.Enter(patient, me, Changed, connection);
        Others = Look();
    }

    /// <summary>Leaves the file.</summary>
    public void Leave()
    {
        _stay?.Dispose();
        _stay = null;
        Others = [];
    }

    /// <summary>The person types something meant for this audience.</summary>
    public void Typing(Audience audience) => _stay?.Typing(audience);

    /// <summary>The text was sent or left.</summary>
    public void StopTyping() => _stay?.StopTyping();

    private IReadOnlyList<BannerVisitor> Look() => _stay is not { } stay ? [] :
        [.. presence.Here(stay.Patient, stay.Actor.Person, rules.Current.ReachIn(stay.Actor, stay.Patient)).Select(h => new BannerVisitor(h.Actor.DisplayName, h.Actor.Line, h.IsTyping))];

    /// <summary>Comes from any thread, and often when many arrive at once: one look half a second later answers all.</summary>
    private void Changed()
    {
        if (Interlocked.Exchange(ref _waits, 1) == 0)
            _ = LookLaterAsync(AtMostEvery, answersAll: true);
    }

    private async Task LookLaterAsync(TimeSpan wait, bool answersAll)
    {
        try
        {
            await Task.Delay(wait, clock, _gone.Token);
            if (answersAll)
                Volatile.Write(ref _waits, 0);
            await onPage(Refresh);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The page went away meanwhile.
        }
    }

    private bool Refresh()
    {
        var others = Look();
        if (others.SequenceEqual(Others))
            return false;
        Others = others;
        if (others.Any(o => o.Typing))
            _ = LookLaterAsync(Presence.TypingLasts, answersAll: false); // typing ends by itself
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        Leave();
        _gone.Dispose();
    }
}
