using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;

namespace CareTeamPortal.BrowserTests;

/// <summary>Debian's Chromium, driven by Playwright.</summary>
internal sealed class Browsing : IAsyncDisposable
{
    // As root Chromium needs --no-sandbox; the others keep it from looking for hosts that tests never need.
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browsing(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browsing> StartAsync()
    {
        var chromium = Machine.NeedChromium();
        var playwright = await Playwright.CreateAsync();
        SetDefaultExpectTimeout(15_000);
        return new Browsing(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Headless = true, Args = Flags }));
    }

    /// <summary>A browser of its own (cookies, storage) for somebody who has not signed in.</summary>
    public async Task<BrowserPerson> StrangerAsync(string url, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = url;
        options.Locale ??= "nl-BE";
        options.TimezoneId ??= "Europe/Brussels";
        options.ViewportSize ??= new() { Width = 1366, Height = 900 };
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        return new BrowserPerson(context, await context.NewPageAsync());
    }

    /// <summary>Signs a demo person in on the sign-in page, by the button with their name, and opens <paramref name="path"/>.</summary>
    public async Task<BrowserPerson> SignInAsync(string url, string displayName, string path, BrowserNewContextOptions? options = null)
    {
        var person = await StrangerAsync(url, options);
        await person.Page.GotoAsync("/sign-in?returnUrl=" + Uri.EscapeDataString(path));
        await person.Page.GetByRole(AriaRole.Button, new() { Name = displayName, Exact = true }).ClickAsync();
        await person.Page.WaitForURLAsync(url + path);
        return person;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>One person at one browser, and every complaint that this browser made.</summary>
internal sealed class BrowserPerson : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    public BrowserPerson(IBrowserContext context, IPage page)
    {
        (Context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"{message.Type}: {message.Text} ({new Uri(page.Url).AbsolutePath})");
        };
        page.PageError += (_, fault) => _complaints.Enqueue("page error: " + fault);
    }

    public IBrowserContext Context { get; }
    public IPage Page { get; }

    /// <summary>Console errors and warnings, among them every breach of the content security policy.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Forgets complaints that the test itself brought about, such as a cut network.</summary>
    public void ForgetComplaints() => _complaints.Clear();

    /// <summary>Fails with the rules and elements when axe-core finds something on the page as it is now.</summary>
    public async Task ExpectAxeCleanAsync(string what)
    {
        var result = await Page.RunAxe();
        Assert.True(result.Violations.Length == 0, what + ":\n" + string.Join('\n', result.Violations.Select(v =>
            $"{v.Id} ({v.Impact}): {v.Help}\n" + string.Join('\n', v.Nodes.Take(5).Select(n => $"    {n.Target}: {n.Html}")))));
    }

    /// <summary>Fails when something is wider than the window (a page that scrolls sideways).</summary>
    public async Task ExpectNoSidewaysScrollAsync(string what)
    {
        var wide = await Page.EvaluateAsync<string?>("""
            () => {
              const room = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= room) return null;
              const out = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 1);
              return `${document.documentElement.scrollWidth} px in ${room} px: ` + out.slice(0, 6).map(e => `${e.localName}.${e.className?.baseVal ?? e.className} to ${Math.round(e.getBoundingClientRect().right)}`).join(', ');
            }
            """);
        Assert.True(wide is null, $"{what}: {wide}");
    }

    /// <summary>Leaves a picture of the whole page under artifacts/pages, for people to look at.</summary>
    public Task PictureAsync(string name)
    {
        var file = string.Join('-', name.ToLowerInvariant().Split([' ', '/', '.'], StringSplitOptions.RemoveEmptyEntries));
        return Page.ScreenshotAsync(new() { Path = Path.Combine(Machine.Root, "artifacts", "pages", file + ".png"), FullPage = false });
    }

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
