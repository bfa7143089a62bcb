using Bunit;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.UiTests.Goals;

/// <summary>The plan: own words first, goals with what serves them, what is to be decided. What one says the other sees without a reload.</summary>
public sealed class PlanPageTests : WardContext
{
    private IRenderedComponent<PlanPage> Plan(PersonRow who)
    {
        As(who);
        var page = Render<PlanPage>(p => p.Add(t => t.Id, Ward.Maria.Value));
        page.WaitForAssertion(() => page.Find("#h-goals"), Soon);
        return page;
    }

    private static void Press(IRenderedComponent<PlanPage> page, string text) => Do(page, () => page.FindAll("button").First(b => b.TextContent.Trim() == text).Click());

    [Fact]
    public void What_the_patient_writes_is_in_the_nurses_open_page()
    {
        var sofie = Plan(Who.Sofie);
        var maria = Plan(Who.MariaHerself);
        Press(maria, "Schrijf het op");
        Do(maria, () => maria.Find("dialog textarea").Input("In mijn eigen huis blijven."));
        Do(maria, () => maria.Find("dialog form").Submit());
        sofie.WaitForAssertion(() => Assert.Equal("In mijn eigen huis blijven.", sofie.Find("blockquote.plg-w").TextContent), Soon);
        Ward.Clock.Advance(TimeSpan.FromSeconds(1)); // pages read at most ten times a second
        Press(maria, "Levensdoel toevoegen");
        Do(maria, () => maria.Find("dialog textarea").Input("Te voet naar de nachtmis."));
        Do(maria, () => maria.Find("dialog form").Submit());
        Ward.Clock.Advance(TimeSpan.FromSeconds(1));
        sofie.WaitForAssertion(() => Assert.Contains("Te voet naar de nachtmis.", sofie.Find(".gol .voice").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(maria.FindAll("dialog"));
        Assert.Equal("Het doel is bewaard. Het team ziet het nu.", Toast);
    }

    [Fact]
    public async Task A_goal_that_changed_meanwhile_keeps_what_was_typed_and_shows_what_stands_there()
    {
        var goal = (await Ward.RunAsync(Ward.Get<KeepGoal>(), Who.MariaHerself, Ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Life, Words = "Thuis blijven." })).Goal!;
        var maria = Plan(Who.MariaHerself);
        Press(maria, "Doel aanpassen");
        maria.WaitForAssertion(() => maria.Find("dialog textarea"), Soon);
        await Ward.RunAsync(Ward.Get<KeepGoal>(), Who.Karel, Ward.Maria, new() { Id = goal.Id, SeenVersion = 1, Kind = GoalKind.Life, Remark = "Het lukt." });
        Do(maria, () => maria.Find("dialog textarea").Input("In mijn eigen bed slapen."));
        Do(maria, () => maria.Find("dialog form").Submit());
        maria.WaitForAssertion(() => Assert.Contains("intussen aan", maria.Find("dialog [role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Equal("Thuis blijven.", maria.Find("dialog blockquote").TextContent);
        Press(maria, "Toch mijn tekst bewaren");
        Do(maria, () => maria.Find("dialog form").Submit());
        maria.WaitForAssertion(() => Assert.Contains("In mijn eigen bed slapen.", maria.Find(".gol .voice").TextContent, StringComparison.Ordinal), Soon);
    }

    [Fact]
    public async Task A_closed_goal_asks_for_a_decision_about_each_thing_and_stops_nothing_by_itself()
    {
        var goal = (await Ward.RunAsync(Ward.Get<KeepGoal>(), Who.Tom, Ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "Droog gewicht", Target = new() { Loinc = MeasurementCatalogue.Weight.Loinc, Side = TargetSide.AtMost, Value = 77 } })).Goal!;
        var task = await Ward.TaskAsync(Who.Tom, new() { Id = Guid.NewGuid().ToString(), Title = "Elke dag bellen", Owner = TaskParty.Of(Who.Sofie), Goal = goal.Reference });
        var pieter = Plan(Who.Pieter);
        var tom = Plan(Who.Tom);
        Assert.Contains("Elke dag bellen", tom.Find(".gc-k").TextContent, StringComparison.Ordinal);
        Press(tom, "Doel bereikt");
        Do(tom, () => tom.Find("dialog form").Submit());
        tom.WaitForAssertion(() => Assert.Contains("Elke dag bellen", tom.Find(".dc-l").TextContent, StringComparison.Ordinal), Soon);
        pieter.WaitForAssertion(() => Assert.Contains("Tom Lenaerts beslist", pieter.Find(".dc-l").TextContent, StringComparison.Ordinal), Soon);
        Press(pieter, "Vraag het");
        pieter.WaitForAssertion(() => Assert.Empty(pieter.FindAll(".dc-l button")), Soon);
        Assert.Equal(1, await Ward.NumberAsync("SELECT COUNT(*) FROM TimelineEntries WHERE ReplyOwner = @p0 AND Kind = @p1", Who.Tom.Id.Value, (int)Features.Timeline.EntryKind.Question));

        Press(tom, "Stoppen");
        Do(tom, () => tom.Find(".dc-f").Submit());
        tom.WaitForAssertion(() => Assert.Contains("waarom", tom.Find(".dc-l [role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Do(tom, () => tom.Find(".dc-f input").Input("doel bereikt"));
        Do(tom, () => tom.Find(".dc-f").Submit());
        tom.WaitForAssertion(() => Assert.Empty(tom.FindAll(".dc-l")), Soon);
        Assert.Equal(TaskState.Cancelled, (await Ward.TaskViewAsync(Who.Tom, task.Id)).State);
    }

    [Fact]
    public async Task A_task_without_a_goal_is_given_one_and_progress_has_a_sentence()
    {
        await Ward.RunAsync(Ward.Get<AddMeasurements>(), Who.Sofie, Ward.Maria, new(Guid.NewGuid().ToString(), QuickEntry.Parse("g 80").Measurements, null, Audience.WholeTeam, null));
        var goal = (await Ward.RunAsync(Ward.Get<KeepGoal>(), Who.Tom, Ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "Droog gewicht", Target = new() { Loinc = MeasurementCatalogue.Weight.Loinc, Side = TargetSide.AtMost, Value = 77 } })).Goal!;
        await Ward.TaskAsync(Who.Tom, new() { Id = Guid.NewGuid().ToString(), Title = "Wegen", Owner = TaskParty.Of(Who.Sofie) });
        var tom = Plan(Who.Tom);
        Assert.Contains("Nog 3,0 kg te gaan", tom.Find(".gp figcaption").TextContent, StringComparison.Ordinal);
        Assert.Equal(tom.Find(".gp figcaption").TextContent, tom.Find(".gp svg").GetAttribute("aria-label"));
        Do(tom, () => tom.Find(".or-l select").Change(goal.Reference));
        tom.WaitForAssertion(() => Assert.Contains("Wegen", tom.Find(".gc-k").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(tom.FindAll(".or-l"));
    }

    [Fact]
    public void Whoever_may_not_write_goals_finds_no_buttons_for_it()
    {
        var an = Plan(Who.An);
        Assert.DoesNotContain(an.FindAll("button"), b => b.TextContent.Contains("toevoegen", StringComparison.Ordinal) || b.TextContent.Contains("Opschrijven", StringComparison.Ordinal));
    }
}
