using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Tasks;

/// <summary>What the pages of tasks stand on.</summary>
public sealed class TaskPagesTests
{
    [Fact]
    public async Task A_remark_says_what_it_is_about_and_stands_in_the_story()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie));
        var remark = await ward.WriteAsync(Who.Sofie, ward.Maria, Ward.NoteOf("Nuchter?") with { Kind = EntryKind.Reply, Answers = $"Task/{task.Id}" });

        using var session = await ward.Database.RentAsync(CancellationToken.None);
        var stored = System.Text.Encoding.UTF8.GetString(CareStore.Json(session, CareStore.Find(session, "Communication", remark.ResourceId)!));
        Assert.Contains($"\"about\":[{{\"reference\":\"Task/{task.Id}\"", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("inResponseTo", stored, StringComparison.Ordinal);
        Assert.Equal("Nuchter?", Assert.Single((await ward.RunAsync(ward.Get<ReadTask>(), Who.Karel, ward.Maria, new(task.Id)))!.Story).Text);
    }

    [Fact]
    public async Task A_changed_detail_is_what_the_task_says_from_then_on()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie) with { Detail = "Voor het ontbijt." });
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<EditTask>(), Who.Karel, ward.Maria, new(task.Id, Detail: "Na het ontbijt.")));
        Assert.Equal("Na het ontbijt.", (await ward.RunAsync(ward.Get<ReadTask>(), Who.Sofie, ward.Maria, new(task.Id)))!.Task.Detail);
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<EditTask>(), Who.Karel, ward.Maria, new(task.Id, Detail: "")));
        Assert.Null((await ward.RunAsync(ward.Get<ReadTask>(), Who.Sofie, ward.Maria, new(task.Id)))!.Task.Detail);
    }

    [Fact]
    public async Task Whom_one_can_ask_is_on_the_team_may_do_tasks_and_may_see_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var team = await ward.RunAsync(ward.Get<ReadTeam>(), Who.Karel, ward.Maria, new());
        var all = TaskChoices.Of(team, Who.Karel.Id, Audience.WholeTeam, ward.People);
        Assert.True(all[0].IsMe);
        Assert.Contains(all, c => c.Party.Person == Who.An.Id);
        Assert.Contains(all, c => c.Party is { Kind: OwnerKind.Role, Role: Discipline.HomeNurse });
        Assert.DoesNotContain(all, c => c.Party.Person == Who.Els.Id);
        var professional = TaskChoices.Of(team, Who.Karel.Id, Audience.Professionals, ward.People);
        Assert.DoesNotContain(professional, c => c.Party.Person == Who.An.Id || c.Party.Person == Who.MariaHerself.Id || c.Party.Person == Who.Fatima.Id);
        Assert.Equal(Who.Sofie.Id, TaskChoices.Find(all, "sófie ma")[0].Party.Person);
        foreach (var choice in all.Where(c => !c.IsMe))
            Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<CreateTask>(), Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Title = choice.Name, Owner = choice.Party }));
    }

    [Fact]
    public async Task Saved_lists_are_ones_own_and_are_put_away()
    {
        await using var ward = await Ward.OpenAsync();
        var (views, sofie, bram) = (ward.Get<SavedViews>(), Who.Sofie.Actor(), Who.Bram.Actor());
        Assert.True(await views.KeepAsync(sofie, "Te laat", "list=mine&late=1", CancellationToken.None));
        Assert.True(await views.KeepAsync(sofie, "Te laat", "list=team&late=1", CancellationToken.None));
        Assert.False(await views.KeepAsync(sofie, "  ", "list=mine", CancellationToken.None));
        var view = Assert.Single(await views.ReadAsync(sofie, SavedViews.Worklist, CancellationToken.None));
        Assert.Equal(("Te laat", "list=team&late=1"), (view.Name, view.Filter));
        Assert.Empty(await views.ReadAsync(bram, SavedViews.Worklist, CancellationToken.None));
        await views.PutAwayAsync(bram, view.Key, CancellationToken.None);
        Assert.Single(await views.ReadAsync(sofie, SavedViews.Worklist, CancellationToken.None));
        await views.PutAwayAsync(sofie, view.Key, CancellationToken.None);
        Assert.Empty(await views.ReadAsync(sofie, SavedViews.Worklist, CancellationToken.None));
    }

    [Theory]
    [InlineData("list=mine")]
    [InlineData("list=team&patient=maria-verhoeven&priority=urgent&state=hold&from=2026-11-22&to=2026-12-01&late=1&view=board")]
    public void The_address_of_a_worklist_says_the_same_when_it_is_read_back(string text)
    {
        var q = System.Web.HttpUtility.ParseQueryString(text);
        Assert.Equal(text, WorklistQuery.Of(q["list"], q["patient"], q["priority"], q["state"], q["from"], q["to"], q["late"], q["view"]).ToString());
    }

    [Fact]
    public void What_an_address_says_wrongly_is_left_out() =>
        Assert.Equal("list=mine", WorklistQuery.Of("' OR 1=1", "a b/c", "99", "toString", "2026-13-40", "9999-12-31", "yes", "<script>").ToString());

    [Theory]
    [InlineData(null, DueGroup.NoDate)]
    [InlineData("2026-11-25T07:59:00Z", DueGroup.Late)]
    [InlineData("2026-11-25T22:59:00Z", DueGroup.Today)]
    [InlineData("2026-11-25T23:00:00Z", DueGroup.Tomorrow)]
    [InlineData("2026-11-29T22:59:00Z", DueGroup.ThisWeek)]
    [InlineData("2026-11-29T23:00:00Z", DueGroup.Later)]
    internal void A_task_stands_under_the_day_in_Belgium_on_which_it_is_due(string? due, DueGroup group) =>
        Assert.Equal(group, DueGroups.Of(due is null ? null : DateTime.Parse(due, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal), new DateTime(2026, 11, 25, 8, 0, 0, DateTimeKind.Utc)));

    [Fact]
    public void A_series_keeps_its_hour_over_both_nights_on_which_the_clock_changes()
    {
        foreach (var (start, rule) in new[] { (new DateTime(2026, 10, 23, 8, 0, 0), RepeatRule.Daily), (new DateTime(2027, 3, 26, 8, 0, 0), RepeatRule.Daily), (new DateTime(2026, 10, 19, 2, 30, 0), RepeatRule.Weekly(DayOfWeek.Monday, DayOfWeek.Wednesday, DayOfWeek.Sunday)), (new DateTime(2027, 1, 31, 8, 0, 0), RepeatRule.Monthly(1)) })
        {
            var first = BelgianTime.ToUtc(start);
            var dates = rule.Following(first, first, 12).ToList();
            Assert.Equal(12, dates.Count);
            Assert.Equal(dates.Distinct().Order(), dates);
            Assert.All(dates, d => Assert.Equal(start.TimeOfDay, BelgianTime.ToLocal(d).TimeOfDay));
        }

        // The night of 28 March 2027 has no half past two: that one time it is the first moment after.
        var night = BelgianTime.ToUtc(new DateTime(2027, 3, 27, 2, 30, 0));
        var across = RepeatRule.Daily.Following(night, night, 2).Select(BelgianTime.ToLocal).ToList();
        Assert.Equal(new DateTime(2027, 3, 28), across[0].Date);
        Assert.True(across[0].Hour >= 3);
        Assert.Equal(new DateTime(2027, 3, 29, 2, 30, 0), across[1]);
    }

    [Fact]
    public void A_draft_comes_back_as_it_was_and_a_strange_one_not_at_all()
    {
        var form = new TaskForm { Id = Guid.NewGuid().ToString(), Title = "Wegen", Due = new DateTime(2026, 11, 30, 8, 0, 0), Repeat = "week", Every = 2, Days = [DayOfWeek.Friday, DayOfWeek.Monday], Priority = TaskPriority.Urgent };
        var back = TaskForm.FromDraft(form.ToDraft())!;
        Assert.Equal(form.ToDraft(), back.ToDraft());
        Assert.Equal("2w:1,5", back.Rule!.ToString());
        foreach (var strange in new[] { null, "", "Wegen", "{}", "[1]", "{\"Id\":\"x\"}", "{\"Every\":-1}" })
            Assert.Null(TaskForm.FromDraft(strange));
        Assert.Equal(new TimeOnly(23, 59), TimeOnly.FromDateTime(BelgianTime.ToLocal(TaskForm.Utc(new DateTime(2026, 11, 30))!.Value))); // a day without an hour is until its end
    }

    [Fact]
    public async Task A_notice_counts_until_its_reader_puts_it_away()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie) with { DueAt = ward.Clock.Utc.AddHours(4) });
        ward.Clock.Advance(TimeSpan.FromHours(5));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        var (notices, sofie) = (ward.Get<ReadNotices>(), Who.Sofie.Actor());
        var told = await notices.RunAsync(sofie, 50, CancellationToken.None);
        Assert.NotEmpty(told);
        Assert.Equal(told.Count, (await notices.CountAsync(sofie, CancellationToken.None)).Count);
        Assert.All(told, n => Assert.False(string.IsNullOrWhiteSpace(TaskSentences.Notice(n.Kind, n.Task, ward.Clock.Utc))));
        await notices.PutAwayAsync(Who.Karel.Actor(), told[0].Key, CancellationToken.None); // not his
        await notices.PutAwayAsync(sofie, told[0].Key, CancellationToken.None);
        Assert.Equal(told.Count - 1, (await notices.CountAsync(sofie, CancellationToken.None)).Count);
        await ward.RevokeAsync(ward.Maria, Who.Sofie);
        Assert.Equal(0, (await notices.CountAsync(sofie, CancellationToken.None)).Count);
    }

    [Fact]
    public void Every_refusal_and_state_has_its_sentence()
    {
        foreach (var rule in Enum.GetValues<TaskRule>())
            Assert.DoesNotContain("Why.", TaskSentences.Why(new TaskRefused(rule, TaskState.Ready), default), StringComparison.Ordinal);
        foreach (var result in new TaskResult[] { new TaskNotFound(), new TakenAlready("Sofie Maes", null), new TakenAlready("Sofie Maes", new DateTime(2026, 11, 25, 8, 0, 0, DateTimeKind.Utc)) })
            Assert.DoesNotContain("Why.", TaskSentences.Why(result, default), StringComparison.Ordinal);
        foreach (var rule in new[] { RepeatRule.Daily, RepeatRule.Weekly(DayOfWeek.Monday), new RepeatRule(1, RepeatUnit.Week, []), new RepeatRule(3, RepeatUnit.Week, []), new RepeatRule(2, RepeatUnit.Week, [DayOfWeek.Friday]), RepeatRule.Monthly(1), RepeatRule.Monthly(3), new RepeatRule(3, RepeatUnit.Day, []) })
            Assert.DoesNotContain("Repeats.", TaskSentences.Repeat(rule), StringComparison.Ordinal);
    }
}
