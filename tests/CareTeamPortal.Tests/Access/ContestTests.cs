using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Audit;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Access;

/// <summary>"This is not right": out at once, answered by an officer before a date, and then as the patient chooses.</summary>
public sealed class ContestTests
{
    private static async Task<long> LookOfAsync(Ward ward, PersonRow who) =>
        (await ward.RunAsync(ward.Get<ReadWhoLooked>(), Who.MariaHerself, ward.Maria, new(new(who.Id))))!.Looks[0].Key;

    private static async Task<ContestAccess.Result> ContestAsync(Ward ward, PersonRow who, string? words = "zij komt hier niet meer", PersonRow? by = null) =>
        await ward.RunAsync(ward.Get<ContestAccess>(), by ?? Who.MariaHerself, ward.Maria, new(await LookOfAsync(ward, who), words));

    private static async Task<Ward> LookedAsync()
    {
        var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var who in new[] { Who.Sofie, Who.Karel, Who.An })
            await ward.PageAsync(who, ward.Maria);
        return ward;
    }

    private static async Task<ContestView> ViewAsync(Ward ward) => (await ward.RunAsync(ward.Get<ReadContests>(), Who.MariaHerself, ward.Maria, new())).Single();

    private static Task<AnswerContests.Outcome> AnswerAsync(Ward ward, long key, PersonRow? by = null, string words = "Nagekeken: dit was tijdens het huisbezoek.") =>
        ward.Get<AnswerContests>().AnswerAsync((by ?? Who.Piet).Actor(), key, words, CancellationToken.None);

    [Fact]
    public async Task Who_is_contested_is_out_at_once_also_in_an_emergency_and_what_they_had_has_another_owner()
    {
        await using var ward = await LookedAsync();
        var task = await ward.TaskAsync(Who.Karel, Tasks.TaskLifeTests.Ask(Who.Sofie, "wondzorg"));
        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);
        var contested = Assert.IsType<ContestAccess.Contested>(await ContestAsync(ward, Who.Sofie));
        Assert.Equal(ward.Clock.Utc + ContestAccess.AnswerWithin, contested.DueAt);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Sofie, ward.Maria));
        var glass = await ward.Get<BreakGlass>().RunAsync(Who.Sofie.Actor(), ward.Maria, new(EmergencyReason.LifeInDanger, "gevallen op straat", ward.Clock.Utc), CancellationToken.None);
        Assert.Equal(BreakGlass.Why.NotThere, Assert.IsType<BreakGlass.Refused>(glass).Reason);
        Assert.Equal(Who.Karel.DisplayName, (await ward.TaskViewAsync(Who.Karel, task.Id)).Owner);
        Assert.True(await ViewAsync(ward) is { Blocked: true, BlockedUntil: null, AnsweredAt: null });
        Assert.IsType<ContestAccess.Already>(await ContestAsync(ward, Who.Sofie));
    }

    [Fact]
    public async Task An_officer_reads_who_when_and_why_answers_and_the_patient_is_told()
    {
        await using var ward = await LookedAsync();
        var key = Assert.IsType<ContestAccess.Contested>(await ContestAsync(ward, Who.Sofie)).Key;
        var contests = ward.Get<AnswerContests>();
        Assert.Equal((1, 0), (await contests.CountAsync(Who.Piet.Actor(), CancellationToken.None), await contests.CountAsync(Who.Karel.Actor(), CancellationToken.None)));
        var waiting = Assert.Single((await contests.ReadAsync(Who.Piet.Actor(), false, ward.Clock.Utc, CancellationToken.None))!);
        Assert.Equal((Who.Sofie.DisplayName, RelationKind.CareAgreement, "zij komt hier niet meer", false), (waiting.Person, waiting.Contested!.Why.Relation, waiting.Words, waiting.IsLate));
        Assert.True((await contests.ReadAsync(Who.Piet.Actor(), false, waiting.DueAt.AddDays(1), CancellationToken.None))!.Single().IsLate);
        Assert.Null(await contests.ReadAsync(Who.Karel.Actor(), false, ward.Clock.Utc, CancellationToken.None));

        Assert.Equal(AnswerContests.Outcome.NotYours, await AnswerAsync(ward, key, Who.Karel));
        Assert.Equal(AnswerContests.Outcome.NoWords, await AnswerAsync(ward, key, words: " ok "));
        Assert.Equal(AnswerContests.Outcome.Answered, await AnswerAsync(ward, key));
        Assert.Equal(AnswerContests.Outcome.NotYours, await AnswerAsync(ward, key));
        Assert.Single(await ward.Get<ReadNotices>().OfFilesAsync(Who.MariaHerself.Actor(), 9, CancellationToken.None), n => n.Kind == FileNoticeKind.ContestAnswered && n.About == Who.Sofie.DisplayName);
        Assert.Contains((await ward.RunAsync(ward.Get<ReadWhoLooked>(), Who.MariaHerself, ward.Maria, new(new(Who.Piet.Id))))!.Looks, l => l.Kind == AccessKind.Decided);
        Assert.True(await ViewAsync(ward) is { Blocked: true, BlockedUntil: not null, Answer: { Length: > 0 } });
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Sofie, ward.Maria)); // the patient chooses first
    }

    [Fact]
    public async Task After_the_answer_the_patient_opens_again_or_shuts_out_for_good_and_says_nothing_for_a_week()
    {
        await using var ward = await LookedAsync();
        var key = Assert.IsType<ContestAccess.Contested>(await ContestAsync(ward, Who.Sofie)).Key;
        await AnswerAsync(ward, key);
        Assert.IsType<SharingResult.NotYours>(await ward.RunAsync(ward.Get<SettleContest>(), Who.Karel, ward.Maria, new(key, false)));
        Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<SettleContest>(), Who.MariaHerself, ward.Maria, new(key, false)));
        await ward.PageAsync(Who.Sofie, ward.Maria);

        key = Assert.IsType<ContestAccess.Contested>(await ContestAsync(ward, Who.Sofie)).Key;
        await AnswerAsync(ward, key);
        ward.Clock.Advance(AnswerContests.ChooseWithin);
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        await ward.PageAsync(Who.Sofie, ward.Maria);

        key = Assert.IsType<ContestAccess.Contested>(await ContestAsync(ward, Who.Sofie)).Key;
        await AnswerAsync(ward, key);
        Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<SettleContest>(), Who.MariaHerself, ward.Maria, new(key, true)));
        ward.Clock.Advance(TimeSpan.FromDays(30));
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.IsType<SharingResult.NotThere>(await ward.RunAsync(ward.Get<SettleContest>(), Who.MariaHerself, ward.Maria, new(key, false)));
    }

    [Fact]
    public async Task Who_is_accountable_hands_that_on_and_the_last_one_cannot_be_contested_away()
    {
        await using var ward = await LookedAsync();
        Assert.IsType<ContestAccess.Contested>(await ContestAsync(ward, Who.Karel));
        Assert.Equal(Who.Nadia.Id.Value, (await ward.RowsAsync("SELECT \"AccountableId\" FROM \"Patients\""))[0][0]);

        await using var small = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.An, Who.MariaHerself));
        await small.PageAsync(Who.Karel, small.Maria);
        Assert.IsType<ContestAccess.NobodyLeftToAnswer>(await ContestAsync(small, Who.Karel));
        Assert.Equal((0L, 0L), (await small.NumberAsync("SELECT COUNT(*) FROM \"Contests\""), await small.NumberAsync("SELECT COUNT(*) FROM \"Consents\" WHERE \"Source\" = 5")));
        await small.PageAsync(Who.Karel, small.Maria);
    }

    [Fact]
    public async Task Only_the_patient_or_a_proxy_contests_and_nobody_their_own_access_or_another_files()
    {
        await using var ward = await LookedAsync();
        var key = await LookOfAsync(ward, Who.Sofie);
        Assert.IsType<ContestAccess.NotYours>(await ward.RunAsync(ward.Get<ContestAccess>(), Who.Karel, ward.Maria, new(key, null)));
        Assert.IsType<ContestAccess.NotThere>(await ContestAsync(ward, Who.MariaHerself));
        Assert.IsType<ContestAccess.NotThere>(await ward.RunAsync(ward.Get<ContestAccess>(), Who.MariaHerself, ward.Maria, new(long.MaxValue, null)));
        var other = await ward.AddAsync(A.Patient("jef").WithTeam(Who.Karel));
        await ward.PageAsync(Who.Karel, other);
        Assert.IsType<ContestAccess.NotThere>(await ward.RunAsync(ward.Get<ContestAccess>(), Who.MariaHerself, ward.Maria, new(await ward.NumberAsync("SELECT MAX(\"Key\") FROM \"AccessRecords\" WHERE \"PatientId\" = 'jef'"), null)));

        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Proxy, true, Person: Who.An.Id));
        Assert.IsType<ContestAccess.NotThere>(await ContestAsync(ward, Who.An, by: Who.An));
        Assert.IsType<ContestAccess.Contested>(await ContestAsync(ward, Who.Sofie, by: Who.An));
        Assert.True((await ward.Get<AnswerContests>().ReadAsync(Who.Piet.Actor(), false, ward.Clock.Utc, CancellationToken.None))!.Single().ByProxy);
    }
}
