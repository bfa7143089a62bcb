using Bunit;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Pathways;

public sealed class StepDialogTests : WardContext
{
    private protected override Task BeginAsync() => Services.GetRequiredService<SeedTemplates>().RunAsync(CancellationToken.None);

    [Fact]
    public async Task A_step_that_is_due_within_hours_says_so_and_can_be_given_a_day()
    {
        using var session = await Ward.Get<CareDatabase>().RentAsync(CancellationToken.None);
        var template = Ward.Get<TemplateLibrary>().Find(session, "hartfalen-na-ontslag", null)!;
        var (phase, step) = template.Steps.First(s => s.Step.Due.Hours is not null);
        As(Who.Karel);
        TemplateStep? kept = null;
        var dialog = Render<StepDialog>(p => p.Add(d => d.Template, template).Add(d => d.Phase, phase.Id).Add(d => d.Step, step).Add(d => d.OnKeep, k => kept = k.Step));
        AngleSharp.Dom.IElement Unit() => dialog.FindAll("select").Single(s => s.QuerySelector("option[value=true]") is not null);
        Assert.Equal("true", Unit().GetAttribute("value"));
        Unit().Change("false");
        Assert.Equal("false", Unit().GetAttribute("value"));
        dialog.FindAll("button").Single(b => b.TextContent.Contains("Bewaren", StringComparison.Ordinal)).Click();
        Assert.Null(kept!.Due.Hours);
    }
}
