using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>A person's own sessions: where they are signed in, and the way to end one.</summary>
public sealed partial class SessionsPage : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<SessionRow>? _sessions;
    private string? _mine;
    private DateTime _now;
    private bool _failed;

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private Sessions Sessions { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    internal static MeEntry Entry { get; } = new("/account/sessions", "shield", () => SignInWords.Get("Sessions"), (_, _) => true);

    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        _failed = false;
        try
        {
            var me = await Current.RequireAsync();
            _mine = await Current.SessionAsync();
            _now = Clock.GetUtcNow().UtcDateTime;
            _sessions = [.. (await Sessions.OfAsync(me.Person, _gone.Token)).OrderByDescending(s => s.Id == _mine).ThenByDescending(s => s.SeenAt)];
        }
        catch (System.Data.Common.DbException)
        {
            _failed = true;
        }
    }

    private async Task EndAsync(string id)
    {
        // An event can name any id: only one's own sessions are ended here.
        if (_sessions?.Any(s => s.Id == id) != true)
            return;
        await Sessions.EndAsync(id, SessionEnd.Ended, _gone.Token);
        Toasts.Show(T["Sessions.Ended"]);
        await ReadAsync();
    }

    private async Task EndOthersAsync()
    {
        await Sessions.EndAllAsync((await Current.RequireAsync()).Person, SessionEnd.Ended, _gone.Token, but: _mine);
        Toasts.Show(T["Sessions.Ended"]);
        await ReadAsync();
    }

    private string Name(SessionRow session) => string.IsNullOrEmpty(session.Browser) ? T["Sessions.Unknown"] : session.Browser;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
