using System.Net;
using System.Text.Json;
using CareTeamPortal.Platform.Data;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.SignIn;

/// <summary>
/// Asks the provider about each session, with its refresh token, whether the account still may: what is closed there is closed here within a minute,
/// and a role that was taken away there is gone here.
/// </summary>
internal sealed partial class ProviderQuestions(Sessions sessions, Accounts accounts, OpenIdProvider provider, IHttpClientFactory clients, IOptions<AzureAdOptions> options, ILogger<ProviderQuestions> log)
{
    public async Task AskAsync(CancellationToken ct)
    {
        foreach (var (session, token) in await sessions.ToAskAsync(ct))
        {
            try
            {
                await AskAsync(session, token, ct);
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or InvalidOperationException or JsonException && !ct.IsCancellationRequested)
            {
                NoAnswer(log, fault.GetType().Name); // the provider is away: it is asked again next time
            }
        }
    }

    private async Task AskAsync(SessionRow session, string token, CancellationToken ct)
    {
        var configuration = await provider.ConfigurationAsync(ct);
        using var http = clients.CreateClient(nameof(OpenIdProvider));
        using var answer = await http.PostAsync(configuration.TokenEndpoint, new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"), new("refresh_token", token), new("client_id", options.Value.ClientId ?? ""), new("client_secret", options.Value.ClientSecret ?? ""),
        ]), ct);
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            await sessions.EndAsync(session.Id, SessionEnd.Provider, ct);
            return;
        }

        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(ct));
        if (document.RootElement.TryGetProperty("refresh_token", out var next) && next.GetString() is { Length: > 0 } renewed && renewed != token)
            await sessions.KeepTokenAsync(session.Id, renewed, ct);
        if (document.RootElement.TryGetProperty("id_token", out var identity) && identity.GetString() is { } raw && await provider.ValidateAsync(raw, ct) is { IsValid: true } claims
            && await accounts.PersonForAsync(claims.ClaimsIdentity, ct) is null)
            await sessions.EndAsync(session.Id, SessionEnd.Deactivated, ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sign-in provider did not answer about a session ({Fault})")]
    private static partial void NoAnswer(ILogger logger, string fault);
}
