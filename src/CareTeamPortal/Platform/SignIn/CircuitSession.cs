using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>How many pages each person has open on this node.</summary>
internal sealed class OpenPages(IOptions<SessionLimits> options)
{
    private readonly ConcurrentDictionary<PersonId, int> _open = new();

    /// <summary>One more page; false when the person has as many as they may.</summary>
    public bool Enter(PersonId person) => _open.AddOrUpdate(person, 1, (_, n) => n + 1) <= options.Value.MostPages;

    public void Leave(PersonId person)
    {
        while (_open.TryGetValue(person, out var n))
        {
            if (n <= 1 ? _open.TryRemove(new(person, n)) : _open.TryUpdate(person, n - 1, n))
                return;
        }
    }

    public int Of(PersonId person) => _open.GetValueOrDefault(person);
}

/// <summary>Counts a circuit as one of its person's open pages. That somebody is at it says js/activity.js: a circuit's own traffic (it acknowledges what others make it draw) is no sign of life.</summary>
internal sealed class CircuitSession(AuthenticationStateProvider state, CurrentActor current, OpenPages pages) : CircuitHandler
{
    private PersonId? _person;

    /// <summary>The person has more pages open than they may: this one shows a message and nothing else.</summary>
    public bool IsOneTooMany { get; private set; }

    /// <inheritdoc/>
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var user = (await state.GetAuthenticationStateAsync()).User;
        _person = current.From(user)?.Person;
        IsOneTooMany = _person is { } person && !pages.Enter(person);
    }

    /// <inheritdoc/>
    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_person is { } person)
            pages.Leave(person);
        return Task.CompletedTask;
    }
}
