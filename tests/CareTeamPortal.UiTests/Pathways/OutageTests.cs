using Bunit;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Pathways;

/// <summary>A database that is not there, or a right that ends, is told on the page: it ends no circuit.</summary>
public sealed class OutageTests : WardContext
{
    private static new readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private protected override Task BeginAsync() => Services.GetRequiredService<SeedTemplates>().RunAsync(CancellationToken.None);

    private Task BreakAsync(string table) => Ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql($"ALTER TABLE \"{table}\" RENAME TO \"{table}Away\"").Run()), CancellationToken.None);

    private Task MendAsync(string table) => Ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql($"ALTER TABLE \"{table}Away\" RENAME TO \"{table}\"").Run()), CancellationToken.None);

    private async Task OutlastsAsync<T>(string table, string shows, Action<ComponentParameterCollectionBuilder<T>>? more = null) where T : PatientPage
    {
        As(Who.Nadia);
        var page = Render<T>(p =>
        {
            p.Add(x => x.Id, Ward.Maria.Value);
            more?.Invoke(p);
        });
        page.WaitForAssertion(() => page.Find(shows), Soon);
        await BreakAsync(table);
        Ward.Clock.Advance(TimeSpan.FromSeconds(2)); // a right is kept in memory for a second
        Ward.Live.WakeAll();
        page.WaitForAssertion(() => page.Find("main [role=alert] button"), Soon);
        await MendAsync(table);
        Do(page, () => page.Find("main [role=alert] button").Click());
        page.WaitForAssertion(() => page.Find(shows), Soon);
        await Ward.RevokeAsync(Ward.Maria, Who.Nadia);
        Ward.Clock.Advance(TimeSpan.FromSeconds(6)); // after an outage it reads again by itself
        Ward.Live.WakeAll();
        page.WaitForAssertion(() => Assert.Contains("Deze pagina is er niet", page.Markup, StringComparison.Ordinal), Soon);
    }

    [Fact]
    public Task The_plan_outlasts_it() => OutlastsAsync<PlanPage>("Tasks", "#h-goals");

    [Fact]
    public Task The_tasks_outlast_it() => OutlastsAsync<TasksPage>("Tasks", ".empty");

    [Fact]
    public Task The_team_outlasts_it() => OutlastsAsync<TeamPage>("CareTeamMembers", ".members");

    [Fact]
    public Task The_outcomes_outlast_it() => OutlastsAsync<OutcomesPage>("Tasks", ".oc-due");

    [Fact]
    public Task The_pathways_outlast_it() => OutlastsAsync<PatientPathwaysPage>("Pathways", ".empty");

    [Fact]
    public Task A_questionnaire_outlasts_it() => OutlastsAsync<QuestionnairePage>("Tasks", ".qn-o", p => p.Add(x => x.Questionnaire, "phq-2"));

    [Fact]
    public Task The_page_of_access_outlasts_it() => OutlastsAsync<AccessPage>("CareTeamMembers", ".accp-a");

    [Fact]
    public async Task What_a_press_could_not_write_is_told_and_the_page_stays()
    {
        var read = await Ward.RunAsync(Ward.Get<ReadStart>(), Who.Nadia, Ward.Maria, new("hartfalen-na-ontslag"));
        await Ward.RunAsync(Ward.Get<StartPathway>(), Who.Nadia, Ward.Maria, new() { Id = Guid.NewGuid().ToString(), Template = read.Template!.Id, TemplateVersion = read.Template.Version, StartsOn = Platform.Time.BelgianTime.DayOf(Ward.Clock.Utc), Roles = read.Template.Roles.ToDictionary(r => r.Id, r => read.Roles.GetValueOrDefault(r.Id) ?? TaskParty.Of(Who.Karel)) });
        As(Who.Nadia);
        var page = Render<PatientPathwaysPage>(p => p.Add(x => x.Id, Ward.Maria.Value));
        page.WaitForAssertion(() => page.Find(".phs"), Soon);
        await BreakAsync("PathwaySteps");
        Do(page, () => page.FindAll("button.mini").First(b => b.TextContent == "Uitgelegd").Click());
        page.WaitForAssertion(() => page.Find("main [role=alert]"), Soon);
        Assert.Equal("Er is niets verloren. Probeer het opnieuw.", Toast);
        await MendAsync("PathwaySteps");
        Do(page, () => page.Find("main [role=alert] button").Click());
        page.WaitForAssertion(() => page.Find(".phs"), Soon);
        await Ward.RevokeAsync(Ward.Maria, Who.Nadia);
        Ward.Clock.Advance(TimeSpan.FromSeconds(6));
        Do(page, () => page.FindAll("button.mini").First(b => b.TextContent == "Uitgelegd").Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".phs")), Soon);
        Assert.Equal("U mag dit in dit dossier niet.", Toast);
    }

    [Fact]
    public async Task Choosing_a_template_that_cannot_be_read_is_told_with_a_way_to_try_again()
    {
        As(Who.Nadia);
        var page = Render<StartPathwayPage>(p => p.Add(x => x.Id, Ward.Maria.Value));
        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll("input[name=template]").Count), Soon);
        await BreakAsync("Pathways");
        Do(page, () => page.FindAll("input[name=template]")[0].Change("on"));
        page.WaitForAssertion(() => page.Find("main [role=alert] button"), Soon);
        await MendAsync("Pathways");
        Do(page, () => page.Find("main [role=alert] button").Click());
        page.WaitForAssertion(() => page.Find("form.zps-f"), Soon);
    }
}
