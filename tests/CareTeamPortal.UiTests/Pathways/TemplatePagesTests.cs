using Bunit;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Pathways;

/// <summary>The list of templates, one template, and its editor.</summary>
public sealed class TemplatePagesTests : WardContext
{
    private const string Id = "copd-opstoot";

    private NavigationManager Nav => Services.GetRequiredService<NavigationManager>();

    private protected override Task BeginAsync() => Services.GetRequiredService<SeedTemplates>().RunAsync(CancellationToken.None);

    private IRenderedComponent<TemplatePage> Read(PersonRow who, int? version = null)
    {
        As(who);
        Nav.NavigateTo($"/pathways/templates/{Id}{(version is { } v ? $"?version={v}" : null)}");
        var page = Render<TemplatePage>(p => p.Add(x => x.Id, Id));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("main .tp-h, main .empty")), Soon);
        return page;
    }

    private IRenderedComponent<TemplateEditPage> Edit(PersonRow who, string id = Id)
    {
        As(who);
        var page = Render<TemplateEditPage>(p => p.Add(x => x.Id, id));
        page.WaitForAssertion(() => Assert.Null(page.Find("main").GetAttribute("aria-busy")), Soon);
        return page;
    }

    private static void Press<T>(IRenderedComponent<T> page, string words, string within = "") where T : IComponent => Do(page, () => page.FindAll($"{within} button").First(b => b.TextContent.Trim() == words).Click());

    private static string Saved(IRenderedComponent<TemplateEditPage> page) => page.Find(".te-h [role=status]").TextContent;

    [Fact]
    public void Everyone_reads_the_templates_and_only_who_keeps_them_sees_how_to_change_them()
    {
        foreach (var who in new[] { Who.Karel, Who.An, Who.Ilse, Who.Piet })
        {
            As(who);
            var list = Render<TemplateList>();
            list.WaitForAssertion(() => Assert.Equal(6, list.FindAll("tbody tr").Count), Soon);
            Assert.Equal(who == Who.Piet, list.FindAll("header button").Count > 0);
            Assert.Contains("STRONG-HF", list.Markup, StringComparison.Ordinal);
            var page = Read(who);
            Assert.Equal(who == Who.Piet, page.FindAll(".tp-h .btn").Count > 0);
            Assert.Equal(5, page.FindAll(".tb-p").Count);
            Assert.Contains("standaard, bevestig", page.Find(".tb").TextContent, StringComparison.Ordinal);
            Assert.Contains("112", page.Markup, StringComparison.Ordinal);
            Assert.DoesNotContain("style=", page.Markup, StringComparison.Ordinal);
            Assert.Equal(who == Who.Piet, Edit(who).FindAll(".te-h").Count > 0);
        }

        Assert.Contains("Dit sjabloon is er niet", Edit(Who.Piet, "bestaat-niet").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_on_an_impossible_day_says_so_under_the_field_and_in_the_list_and_stops_publication()
    {
        var page = Edit(Who.Piet);
        Do(page, () => page.FindAll(".te-s button[aria-haspopup]").First(b => b.TextContent == "Contact in week 1").Click());
        Do(page, () => page.Find("dialog input[aria-describedby=sd-d]").Input("50"));
        Assert.Equal("true", page.Find("dialog input[aria-describedby=sd-d]").GetAttribute("aria-invalid"));
        Assert.Equal("Dag 50 valt na het einde van de fase (dag 34). Kies een dag tot 34, of zet de stap in een latere fase.", page.Find("#sd-d").TextContent);
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.StartsWith("Bewaard", Saved(page), StringComparison.Ordinal), Soon);
        Assert.Contains("Fase Eerste vier weken, stap Contact in week 1, wanneer", page.Find(".te-w").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll(".tb-w")); // marked in the preview
        Press(page, "Publiceren", ".te-h");
        Assert.Empty(page.FindAll("dialog"));
        Assert.Contains("Publiceren kan als", page.Find(".te-h [role=alert]").TextContent, StringComparison.Ordinal);

        Do(page, () => page.Find(".te-w .linkbtn").Click()); // from the problem to the step
        Do(page, () => page.Find("dialog input[aria-describedby=sd-d]").Input("12"));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".te-w")), Soon);
        Assert.Contains("wanneer: van dag 10 naar dag 12", page.Find("[aria-labelledby=te-c]").TextContent, StringComparison.Ordinal);
        Press(page, "Publiceren", ".te-h");
        Do(page, () => page.Find("dialog textarea").Input("beter haalbaar"));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Equal("Versie 2 is gepubliceerd.", Toast), Soon);

        var read = Read(Who.Karel);
        Assert.Contains("Versie 2", read.Find(".tp-v").TextContent, StringComparison.Ordinal);
        Assert.Contains("wanneer: van dag 10 naar dag 12", read.Find(".tp-ch").TextContent, StringComparison.Ordinal);
        Assert.Contains("beter haalbaar", read.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_another_made_meanwhile_is_told_and_nothing_is_lost_of_theirs()
    {
        var one = Edit(Who.Piet);
        var other = Edit(Who.Piet);
        Do(one, () => one.Find("input[aria-describedby=te-e1]").Change("Van de eerste"));
        one.WaitForAssertion(() => Assert.StartsWith("Bewaard", Saved(one), StringComparison.Ordinal), Soon);
        Do(other, () => other.Find("input[aria-describedby=te-e1]").Change("Van de tweede"));
        other.WaitForAssertion(() => Assert.Contains("bewaarde dit concept intussen", other.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Press(other, "Laden wat er nu staat");
        other.WaitForAssertion(() => Assert.Equal("Van de eerste", other.Find("input[aria-describedby=te-e1]").GetAttribute("value")), Soon);
        Do(other, () => other.Find("input[aria-describedby=te-e1]").Change(""));
        other.WaitForAssertion(() => Assert.Contains("Het sjabloon heeft geen titel.", other.Find("#te-e1").TextContent, StringComparison.Ordinal), Soon);
    }

    [Fact]
    public async Task A_template_is_made_from_nothing_with_roles_phases_and_steps()
    {
        As(Who.Piet);
        var list = Render<TemplateList>();
        list.WaitForAssertion(() => Assert.NotEmpty(list.FindAll("tbody tr")), Soon);
        Press(list, "Nieuw sjabloon");
        Do(list, () => list.Find("dialog form").Submit());
        Assert.Contains("Geef een titel", list.Find("dialog [role=alert]").TextContent, StringComparison.Ordinal);
        Do(list, () => list.Find("dialog input").Input("Wondzorg thuis"));
        Do(list, () => list.Find("dialog form").Submit());
        list.WaitForAssertion(() => Assert.EndsWith("/pathways/templates/wondzorg-thuis/edit", Nav.Uri, StringComparison.Ordinal), Soon);

        var page = Edit(Who.Piet, "wondzorg-thuis");
        Press(page, "Rol toevoegen");
        Do(page, () => page.Find("[aria-labelledby=te-r] input").Change("Thuisverpleegkundige"));
        Do(page, () => page.Find("[aria-labelledby=te-r] select").Change("HomeNurse"));
        Press(page, "Fase toevoegen");
        Do(page, () => page.Find("input[aria-describedby^=te-t-]").Change("Genezen"));
        Press(page, "Stap toevoegen");
        Do(page, () => page.Find("dialog input[aria-describedby=sd-t]").Input("Pijn opvolgen"));
        Do(page, () => page.FindAll("dialog select")[0].Change("Measuring"));
        Do(page, () => page.Find("dialog select[aria-describedby=sd-r]").Change(page.FindAll("dialog select[aria-describedby=sd-r] option")[1].GetAttribute("value")));
        Do(page, () => page.Find("dialog select[aria-describedby=sd-l]").Change("72514-3"));
        Press(page, "Grens toevoegen", "dialog");
        Assert.Contains("De grens is niet volledig.", page.Find("dialog fieldset.ml-f").TextContent, StringComparison.Ordinal);
        Do(page, () => page.Find("dialog fieldset.ml-f input[inputmode=decimal]").Input("4"));
        Do(page, () => page.Find("dialog fieldset.ml-f input[aria-describedby^=sd-td]").Input("Bel de huisarts."));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".te-w")), Soon);
        page.WaitForAssertion(() => Assert.StartsWith("Bewaard", Saved(page), StringComparison.Ordinal), Soon);
        Press(page, "Publiceren", ".te-h");
        Do(page, () => page.Find("dialog textarea").Input("nieuw"));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Equal("Versie 1 is gepubliceerd.", Toast), Soon);
        var made = (await Services.GetRequiredService<TemplateLibrary>().FindAsync("wondzorg-thuis", null, CancellationToken.None))!;
        Assert.Equal(4, Assert.Single(Assert.Single(made.Steps).Step.Limits).Limit);
    }

    [Fact]
    public void What_is_retired_says_so_with_the_reason()
    {
        var page = Read(Who.Piet);
        Press(page, "Uit gebruik nemen");
        Do(page, () => page.Find("dialog textarea").Input("vervangen door een ander"));
        Do(page, () => page.Find("dialog form").Submit());
        page.WaitForAssertion(() => Assert.Contains("vervangen door een ander", page.Find(".note.warn").TextContent, StringComparison.Ordinal), Soon);
        Assert.Contains("uit gebruik", page.Find(".tp-h .tag").TextContent, StringComparison.Ordinal);
    }
}
