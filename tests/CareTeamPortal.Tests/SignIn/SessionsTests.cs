using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Tests.SignIn;

public sealed class SessionsTests : IAsyncLifetime
{
    private static readonly SessionLimits Limits = new() { IdleMinutes = 60, LongestMinutes = 12 * 60, AskProviderSeconds = 45 };

    private readonly LiveConnections _connections = new();
    private readonly EphemeralDataProtectionProvider _keys = new();
    private Ward _ward = default!;
    private Sessions _sessions = default!;

    public async Task InitializeAsync()
    {
        _ward = await Ward.OpenAsync();
        _sessions = Node(_ward, _connections);
    }

    public async Task DisposeAsync() => await _ward.DisposeAsync();

    private Sessions Node(Ward ward, LiveConnections connections) => new(ward.Database, connections, _keys, Options.Create(Limits), ward.Clock);

    private Task<string> BeginAsync(PersonRow? who = null) => _sessions.StartAsync((who ?? Who.Sofie).Id, "Firefox, Linux", CancellationToken.None);

    private ValueTask<bool> CountsAsync(string id) => _sessions.IsInForceAsync(id, CancellationToken.None);

    private Task<DateTime> LookAsync(Sessions? node = null) => (node ?? _sessions).LookAsync(_ward.Clock.Utc.AddSeconds(-10), settle: true, CancellationToken.None);

    [Fact]
    public async Task A_session_counts_until_its_person_signs_out_and_never_again()
    {
        var id = await BeginAsync();
        Assert.True(await CountsAsync(id));
        await _sessions.EndAsync(id, SessionEnd.SignedOut, CancellationToken.None);
        Assert.False(await CountsAsync(id));
        Assert.True(_sessions.HasEnded(id));
        Assert.False(await Node(_ward, new()).IsInForceAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task A_made_up_session_counts_for_nothing()
    {
        Assert.False(await CountsAsync(new string('0', 32)));
        Assert.False(await CountsAsync(""));
        Assert.False(await CountsAsync("'; DROP TABLE Sessions; --"));
    }

    [Fact]
    public async Task Who_does_nothing_for_an_hour_is_signed_out_and_who_goes_on_is_not()
    {
        var (idle, busy) = (await BeginAsync(), await BeginAsync());
        for (var minute = 0; minute < 65; minute += 5)
        {
            _ward.Clock.Advance(TimeSpan.FromMinutes(5));
            _sessions.Seen(busy);
            await LookAsync();
        }

        Assert.True(await CountsAsync(busy));
        Assert.False(await CountsAsync(idle));
        Assert.Equal(SessionEnd.Idle, _sessions.WhyEnded(idle));
    }

    [Fact]
    public async Task Twelve_hours_end_a_session_whatever_its_person_does()
    {
        var id = await BeginAsync();
        for (var hour = 0; hour < 24; hour++)
        {
            Assert.True(await CountsAsync(id));
            _ward.Clock.Advance(TimeSpan.FromMinutes(30));
            await LookAsync();
        }

        Assert.False(await CountsAsync(id));
        Assert.Equal(SessionEnd.Over, _sessions.WhyEnded(id));
    }

    [Fact]
    public async Task An_end_on_one_node_cuts_the_open_pages_of_another_at_its_next_look()
    {
        await using var other = await _ward.AnotherNodeAsync();
        var elsewhere = new LiveConnections();
        var node = Node(other, elsewhere);
        var id = await BeginAsync();
        Assert.True(await node.IsInForceAsync(id, CancellationToken.None));
        using var page = new Socket(elsewhere, other, id);
        Assert.False(page.IsCut);

        await _sessions.EndAsync(id, SessionEnd.Ended, CancellationToken.None);
        await LookAsync(node);
        Assert.True(page.IsCut);
        Assert.False(await node.IsInForceAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task All_sessions_of_a_person_end_but_the_one_that_asks()
    {
        var (mine, other, third, someone) = (await BeginAsync(), await BeginAsync(), await BeginAsync(), await BeginAsync(Who.Karel));
        Assert.Equal(3, (await _sessions.OfAsync(Who.Sofie.Id, CancellationToken.None)).Count);
        Assert.Equal(2, await _sessions.EndAllAsync(Who.Sofie.Id, SessionEnd.Ended, CancellationToken.None, but: mine));
        Assert.True(await CountsAsync(mine));
        Assert.True(await CountsAsync(someone));
        Assert.False(await CountsAsync(other));
        Assert.False(await CountsAsync(third));
    }

    [Fact]
    public async Task A_proof_of_who_one_is_counts_once_and_for_five_minutes()
    {
        var id = await BeginAsync();
        Assert.False(await _sessions.UseProofAsync(id, CancellationToken.None));
        await _sessions.ProveAsync(id, CancellationToken.None);
        Assert.True(await _sessions.UseProofAsync(id, CancellationToken.None));
        Assert.False(await _sessions.UseProofAsync(id, CancellationToken.None));
        await _sessions.ProveAsync(id, CancellationToken.None);
        _ward.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(await _sessions.UseProofAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task One_node_asks_the_provider_about_a_session_and_the_token_stands_sealed_in_the_database()
    {
        const string Token = "a-refresh-token";
        var id = await _sessions.StartAsync(Who.Sofie.Id, null, CancellationToken.None, "sid-1", Token);
        await using var other = await _ward.AnotherNodeAsync();
        var node = Node(other, new());
        Assert.Empty(await _sessions.ToAskAsync(CancellationToken.None));
        _ward.Clock.Advance(TimeSpan.FromSeconds(50));
        var asked = (await Task.WhenAll(_sessions.ToAskAsync(CancellationToken.None), node.ToAskAsync(CancellationToken.None))).SelectMany(a => a).ToList();
        Assert.Equal((id, Token), (Assert.Single(asked).Session.Id, asked[0].RefreshToken));
        Assert.DoesNotContain(Token, asked[0].Session.ProviderToken!, StringComparison.Ordinal);

        await _sessions.EndOfProviderAsync("sid-1", CancellationToken.None);
        Assert.False(await CountsAsync(id));
        Assert.Equal(SessionEnd.Provider, _sessions.WhyEnded(id));
    }

    [Fact]
    public async Task Only_sockets_with_a_session_are_let_in_and_each_is_known_while_it_is_open()
    {
        var id = await BeginAsync();
        using (var page = new Socket(_connections, _ward, id))
            Assert.Single(_connections.Open);
        Assert.Empty(_connections.Open);
        using var stranger = new Socket(_connections, _ward, null, signedIn: false);
        Assert.Equal(StatusCodes.Status401Unauthorized, stranger.Status);
        Assert.Empty(_connections.Open);
    }

    [Fact]
    public void Nobody_opens_more_pages_than_they_may()
    {
        var pages = new OpenPages(Options.Create(new SessionLimits { MostPages = 2 }));
        Assert.True(pages.Enter(Who.An.Id));
        Assert.True(pages.Enter(Who.An.Id));
        Assert.False(pages.Enter(Who.An.Id));
        Assert.True(pages.Enter(Who.Sofie.Id));
        pages.Leave(Who.An.Id);
        pages.Leave(Who.An.Id);
        Assert.Equal(1, pages.Of(Who.An.Id));
        Assert.True(pages.Enter(Who.An.Id));
    }

    /// <summary>A page's socket that stays open until it is disposed or cut.</summary>
    private sealed class Socket : IDisposable
    {
        private readonly TaskCompletionSource _closed = new();
        private readonly DefaultHttpContext _http = new();
        private readonly Task _open;

        public Socket(LiveConnections connections, Ward ward, string? session, bool signedIn = true)
        {
            _http.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime(this));
            _http.Request.Path = "/_blazor";
            if (signedIn)
                _http.User = CareTeamPortal.Platform.SignIn.People.Principal(Who.Sofie.Id, "test", session);
            _open = connections.WatchAsync(_http, new CurrentActor(ward.People), _ => _closed.Task);
        }

        public bool IsCut { get; private set; }

        public int Status => _http.Response.StatusCode;

        public void Dispose()
        {
            _closed.TrySetResult();
            _open.GetAwaiter().GetResult();
        }

        private sealed class Lifetime(Socket socket) : IHttpRequestLifetimeFeature
        {
            public CancellationToken RequestAborted { get; set; }

            public void Abort()
            {
                socket.IsCut = true;
                socket._closed.TrySetResult();
            }
        }
    }
}
