using Bunit;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Access;

public sealed class EmergencyPagesTests : WardContext
{
    private NavigationManager Nav => Services.GetRequiredService<NavigationManager>();

    private async Task<string> SignInAsync(PersonRow who, bool proved)
    {
        var session = await Ward.Get<Sessions>().StartAsync(who.Id, null, CancellationToken.None);
        if (proved)
            await Ward.Get<Sessions>().ProveAsync(session, CancellationToken.None);
        As(who, session);
        return session;
    }

    private IRenderedComponent<EmergencyPage> Emergency(string? id) => Render<EmergencyPage>(p => p.Add(e => e.Id, id));

    private string Closed(string id)
    {
        var page = Render<TeamPage>(p => p.Add(t => t.Id, id));
        page.WaitForAssertion(() => Assert.Contains("i-search", page.Markup, StringComparison.Ordinal), Soon);
        return page.Markup.Replace(id, "ID", StringComparison.Ordinal).Trim();
    }

    [Fact]
    public async Task A_closed_file_and_none_at_all_look_the_same_and_only_professionals_have_the_entry()
    {
        As(Who.Els);
        var closed = Closed(Ward.Maria.Value);
        Assert.Contains("/patients/ID/emergency", closed, StringComparison.Ordinal);
        Assert.Equal(closed, Closed("nobody-at-all"));
        await Ward.RunAsync(Ward.Get<EndRelation>(), Who.MariaHerself, Ward.Maria, new(Who.Els.Id, true));
        Assert.Equal(closed, Closed(Ward.Maria.Value)); // and when the patient excluded this person
        As(Who.Ilse);
        Assert.DoesNotContain("emergency", Closed("nobody-at-all"), StringComparison.Ordinal);
        Assert.Equal(Closed("nobody-at-all"), Render<EmergencyPage>(p => p.Add(e => e.Id, Ward.Maria.Value)).Markup.Trim());
    }

    [Fact]
    public async Task The_proof_comes_first_then_the_reason_and_then_the_file()
    {
        var session = await SignInAsync(Who.Els, proved: false);
        var page = Emergency(Ward.Maria.Value);
        page.WaitForAssertion(() => Assert.Contains("returnUrl=%2Fpatients%2F", page.Find("a.pri").GetAttribute("href"), StringComparison.Ordinal), Soon);
        Assert.Empty(page.FindAll("form"));

        await Ward.Get<Sessions>().ProveAsync(session, CancellationToken.None);
        page = Emergency(Ward.Maria.Value);
        page.WaitForAssertion(() => page.Find("form"), Soon);
        Do(page, () => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Kies een reden", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Do(page, () => page.FindAll("input[type=radio]")[2].Change("on"));
        Do(page, () => page.Find("textarea").Input("belde de wachtpost"));
        Do(page, () => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.EndsWith("/patients/" + Ward.Maria.Value, Nav.Uri, StringComparison.Ordinal), Soon);
        Assert.Contains("De patiënt en de huisarts zijn verwittigd", Toast, StringComparison.Ordinal);
        Assert.Equal(1, await Ward.NumberAsync("SELECT COUNT(*) FROM \"BrokenGlasses\""));
    }

    [Fact]
    public async Task A_file_that_is_not_there_says_so_and_asks_for_another_proof()
    {
        await SignInAsync(Who.Els, proved: true);
        var page = Emergency(null);
        page.WaitForAssertion(() => page.Find("form"), Soon);
        Do(page, () => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Er is niets opgezocht", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Do(page, () => page.Find("input[inputmode=numeric]").Input("44.03.14-123.53"));
        Do(page, () => page.FindAll("input[type=radio]")[0].Change("on"));
        Do(page, () => page.Find("textarea").Input("bewusteloos gevonden"));
        Do(page, () => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("geen dossier dat u zo kunt openen", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(page.FindAll("form"));
    }

    [Fact]
    public async Task The_strip_counts_down_and_ends_it()
    {
        await Ward.Get<BreakGlass>().RunAsync(Who.Els.Actor(), Ward.Maria, new(EmergencyReason.OnCall, "belde de wachtpost", Ward.Clock.Utc), CancellationToken.None);
        As(Who.Els);
        var strip = Render<EmergencyStrip>(p => p.Add(s => s.Patient, Ward.Maria.Value).Add(s => s.Until, Ward.Clock.Utc.AddHours(4)));
        Assert.Contains("nog 4 u", strip.Markup, StringComparison.Ordinal);
        Ward.Clock.Advance(TimeSpan.FromHours(1));
        strip.WaitForAssertion(() => Assert.Contains("nog 3 u", strip.Markup, StringComparison.Ordinal), Soon);
        Do(strip, () => strip.Find("button").Click());
        strip.WaitForAssertion(() => Assert.Contains("beëindigd", Toast ?? "", StringComparison.Ordinal), Soon);
        await Assert.ThrowsAsync<PatientNotFound>(() => Ward.RunAsync(Ward.Get<ReadTeam>(), Who.Els, Ward.Maria, new()));
    }

    [Fact]
    public async Task An_officer_enters_what_they_found_with_a_word_when_it_was_not_right()
    {
        await Ward.Get<BreakGlass>().RunAsync(Who.Els.Actor(), Ward.Maria, new(EmergencyReason.OnCall, "belde de wachtpost", Ward.Clock.Utc), CancellationToken.None);
        As(Who.Karel);
        Assert.DoesNotContain("wachtpost", Render<GlassReviewsPage>().Markup, StringComparison.Ordinal);
        As(Who.Piet);
        var page = Render<GlassReviewsPage>();
        page.WaitForAssertion(() => Assert.Contains("belde de wachtpost", page.Markup, StringComparison.Ordinal), Soon);
        Do(page, () => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Kies wat u vindt", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Do(page, () => page.FindAll("input[type=radio]")[2].Change("on"));
        Do(page, () => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("waarom", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Do(page, () => page.Find("textarea").Input("niemand van het team gebeld"));
        Do(page, () => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Er is niets na te kijken", page.Markup, StringComparison.Ordinal), Soon);
        Do(page, () => page.FindAll("[role=tab]")[1].Click());
        page.WaitForAssertion(() => Assert.Contains("Niet terecht", page.Markup, StringComparison.Ordinal), Soon);
    }
}
