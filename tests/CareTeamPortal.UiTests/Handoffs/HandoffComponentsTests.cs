using Bunit;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.UiTests.Tasks;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.UiTests.Handoffs;

public sealed class HandoffComponentsTests : UiContext
{
    private static readonly DateTime Now = new(2026, 11, 25, 7, 5, 0, DateTimeKind.Utc);
    private static readonly TaskParty Tom = new() { Kind = OwnerKind.Person, Person = new("tom"), Display = "Tom Lenaerts", Line = CareLine.Second };
    private static readonly TaskParty Sofie = new() { Kind = OwnerKind.Person, Person = new("sofie"), Display = "Sofie Maes", Line = CareLine.First };

    private static CareTask Task(HandoffContent content) => new()
    {
        Id = "h1", Patient = new("maria"), State = TaskState.Received, Business = HandoffStatus.Opened, Title = "Opvolging", IsHandoff = true, Requester = Tom, Owner = Sofie, AuthoredOn = Now.AddHours(-15), AcceptBy = Now.AddHours(9), Handoff = content,
    };

    private static readonly HandoffContent Content = new()
    {
        Severity = IllnessSeverity.Watcher, SeverityNote = "Tweede dag thuis.", Summary = "Droog gewicht 77,0 kg.\nLVEF 33 %.", Contingencies = [new("kortademig", "bel de huisarts")], Gaps = ["geen medicatie gevonden"],
        Sources = [new("Observation/w1", "meting gisteren 11:32")], Tasks = [new("t1", "Wegen", null), new("t2", "Bellen", Tom)],
        Clarifications = [new("Welk streefgewicht?", "Sofie Maes", Now.AddHours(-1))],
    };

    private static TaskView Row(string id, string title) => TaskViews.Mine(title, Now.AddHours(20), Now) with { Id = id, Owner = "Tom Lenaerts", OwnerLine = CareLine.Second };

    private static readonly HandoffHeadView Head = new()
    {
        Title = "Opvolging", Patient = "Maria Verhoeven", From = new("Tom Lenaerts", "hartfalenverpleegkundige", CareLine.Second, false), To = new("Sofie Maes", "thuisverpleegkundige", CareLine.First, true), Ribbon = 0,
        NowLabel = "Verantwoordelijk nu", NextLabel = "Na uw aanvaarding", Rule = "Tom Lenaerts blijft verantwoordelijk tot u aanvaardt.", RuleMore = "Er is geen moment zonder eigenaar.", StateWords = "", SenderFirst = "Tom", Waits = "wacht 15 u",
    };

    [Fact]
    public void All_parts_are_there_with_sources_gaps_and_the_open_question()
    {
        var parts = Render<HandoffParts>(p => p.Add(c => c.Of, Reading(Task(Content), Row("t1", "Wegen"), Row("t2", "Bellen"))).Add(c => c.Patient, "maria").Add(c => c.Now, Now));
        Assert.Equal(["Ernst", "Samenvatting", "Actielijst", "Situatie en wat-als", "Vragen en antwoorden"], parts.FindAll("h2").Select(h => h.FirstChild!.TextContent.Trim()));
        Assert.Contains("Te bewaken", parts.Find(".sev .on").TextContent, StringComparison.Ordinal);
        Assert.Equal("/patients/maria#Observation-w1", parts.Find(".srcs a").GetAttribute("href"));
        Assert.Contains("geen medicatie gevonden", parts.Find(".gap").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 van 2 taken verhuizen mee", parts.Markup, StringComparison.Ordinal);
        Assert.Contains("wacht op antwoord van Tom Lenaerts", parts.Markup, StringComparison.Ordinal);
        Assert.Empty(parts.FindAll("select"));
    }

    private static HandoffReading Reading(CareTask task, params TaskView[] travelling) => new(task, travelling, new Dictionary<string, RepeatRule>(), []);

    [Fact]
    public void What_comes_back_says_how_often_and_what_was_measured_stands_under_the_summary()
    {
        var trend = new HandoffTrend("Gewicht", "77,6", "kg", "gisteren 11:32", [81.9, 79, 77.6], null, null, CareLine.First, "Gewicht ging van 81,9 naar 77,6, 3 metingen", "van 81,9 naar 77,6 sinds do 12 nov");
        var reading = Reading(Task(Content), Row("t1", "Wegen"), Row("t2", "Bellen")) with { Repeats = new Dictionary<string, RepeatRule> { ["t1"] = RepeatRule.Daily with { Until = new DateOnly(2026, 12, 8) } }, Trends = [trend] };
        var parts = Render<HandoffParts>(p => p.Add(c => c.Of, reading).Add(c => c.Patient, "maria").Add(c => c.Now, Now));
        Assert.Equal("elke dag, t.e.m. di 8 dec", parts.Find(".mv-t tbody tr td:nth-child(2)").TextContent.Trim());
        Assert.Equal(trend.Label, parts.Find(".trend svg").GetAttribute("aria-label"));
        Assert.Contains("77,6 kg", parts.Find(".trend").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_receiver_chooses_per_task_who_takes_it()
    {
        (string Task, string Choice)? picked = null;
        var parts = Render<HandoffParts>(p => p.Add(c => c.Of, Reading(Task(Content), Row("t1", "Wegen"), Row("t2", "Bellen"))).Add(c => c.Patient, "maria").Add(c => c.Now, Now)
            .Add(c => c.Choices, [new HandoffChoice("", "u", Sofie), new HandoffChoice("tom", "blijft bij Tom", Tom)])
            .Add(c => c.OnOwner, EventCallback.Factory.Create<(string Task, string Choice)>(this, p => picked = p)));
        var selects = parts.FindAll("select");
        Assert.Equal(2, selects.Count);
        Assert.Equal("tom", selects[1].QuerySelector("option[selected]")!.GetAttribute("value"));
        selects[0].Change("tom");
        Assert.Equal(("t1", "tom"), picked);
    }

    [Fact]
    public void Isbar_has_its_own_five_parts()
    {
        var content = new HandoffContent { Protocol = HandoffProtocol.Isbar, Identification = "Tom", Situation = "Saturatie 84", Background = "Hartfalen", Assessment = "Longoedeem", Recommendation = "Kom nu" };
        var parts = Render<HandoffParts>(p => p.Add(c => c.Of, Reading(Task(content))).Add(c => c.Patient, "maria").Add(c => c.Now, Now));
        Assert.Equal(["Wie", "Ernst", "Situatie", "Achtergrond", "Beoordeling", "Advies"], parts.FindAll("h2").Select(h => h.TextContent.Trim()));
    }

    [Fact]
    public void The_head_says_literally_who_is_responsible_and_the_ribbon_stops_at_the_sender_until_acceptance()
    {
        var head = Render<HandoffHead>(p => p.Add(c => c.Head, Head).Add(c => c.Patient, "maria"));
        Assert.Contains("Tom Lenaerts blijft verantwoordelijk tot u aanvaardt.", head.Find(".hop-rule").TextContent, StringComparison.Ordinal);
        Assert.Single(head.FindAll(".way"));
        Assert.Empty(head.FindAll(".drawn"));

        var moved = Render<HandoffHead>(p => p.Add(c => c.Head, Head with { Ribbon = 1, Waits = null }).Add(c => c.Patient, "maria").Add(c => c.Drawn, true));
        Assert.Empty(moved.FindAll(".way"));
        Assert.Single(moved.FindAll(".drawn .draw"));
    }

    [Fact]
    public void A_row_of_the_inbox_says_who_how_grave_and_how_long_it_waits()
    {
        var card = new HandoffCard(TaskViews.Mine("Opvolging", Now.AddHours(9), Now) with { IsHandoff = true, State = TaskState.Requested, Business = HandoffStatus.Escalated, AuthoredOn = Now.AddHours(-25), AcceptBy = Now.AddHours(-1), MayTake = true }, IllnessSeverity.Unstable, 3, 82, null);
        var list = Render<HandoffList>(p => p.Add(c => c.Cards, [card]).Add(c => c.Now, Now));
        Assert.Contains("Onstabiel", list.Find(".tag.crit").TextContent, StringComparison.Ordinal);
        Assert.Contains("3 taken verhuizen mee", list.Markup, StringComparison.Ordinal);
        Assert.Contains("vast", list.Markup, StringComparison.Ordinal);
        Assert.Contains("moest vóór", list.Find(".tcrit").TextContent, StringComparison.Ordinal);
        Assert.Equal(card.Href, list.Find("h3 a").GetAttribute("href"));
        var two = Render<HandoffList>(p => p.Add(c => c.Cards, [card with { View = card.View with { Id = "not-mine", MayTake = false } }, card, card with { View = card.View with { Id = "next" } }]).Add(c => c.Now, Now));
        Assert.Equal([false, true, false], two.FindAll("li > .btn").Select(b => b.ClassList.Contains("pri"))); // one thing to do first
    }
}
