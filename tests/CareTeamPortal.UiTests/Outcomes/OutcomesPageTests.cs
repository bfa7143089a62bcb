using Bunit;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Outcomes;

public sealed class OutcomesPageTests : WardContext
{
    private protected override Task BeginAsync() => Services.GetRequiredService<SeedTemplates>().RunAsync(CancellationToken.None);

    [Fact]
    public async Task What_is_asked_in_months_waits_folded_behind_what_is_asked_now()
    {
        await PathwayWorld.StartAsync(Ward, Who.Karel);
        await Ward.Get<CareDatabase>().WriteAsync((session, _) =>
        {
            session.Sql("UPDATE Tasks SET DueAt = @p0 WHERE Focus = 'Questionnaire/who-5'").With(Ward.Clock.Utc.AddDays(90).Ticks).Run();
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        As(Who.MariaHerself);
        var page = Render<OutcomesPage>(p => p.Add(x => x.Id, Ward.Maria.Value));
        page.WaitForAssertion(() => Assert.Null(page.Find("main").GetAttribute("aria-busy")), Soon);
        var now = page.FindAll(".oc-due > ul > li");
        Assert.NotEmpty(now);
        Assert.Equal(now.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), page.Find("#oc-due .n").TextContent);
        Assert.DoesNotContain(now, row => row.TextContent.Contains("WHO-5", StringComparison.Ordinal));
        var later = page.Find(".oc-later");
        Assert.False(later.HasAttribute("open"));
        Assert.Contains(later.QuerySelectorAll("li"), row => row.TextContent.Contains("WHO-5", StringComparison.Ordinal));
    }
}
