using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Alerts;

/// <summary>From a measurement past a limit to an answer: whose it is, how often it is told, what becomes of it.</summary>
public sealed class AlertLifeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Who_measures_too_much_makes_an_alert_that_its_owner_has_at_once()
    {
        await using var ward = await WithLimitAsync();
        await WeighAsync(ward, Who.An, 76m);
        ward.Clock.Advance(TimeSpan.FromDays(2));
        await WeighAsync(ward, Who.An, 78.4m);

        var entry = Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria), e => e.Kind == EntryKind.Alert);
        Assert.Equal("Gewicht: 2,4 kg erbij in 3 dagen (76,0 kg → 78,4 kg)", entry.Title);
        Assert.Contains("Bel de huisarts", entry.Text, StringComparison.Ordinal);
        var work = Assert.Single((await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks);
        Assert.Equal(("Alarm nakijken: Gewicht", Who.Nadia.Id), (work.Title, work.AccountableId!.Value));
        Assert.Equal((int)NoticeKind.Alert, await ward.NumberAsync("SELECT Kind FROM Notices WHERE PersonId = @p0", Who.Sofie.Id.Value));
    }

    [Fact]
    public async Task An_alert_stands_on_its_owners_day_until_it_is_answered_and_on_nobody_elses()
    {
        await using var ward = await WithAlertAsync();
        async Task<IReadOnlyList<TaskView>> AlertsOfAsync(PersonRow who) => (await ward.Get<ReadMyDay>().RunAsync(who.Actor(), CancellationToken.None)).Alerts;
        Assert.Equal("Alarm nakijken: Gewicht", Assert.Single(await AlertsOfAsync(Who.Sofie)).Title);
        Assert.Empty(await AlertsOfAsync(Who.Karel));
        ward.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Single(await AlertsOfAsync(Who.Sofie));
        await ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new(await AlertAsync(ward), AlertOutcome.Acted, "Dr. Peeters gebeld."));
        Assert.Empty(await AlertsOfAsync(Who.Sofie));
    }

    [Fact]
    public async Task What_is_within_the_limit_alerts_nobody_and_leaves_nothing_to_judge()
    {
        await using var ward = await WithLimitAsync();
        await WeighAsync(ward, Who.An, 76m);
        await WeighAsync(ward, Who.An, 77.9m);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Alerts"));
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Unjudged"));
    }

    [Fact]
    public async Task Repeats_within_a_day_are_one_alert_with_a_counter()
    {
        await using var ward = await WithLimitAsync();
        await WeighAsync(ward, Who.An, 76m);
        for (var i = 0; i < 3; i++)
        {
            ward.Clock.Advance(TimeSpan.FromHours(6));
            await WeighAsync(ward, Who.An, 78.4m + (i / 10m));
        }

        Assert.Equal(3, await ward.NumberAsync("SELECT Count FROM Alerts"));
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks"));
        Assert.Contains("78,6 kg", Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria), e => e.Kind == EntryKind.Alert).Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_says_what_was_done_and_closes_the_work()
    {
        await using var ward = await WithAlertAsync();
        var alert = await AlertAsync(ward);
        Assert.Equal(new TaskRefused(TaskRule.NeedsReason), await ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new(alert, AlertOutcome.Acted, " ")));
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new(alert, AlertOutcome.Acted, "Dr. Peeters gebeld: plaspil verdubbeld.")));

        Assert.Empty((await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks);
        Assert.Contains("plaspil verdubbeld", (await ward.PageAsync(Who.Nadia, ward.Maria)).Single(e => e.Kind == EntryKind.Alert).Text, StringComparison.Ordinal);
        Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new(alert, AlertOutcome.Known, "")));
    }

    [Fact]
    public async Task The_work_of_an_alert_is_not_ticked_off_without_an_answer()
    {
        await using var ward = await WithAlertAsync();
        var task = (await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks.Single().Id;
        Assert.Equal(TaskRule.AlertNeedsAnswer, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<FinishTask>(), Who.Sofie, ward.Maria, new(task))).Rule);
        await ward.MoveAsync(Who.Sofie, task, TaskState.Accepted);
        await ward.MoveAsync(Who.Sofie, task, TaskState.InProgress);
        Assert.Equal(TaskRule.AlertNeedsAnswer, Assert.IsType<TaskRefused>(await ward.RunAsync(ward.Get<MoveTask>(), Who.Sofie, ward.Maria, new(task, TaskState.Completed))).Rule);
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new(await AlertAsync(ward), AlertOutcome.Known, "")));
    }

    [Fact]
    public async Task After_an_answer_the_same_again_within_a_day_is_counted_and_worse_is_a_new_alert()
    {
        await using var ward = await WithAlertAsync();
        await ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new(await AlertAsync(ward), AlertOutcome.Acted, "Gebeld."));
        ward.Clock.Advance(TimeSpan.FromHours(2));
        await WeighAsync(ward, Who.An, 78.4m);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Alerts"));
        ward.Clock.Advance(TimeSpan.FromHours(2));
        await WeighAsync(ward, Who.An, 79.5m);
        Assert.Equal(2, await ward.NumberAsync("SELECT COUNT(*) FROM Alerts"));
    }

    [Fact]
    public async Task A_value_that_was_a_typing_error_takes_its_alert_back()
    {
        await using var ward = await WithAlertAsync();
        var wrong = (await ward.PageAsync(Who.An, ward.Maria)).First(e => e.Kind == EntryKind.Measurement);
        Assert.IsType<Changed>(await ward.RunAsync(ward.Get<CorrectMeasurement>(), Who.An, ward.Maria, new(wrong.Reference, wrong.Version, [new(76.4m, "kg", "kg")], null, "verkeerd gelezen")));
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);

        Assert.Equal((int)AlertOutcome.Withdrawn, await ward.NumberAsync("SELECT Outcome FROM Alerts"));
        Assert.Empty((await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks);
    }

    [Fact]
    public async Task An_alert_that_nobody_takes_on_goes_to_the_next()
    {
        await using var ward = await WithAlertAsync();
        ward.Clock.Advance(TimeSpan.FromMinutes(61));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE Kind = @p0 AND PersonId = @p1", (int)NoticeKind.UntakenOwner, Who.Sofie.Id.Value));
        ward.Clock.Advance(TimeSpan.FromMinutes(61));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE Kind = @p0", (int)NoticeKind.UntakenAccountable));
    }

    [Fact]
    public async Task A_measurement_that_does_not_come_is_told_once()
    {
        await using var ward = await WithLimitAsync(new Threshold { Id = "gemist", Quantity = "Weight", Kind = ThresholdKind.Missing, Window = new(2), Severity = AlertSeverity.Low, Since = default });
        await WeighAsync(ward, Who.An, 76m);
        ward.Clock.Advance(TimeSpan.FromHours(49));
        for (var i = 0; i < 3; i++)
            await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Alerts"));
        Assert.StartsWith("Gewicht: niet gemeten sinds", Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria), e => e.Kind == EntryKind.Alert).Title, StringComparison.Ordinal);

        // and again when it is measured and then forgotten anew
        await WeighAsync(ward, Who.An, 76.2m);
        ward.Clock.Advance(TimeSpan.FromHours(49));
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        Assert.Equal(2, await ward.NumberAsync("SELECT COUNT(*) FROM Alerts"));
    }

    [Fact]
    public async Task Two_nodes_and_a_restart_make_one_alert()
    {
        await using var ward = await WithLimitAsync();
        await using var other = await ward.AnotherNodeAsync();
        await WeighAsync(ward, Who.An, 76m);
        ward.Clock.Advance(TimeSpan.FromHours(20));
        await MeasureAsync(ward, Who.An, 79m);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? ward : other).Get<AlertClock>().RunAsync(CancellationToken.None)));
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Alerts"));
        Assert.Equal(1, await ward.NumberAsync("SELECT Count FROM Alerts"));
    }

    [Fact]
    public async Task A_history_that_comes_in_late_alerts_nobody()
    {
        await using var ward = await WithLimitAsync();
        await MeasureAsync(ward, Who.An, 70m, ward.Clock.Utc.AddDays(-10));
        await MeasureAsync(ward, Who.An, 79m, ward.Clock.Utc.AddDays(-8));
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Alerts"));
    }

    [Fact]
    public async Task A_value_past_several_limits_is_one_alert_of_the_gravest()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var low = Plan(Rise() with { Id = "mild", Limit = 1, Severity = AlertSeverity.Low });
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Nadia, ward.Maria, low with { Rules = [.. low.Rules, .. Plan(Rise()).Rules] });
        await WeighAsync(ward, Who.An, 76m);
        ward.Clock.Advance(TimeSpan.FromHours(20));
        await WeighAsync(ward, Who.An, 78.4m);
        Assert.Equal((int)AlertSeverity.High, await ward.NumberAsync("SELECT Severity FROM Alerts"));
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks"));
    }

    [Fact]
    public async Task A_value_in_pounds_is_held_against_kilos()
    {
        await using var ward = await WithLimitAsync();
        await WeighAsync(ward, Who.An, 76m);
        ward.Clock.Advance(TimeSpan.FromDays(1));
        await ward.TakeAsync([], $$$"""{"resourceType":"Observation","id":"weegschaal-1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"Patient/{{{Who.Maria}}}"},"effectiveDateTime":"{{{ward.Clock.Utc:yyyy-MM-ddTHH:mm:ssZ}}}","valueQuantity":{"value":173,"unit":"lbs","system":"http://unitsofmeasure.org","code":"[lb_av]"}}""");
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Alerts"));
    }

    [Theory]
    [InlineData("79228162514264337593543950335", "kg")]
    [InlineData("0.0000000000000000000000000001", "kg")]
    [InlineData("-5", "kg")]
    [InlineData("80", "olifanten")]
    public async Task A_number_that_no_scale_shows_breaks_nothing_and_blocks_nobody(string value, string unit)
    {
        await using var ward = await WithLimitAsync(Rise() with { InPercent = true });
        await WeighAsync(ward, Who.An, 76m);
        await ward.TakeAsync([], $$$"""{"resourceType":"Observation","id":"weegschaal-1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"Patient/{{{Who.Maria}}}"},"effectiveDateTime":"{{{ward.Clock.Utc:yyyy-MM-ddTHH:mm:ssZ}}}","valueQuantity":{"value":{{{value}}},"unit":"{{{unit}}}","system":"http://unitsofmeasure.org","code":"{{{unit}}}"}}""");
        ward.Clock.Advance(TimeSpan.FromHours(1));
        await WeighAsync(ward, Who.An, 79m);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Unjudged"));
    }

    [Theory]
    [InlineData("""{"url":"kind","valueCode":"change"}""")]
    [InlineData("""{"url":"kind","valueCode":"value"},{"url":"limit","valueQuantity":{"value":"veel"}}""")]
    [InlineData("""{"url":"kind","valueCode":"value"},{"url":"limit","valueQuantity":{"value":1e400}}""")]
    [InlineData("""{"url":"kind","valueCode":"change"},{"url":"limit","valueQuantity":{"value":2}},{"url":"window","valueDuration":{"value":-3,"code":"d"}}""")]
    [InlineData("""{"url":"kind","valueCode":"trend"},{"url":"limit","valueQuantity":{"value":2}},{"url":"window","valueDuration":[3]}""")]
    [InlineData("""{"url":"kind","valueCode":{"a":1}},{"url":"limit","valueQuantity":[]}""")]
    public async Task A_plan_of_another_source_with_limits_that_cannot_be_judged_is_kept_and_has_none(string parts)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var taken = await ward.TakeAsync([], $$$"""{"resourceType":"ServiceRequest","id":"plan-1","status":"active","intent":"plan","category":[{"coding":[{"system":"{{{AlertCodes.PlanKind}}}","code":"measuring"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"Patient/{{{Who.Maria}}}"},"authoredOn":"2026-11-20","extension":[{"url":"{{{AlertCodes.Threshold}}}","extension":[{"url":"id","valueId":"x"},{"url":"quantity","valueCode":"Weight"},{{{parts}}}]}]}""");
        Assert.Single(taken);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Thresholds"));
        Assert.Single((await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.Karel, ward.Maria, new())).Plans);
        await WeighAsync(ward, Who.An, 79m);
    }

    [Fact]
    public async Task An_alert_tells_nobody_a_value_that_they_may_not_see()
    {
        await using var ward = await WithLimitAsync();
        await MeasureAsync(ward, Who.Sofie, 75.1m, audience: Audience.Professionals);
        ward.Clock.Advance(TimeSpan.FromHours(20));
        await WeighAsync(ward, Who.An, 78.4m); // her own number, held against one that is hidden from her
        Assert.DoesNotContain(await ward.PageAsync(Who.An, ward.Maria), e => e.Kind == EntryKind.Alert);
        Assert.Empty((await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.An, ward.Maria, new())).Alerts);
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria), e => e.Kind == EntryKind.Alert);
    }

    [Fact]
    public async Task A_repeat_by_a_hidden_value_is_not_written_into_an_alert_that_the_family_reads()
    {
        await using var ward = await WithAlertAsync();
        ward.Clock.Advance(TimeSpan.FromHours(1));
        await MeasureAsync(ward, Who.Sofie, 78.7m, audience: Audience.Professionals);
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        var seen = Assert.Single(await ward.PageAsync(Who.An, ward.Maria), e => e.Kind == EntryKind.Alert);
        Assert.DoesNotContain("78,7", seen.Title + seen.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await ward.PageAsync(Who.Sofie, ward.Maria)).Count(e => e.Kind == EntryKind.Alert));
    }

    [Fact]
    public async Task A_hidden_value_takes_no_alert_from_the_family()
    {
        await using var ward = await WithLimitAsync();
        await WeighAsync(ward, Who.An, 76m);
        ward.Clock.Advance(TimeSpan.FromHours(1));
        await MeasureAsync(ward, Who.Sofie, 79m, audience: Audience.Professionals); // an alert for professionals, and in the window of the next
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        Assert.DoesNotContain(await ward.PageAsync(Who.An, ward.Maria), e => e.Kind == EntryKind.Alert);
        ward.Clock.Advance(TimeSpan.FromHours(1));
        await WeighAsync(ward, Who.An, 78.4m);
        Assert.Contains("78,4", Assert.Single(await ward.PageAsync(Who.An, ward.Maria), e => e.Kind == EntryKind.Alert).Title, StringComparison.Ordinal);
        Assert.Equal(2, (await ward.PageAsync(Who.Sofie, ward.Maria)).Count(e => e.Kind == EntryKind.Alert));
    }

    [Fact]
    public async Task The_last_value_of_a_plan_is_the_last_that_its_reader_sees()
    {
        await using var ward = await WithLimitAsync();
        await WeighAsync(ward, Who.An, 76m);
        ward.Clock.Advance(TimeSpan.FromHours(1));
        await MeasureAsync(ward, Who.Sofie, 76.3m, audience: Audience.Professionals);
        Assert.Equal("76,0 kg", Assert.Single((await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.An, ward.Maria, new())).Plans).Last!.Value.Value);
        Assert.Equal("76,3 kg", Assert.Single((await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.Sofie, ward.Maria, new())).Plans).Last!.Value.Value);
    }

    [Fact]
    public async Task A_measurement_that_is_missing_tells_the_family_no_hidden_moment()
    {
        await using var ward = await WithLimitAsync(new Threshold { Id = "gemist", Quantity = "Weight", Kind = ThresholdKind.Missing, Window = new(2), Since = default });
        await MeasureAsync(ward, Who.Sofie, 76m, audience: Audience.Professionals);
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        ward.Clock.Advance(TimeSpan.FromHours(49));
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        Assert.DoesNotContain(await ward.PageAsync(Who.An, ward.Maria), e => e.Kind == EntryKind.Alert);
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria), e => e.Kind == EntryKind.Alert);
    }

    [Fact]
    public async Task A_family_member_sets_no_limits_and_a_changed_limit_is_a_new_version()
    {
        await using var ward = await WithLimitAsync();
        await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.An, ward.Maria, Plan(Rise())));
        var id = (string)(await ward.RowsAsync("SELECT DISTINCT PlanId FROM Thresholds"))[0][0]!;
        var changed = await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, Plan(Rise() with { Limit = 3 }) with { Id = id, SeenVersion = 1 });
        Assert.Equal((SetMeasuringPlan.Outcome.Done, 2), (changed.Outcome, changed.Plan!.Version));
        Assert.Equal(SetMeasuringPlan.Outcome.ChangedMeanwhile, (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Nadia, ward.Maria, Plan(Rise()) with { Id = id, SeenVersion = 1 })).Outcome);
        Assert.Equal(3, Convert.ToDecimal((await ward.RowsAsync("SELECT \"Limit\" FROM Thresholds"))[0][0], System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(SetMeasuringPlan.Outcome.Done, (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, Plan(Rise()) with { Id = id, SeenVersion = 2, StopBecause = "niet meer nodig" })).Outcome);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Thresholds"));
    }

    [Fact]
    public async Task A_limit_that_is_mostly_ignored_asks_for_a_look_until_it_is_kept_with_a_reason_or_changed()
    {
        await using var ward = await WithLimitAsync(High(80));
        for (var day = 0; day < 5; day++)
        {
            await WeighAsync(ward, Who.An, 81 + day);
            await ward.RunAsync(ward.Get<AnswerAlert>(), Who.Sofie, ward.Maria, new((string)(await ward.RowsAsync("SELECT Id FROM Alerts WHERE Outcome IS NULL"))[0][0]!, AlertOutcome.FalseAlarm, ""));
            ward.Clock.Advance(TimeSpan.FromHours(30));
        }

        async Task<PlanView> ViewAsync() => Assert.Single((await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.Nadia, ward.Maria, new())).Plans);
        SetMeasuringPlan.Request Same(MeasuringPlan plan) => new() { Id = plan.Id, SeenVersion = plan.Version, Loinc = plan.Loinc, Repeat = plan.Repeat, By = plan.By, Rules = plan.Rules };
        var view = await ViewAsync();
        Assert.True(view.Budget["limit"].IsMostlyIgnored);
        var figures = await ward.Get<Features.Figures.ReadFigures>().RunAsync(Who.Nadia.Actor(), new(), CancellationToken.None);
        Assert.Equal((5, 0), Assert.Single(figures!.ToReview) is var told ? (told.Told, told.Acted) : default);
        Assert.Equal(SetMeasuringPlan.Outcome.NeedsReason, (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Nadia, ward.Maria, Same(view.Plan) with { Keep = ("limit", " ") })).Outcome);
        Assert.Equal(SetMeasuringPlan.Outcome.Done, (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Nadia, ward.Maria, Same(view.Plan) with { Keep = ("limit", "vocht is een risico") })).Outcome);
        view = await ViewAsync();
        Assert.False(view.Budget["limit"].IsMostlyIgnored);
        Assert.Equal((Who.Nadia.DisplayName, "vocht is een risico"), (view.Plan.Rules[0].Kept!.By, view.Plan.Rules[0].Kept!.Reason));
        Assert.Empty((await ward.Get<Features.Figures.ReadFigures>().RunAsync(Who.Nadia.Actor(), new(), CancellationToken.None))!.ToReview);
        // Nobody says it for somebody else, another severity leaves it, and another limit was not looked at.
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, Same(view.Plan) with { Rules = [view.Plan.Rules[0] with { Kept = new(ward.Clock.Utc, "iemand anders", "niets"), ToDo = "Bel." }] });
        Assert.Equal(Who.Nadia.DisplayName, (await ViewAsync()).Plan.Rules[0].Kept!.By);
        view = await ViewAsync();
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Karel, ward.Maria, Same(view.Plan) with { Rules = [view.Plan.Rules[0] with { Threshold = High(90) }] });
        Assert.Null((await ViewAsync()).Plan.Rules[0].Kept);
    }

    private static Threshold High(decimal limit, string quantity = "Weight") => new() { Id = "limit", Quantity = quantity, Kind = ThresholdKind.Value, Side = Side.Above, Limit = limit, Severity = AlertSeverity.Moderate, Since = default };

    [Theory]
    [InlineData("Weight", "29463-7", 80, "kg", "[lb_av]", 0.45359237)]
    [InlineData("Glucose", "2339-0", 180, "mg/dL", "mmol/L", 18.016)]
    public async Task Values_in_either_unit_irregular_doubled_and_corrected_alert_as_a_plain_reading_says(string quantity, string loinc, int limit, string own, string other, double factor)
    {
        var dice = new Dice(output);
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.Equal(SetMeasuringPlan.Outcome.Done, (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Nadia, ward.Maria, Plan(High(limit, quantity)) with { Loinc = loinc })).Outcome);
        ward.Clock.Advance(new DateTime(2027, 3, 10, 6, 0, 0, DateTimeKind.Utc) - ward.Clock.Utc); // over the night on which the clocks change
        var stands = new List<bool>();
        for (var n = 0; n < 24; n++)
        {
            ward.Clock.Advance(TimeSpan.FromHours(25 + dice.Next(40)));
            var at = ward.Clock.Utc;
            var standing = decimal.Zero;
            for (var version = 0; version <= dice.Next(3); version++)
            {
                var value = limit - 10 + dice.Next(21);
                var foreign = dice.OneIn(2);
                // Rounded as a device shows it: never so near to the limit that the rounding decides.
                if (value == limit && foreign)
                    value++;
                standing = value;
                var shown = foreign ? Math.Round((double)value / factor, 2) : (double)value;
                var unit = foreign ? other : own;
                await ward.TakeAsync([], string.Create(System.Globalization.CultureInfo.InvariantCulture, $$$"""{"resourceType":"Observation","id":"m{{{n}}}","status":"{{{(version == 0 ? "final" : "corrected")}}}","code":{"coding":[{"system":"http://loinc.org","code":"{{{(foreign && quantity == "Glucose" ? "15074-8" : loinc)}}}"}]},"subject":{"reference":"Patient/{{{Who.Maria}}}"},"effectiveDateTime":"{{{at:yyyy-MM-ddTHH:mm:ssZ}}}","valueQuantity":{"value":{{{shown}}},"unit":"{{{unit}}}","system":"http://unitsofmeasure.org","code":"{{{unit}}}"}}"""));
                if (dice.OneIn(2))
                    await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
            }

            await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
            stands.Add(standing > limit);
        }

        Assert.Equal(stands.Count(s => s), await ward.NumberAsync("SELECT COUNT(*) FROM Alerts WHERE Outcome IS NULL"));
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Unjudged"));
    }

    private static Threshold Rise() => new() { Id = "twee-kilo", Quantity = "Weight", Kind = ThresholdKind.Change, Side = Side.Above, Limit = 2, Window = new(3), Severity = AlertSeverity.High, Since = default };

    private static SetMeasuringPlan.Request Plan(Threshold threshold) => new()
    {
        Id = Guid.NewGuid().ToString(), Loinc = "29463-7", Repeat = RepeatRule.Daily,
        Rules = [new AlertRule { Threshold = threshold, Owner = TaskParty.Of(Who.Sofie), ToDo = "Bel de huisarts.", Source = "BEAT-HF" }],
    };

    private static async Task<Ward> WithLimitAsync(Threshold? threshold = null)
    {
        var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.Equal(SetMeasuringPlan.Outcome.Done, (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Nadia, ward.Maria, Plan(threshold ?? Rise()))).Outcome);
        return ward;
    }

    private static async Task<Ward> WithAlertAsync()
    {
        var ward = await WithLimitAsync();
        await WeighAsync(ward, Who.An, 76m);
        ward.Clock.Advance(TimeSpan.FromHours(20));
        await WeighAsync(ward, Who.An, 78.4m);
        return ward;
    }

    private static async Task<string> AlertAsync(Ward ward) => (string)(await ward.RowsAsync("SELECT Id FROM Alerts"))[0][0]!;

    private static async Task WeighAsync(Ward ward, PersonRow who, decimal kilos)
    {
        await MeasureAsync(ward, who, kilos);
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
    }

    private static Task MeasureAsync(Ward ward, PersonRow who, decimal kilos, DateTime? at = null, Audience audience = Audience.WholeTeam) => ward.RunAsync(ward.Get<AddMeasurements>(), who, ward.Maria,
        new(Guid.NewGuid().ToString(), QuickEntry.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"g {kilos}").Replace('.', ',')).Measurements, null, audience, at));
}
