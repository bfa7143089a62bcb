using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>
/// The sockets that are open on this node, by session and person, so that whoever loses the right to be here is cut off and not merely refused
/// at the next step: a circuit asks nobody before it goes on.
/// </summary>
internal sealed class LiveConnections
{
    private readonly ConcurrentDictionary<Connection, byte> _open = new();

    /// <summary>One socket.</summary>
    internal sealed class Connection(HttpContext http, PersonId person, string? session)
    {
        public PersonId Person { get; } = person;

        /// <summary>Null for programs, which have a token instead.</summary>
        public string? Session { get; } = session;

        public void Cut() => http.Abort();
    }

    /// <summary>Those that are open now.</summary>
    public IReadOnlyCollection<Connection> Open => (IReadOnlyCollection<Connection>)_open.Keys;

    /// <summary>Cuts the sockets of a session.</summary>
    public void Cut(string session) => Cut(c => c.Session == session);

    /// <summary>Cuts the sockets for which this holds.</summary>
    public void Cut(Func<Connection, bool> which)
    {
        foreach (var connection in _open.Keys.Where(which))
            connection.Cut();
    }

    /// <summary>Stands around every socket. A page's socket without a session is refused: a reconnecting page learns so that it has to sign in.</summary>
    public async Task WatchAsync(HttpContext http, CurrentActor current, RequestDelegate next)
    {
        var path = http.Request.Path;
        var ofPage = path.StartsWithSegments("/_blazor", out var rest) && (rest.Value is "" or null || rest.StartsWithSegments("/negotiate", StringComparison.Ordinal));
        if (!ofPage && !path.StartsWithSegments("/hubs", StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        if (current.From(http.User) is not { } actor)
        {
            if (ofPage)
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else
                await next(http); // the hub's own answer
            return;
        }

        var connection = new Connection(http, actor.Person, http.User.FindFirst(CurrentActor.SessionClaim)?.Value);
        _open[connection] = 0;
        try
        {
            await next(http);
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }
}

/// <summary>Puts <see cref="LiveConnections"/> around the sockets.</summary>
internal static class LiveConnectionsMiddleware
{
    public static IApplicationBuilder UseLiveConnections(this IApplicationBuilder app)
    {
        var connections = app.ApplicationServices.GetRequiredService<LiveConnections>();
        return app.Use((http, next) => connections.WatchAsync(http, http.RequestServices.GetRequiredService<CurrentActor>(), next));
    }
}
