using Bunit;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.UiTests.Tasks;

public sealed class AbsencePageTests : WardContext
{
    private static readonly PatientId Jan = new("jan");

    private protected override A.PatientBuilder[] Patients => [A.Patient().WithWholeTeam(), A.Patient("jan").WithTeam(Who.Karel, Who.Sofie, Who.Bram)];

    private DateOnly Today => BelgianTime.DayOf(Ward.Clock.Utc);

    private Task<CareTask> TaskAsync(string title, int? days, PatientId? patient = null, Audience audience = Audience.WholeTeam) => MakeAsync(patient ?? Ward.Maria, new()
    {
        Id = Guid.NewGuid().ToString(), Title = title, DueAt = days is { } d ? BelgianTime.ToUtc(Today.AddDays(d), new TimeOnly(9, 0)) : null, Audience = audience,
    });

    private async Task<CareTask> MakeAsync(PatientId patient, CreateTask.Request request) => Assert.IsType<TaskDone>(await Ward.RunAsync(Ward.Get<CreateTask>(), Who.Sofie, patient, request)).Task;

    private IRenderedComponent<AbsencePage> Look(int from, int to)
    {
        As(Who.Sofie);
        var page = Render<AbsencePage>();
        page.WaitForAssertion(() => page.Find(".dtf-d"), Soon);
        Do(page, () => page.FindAll(".dtf-d")[0].Change(Today.AddDays(from).ToString("d-M-yyyy", System.Globalization.CultureInfo.InvariantCulture)));
        Do(page, () => page.FindAll(".dtf-d")[1].Change(Today.AddDays(to).ToString("d-M-yyyy", System.Globalization.CultureInfo.InvariantCulture)));
        Do(page, () => page.Find("[data-key='ctrl+enter']").Click());
        return page;
    }

    private static AngleSharp.Dom.IElement Select(IRenderedComponent<AbsencePage> page, string task) => page.FindAll(".leavelist li").Single(l => l.TextContent.Contains(task, StringComparison.Ordinal)).QuerySelector("select")!;

    private static void Choose(IRenderedComponent<AbsencePage> page, string task, string whom)
    {
        Do(page, () => Select(page, task).Change(Select(page, task).QuerySelectorAll("option").Single(o => o.TextContent.Trim() == whom).GetAttribute("value")));
    }

    private static void Save(IRenderedComponent<AbsencePage> page) => Do(page, () => page.Find("[data-shares]").Click());

    [Fact]
    public async Task All_that_is_open_is_listed_by_patient_and_only_what_falls_in_the_days_has_to_be_chosen()
    {
        await TaskAsync("Wondzorg", 3);
        await TaskAsync("Later", 30);
        await TaskAsync("Ooit", null);
        await TaskAsync("Bij Jan", 4, Jan);
        await TaskAsync("Ook bij Jan", 40, Jan);
        var page = Look(2, 5);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".awayfile").Count), Soon);
        Assert.Contains("2 taken", page.Find(".note.act").TextContent, StringComparison.Ordinal);
        Assert.Equal(5, page.FindAll(".leavelist li").Count);
        Assert.Equal(2, page.FindAll(".tag.warn").Count(t => t.TextContent.Contains("1 te kiezen", StringComparison.Ordinal)));
        Assert.Equal("-", Select(page, "Ooit").GetAttribute("value"));
        Assert.Equal("", Select(page, "Wondzorg").GetAttribute("value"));
        Assert.Contains("samen bewaard, of niets ervan", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page.Markup, StringComparison.Ordinal);

        Save(page);
        page.WaitForAssertion(() => Assert.Contains("Er is nog niets bewaard", page.Find(".pad > [role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Equal("true", Select(page, "Wondzorg").GetAttribute("aria-invalid"));
        Assert.Empty(await Ward.Get<Absences>().ReadAsync(Who.Sofie.Actor(), CancellationToken.None));
    }

    [Fact]
    public async Task What_is_chosen_is_asked_and_each_is_told()
    {
        var wound = await TaskAsync("Wondzorg", 3);
        var own = await TaskAsync("Zelf", 3);
        await TaskAsync("Bij Jan", 4, Jan);
        var page = Look(2, 5);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".awayfile").Count), Soon);
        Choose(page, "Wondzorg", "Tom Lenaerts");
        Choose(page, "Zelf", "Ik doe het toch zelf");
        Choose(page, "Bij Jan", "Bram Goossens");
        Save(page);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".awaylines li").Count), Soon);
        Assert.Contains("Wondzorg is gevraagd aan Tom Lenaerts.", string.Join(' ', page.FindAll(".awaylines li").Select(l => string.Join(' ', l.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))), StringComparison.Ordinal);
        Assert.Single(await Ward.Get<Absences>().ReadAsync(Who.Sofie.Actor(), CancellationToken.None));
        Assert.Equal(Who.Tom.Id, (await Ward.TaskViewAsync(Who.Karel, wound.Id)).DelegateId);
        Assert.Null((await Ward.TaskViewAsync(Who.Karel, own.Id)).DelegateId);
        Assert.All(page.FindAll(".dtf-d"), f => Assert.Equal("", f.GetAttribute("value") ?? "")); // ready for the next
    }

    [Fact]
    public async Task When_one_patients_fail_nothing_is_asked_anywhere_and_saving_again_does_all_of_it()
    {
        var first = await TaskAsync("Bij Jan", 4, Jan);
        var one = await TaskAsync("Wondzorg", 3);
        var two = await TaskAsync("Gewicht", 3);
        var page = Look(2, 5);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".awayfile").Count), Soon);
        Choose(page, "Bij Jan", "Bram Goossens");
        Choose(page, "Wondzorg", "Tom Lenaerts");
        Choose(page, "Gewicht", "dr. Nadia Benali");
        await Ward.RevokeAsync(Ward.Maria, Who.Tom); // leaves while the page stands open
        Ward.Clock.Advance(TimeSpan.FromSeconds(2));

        Save(page);
        page.WaitForAssertion(() => Assert.Contains("Er is niets gevraagd en niets bewaard", page.Find(".pad > [role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(await Ward.Get<Absences>().ReadAsync(Who.Sofie.Actor(), CancellationToken.None));
        Assert.Null((await Ward.RunAsync(Ward.Get<ReadTask>(), Who.Karel, Jan, new(first.Id)))!.View.DelegateId);
        Assert.Null((await Ward.TaskViewAsync(Who.Karel, two.Id)).DelegateId);
        page.WaitForAssertion(() => Assert.DoesNotContain(Select(page, "Wondzorg").QuerySelectorAll("option"), o => o.TextContent.Trim() == "Tom Lenaerts"), Soon);
        Assert.Equal("", Select(page, "Wondzorg").GetAttribute("value")); // Tom is gone: chosen again; the others stay chosen
        Assert.Equal("p:" + Who.Bram.Id, Select(page, "Bij Jan").GetAttribute("value"));
        Assert.Contains("is nog niet gevraagd aan", page.FindAll(".leavelist li").Single(l => l.TextContent.Contains("Gewicht", StringComparison.Ordinal)).TextContent, StringComparison.Ordinal);

        Choose(page, "Wondzorg", "dr. Nadia Benali");
        Save(page);
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".members li")), Soon);
        Assert.Equal(Who.Bram.Id, (await Ward.RunAsync(Ward.Get<ReadTask>(), Who.Karel, Jan, new(first.Id)))!.View.DelegateId);
        Assert.Equal((Who.Nadia.Id, Who.Nadia.Id), ((await Ward.TaskViewAsync(Who.Karel, one.Id)).DelegateId, (await Ward.TaskViewAsync(Who.Karel, two.Id)).DelegateId));
    }

    [Fact]
    public async Task Days_that_overlap_are_said_before_anything_is_asked()
    {
        await TaskAsync("Wondzorg", 3);
        Assert.True(await Ward.Get<Absences>().EnterAsync(Who.Sofie.Actor(), Today.AddDays(5), Today.AddDays(6), CancellationToken.None));
        var page = Look(2, 5);
        page.WaitForAssertion(() => Assert.Contains("Er is niets gevraagd", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(page.FindAll(".awayfile"));
    }

    [Theory]
    [InlineData(-5, -2)]
    [InlineData(5, 2)]
    [InlineData(0, 500)]
    public void Days_that_cannot_be_are_refused(int from, int to)
    {
        var page = Look(from, to);
        page.WaitForAssertion(() => Assert.Contains("Kies een eerste en een laatste dag", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
    }

    [Fact]
    public async Task One_choice_for_all_of_a_patient_and_an_absence_that_is_taken_back()
    {
        for (var i = 0; i < 6; i++)
            await TaskAsync($"taak {i}", 3);
        var page = Look(2, 5);
        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll(".leavelist li").Count), Soon);
        Do(page, () => page.Find(".awayall select").Change("p:" + Who.Nadia.Id));
        Assert.Empty(page.FindAll(".tag.warn"));
        Save(page);
        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll(".awaylines li").Count), Soon);
        Do(page, () => page.Find(".members button").Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".members li")), Soon);
        Assert.Contains("blijft gevraagd", Toast, StringComparison.Ordinal);
    }
}
