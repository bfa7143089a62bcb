using Bunit;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.UiTests.Timeline;

public sealed class RowTests : UiContext
{
    private static readonly DateOnly Today = new(2026, 11, 25);

    private static RowView Row(string key = "Communication-a", EntryKind kind = EntryKind.Note) => new()
    {
        Key = key, Day = Today, Time = "7:51", FullTime = "wo 25 nov 2026, 7:51", Stamp = "2026-11-25T06:51:00Z", Kind = kind, Word = "Nota", Icon = EntryLook.Icon(kind),
        Author = "Sofie Maes", Role = "thuisverpleegkundige", Line = CareLine.First, Audience = "Iedereen in het team", Html = new MarkupString("<p>Rustige nacht.</p>"),
    };

    private IRenderedComponent<TimelineChunk> Chunk(params RowView[] rows) => Render<TimelineChunk>(p => p.Add(c => c.Rows, rows).Add(c => c.Today, Today));

    [Fact]
    public void A_row_says_kind_author_role_audience_and_time()
    {
        var row = Chunk(Row()).Find("li.e");
        Assert.Equal("Nota", row.QuerySelector(".ek")!.TextContent);
        Assert.Contains("Sofie Maes, thuisverpleegkundige", row.QuerySelector(".ew")!.TextContent.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("eerste lijn", row.QuerySelector(".ew svg")!.GetAttribute("aria-label"));
        Assert.Contains("Iedereen", row.QuerySelector(".ev")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("2026-11-25T06:51:00Z", row.QuerySelector("time")!.GetAttribute("datetime"));
    }

    [Theory]
    [InlineData(CareLine.Home, "r0", "n0")]
    [InlineData(CareLine.First, "r1", "n1")]
    [InlineData(CareLine.Second, "r2", "n2")]
    [InlineData(CareLine.Third, "r2", "n2")]
    [InlineData(CareLine.Support, "r1", "nz")]
    public void The_node_sits_on_the_rail_of_its_care_line(CareLine line, string rail, string shape)
    {
        var at = Chunk(Row() with { Line = line }).Find("li.e .at");
        Assert.Contains(rail, at.ClassName, StringComparison.Ordinal);
        Assert.Contains(shape, at.QuerySelector(".node")!.ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_has_one_heading_and_today_says_so()
    {
        var chunk = Chunk(Row(), Row("Communication-b"), Row("Communication-c") with { Day = Today.AddDays(-1) });
        Assert.Equal(2, chunk.FindAll("li.day").Count);
        Assert.StartsWith("Vandaag", chunk.Find("h2").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_day_of_the_page_above_is_not_said_again() =>
        Assert.Empty(Render<TimelineChunk>(p => p.Add(c => c.Rows, [Row()]).Add(c => c.Today, Today).Add(c => c.PreviousDay, Today)).FindAll("li.day"));

    [Fact]
    public void The_divider_stands_above_the_first_row_that_was_seen()
    {
        var chunk = Render<TimelineChunk>(p => p.Add(c => c.Rows, [Row() with { IsNew = true }, Row("Communication-b")]).Add(c => c.Today, Today).Add(c => c.NewEndsBefore, "Communication-b").Add(c => c.NewText, "1 nieuw"));
        var items = chunk.FindAll("li");
        Assert.Equal(["day first", "e is-new", "lastseen", "e"], items.Select(i => i.ClassName));
    }

    [Fact]
    public void Words_of_the_patient_are_serif() => Assert.NotNull(Chunk(Row() with { OwnVoice = true }).Find(".md.voice"));

    [Fact]
    public void One_value_is_large_and_several_are_in_a_line()
    {
        var one = Chunk(Row(kind: EntryKind.Measurement) with { Html = null, Values = [new("Gewicht", "78,4", "kg", null, false, null)] });
        Assert.Equal("78,4", one.Find(".mv b").TextContent);
        var many = Chunk(Row(kind: EntryKind.LabResult) with { Html = null, Values = [.. Enumerable.Range(0, 12).Select(i => new ValueView("Waarde " + i, "1", null, null, i == 0, "boven referentie"))] });
        Assert.Equal(12, many.FindAll(".vals li").Count);
        Assert.Equal(4, many.FindAll("details .vals li").Count);
        Assert.Contains("boven referentie", many.Find(".vals .out").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_question_says_before_when_and_who_answers()
    {
        var row = Chunk(Row(kind: EntryKind.Question) with { MayReply = true, Question = new("Antwoord vóór 12:00", ", nog 3 u 55", false, "dr. Karel Janssens", CareLine.First, false, false) });
        Assert.Contains("Antwoord vóór 12:00", row.Find(".due").TextContent, StringComparison.Ordinal);
        Assert.Contains("dr. Karel Janssens antwoordt", row.Find(".due").TextContent, StringComparison.Ordinal);
        Assert.Equal("reply", row.Find(".due button").GetAttribute("data-act"));
    }

    [Fact]
    public void A_late_question_is_marked_and_an_answered_one_is_quiet()
    {
        Assert.NotNull(Chunk(Row(kind: EntryKind.Question) with { Question = new("Antwoord vóór 12:00", ", 20 min te laat", true, "An", null, false, false) }).Find(".due.late"));
        Assert.NotNull(Chunk(Row(kind: EntryKind.Question) with { Question = new("Beantwoord", "", false, null, null, false, true) }).Find(".due.done"));
    }

    [Fact]
    public void What_was_retracted_stays_readable_with_its_reason()
    {
        var row = Chunk(Row() with { Retracted = "verkeerde patiënt" });
        Assert.Contains("verkeerde patiënt", row.Find(".note").TextContent, StringComparison.Ordinal);
        Assert.Contains("Rustige nacht.", row.Find(".struck").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_menu_offers_only_what_may_be_done()
    {
        Assert.Empty(Chunk(Row()).FindAll("[data-more]"));
        Assert.Equal("reply pin", Chunk(Row() with { MayReply = true, MayPin = true }).Find("[data-may]").GetAttribute("data-may"));
        Assert.Equal("unpin correct retract history", Chunk(Row() with { MayPin = true, Pinned = true, MayCorrect = true, MayRetract = true, Corrected = "Verbeterd" }).Find("[data-may]").GetAttribute("data-may"));
    }

    [Fact]
    public void The_menus_button_outlives_what_the_menu_does_so_that_the_focus_stays()
    {
        var row = Row() with { MayPin = true, MayCorrect = true };
        var head = Chunk(row).Find("header").OuterHtml;
        Assert.Contains("data-more", head, StringComparison.Ordinal);
        Assert.Equal(head, Chunk(row with { Pinned = true, PinnedBy = "An" }).Find("header").OuterHtml);
        Assert.Equal(head, Chunk(row with { Corrected = "Verbeterd", Html = new("<p>Anders.</p>") }).Find("header").OuterHtml);
    }

    [Fact]
    public void The_ribbon_crosses_where_accountability_moved()
    {
        var row = Chunk(Row() with { Ribbon = 1, RibbonBelow = 2 });
        Assert.Contains("b1 cross", row.Find("li.e .track").ClassName, StringComparison.Ordinal);
        Assert.Equal("M39 20C39 62 64 44 64 90", row.Find(".crossing").GetAttribute("d"));
    }

    [Fact]
    public void Hostile_names_are_text_and_nothing_else()
    {
        var row = Chunk(Row() with { Author = "<script>alert(1)</script>", Title = "<img src=x onerror=alert(1)>" });
        Assert.Empty(row.FindAll("script, img"));
        Assert.DoesNotContain("style=", row.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_did_not_change_are_not_rendered_again()
    {
        RowView[] rows = [Row()];
        var chunk = Render<TimelineChunk>(p => p.Add(c => c.Rows, rows).Add(c => c.Today, Today));
        var before = chunk.RenderCount;
        chunk.Render(p => p.Add(c => c.Rows, rows).Add(c => c.Today, Today).Add(c => c.BelowKey, "elsewhere"));
        Assert.Equal(before, chunk.RenderCount);
        chunk.Render(p => p.Add(c => c.Rows, [Row() with { IsNew = true }]).Add(c => c.Today, Today));
        Assert.Equal(before + 1, chunk.RenderCount);
    }

    [Fact]
    public void A_long_text_is_folded_natively_and_says_how_to_unfold_it()
    {
        var chunk = Chunk(Row() with { Html = new MarkupString("<p>Het begin.</p>"), MoreHtml = new MarkupString("<p>De rest.</p>") });
        var fold = chunk.Find("details.more");
        Assert.False(fold.HasAttribute("open"));
        Assert.Equal(("Toon alles", "Toon minder"), (fold.QuerySelector("summary .shut")!.TextContent, fold.QuerySelector("summary .shown")!.TextContent));
        Assert.Equal("De rest.", fold.QuerySelector(".md p")!.TextContent);
        // What the reader unfolded is theirs: the page never says whether it is open, so drawing again leaves it as it is.
        fold.SetAttribute("open", "");
        chunk.Render(p => p.Add(c => c.Rows, [Row("Communication-b"), Row() with { Html = new MarkupString("<p>Het begin.</p>"), MoreHtml = new MarkupString("<p>De rest.</p>") }]));
        Assert.DoesNotContain("open=", chunk.Markup, StringComparison.Ordinal);
    }
}
