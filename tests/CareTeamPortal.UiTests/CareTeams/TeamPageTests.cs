using Bunit;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.UiTests.CareTeams;

public sealed class TeamPageTests : WardContext
{
    private IRenderedComponent<TeamPage> Team(PersonRow who)
    {
        As(who);
        var page = Render<TeamPage>(p => p.Add(t => t.Id, Ward.Maria.Value));
        page.WaitForAssertion(() => page.Find(".members"), Soon);
        return page;
    }

    private static AngleSharp.Dom.IElement Line(IRenderedComponent<TeamPage> page, PersonRow who) => page.FindAll(".members > li").Single(l => l.QuerySelector("bdi")!.TextContent == who.DisplayName);

    private static void Press(IRenderedComponent<TeamPage> page, string text) => Do(page, () => page.FindAll("button").First(b => b.TextContent.Trim() == text).Click());

    private static void PressOf(IRenderedComponent<TeamPage> page, PersonRow who, string text) => Do(page, () => Line(page, who).QuerySelectorAll("[role=menuitem]").Single(b => b.TextContent.Trim() == text).Click());

    [Fact]
    public void A_GP_invites_somebody_who_is_found_by_name_and_open_pages_show_them()
    {
        var maria = Team(Who.MariaHerself);
        var page = Team(Who.Karel);
        Press(page, "Iemand uitnodigen");
        page.WaitForAssertion(() => page.Find("dialog [role=combobox]"), Soon);
        Do(page, () => page.Find("dialog [role=combobox]").Input("goos"));
        page.WaitForAssertion(() => Assert.Contains(Who.Bram.DisplayName, page.Find("dialog [role=option]").TextContent, StringComparison.Ordinal), Soon);
        Do(page, () => page.Find("dialog [role=option]").Click());
        page.WaitForAssertion(() => page.Find("dialog select"), Soon);
        Do(page, () => page.FindAll("dialog .dtf-d")[1].Change("1-1-2040"));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Contains("einddatum kan niet", page.Find("dialog [role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Do(page, () => page.FindAll("dialog .dtf-d")[1].Change(""));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Contains("voorschrift of zorgafspraak, tot", Line(page, Who.Bram).TextContent, StringComparison.Ordinal), Soon);
        maria.WaitForAssertion(() => Line(maria, Who.Bram), Soon);
        Assert.Empty(page.FindAll("dialog"));
    }

    [Fact]
    public void An_invitation_for_later_stands_in_the_list_and_is_taken_back()
    {
        var page = Team(Who.Karel);
        Press(page, "Iemand uitnodigen");
        page.WaitForAssertion(() => page.Find("dialog [role=combobox]"), Soon);
        Do(page, () => page.Find("dialog [role=combobox]").Input("goos"));
        page.WaitForAssertion(() => page.Find("dialog [role=option]"), Soon);
        Do(page, () => page.Find("dialog [role=option]").Click());
        page.WaitForAssertion(() => page.Find("dialog select"), Soon);
        Do(page, () => page.Find("dialog .dtf-d").Change("25-11-2026"));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Contains("vanaf", Line(page, Who.Bram).TextContent, StringComparison.Ordinal), Soon);
        Do(page, () => Line(page, Who.Bram).QuerySelector("button.btn.sm")!.Click());
        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll(".members bdi"), n => n.TextContent == Who.Bram.DisplayName), Soon);
    }

    [Fact]
    public async Task To_whom_the_team_is_closed_the_page_says_who_is_accountable_and_that_the_rest_is_not_shared()
    {
        await Ward.RunAsync(Ward.Get<Features.Access.DecideSharing>(), Who.MariaHerself, Ward.Maria, new Features.Access.DecideSharing.Request(ConsentScope.Person, false, InformationCategory.TeamAndAgenda, Person: Who.Sofie.Id));
        var page = Team(Who.Sofie);
        Assert.Contains("Team en agenda", page.Find(".empty").TextContent, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([Who.Sofie.DisplayName, Who.Karel.DisplayName], page.FindAll(".members bdi").Select(n => n.TextContent).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Iemand uitnodigen", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_patient_ends_a_relation_and_that_person_loses_the_open_page()
    {
        var sofie = Team(Who.Sofie);
        var page = Team(Who.MariaHerself);
        PressOf(page, Who.Sofie, "Zorgrelatie stoppen");
        page.WaitForAssertion(() => page.Find("dialog input[type=checkbox]"), Soon);
        Do(page, () => page.Find("dialog input[type=checkbox]").Change(true));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll(".members bdi"), n => n.TextContent == Who.Sofie.DisplayName), Soon);
        sofie.WaitForAssertion(() => Assert.Empty(sofie.FindAll(".members")), Soon);
        Assert.IsType<InviteMember.NotPossible>(await Ward.RunAsync(Ward.Get<InviteMember>(), Who.Karel, Ward.Maria, new(Who.Sofie.Id, null, RelationKind.CareAgreement)));
    }

    [Fact]
    public void A_relation_that_ends_soon_is_warned_of_and_renewed_with_a_reason()
    {
        Ward.Clock.Advance(TimeSpan.FromDays(80)); // a referral lasts three months
        var page = Team(Who.Nadia);
        Assert.Contains("Uw zorgrelatie eindigt", page.Find(".note.warn").TextContent, StringComparison.Ordinal);
        Assert.Contains("eindigt", Line(page, Who.Tom).TextContent, StringComparison.Ordinal);
        Do(page, () => page.Find(".note.warn button").Click());
        page.WaitForAssertion(() => page.Find("dialog form"), Soon);
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => page.Find("dialog [role=alert]"), Soon);
        Do(page, () => page.Find("dialog textarea").Input("opvolging gaat door"));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".note.warn")), Soon);
    }

    [Fact]
    public async Task Absences_are_shown_and_family_has_nothing_to_press()
    {
        await Ward.Database.WriteAsync((session, _) => ValueTask.FromResult(TeamSql.AddAbsence(session, Who.Sofie.Id, Ward.Clock.Utc.AddHours(-1), Ward.Clock.Utc.AddDays(2))), CancellationToken.None);
        var page = Team(Who.An);
        Assert.Contains("afwezig tot", Line(page, Who.Sofie).TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Iemand uitnodigen", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".members [role=menuitem]"));
    }
}
