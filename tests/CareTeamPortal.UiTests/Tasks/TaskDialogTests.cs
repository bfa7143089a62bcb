using Bunit;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.UiTests.Tasks;

public sealed class TaskDialogTests : WardContext
{
    private bool _closed;

    private IRenderedComponent<TaskDialog> Open(PersonRow? who = null, NewTask? begin = null)
    {
        As(who ?? Who.Karel);
        var dialog = Render<TaskDialog>(p => p.Add(c => c.Begin, begin ?? new NewTask(Ward.Maria)).Add(c => c.OnClosed, () => _closed = true));
        dialog.WaitForAssertion(() => dialog.Find(begin is { Patient: null } ? "input[role=combobox]" : ".taskwho"), Soon);
        return dialog;
    }

    private static void Save(IRenderedComponent<TaskDialog> dialog) => Do(dialog, () => dialog.Find("[data-key='ctrl+enter']").Click());

    private static void For(IRenderedComponent<TaskDialog> dialog, string name)
    {
        Do(dialog, () => dialog.FindAll(".pick .iconbtn").FirstOrDefault()?.Click());
        dialog.WaitForAssertion(() => dialog.Find("input[aria-label='Voor wie']"), Soon);
        Do(dialog, () => dialog.Find("input[aria-label='Voor wie']").Input(name));
        dialog.WaitForAssertion(() => Assert.Contains(name, dialog.Find("[role=option]").TextContent, StringComparison.OrdinalIgnoreCase), Soon);
        Do(dialog, () => dialog.Find("[role=option]").Click());
    }

    private async Task<TaskView> OnlyTaskAsync() => Assert.Single((await Ward.RunAsync(Ward.Get<ReadTasks>(), Who.Karel, Ward.Maria, new())).Open);

    private static string Alert(IRenderedComponent<TaskDialog> dialog) => dialog.Find(".dlg-m > [role=alert]").TextContent.Trim();

    [Fact]
    public async Task Three_interactions_make_a_task_for_somebody_else()
    {
        var dialog = Open();
        Do(dialog, () => dialog.Find("input[maxlength]").Input("Bloedname nierfunctie")); // one
        For(dialog, "Sofie"); // two
        Save(dialog); // three
        dialog.WaitForAssertion(() => Assert.True(_closed), Soon);
        var task = await OnlyTaskAsync();
        Assert.Equal(("Bloedname nierfunctie", Who.Sofie.Id, TaskState.Requested, Who.Karel.Id), (task.Title, task.OwnerId, task.State, task.AccountableId));
        Assert.Contains("Sofie Maes", Toast, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_make_one_of_ones_own_and_a_click_too_many_makes_one_task()
    {
        var dialog = Open();
        Do(dialog, () => dialog.Find("input[maxlength]").Input("Zelf nabellen"));
        Save(dialog);
        if (dialog.FindAll("[data-key='ctrl+enter']") is [var again, ..])
            again.Click();
        dialog.WaitForAssertion(() => Assert.True(_closed), Soon);
        Assert.Equal((Who.Karel.Id, TaskState.Ready), ((await OnlyTaskAsync()).OwnerId, (await OnlyTaskAsync()).State));
    }

    [Fact]
    public void The_keyboard_finds_the_first_field_the_list_and_the_button()
    {
        var dialog = Open();
        Assert.True(dialog.Find("input[maxlength]").HasAttribute("autofocus"));
        Assert.NotNull(dialog.Find("[data-submit-scope] [data-key='ctrl+enter']"));
        Do(dialog, () => dialog.Find(".pick .iconbtn").Click());
        Assert.Equal("list", dialog.Find("input[aria-label='Voor wie']").GetAttribute("aria-autocomplete"));
        Assert.NotNull(dialog.Find("dialog[data-modal]")); // Escape closes it (dialog.js)
        Assert.All(dialog.FindAll("button"), b => Assert.Equal("button", b.GetAttribute("type")));
        Assert.DoesNotContain("style=", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_title_nothing_is_made_and_everything_else_stays()
    {
        var dialog = Open();
        For(dialog, "Sofie");
        Do(dialog, () => dialog.Find("details textarea").Change("Voor het ontbijt."));
        Save(dialog);
        dialog.WaitForAssertion(() => Assert.Contains("Schrijf eerst wat er moet gebeuren", Alert(dialog), StringComparison.Ordinal), Soon);
        Assert.Equal("true", dialog.Find("input[maxlength]").GetAttribute("aria-invalid"));
        Assert.Contains("Sofie Maes", dialog.Find(".pick").TextContent, StringComparison.Ordinal);
        Assert.Equal("Voor het ontbijt.", dialog.Find("details textarea").GetAttribute("value"));
        Assert.Empty((await Ward.RunAsync(Ward.Get<ReadTasks>(), Who.Karel, Ward.Maria, new())).Open);
        Do(dialog, () => dialog.Find("input[maxlength]").Input("\u200B \u202E ")); // nothing that anybody could read
        Save(dialog);
        dialog.WaitForAssertion(() => Assert.Contains("Schrijf eerst wat er moet gebeuren", Alert(dialog), StringComparison.Ordinal), Soon);
    }

    [Theory]
    [InlineData("99-99", "niet te lezen")]
    [InlineData("1-1-2020", "al voorbij")]
    public async Task A_date_that_cannot_be_or_is_over_is_not_left_out_silently(string date, string words)
    {
        var dialog = Open();
        Do(dialog, () => dialog.Find("input[maxlength]").Input("Wegen"));
        Do(dialog, () => dialog.Find(".dtf-d").Change(date));
        Save(dialog);
        dialog.WaitForAssertion(() => Assert.Contains(words, Alert(dialog), StringComparison.Ordinal), Soon);
        Assert.False(_closed);
        Assert.Equal("Wegen", dialog.Find("input[maxlength]").GetAttribute("value"));
        Assert.Empty((await Ward.RunAsync(Ward.Get<ReadTasks>(), Who.Karel, Ward.Maria, new())).Open);
    }

    [Fact]
    public void A_list_that_is_too_long_says_how_long_it_may_be_and_stays()
    {
        var dialog = Open();
        Do(dialog, () => dialog.Find("input[maxlength]").Input("Wegen"));
        var lines = string.Join('\n', Enumerable.Range(1, 51).Select(i => $"stap {i}"));
        Do(dialog, () => dialog.FindAll("details textarea")[1].Change(lines));
        Save(dialog);
        dialog.WaitForAssertion(() => Assert.Contains("50", Alert(dialog), StringComparison.Ordinal), Soon);
        Assert.Equal(lines, dialog.FindAll("details textarea")[1].GetAttribute("value"));
    }

    [Fact]
    public void Who_is_accountable_is_always_said()
    {
        var dialog = Open();
        Assert.Contains("U neemt de taak op u en bent verantwoordelijk", dialog.Find(".taskwho").TextContent, StringComparison.Ordinal);
        For(dialog, "Sofie");
        Assert.Contains("tot Sofie Maes", dialog.Find(".taskwho").TextContent, StringComparison.Ordinal);

        // Who asks and cannot answer for care: it is who is accountable for the patient.
        var family = Open(Who.An);
        For(family, "Sofie");
        Assert.Contains("dr. Karel Janssens", family.Find(".taskwho").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("26-3-2027", "2:30", "27 mrt 2027, 2:30", "28 mrt 2027, 3:30", "29 mrt 2027, 2:30")] // half past two does not exist that night
    [InlineData("23-10-2027", "8:00", "24 okt 2027, 8:00", "25 okt 2027, 8:00", "26 okt 2027, 8:00")]
    [InlineData("29-10-2027", "2:30", "30 okt 2027, 2:30", "31 okt 2027, 2:30", "1 nov 2027, 2:30")] // twice that night: the first one
    public void A_repeat_says_its_next_dates_on_the_clock_in_Belgium_over_both_nights(string day, string hour, params string[] expected)
    {
        var dialog = Open();
        Do(dialog, () => dialog.Find(".dtf-d").Change(day));
        Do(dialog, () => dialog.Find(".dtf-t").Change(hour));
        Do(dialog, () => dialog.FindAll("details select").Single(s => s.InnerHtml.Contains("weekdays", StringComparison.Ordinal)).Change("day"));
        dialog.WaitForAssertion(() => Assert.Equal(4, Dates(dialog.Find("p[role=status]").TextContent).Count), Soon);
        Assert.Equal(expected, Dates(dialog.Find("p[role=status]").TextContent).Take(3));
    }

    private static List<string> Dates(string said) => [.. System.Text.RegularExpressions.Regex.Matches(said, @"\d{1,2} \p{L}+\.?( \d{4})?,? \d{1,2}:\d\d").Select(m => m.Value)];

    [Fact]
    public void A_repeat_without_a_first_day_asks_for_it()
    {
        var dialog = Open();
        Do(dialog, () => dialog.Find("input[maxlength]").Input("Wegen"));
        Do(dialog, () => dialog.FindAll("details select").Single(s => s.InnerHtml.Contains("weekdays", StringComparison.Ordinal)).Change("month"));
        Save(dialog);
        dialog.WaitForAssertion(() => Assert.Contains("eerste dag", Alert(dialog), StringComparison.Ordinal), Soon);
    }

    [Fact]
    public void What_was_filled_in_and_closed_comes_back_and_can_be_put_away()
    {
        var dialog = Open();
        Do(dialog, () => dialog.Find("input[maxlength]").Input("Half"));
        Do(dialog, () => dialog.Find(".dlg-f button").Click());
        dialog.WaitForAssertion(() => Assert.True(_closed), Soon);
        var again = Open();
        Assert.Equal("Half", again.Find("input[maxlength]").GetAttribute("value"));
        Do(again, () => again.FindAll("button.mini").Last().Click());
        again.WaitForAssertion(() => Assert.Equal("", again.Find("input[maxlength]").GetAttribute("value") ?? ""), Soon);
    }

    [Fact]
    public void From_anywhere_the_patient_is_asked_first_and_others_are_not_found()
    {
        var dialog = Open(Who.Els, new NewTask()); // not on Maria's team
        Do(dialog, () => dialog.Find("input[role=combobox]").Input("mar"));
        dialog.WaitForAssertion(() => Assert.Equal("true", dialog.Find("[role=option]").GetAttribute("aria-disabled")), Soon);
        Do(dialog, () => dialog.Find("input[maxlength]").Input("Iets"));
        Save(dialog);
        dialog.WaitForAssertion(() => Assert.Contains("Kies eerst een patiënt", Alert(dialog), StringComparison.Ordinal), Soon);
        Assert.Equal("Iets", dialog.Find("input[maxlength]").GetAttribute("value"));
    }
}
