using CareTeamPortal.Benchmarks.Floors.Pages;

namespace CareTeamPortal.Benchmarks.Floors;

/// <summary>
/// Blazor Server and nothing else. <c>/head</c>: 50 rows that never render again and a small component for what arrives;
/// <c>/same</c>: the elements, attributes and texts of a page of the portal, given as a file, in one component without any behaviour.
/// </summary>
internal static class BarePages
{
    public static async Task RunAsync(int port, string? markup)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(k => k.ListenLocalhost(port));
        builder.Services.AddSingleton<Board>();
        builder.Services.AddSingleton(new PageMarkup(markup is null ? "" : await File.ReadAllTextAsync(markup)));
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        var app = builder.Build();
        app.UseAntiforgery();
        app.MapRazorComponents<BareApp>().AddInteractiveServerRenderMode(o => o.DisableWebSocketCompression = true);
        app.MapGet("/plain", () => "ok");
        app.MapPost("/post", async (HttpContext http, Board board) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            board.Add(await reader.ReadToEndAsync());
        }).DisableAntiforgery();
        await app.RunAsync();
    }
}

/// <summary>An entry of the bare list.</summary>
public sealed record BareEntry(long Id, string At, string Kind, string Author, string Text);

/// <summary>The entries, in memory.</summary>
public sealed class Board
{
    private readonly List<BareEntry> _all = [];

    public Board()
    {
        for (var i = 0; i < 200; i++)
            Add($"Huisbezoek {i}: bloeddruk 132/84, wonde zuiver, volgende verzorging over twee dagen. Familie vraagt naar vervoer naar de kinesist.");
    }

    public event Action<BareEntry>? Added;

    public void Add(string text)
    {
        BareEntry entry;
        lock (_all)
            _all.Add(entry = new BareEntry(_all.Count + 1, TimeProvider.System.GetUtcNow().ToString("u"), "note", "sofie.maes", text));
        Added?.Invoke(entry);
    }

    /// <summary>Every caller gets strings of its own, as from a database.</summary>
    public List<BareEntry> Newest(int count)
    {
        lock (_all)
            return [.. _all.AsEnumerable().Reverse().Take(count).Select(e => e with { Text = new string(e.Text.AsSpan()), At = new string(e.At.AsSpan()) })];
    }
}
