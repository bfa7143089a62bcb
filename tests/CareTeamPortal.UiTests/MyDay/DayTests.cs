using Bunit;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.UiTests.Tasks;

namespace CareTeamPortal.UiTests.MyDay;

public sealed class DayTests : UiContext
{
    private static readonly DateTime Now = new(2026, 11, 25, 7, 5, 0, DateTimeKind.Utc);
    private static readonly PatientId Maria = new("maria-verhoeven");

    private static readonly DayView Empty = new(Now, Now.AddHours(-16), 8, [], ["Albert Claes", "Paula De Ridder"], 0, [], 0, [], [], [], [], [], [], [], [], "", []);

    private static DayItem Item(EntryKind kind, string title, DateTime? by, bool voice = false) =>
        new(Maria, "Maria Verhoeven", 82, $"X/{title}", kind, title, Now.AddHours(-1), by, by < Now, "An De Smedt", "dochter", CareLine.Home, voice, "Sofie Maes", CareLine.First);

    private static HandoffCard Card(string title, DateTime by) =>
        new(TaskViews.Mine(title, by, Now) with { IsHandoff = true, State = TaskState.Requested, Business = HandoffStatus.Offered, AcceptBy = by, MayTake = true }, IllnessSeverity.Watcher, 3, 82, null);

    [Fact]
    public void A_task_that_comes_with_a_hand_off_stands_apart_and_is_not_counted()
    {
        var day = Empty with { Tasks = [TaskViews.Mine("Insuline", Now.AddHours(1), Now)], Coming = [new DayGhost(TaskViews.Mine("Wegen", Now.AddHours(2), Now) with { OwnerId = new("tom.lenaerts"), Owner = "Tom Lenaerts" }, "Opvolging", "/patients/maria-verhoeven/handoffs/h1")] };
        var page = Render<ProfessionalDay>(p => p.Add(c => c.Day, day).Add(c => c.Name, "Sofie"));
        var ghost = page.Find("#taken .gh");
        Assert.Contains("komt bij u na aanvaarding", ghost.TextContent, StringComparison.Ordinal);
        Assert.Contains("nu bij Tom Lenaerts", ghost.TextContent, StringComparison.Ordinal);
        Assert.Equal("/patients/maria-verhoeven/handoffs/h1", ghost.QuerySelector(".tk-t")!.GetAttribute("href"));
        Assert.Empty(ghost.QuerySelectorAll("input, button"));
        Assert.Equal("1 vandaag", page.Find("#h-t .n").TextContent);
    }

    [Fact]
    public void Alerts_come_before_everything_else_and_are_answered_not_ticked_off()
    {
        TaskView Alert(string title, DateTime by) => TaskViews.Mine(title, null, Now) with { State = TaskState.Requested, Focus = "DetectedIssue/" + title, AcceptBy = by };
        var day = Empty with { Handoffs = [Card("Opvolging", Now.AddHours(1))], Tasks = [TaskViews.Mine("Foto", Now.AddHours(-20), Now)], Alerts = [Alert("Gewicht", Now.AddMinutes(30)), Alert("Pols", Now.AddHours(-2))] };
        var page = Render<ProfessionalDay>(p => p.Add(c => c.Day, day).Add(c => c.Name, "Sofie"));
        Assert.StartsWith("2 alarmen wachten op u, 1 overdracht wacht op u en 1 taak is over tijd", Words(page.Find(".md-say").TextContent), StringComparison.Ordinal);
        Assert.Equal("alarmen", page.Find(".md-a section").Id);
        Assert.Equal(["Antwoord vóór vandaag 8:35, nog 30 min", "Antwoord vóór vandaag 6:05, 2 u te laat"], page.FindAll("#alarmen .tag").Select(t => Words(t.TextContent)));
        Assert.Empty(page.FindAll("#alarmen input"));
        Assert.Equal("/patients/maria-verhoeven/plan", page.Find("#alarmen .btn").GetAttribute("href"));
        Assert.Equal("1 over tijd", page.Find("#h-t .n").TextContent);
    }

    [Fact]
    public void The_sentence_counts_what_the_lists_show_and_leads_to_them()
    {
        var day = Empty with
        {
            Handoffs = [Card("Opvolging", Now.AddHours(1)), Card("Wondzorg", Now.AddHours(-1))],
            Questions = [Item(EntryKind.Question, "Mag dat?", Now.AddHours(4), voice: true)],
            Tasks = [TaskViews.Mine("Foto", Now.AddHours(-20), Now), TaskViews.Mine("Kousen", Now.AddHours(3), Now)],
            Changed = [new(Maria, "Maria Verhoeven", 5, 9, Now.AddMinutes(-14), [new(EntryKind.Question, "An: kortademig")], "dr. Karel Janssens", "huisarts", CareLine.First)],
        };
        var page = Render<ProfessionalDay>(p => p.Add(c => c.Day, day).Add(c => c.Name, "Sofie"));
        Assert.Equal("2 overdrachten wachten op u, 1 vraag wacht op uw antwoord, 1 taak is over tijd en bij 1 van uw 8 patiënten veranderde er iets sinds gisteren 16:05.", Words(page.Find(".md-say").TextContent));
        foreach (var link in page.FindAll(".md-say a"))
            Assert.NotNull(page.Find(link.GetAttribute("href")!));
        Assert.Equal(2, page.FindAll(".hoc").Count);
        Assert.Equal("1 over tijd, 1 vandaag", page.Find("#h-t .n").TextContent);
        Assert.Contains("“Mag dat?”", page.Find(".md-q .voice").TextContent, StringComparison.Ordinal);
        Assert.Equal("5 nieuw", page.Find(".chg-list .new").TextContent);
    }

    [Fact]
    public void A_quiet_day_says_so()
    {
        var page = Render<ProfessionalDay>(p => p.Add(c => c.Day, Empty).Add(c => c.Name, "Sofie"));
        Assert.Equal("Niets wacht op u en er veranderde niets sinds gisteren 16:05.", Words(page.Find(".md-say").TextContent));
        Assert.Contains("Niets nieuws bij Albert en Paula", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#vragen, #taken, #wacht"));
    }

    [Fact]
    public void The_first_day_welcomes()
    {
        var page = Render<ProfessionalDay>(p => p.Add(c => c.Day, Empty with { LastLook = null, Calm = [], Patients = 3, NeverOpened = [new(Maria, "Maria Verhoeven")], NeverOpenedMore = 2 }).Add(c => c.Name, "Sofie"));
        Assert.StartsWith("Welkom, Sofie. U volgt 3 patiënten.", Words(page.Find(".md-say").TextContent), StringComparison.Ordinal);
        Assert.Contains("Nog niet geopend: Maria Verhoeven en 2 andere", Words(page.Find("#nieuw").TextContent), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_stays_text()
    {
        var page = Render<ProfessionalDay>(p => p.Add(c => c.Day, Empty with { Mentions = [Item(EntryKind.Note, "@Sofie <script>alert(1)</script>", null)] }).Add(c => c.Name, "Sofie"));
        Assert.Empty(page.FindAll("script"));
        Assert.Equal("@Sofie", page.Find("mark").TextContent);
        Assert.Contains("<script>alert(1)</script>", page.Find(".ment").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_round_shows_who_is_next_and_what_is_new_there()
    {
        DayVisit Visit(string name, int hour, int minutes, int news) => new(Maria, name, name, "Dijlekaai 14, Mechelen", Now.Date.AddHours(hour), Now.Date.AddHours(hour).AddMinutes(minutes), "Thuisverpleging", news);
        var page = Render<ProfessionalDay>(p => p.Add(c => c.Day, Empty with { Round = [Visit("Albert Claes", 6, 20, 0), Visit("Maria Verhoeven", 8, 25, 9)] }).Add(c => c.Name, "Sofie"));
        Assert.Single(page.FindAll(".rd.done"));
        Assert.Contains("Maria Verhoeven", page.Find(".md-next").TextContent, StringComparison.Ordinal);
        Assert.Contains("9 nieuw", page.FindAll(".ronde a")[1].GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void All_seen_is_a_button_while_something_is_new()
    {
        var pressed = false;
        var day = Empty with { Changed = [new(Maria, "Maria Verhoeven", 1, 9, Now, [], null, null, null)] };
        var page = Render<ProfessionalDay>(p => p.Add(c => c.Day, day).Add(c => c.Name, "Sofie").Add(c => c.OnAllSeen, () => pressed = true));
        page.Find("#nieuw button").Click();
        Assert.True(pressed);
    }

    private static HomeFile File(bool own) => new(Maria, "Maria Verhoeven", own, "In mijn eigen huis blijven.", Now.AddDays(-1),
        [new(new(2026, 11, 25), Now.AddMinutes(10), "Thuisverpleging: insuline", "Sofie Maes", "Sofie", CareLine.First, false)],
        [new("Communication/q", "Mag ze een extra plaspil?", Now.AddMinutes(-14), Now.AddHours(4), false, !own, "An De Smedt", "dr. Karel Janssens", CareLine.First, false, null, null)],
        [new("Goal/1", "Te voet naar de nachtmis", "90 meter")], 2, Now, "dr. Karel Janssens", "huisarts", CareLine.First, Now.AddDays(-2), [new("Sofie Maes", "thuisverpleegkundige", CareLine.First)]);

    [Fact]
    public void A_caregiver_reads_who_answers_who_comes_and_what_the_role_does_not_show()
    {
        var page = Render<HomeDay>(p => p.Add(c => c.Home, new(Now, [File(own: false)], "")).Add(c => c.Name, "An").Add(c => c.Hidden, [InformationCategory.Documents, InformationCategory.Social]).Add(c => c.OnAsk, _ => Task.FromResult(true)));
        Assert.Equal("tel:112", page.Find(".mz-112 a").GetAttribute("href"));
        Assert.Contains("dr. Karel Janssens antwoordt", page.Find(".ans").TextContent, StringComparison.Ordinal);
        Assert.Contains("Sofie", page.Find(".who-l").TextContent, StringComparison.Ordinal);
        Assert.Equal(3, page.FindAll(".notsee li").Count);
    }

    [Fact]
    public void A_question_that_could_not_be_sent_keeps_its_text()
    {
        var sent = new List<string>();
        var page = Render<AskTeam>(p => p.Add(c => c.Patient, Maria).Add(c => c.Owner, "dr. Karel Janssens").Add(c => c.OnAsk, ask =>
        {
            sent.Add(ask.Text);
            return Task.FromResult(sent.Count > 1);
        }));
        page.Find("form").Submit();
        Assert.Contains("Schrijf eerst uw vraag", page.Markup, StringComparison.Ordinal);
        page.Find("input").Input("Mag mama in bad?");
        page.Find("form").Submit();
        Assert.Equal("Mag mama in bad?", page.Find("input").GetAttribute("value"));
        page.Find("form").Submit();
        Assert.Equal(["Mag mama in bad?", "Mag mama in bad?"], sent);
        Assert.Equal("", page.Find("input").GetAttribute("value") ?? "");
    }

    [Fact]
    public void A_patient_changes_the_words_that_everybody_reads_first()
    {
        string? written = null;
        var page = Render<PatientDay>(p => p.Add(c => c.File, File(own: true)).Add(c => c.Now, Now).Add(c => c.OnAsk, _ => Task.FromResult(true)).Add(c => c.OnWords, w =>
        {
            written = w.Text;
            return Task.FromResult(true);
        }));
        Assert.Equal("“In mijn eigen huis blijven.”", page.Find("blockquote").TextContent);
        page.Find(".pt-voice button").Click();
        page.Find("textarea").Input("Thuis, met de kleinkinderen.");
        page.Find(".ownf").Submit();
        Assert.Equal("Thuis, met de kleinkinderen.", written);
        Assert.Empty(page.FindAll("textarea"));
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace(" ,", ",", StringComparison.Ordinal).Replace(" .", ".", StringComparison.Ordinal);
}
