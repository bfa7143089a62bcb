using System.Text.RegularExpressions;
using static CareTeamPortal.BrowserTests.AtTheTimeline;

namespace CareTeamPortal.BrowserTests;

/// <summary>A cut network and a crashed server: nobody loses what they typed, and nobody misses what others wrote.</summary>
public sealed class ConnectionLossTests
{
    private const string Maria = "maria-verhoeven";

    [SkippableFact]
    public async Task After_a_cut_the_page_shows_what_came_in_order_once_and_keeps_what_was_typed()
    {
        Machine.NeedChromium();
        await using var portal = await PortalProcess.StartAsync();
        await using var cable = new CuttableNetwork(portal);
        await using var browsing = await Browsing.StartAsync();
        await using var karel = await browsing.SignInAsync(cable.Url, "dr. Karel Janssens", "/patients/" + Maria);
        await using var sofie = await browsing.SignInAsync(portal.Url, "Sofie Maes", "/patients/" + Maria);
        await karel.AliveAsync();
        await sofie.AliveAsync();

        cable.Cut();
        await Expect(karel.Page.GetByText("Even geen verbinding.")).ToBeVisibleAsync();
        var typed = Unique("Getypt zonder net");
        await karel.NoteField().FillAsync(typed);
        var missed = new[] { Unique("Gemist een"), Unique("Gemist twee") };
        foreach (var text in missed)
            await sofie.WriteNoteAsync(text);
        cable.Mend();

        // Who types is told and not pushed aside: what came waits behind a button, or stands there already.
        var arrivals = karel.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^2 nieuw") });
        await Expect(arrivals.Or(karel.Entry(missed[1])).First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        if (await arrivals.IsVisibleAsync())
            await arrivals.ClickAsync();
        foreach (var text in missed)
            await Expect(karel.Entry(text)).ToHaveCountAsync(1);
        Assert.Equal(missed.Reverse(), await karel.OrderAsync(missed));
        await Expect(karel.NoteField()).ToHaveValueAsync(typed);

        // And it can be saved now.
        await karel.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Bewaren") }).ClickAsync();
        await Expect(sofie.Entry(typed)).ToHaveCountAsync(1);
        Assert.Empty(sofie.Complaints);
    }

    [SkippableFact]
    public async Task After_a_crash_of_the_server_the_page_comes_back_by_itself_with_the_draft()
    {
        Machine.NeedChromium();
        await using var portal = await PortalProcess.StartAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var karel = await browsing.SignInAsync(portal.Url, "dr. Karel Janssens", "/patients/" + Maria);
        await using var sofie = await browsing.SignInAsync(portal.Url, "Sofie Maes", "/patients/" + Maria);
        await karel.AliveAsync();
        await sofie.AliveAsync();
        var acknowledged = Unique("Bewaard voor de crash");
        await sofie.WriteNoteAsync(acknowledged);
        var draft = Unique("Half werk");
        await karel.NoteField().FillAsync(draft);
        await Expect(karel.Composer().GetByText("Concept bewaard", new() { Exact = true })).ToBeVisibleAsync();

        await portal.KillAsync();
        await Expect(karel.Page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        var more = draft + " en wat er na de crash bij kwam";
        await karel.NoteField().FillAsync(more);
        var ready = await portal.RunAsync();

        Assert.True(ready < TimeSpan.FromSeconds(15), $"ready after {ready.TotalSeconds:0.0} s");
        await Expect(karel.Entry(acknowledged)).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await Expect(karel.NoteField()).ToHaveValueAsync(more);
        await Expect(karel.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await karel.Composer().GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Bewaren") }).ClickAsync();
        await Expect(sofie.Entry(more)).ToHaveCountAsync(1, new() { Timeout = 30_000 });
    }

    [SkippableFact]
    public async Task A_page_that_can_no_longer_be_drawn_comes_again_by_itself_with_what_was_typed()
    {
        Machine.NeedChromium();
        await using var portal = await PortalProcess.StartAsync();
        await using var browsing = await Browsing.StartAsync();
        await using var karel = await browsing.SignInAsync(portal.Url, "dr. Karel Janssens", "/patients/" + Maria);
        await using var sofie = await browsing.SignInAsync(portal.Url, "Sofie Maes", "/patients/" + Maria);
        await karel.AliveAsync();
        await sofie.AliveAsync();
        var draft = Unique("Half werk");
        await karel.NoteField().FillAsync(draft);
        await Expect(karel.Composer().GetByText("Concept bewaard", new() { Exact = true })).ToBeVisibleAsync();

        // An extension of the browser tears the page apart: the next drawing fails, and the script gives the page up.
        await karel.Page.EvaluateAsync("""
            () => {
              window.torn = true;
              const composer = document.querySelector('[aria-label="Toevoegen aan de tijdlijn"]');
              for (const part of [...document.querySelectorAll('main *')]) if (!composer.contains(part) && !part.contains(composer)) part.remove();
            }
            """);
        var news = Unique("Nieuws voor een dode pagina");
        await sofie.WriteNoteAsync(news);
        await karel.Page.WaitForFunctionAsync("() => !window.torn", null, new() { Timeout = 30_000 });
        await Expect(karel.Entry(news)).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await Expect(karel.NoteField()).ToHaveValueAsync(draft);
    }
}
