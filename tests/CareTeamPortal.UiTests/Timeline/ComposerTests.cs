using Bunit;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.UiTests.Timeline;

public sealed class ComposerTests : UiContext
{
    private static readonly MemberView Karel = new(new("karel.janssens"), "dr. Karel Janssens", "huisarts", CareLine.First, false, true);
    private static readonly MemberView Sofie = new(new("sofie.maes"), "Sofie Maes", "thuisverpleegkundige", CareLine.First, true, false);
    private readonly List<ComposedEntry> _saved = [];
    private string? _answer;

    private string? _choices;

    private IRenderedComponent<NoteComposer> Composer(string? draft = null, params Audience[] audiences) => Render<NoteComposer>(p => p
        .Add(c => c.Patient, "maria").Add(c => c.Members, [Sofie, Karel]).Add(c => c.Draft, draft)
        .Add(c => c.Choices, _choices).Add(c => c.OnChoices, (string? chosen) => _choices = chosen)
        .Add(c => c.Audiences, audiences.Length == 0 ? [Audience.WholeTeam, Audience.Professionals] : audiences)
        .Add(c => c.Upload, f => Task.FromResult(new UploadedFile("f1", f.Name, null)))
        .Add(c => c.Save, e =>
        {
            _saved.Add(e);
            return Task.FromResult(_answer);
        }));

    private static void Mode(IRenderedComponent<NoteComposer> composer, string word) => composer.FindAll(".cmp-modes button").Single(b => b.TextContent.Trim() == word).Click();

    [Fact]
    public void A_note_is_kept_and_the_field_is_empty_again()
    {
        var composer = Composer();
        composer.Find("textarea").Input("Rustige **nacht**");
        composer.Find(".cmp-save").Click();
        var saved = Assert.Single(_saved);
        Assert.Equal(("Rustige **nacht**", Audience.WholeTeam, ComposerMode.Note), (saved.Text, saved.Audience, saved.Mode));
        Assert.Equal("", composer.Find("textarea").GetAttribute("value") ?? "");
    }

    [Fact]
    public void Nothing_is_not_kept_and_the_button_says_what_is_missing()
    {
        var composer = Composer();
        composer.Find(".cmp-save").Click();
        Assert.Empty(_saved);
        Assert.Contains("Schrijf eerst iets", composer.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void When_it_cannot_be_kept_the_text_stays()
    {
        _answer = "Niet bewaard.";
        var composer = Composer();
        composer.Find("textarea").Input("Rustige nacht");
        composer.Find(".cmp-save").Click();
        Assert.Equal("Rustige nacht", composer.Find("textarea").GetAttribute("value"));
        Assert.Equal("Niet bewaard.", composer.Find("[role=alert]").TextContent);
    }

    [Fact]
    public void What_was_meant_for_professionals_comes_back_for_professionals()
    {
        var composer = Composer();
        composer.Find("textarea").Input("Vermoeden van ouderenmis");
        composer.FindAll("[role=menuitemradio]").Single(b => b.TextContent.Trim() == "enkel zorgverleners").Click();
        var again = Composer(draft: "Vermoeden van ouderenmis");
        again.Find(".cmp-save").Click();
        Assert.Equal(Audience.Professionals, Assert.Single(_saved).Audience);
    }

    [Fact]
    public void A_question_comes_back_as_a_question_to_the_same_person()
    {
        var composer = Composer();
        Mode(composer, "Vraag");
        composer.Find("textarea").Input("Mag ze in bad?");
        var again = Composer(draft: "Mag ze in bad?");
        Assert.Equal("Vraag", again.Find(".cmp-modes [aria-pressed=true]").TextContent.Trim());
        Assert.Contains("dr. Karel Janssens", again.Find(".cmp-ask .pick").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_audience_that_outlives_the_sent_text_is_kept_for_the_next_and_an_unsent_choice_without_words_is_not()
    {
        var composer = Composer();
        composer.FindAll("[role=menuitemradio]").Single(b => b.TextContent.Trim() == "enkel zorgverleners").Click();
        composer.Find("textarea").Input("Een");
        composer.Find(".cmp-save").Click();
        Assert.Contains("Professionals", _choices, StringComparison.Ordinal);
        Composer().Find("textarea");
        Assert.Null(_choices);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nee")]
    [InlineData("{\"Audience\":99}")]
    [InlineData("[]")]
    public void Choices_that_cannot_be_read_are_no_choices(string text) => Assert.Null(ComposerChoices.Read(text));

    [Fact]
    public void A_name_after_an_at_sign_mentions_that_colleague_and_who_takes_it_out_keeps_it_out()
    {
        var composer = Composer();
        composer.Find("textarea").Input("@Karel kijkt u even?");
        Assert.Contains("dr. Karel Janssens", composer.Find(".cmp-more .pick").TextContent, StringComparison.Ordinal);
        composer.Find(".cmp-more .pick button").Click();
        composer.Find("textarea").Input("@Karel kijkt u even mee?");
        Assert.Empty(composer.FindAll(".cmp-more .pick"));
        composer.Find(".cmp-save").Click();
        Assert.Empty(Assert.Single(_saved).Mentions);
    }

    [Fact]
    public void A_name_at_the_end_counts_when_it_is_sent_and_an_address_names_nobody()
    {
        var composer = Composer();
        composer.Find("textarea").Input("karel@karel.be, dank @janssens");
        Assert.Empty(composer.FindAll(".cmp-more .pick"));
        composer.Find(".cmp-save").Click();
        Assert.Equal([Karel.Person], Assert.Single(_saved).Mentions);
    }

    [Fact]
    public void Quick_entry_becomes_chips_and_a_chip_can_be_left_out()
    {
        var composer = Composer();
        Mode(composer, "Meting");
        composer.Find("textarea").Input("bd 130/80 p72 g78,4; steunkousen knellen");
        Assert.Equal(["130/80", "72", "78,4"], composer.FindAll(".pv b").Select(b => b.TextContent));
        Assert.Contains("steunkousen knellen", composer.Find(".cmp-note").TextContent, StringComparison.Ordinal);
        composer.FindAll(".pv button")[1].Click();
        composer.Find(".cmp-save").Click();
        var saved = Assert.Single(_saved);
        Assert.Equal(2, saved.Measurements.Count);
        Assert.Equal("steunkousen knellen", saved.Text);
    }

    [Fact]
    public void Measurements_typed_as_a_note_are_noticed()
    {
        var composer = Composer();
        composer.Find("textarea").Input("bd 130/80");
        composer.Find(".cmp-note button").Click();
        Assert.Single(composer.FindAll(".pv"));
    }

    [Fact]
    public void A_question_needs_a_text_a_deadline_and_somebody()
    {
        var composer = Composer();
        Mode(composer, "Vraag");
        composer.Find(".cmp-save").Click();
        Assert.Contains("vraag", composer.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        composer.Find("textarea").Input("Mag ze een extra plaspil?");
        composer.Find(".cmp-save").Click();
        Assert.Contains("wanneer", composer.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        composer.Find(".dtf-d").Change("3-12-2099");
        composer.Find(".dtf-t").Change("12:00");
        composer.Find(".cmp-save").Click();
        var saved = Assert.Single(_saved);
        Assert.Equal(Karel.Person, saved.Answerer); // who is accountable is proposed
        Assert.Equal(new DateTime(2099, 12, 3, 11, 0, 0, DateTimeKind.Utc), saved.ReplyBy);
    }

    [Fact]
    public void A_deadline_in_the_past_is_refused_before_it_is_sent()
    {
        var composer = Composer();
        Mode(composer, "Vraag");
        composer.Find("textarea").Input("Mag ze een extra plaspil?");
        composer.Find(".dtf-d").Change("3-12-2020");
        composer.Find(".cmp-save").Click();
        Assert.Empty(_saved);
    }

    [Fact]
    public void Somebody_can_be_mentioned_once()
    {
        var composer = Composer();
        composer.Find("textarea").Focus();
        composer.Find("textarea").Input("Kijk eens");
        composer.Find(".cmp-more input[role=combobox]").Input("@kar");
        composer.Find(".cmp-more [role=option]").Click();
        composer.Find(".cmp-more input[role=combobox]").Input("kar");
        Assert.Equal("true", composer.Find(".cmp-more [role=option]").GetAttribute("aria-disabled"));
        composer.Find(".cmp-save").Click();
        Assert.Equal([Karel.Person], Assert.Single(_saved).Mentions);
        Assert.EndsWith(" @" + Karel.Name, Assert.Single(_saved).Text, StringComparison.Ordinal); // who reads it sees whom it calls
    }

    [Fact]
    public void The_audience_is_always_in_sight_and_can_be_narrowed()
    {
        var composer = Composer();
        Assert.Contains("heel het zorgteam", composer.Find(".aud").TextContent, StringComparison.Ordinal);
        composer.FindAll(".cmp-foot [role=menuitemradio]")[1].Click();
        composer.Find("textarea").Input("Enkel voor ons");
        composer.Find(".cmp-save").Click();
        Assert.Equal(Audience.Professionals, Assert.Single(_saved).Audience);
    }

    [Fact]
    public void Who_has_no_choice_of_audience_gets_no_menu() => Assert.Empty(Composer(null, Audience.WholeTeam).FindAll(".aud"));

    [Fact]
    public void A_draft_comes_back() => Assert.Equal("half een zin", Composer("half een zin").Find("textarea").GetAttribute("value"));

    [Fact]
    public void A_draft_of_measurements_comes_back_as_chips() => Assert.Single(Composer("bd 130/80").FindAll(".pv"));

    [Fact]
    public void An_at_sign_offers_who_reads_the_text_and_a_whole_name_mentions_that_one_of_two()
    {
        var daughter = new MemberView(new("an.desmedt"), "An De Smedt", "dochter", CareLine.Home, false, false, Audience.CaregiverCircle);
        var other = new MemberView(new("karel.maes"), "Karel Maes", "kinesitherapeut", CareLine.First, false, false);
        var composer = Render<NoteComposer>(p => p.Add(c => c.Patient, "maria").Add(c => c.Members, [Sofie, Karel, other, daughter]).Add(c => c.Audiences, [Audience.WholeTeam, Audience.Professionals])
            .Add(c => c.Upload, f => Task.FromResult(new UploadedFile("f1", f.Name, null))).Add(c => c.Save, e =>
            {
                _saved.Add(e);
                return Task.FromResult<string?>(null);
            }));
        IEnumerable<string?> Offered() => composer.FindAll("[data-mentions] [role=option]").Select(o => o.GetAttribute("data-name"));
        Assert.Equal(["dr. Karel Janssens", "Karel Maes", "An De Smedt"], Offered());
        Assert.Equal(composer.Find("[data-mentions]").Id, composer.Find("textarea").GetAttribute("data-mention"));

        composer.Find("textarea").Input("@dr. Karel Janssens en @An De Smedt ");
        composer.FindAll("[role=menuitemradio]").Single(b => b.TextContent.Trim() == "enkel zorgverleners").Click();
        Assert.Equal(["dr. Karel Janssens", "Karel Maes"], Offered());
        Assert.Contains("An De Smedt leest dit niet", composer.Markup, StringComparison.Ordinal);
        composer.Find(".cmp-save").Click();
        Assert.Equal([Karel.Person], Assert.Single(_saved).Mentions);

        Mode(composer, "Meting");
        Assert.Null(composer.Find("textarea").GetAttribute("data-mention"));
    }
}
