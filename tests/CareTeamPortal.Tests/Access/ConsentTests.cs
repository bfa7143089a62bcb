using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Access;

/// <summary>The patient decides who is shown what; the effect is in every query from the same transaction on.</summary>
public sealed class ConsentTests
{
    private const InformationCategory Rest = InformationCategory.All & ~InformationCategory.Notes;

    private static readonly DateTime Day = new(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);

    private static Consent Row(long key, ConsentScope scope, bool permits, InformationCategory categories = InformationCategory.All, string? organisation = null, PersonId? person = null, DateTime? from = null, DateTime? until = null) =>
        new(key, scope, categories, organisation, person, permits, from ?? Day.AddYears(-1), until);

    private static InformationCategory For(PersonRow who, params Consent[] consents) => Consents.MayShare(consents, who.Id, "Huis A", false, Day);

    [Fact]
    public void The_narrowest_decision_says_and_of_two_equal_ones_the_later()
    {
        var general = Row(1, ConsentScope.General, true);
        Assert.Equal(InformationCategory.None, For(Who.Sofie));
        Assert.Equal(InformationCategory.All, For(Who.Sofie, general));
        Assert.Equal(InformationCategory.None, For(Who.Sofie, general, Row(2, ConsentScope.General, false)));
        Assert.Equal(Rest, For(Who.Sofie, general, Row(2, ConsentScope.Category, false, InformationCategory.Notes)));
        Assert.Equal(InformationCategory.All, For(Who.Sofie, general, Row(2, ConsentScope.Category, false, InformationCategory.Notes), Row(3, ConsentScope.Organisation, true, InformationCategory.Notes, "Huis A")));
        Assert.Equal(Rest, For(Who.Sofie, general, Row(2, ConsentScope.Category, false, InformationCategory.Notes), Row(3, ConsentScope.Organisation, true, InformationCategory.Notes, "Huis B")));
        Assert.Equal(InformationCategory.None, For(Who.Sofie, general, Row(2, ConsentScope.Organisation, false, InformationCategory.All, "Huis A")));
        Assert.Equal(InformationCategory.Notes, For(Who.Sofie, general, Row(2, ConsentScope.Organisation, false, InformationCategory.All, "Huis A"), Row(3, ConsentScope.Person, true, InformationCategory.Notes, person: Who.Sofie.Id)));
    }

    [Fact]
    public void An_exclusion_goes_before_everything_and_the_patient_is_never_limited()
    {
        Consent[] consents = [Row(1, ConsentScope.General, true), Row(2, ConsentScope.Person, false, person: Who.Sofie.Id), Row(3, ConsentScope.Person, true, person: Who.Sofie.Id)];
        Assert.Equal(InformationCategory.None, For(Who.Sofie, consents));
        Assert.Equal(InformationCategory.None, Consents.MayShare(consents, Who.Sofie.Id, null, false, Day, inEmergency: true));
        Assert.Equal(InformationCategory.All, For(Who.Karel, consents));
        Assert.Equal(InformationCategory.All, Consents.MayShare([], Who.MariaHerself.Id, null, isThePatient: true, Day));
    }

    [Fact]
    public void A_dated_decision_counts_between_its_dates_and_says_when_it_changes()
    {
        Consent[] consents = [Row(1, ConsentScope.General, true), Row(2, ConsentScope.Category, false, InformationCategory.Notes, from: Day.AddDays(1), until: Day.AddDays(3))];
        Assert.Equal([InformationCategory.All, Rest, InformationCategory.All], new[] { 0, 1, 3 }.Select(d => Consents.MayShare(consents, Who.Sofie.Id, null, false, Day.AddDays(d))));
        Assert.Equal([Day.AddDays(1), Day.AddDays(3), Consents.Never], new[] { 0, 1, 3 }.Select(d => Consents.NextChange(consents, Day.AddDays(d))));
    }

    [Fact]
    public async Task A_category_that_is_closed_is_gone_from_page_search_list_and_count_at_once_and_comes_back()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.RunAsync(ward.Get<BeginVisit>(), Who.Sofie, ward.Maria, new BeginVisit.Request());
        await ward.NoteAsync(Who.Karel, ward.Maria, "gaat wandelen");
        await ward.TaskAsync(Who.Karel, CareTeamPortal.Tests.Tasks.TaskLifeTests.Ask(Who.Sofie, "bloed prikken"));
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria, new TimelineFilter { Words = ["wandelen"] }));

        var closed = Assert.IsType<SharingResult.Decided>(await DecideAsync(ward, new(ConsentScope.Category, false, InformationCategory.Notes)));
        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria, new TimelineFilter { Words = ["wandelen"] }));
        Assert.Equal(1, await ListedNewAsync(ward)); // the task alone
        Assert.Single((await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks);
        Assert.NotEmpty(await ward.PageAsync(Who.MariaHerself, ward.Maria, new TimelineFilter { Words = ["wandelen"] }));

        await DecideAsync(ward, new(ConsentScope.Category, false, InformationCategory.Tasks), expectNobody: true);
        Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<WithdrawDecision>(), Who.MariaHerself, ward.Maria, new(closed.Key)));
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria, new TimelineFilter { Words = ["wandelen"] }));
        Assert.Equal(2, await ListedNewAsync(ward));
    }

    [Fact]
    public async Task A_person_to_whom_nothing_is_shared_finds_no_file_and_what_they_had_has_another_owner()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, CareTeamPortal.Tests.Tasks.TaskLifeTests.Ask(Who.Sofie, "wondzorg"));
        await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);
        var question = await ward.AskAsync(Who.Karel, ward.Maria, "hoe gaat het?", Who.Sofie);

        Assert.IsType<SharingResult.Decided>(await DecideAsync(ward, new(ConsentScope.Person, false, Person: Who.Sofie.Id)));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.Empty((await ward.WorklistAsync(Who.Sofie, TaskList.Mine)).Tasks);
        Assert.Equal(Who.Karel.DisplayName, (await ward.TaskViewAsync(Who.Karel, task.Id)).Owner);
        Assert.Equal(Who.Karel.Id.Value, (await ward.RowsAsync("SELECT \"ReplyOwner\" FROM \"TimelineEntries\" WHERE \"Seq\" = @p0", question.Seq))[0][0]);
        Assert.Empty(await ward.RowsAsync("SELECT 1 FROM Tasks WHERE Open = 1 AND (OwnerId = 'sofie.maes' OR AccountableId = 'sofie.maes')"));
    }

    [Fact]
    public async Task Who_is_accountable_and_may_not_see_any_more_hands_that_on_in_the_same_transaction()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.IsType<SharingResult.Decided>(await DecideAsync(ward, new(ConsentScope.Person, false, Person: Who.Karel.Id)));
        var rows = await ward.RowsAsync("SELECT \"AccountableId\" FROM \"Patients\"");
        Assert.Equal(Who.Nadia.Id.Value, rows[0][0]); // the next professional of the team
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM \"AccountabilityPeriods\" WHERE \"Until\" IS NULL"));
        Assert.Single(await ward.Get<ReadNotices>().OfFilesAsync(Who.Nadia.Actor(), 9, CancellationToken.None), n => n.Kind == FileNoticeKind.AccountableNow);
    }

    [Fact]
    public async Task The_last_one_who_can_answer_cannot_be_closed_out_also_not_from_tomorrow_on()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.An, Who.MariaHerself));
        await DecideAsync(ward, new(ConsentScope.General, false), expectNobody: true);
        await DecideAsync(ward, new(ConsentScope.Person, false, Person: Who.Karel.Id), expectNobody: true);
        await DecideAsync(ward, new(ConsentScope.General, false, From: ward.Clock.Utc.AddDays(1)), expectNobody: true);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM \"Consents\""));
        Assert.NotNull(await ward.PageAsync(Who.Karel, ward.Maria));
    }

    [Fact]
    public async Task Only_the_patient_and_whom_the_patient_named_decide()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        foreach (var who in new[] { Who.Karel, Who.An, Who.Fatima })
            Assert.IsType<SharingResult.NotYours>(await ward.RunAsync(ward.Get<DecideSharing>(), who, ward.Maria, new(ConsentScope.Category, false, InformationCategory.Notes)));
        Assert.IsType<SharingResult.Decided>(await DecideAsync(ward, new(ConsentScope.Proxy, true, Person: Who.An.Id)));
        Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<DecideSharing>(), Who.An, ward.Maria, new(ConsentScope.Category, false, InformationCategory.SexualHealth)));
        Assert.IsType<SharingResult.NotYours>(await ward.RunAsync(ward.Get<DecideSharing>(), Who.An, ward.Maria, new(ConsentScope.Proxy, true, Person: Who.Fatima.Id)));
        var read = (await ward.RunAsync(ward.Get<ReadSharing>(), Who.An, ward.Maria, new()))!;
        Assert.Equal(ConsentSource.Proxy, read.Decisions[0].Source);
        Assert.Equal(InformationCategory.All & ~InformationCategory.SexualHealth, read.Members.Single(m => m.Person == Who.Karel.Id).Sees);
        Assert.Null(await ward.RunAsync(ward.Get<ReadSharing>(), Who.Karel, ward.Maria, new()));
    }

    [Fact]
    public async Task A_row_past_its_date_is_closed_until_the_clock_has_looked()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Karel, ward.Maria, "nota");
        var tomorrow = ward.Clock.Utc.AddDays(1);
        await DecideAsync(ward, new(ConsentScope.Category, false, InformationCategory.Notes, From: tomorrow, Until: tomorrow.AddDays(1)));
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));

        ward.Clock.Advance(TimeSpan.FromDays(1));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Sofie, ward.Maria)); // nobody has looked: closed
        Assert.Equal(1, await ward.Get<TrustClock>().RunAsync(CancellationToken.None));
        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria));
        ward.Clock.Advance(TimeSpan.FromDays(1));
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
    }

    [Fact]
    public async Task Who_loses_the_right_in_the_middle_of_writing_writes_nothing_after_that()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var written = 0;
        long? lastBefore = null;
        var writing = Task.Run(async () =>
        {
            try
            {
                for (; written < 1_000; written++)
                    await ward.NoteAsync(Who.Sofie, ward.Maria, $"nota {written}");
            }
            catch (PatientNotFound)
            {
            }
        });
        while (Volatile.Read(ref written) < 100 && !writing.IsCompleted)
            await Task.Yield();
        Assert.IsType<SharingResult.Decided>(await DecideAsync(ward, new(ConsentScope.Person, false, Person: Who.Sofie.Id)));
        lastBefore = await ward.NumberAsync("SELECT \"Cursor\" FROM \"Patients\"");
        await writing;
        Assert.InRange(written, 100, 999);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"TimelineEntries\" WHERE \"AuthorId\" = 'sofie.maes' AND \"Cursor\" > @p0", lastBefore));
    }

    [Fact]
    public async Task A_right_that_became_another_between_opening_and_writing_is_taken_anew()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var room = await ward.Desk.OpenAsync(Who.Sofie.Actor(), ward.Maria, CareAction.Write, AccessSource.Page, CancellationToken.None);
        await DecideAsync(ward, new(ConsentScope.Category, false, InformationCategory.Documents));
        await Assert.ThrowsAsync<RightsMoved>(() => room.CommitAsync((_, _) => ValueTask.FromResult(true), CancellationToken.None));
        await ward.NoteAsync(Who.Sofie, ward.Maria, "gaat, want het wordt opnieuw geopend");
        await DecideAsync(ward, new(ConsentScope.Person, false, Person: Who.Sofie.Id));
        await Assert.ThrowsAsync<PatientNotFound>(() => room.CommitAsync((_, _) => ValueTask.FromResult(true), CancellationToken.None));
    }

    [Fact]
    public async Task The_list_by_last_change_tells_nothing_of_what_is_closed()
    {
        await using var ward = await Ward.WithAsync(A.Patient("jef").WithTeam(Who.Karel), A.Patient().WithWholeTeam());
        await DecideAsync(ward, new(ConsentScope.Category, false, InformationCategory.Notes));
        await ward.TaskAsync(Who.MariaHerself, CareTeamPortal.Tests.Tasks.TaskLifeTests.Ask(Who.Karel, "bel mij"));
        ward.Clock.Advance(TimeSpan.FromHours(1));
        await ward.NoteAsync(Who.Karel, new PatientId("jef"), "later");
        ward.Clock.Advance(TimeSpan.FromHours(1));
        await ward.NoteAsync(Who.MariaHerself, ward.Maria, "nog later, en gesloten");
        var order = await ward.Desk.ReadAcrossAsync(Who.Karel.Actor(), (session, who, reach, _) => ValueTask.FromResult(
            WorklistSql.ByChange(session, WorklistSql.Viewer(session, who.Person, reach, ward.Clock.Utc), null, 9).ConvertAll(p => p.Patient.Value)), CancellationToken.None);
        Assert.Equal(["jef", Who.Maria], order);
    }

    private static async Task<int> ListedNewAsync(Ward ward) => await ward.Desk.ReadAcrossAsync(Who.Sofie.Actor(), (session, who, reach, _) =>
        ValueTask.FromResult(WorklistSql.Patient(session, WorklistSql.Viewer(session, who.Person, reach, ward.Clock.Utc), ward.Maria)!.New), CancellationToken.None);

    private static async Task<SharingResult> DecideAsync(Ward ward, DecideSharing.Request request, bool expectNobody = false)
    {
        var result = await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, request);
        if (expectNobody)
            Assert.IsType<SharingResult.NobodyLeft>(result);
        return result;
    }
}
