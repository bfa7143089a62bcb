using Bunit;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.UiTests.MyDay;

public sealed class FamilyDayTests : UiContext
{
    private static readonly HomeFile Maria = new(new("maria-verhoeven"), "Maria Verhoeven", false, null, null, [], [], [], 0, null, "dr. Karel Janssens", "huisarts", CareLine.First, null, []) { OwnerId = new("karel.janssens") };

    [Fact]
    public void A_picture_and_two_answers_become_a_sentence_for_the_team()
    {
        SeenAtHome? sent = null;
        var page = Render<SeenReport>(p => p.Add(c => c.File, Maria).Add(c => c.OnReport, (_, seen) =>
        {
            sent = seen;
            return Task.FromResult(ReportOutcome.Written);
        }));
        page.FindAll(".tiles button")[0].Click();
        page.FindAll(".big3 button").Single(b => b.TextContent.Trim() == "in rust").Click();
        page.FindAll(".big3 button").Single(b => b.TextContent.Trim() == "ja").Click();
        Assert.Contains("Bel ook dr. Karel Janssens", page.Find(".note.warn").TextContent, StringComparison.Ordinal);
        page.Find("form").Submit();
        Assert.Equal("Maria is kortademig, in rust.\n\nErger dan gisteren? ja.", sent!.Text);
        Assert.Equal((false, new PersonId("karel.janssens")), (sent.Called, sent.Tell!.Value));
        Assert.Contains("Gemeld", page.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_danger_show_112_and_what_fails_stays_in_the_field()
    {
        SeenAtHome? sent = null;
        var page = Render<SeenReport>(p => p.Add(c => c.File, Maria).Add(c => c.OnReport, (_, seen) =>
        {
            sent = seen;
            return Task.FromResult(ReportOutcome.NotWritten);
        }));
        page.Find("textarea").Input("mama kan niet meer ademen");
        Assert.Equal("tel:112", page.Find(".seef a").GetAttribute("href"));
        Assert.Contains("Bel eerst 112", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        page.Find("form").Submit();
        Assert.True(sent!.Called);
        Assert.Equal("mama kan niet meer ademen", page.Find("textarea").GetAttribute("value"));
        Assert.Contains("Niet gemeld", page.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_with_words_of_danger_waits_for_112()
    {
        var asked = 0;
        var page = Render<AskTeam>(p => p.Add(c => c.Patient, Maria.Patient).Add(c => c.OnAsk, _ => Task.FromResult(++asked > 0)));
        page.Find("input").Input("ze heeft pijn op de borst, wat nu?");
        page.Find("form").Submit();
        Assert.Equal(0, asked);
        Assert.Equal("tel:112", page.Find("[role=alert] a").GetAttribute("href"));
        page.Find("[role=alert] button").Click();
        Assert.Equal(1, asked);
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public void A_goal_is_written_and_changed_in_own_words()
    {
        List<GoalWords> said = [];
        var page = Render<OwnGoals>(p => p.Add(c => c.Goals, [new("Goal/a", "Weer slapen met één kussen.", null, 3)]).Add(c => c.OnGoal, words =>
        {
            said.Add(words);
            return Task.FromResult(true);
        }));
        page.Find(".pgoals button").Click();
        page.Find("textarea").Input("Slapen met twee kussens.");
        page.Find("form").Submit();
        page.Find(".addg").Click();
        page.Find("textarea").Input("Zondag koffie.");
        page.Find("form").Submit();
        Assert.Equal([("Slapen met twee kussens.", "Goal/a", 3), ("Zondag koffie.", null, 0)], said.Select(g => (g.Words, g.Reference, g.Version)));
    }
}
