using System.Security.Claims;
using Bunit;
using CareTeamPortal.Features;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Ui;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests;

/// <summary>Pages on a ward: the real use cases on a real database, with the people of the contract and a clock that the test moves.</summary>
public abstract class WardContext : UiContext, IAsyncLifetime
{
    /// <summary>Long enough for a slow machine; an assertion that holds is not waited for.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Somebody _somebody = new();

    private protected Ward Ward { get; private set; } = default!;

    private protected virtual A.PatientBuilder[] Patients => [A.Patient().WithWholeTeam()];

    public async Task InitializeAsync()
    {
        Ward = await Ward.WithAsync(Patients);
        Services.AddSingleton<TimeProvider>(Ward.Clock).AddSingleton(Ward.Database).AddSingleton(Ward.Live).AddSingleton(Ward.Desk).AddSingleton(Ward.People).AddSingleton(Ward.Cursors)
            .AddSingleton(Ward.Get<Sessions>()).AddSingleton<RuleBook>().AddSingleton<Presence>().AddScoped<CircuitConnection>().AddScoped<CurrentActor>().AddSingleton<AuthenticationStateProvider>(_somebody);
        Services.AddPortalFeatures();
        await BeginAsync();
    }

    private protected virtual Task BeginAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeComponentsAsync();
        Assert.Equal(0, Ward.Live.SubscriberCount);
        await Ward.DisposeAsync();
    }

    /// <summary>Signs somebody in for the pages that are rendered from now on.</summary>
    private protected void As(PersonRow who, string? session = null) => (_somebody.User, _somebody.Session) = (who.Id.Value, session);

    /// <summary>Finds and does on the page's own thread: a page that follows others renders in between.</summary>
    protected static void Do<T>(IRenderedComponent<T> page, Action act) where T : Microsoft.AspNetCore.Components.IComponent => page.InvokeAsync(act).GetAwaiter().GetResult();

    private protected string? Toast => Services.GetRequiredService<Toasts>().Shown.LastOrDefault()?.Text;

    private sealed class Somebody : AuthenticationStateProvider
    {
        public string User { get; set; } = "";
        public string? Session { get; set; }

        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity([new Claim(CurrentActor.PersonClaim, User), .. Session is null ? Array.Empty<Claim>() : [new Claim(CurrentActor.SessionClaim, Session)]], "test"))));
    }
}
