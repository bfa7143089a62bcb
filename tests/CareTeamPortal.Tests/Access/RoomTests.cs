using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CareTeamPortal.Tests.Access;

public sealed class RoomTests
{
    private const string Records = "SELECT \"PersonId\", \"Allowed\" FROM \"AccessRecords\" WHERE \"PatientId\" = @p0 ORDER BY \"Key\"";

    private static Task Look(Ward ward, PersonRow who, PatientId? patient = null, AccessSource source = AccessSource.Page) =>
        ward.Get<ReadTimeline>().RunAsync(who.Actor(), patient ?? ward.Maria, new ReadTimeline.Request(), CancellationToken.None, source);

    [Fact]
    public async Task A_file_that_one_may_not_open_looks_like_one_that_does_not_exist()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var closed = await Assert.ThrowsAsync<PatientNotFound>(() => Look(ward, Who.Els));
        var nowhere = await Assert.ThrowsAsync<PatientNotFound>(() => Look(ward, Who.Els, new PatientId("nowhere")));
        Assert.Equal(nowhere.Message, closed.Message);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.RunAsync(ward.Get<PinEntry>(), Who.Els, ward.Maria, new PinEntry.Request("x/y", true)));
    }

    [Fact]
    public async Task One_opening_is_one_record_for_a_quarter_of_an_hour()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var before = await ward.RowsAsync(Records, Who.Maria);
        await Look(ward, Who.Sofie);
        await ward.RunAsync(ward.Get<ReadTeam>(), Who.Sofie, ward.Maria, new ReadTeam.Request());
        ward.Clock.Advance(TimeSpan.FromMinutes(14));
        await Look(ward, Who.Sofie);
        Assert.Equal(before.Count + 1, (await ward.RowsAsync(Records, Who.Maria)).Count);
        ward.Clock.Advance(TimeSpan.FromMinutes(1));
        await Look(ward, Who.Sofie);
        Assert.Equal(before.Count + 2, (await ward.RowsAsync(Records, Who.Maria)).Count);
        await Look(ward, Who.Sofie, source: AccessSource.Fhir);
        Assert.Equal(before.Count + 3, (await ward.RowsAsync(Records, Who.Maria)).Count);
    }

    [Fact]
    public async Task A_page_that_opens_a_file_many_times_at_once_writes_one_record()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var before = (await ward.RowsAsync(Records, Who.Maria)).Count;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Look(ward, Who.Sofie))));
        Assert.Equal(before + 1, (await ward.RowsAsync(Records, Who.Maria)).Count);
    }

    [Fact]
    public async Task A_refused_opening_is_recorded_too_even_of_a_file_that_does_not_exist()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await Assert.ThrowsAsync<PatientNotFound>(() => Look(ward, Who.Els));
        await Assert.ThrowsAsync<PatientNotFound>(() => Look(ward, Who.Els));
        await Assert.ThrowsAsync<PatientNotFound>(() => Look(ward, Who.Els, new PatientId("nowhere")));
        Assert.Equal([["els.peeters", 0L]], (await ward.RowsAsync(Records, Who.Maria)).Where(r => (string)r[0]! == "els.peeters"));
        Assert.Equal([["els.peeters", 0L]], await ward.RowsAsync(Records, "nowhere"));
    }

    [Fact]
    public async Task No_record_no_data()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.Database.WriteAsync((s, _) => ValueTask.FromResult(s.Sql("ALTER TABLE \"AccessRecords\" RENAME TO \"Away\"").Run()), CancellationToken.None);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Look(ward, Who.Sofie));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Look(ward, Who.Sofie));
        await ward.Database.WriteAsync((s, _) => ValueTask.FromResult(s.Sql("ALTER TABLE \"Away\" RENAME TO \"AccessRecords\"").Run()), CancellationToken.None);
        await Look(ward, Who.Sofie);
    }

    [Fact]
    public async Task An_ended_membership_bites_within_a_second()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await Look(ward, Who.Sofie);
        await ward.RevokeAsync(ward.Maria, Who.Sofie);
        ward.Clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<PatientNotFound>(() => Look(ward, Who.Sofie));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.RunAsync(ward.Get<AddNote>(), Who.Sofie, ward.Maria, Ward.NoteOf("te laat")));

        await ward.GrantAsync(ward.Maria, Who.Sofie);
        await Look(ward, Who.Sofie); // a no is always fresh
    }

    [Fact]
    public async Task A_membership_of_the_future_opens_nothing_yet()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.Database.WriteAsync((s, _) => ValueTask.FromResult(CareStore.Grant(s, ward.Maria, Who.Els.Id, null, ward.Clock.Utc.AddDays(1), null, "test", ward.Clock.Utc)), CancellationToken.None);
        await Assert.ThrowsAsync<PatientNotFound>(() => Look(ward, Who.Els));
        ward.Clock.Advance(TimeSpan.FromDays(1));
        await ward.Get<Features.Access.TrustClock>().RunAsync(CancellationToken.None); // it looks every second, and wakes whoever has the file open
        await Look(ward, Who.Els);
    }

    [Fact]
    public async Task Who_has_no_row_in_the_rules_sees_nothing_even_on_the_team()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Sofie, Who.Piet));
        await Assert.ThrowsAsync<PatientNotFound>(() => Look(ward, Who.Piet));
        Assert.True(Ward.Rules.ReachOf(Discipline.GovernanceOfficer, CareLine.First).IsEmpty);
        Assert.True(Ward.Rules.ReachOf(Discipline.Unknown, CareLine.First).IsEmpty);
    }

    [Fact]
    public async Task A_patient_on_the_team_of_another_is_a_caregiver_there()
    {
        await using var ward = await Ward.WithAsync(A.Patient("husband").WithTeam(Who.Sofie, Who.MariaHerself));
        var husband = new PatientId("husband");
        await ward.NoteAsync(Who.Sofie, husband, "voor hemzelf", Audience.ProfessionalsAndPatient);
        await ward.NoteAsync(Who.Sofie, husband, "voor de kring");
        Assert.Equal(["voor de kring"], (await ward.PageAsync(Who.MariaHerself, husband)).Select(e => e.Text));
    }

    [Fact]
    public async Task Saving_a_row_of_another_patient_throws_and_nothing_is_written()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("other").WithTeam(Who.Sofie));
        var room = await ward.Desk.OpenAsync(Who.Sofie.Actor(), ward.Maria, CareAction.Write, AccessSource.Page, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => room.CommitAsync(async (writer, ct) =>
        {
            writer.Db.Add(new DraftRow { PersonId = Who.Sofie.Id, PatientId = new PatientId("other"), Slot = "composer", Text = "x" });
            return await writer.Db.SaveChangesAsync(ct);
        }, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => room.CommitAsync(async (writer, ct) =>
        {
            writer.Db.Add(new ResourceRow { Type = "Basic", Id = "x", PatientId = new PatientId("other"), Hash = [], Json = [], Origin = "test" });
            return await writer.Db.SaveChangesAsync(ct);
        }, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => room.CommitAsync(async (writer, ct) =>
        {
            writer.Db.Remove(await writer.Db.Set<CareTeamMemberRow>().FirstAsync(ct));
            return await writer.Db.SaveChangesAsync(ct);
        }, CancellationToken.None));
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"Drafts\""));
        Assert.Equal(9 - 1 + 1, await ward.NumberAsync("SELECT COUNT(*) FROM \"CareTeamMembers\""));
    }

    [Fact]
    public async Task Every_table_shows_only_the_open_file_and_an_empty_reach_shows_nothing()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("other").WithWholeTeam());
        foreach (var patient in new[] { ward.Maria, new PatientId("other") })
        {
            await ward.WriteAsync(Who.Sofie, patient, Ward.NoteOf("x") with { Mentions = [Who.Karel.Id] });
            var note = await ward.NoteAsync(Who.Sofie, patient, "y", Audience.Professionals);
            await ward.RunAsync(ward.Get<CorrectNote>(), Who.Sofie, patient, new CorrectNote.Request(note.Reference, 1, "z"));
            await ward.RunAsync(ward.Get<SaveDraft>(), Who.Sofie, patient, new SaveDraft.Request("composer", "x"));
            await ward.RunAsync(ward.Get<BeginVisit>(), Who.Sofie, patient, new BeginVisit.Request());
        }

        using var session = await ward.Database.RentAsync(CancellationToken.None);
        await using var none = session.NewContext(null, Reach.None);
        await using var closed = session.NewContext(ward.Maria, Reach.None);
        await using var open = session.NewContext(ward.Maria, Ward.Rules.ReachOf(Discipline.GeneralPractitioner, CareLine.First));
        await using var limited = session.NewContext(ward.Maria, Ward.Rules.ReachOf(Discipline.InformalCaregiver, CareLine.First));
        Assert.Empty(await none.Set<PatientRow>().ToListAsync());
        Assert.Empty(await none.Set<CareTeamMemberRow>().ToListAsync());
        Assert.Empty(await none.Set<EntryRow>().ToListAsync());
        Assert.Empty(await none.Set<ResourceRow>().ToListAsync());
        Assert.Empty(await closed.Set<EntryRow>().ToListAsync());
        Assert.Empty(await closed.Set<ResourceRow>().ToListAsync());
        Assert.Empty(await closed.Set<ResourceVersionRow>().ToListAsync());
        Assert.Empty(await closed.Set<MentionRow>().ToListAsync());
        Assert.Equal(ward.Maria, Assert.Single(await open.Set<PatientRow>().ToListAsync()).Id);
        Assert.Equal(2, (await open.Set<EntryRow>().ToListAsync()).Count);
        Assert.Equal(2, (await open.Set<ResourceRow>().ToListAsync()).Count);
        Assert.Single(await open.Set<ResourceVersionRow>().ToListAsync());
        Assert.Single(await open.Set<DraftRow>().ToListAsync());
        Assert.Single(await limited.Set<EntryRow>().ToListAsync());
        Assert.Single(await limited.Set<ResourceRow>().ToListAsync());
        Assert.Empty(await limited.Set<ResourceVersionRow>().ToListAsync());
    }

    [Trait("Database", "Sqlite")]
    [Fact]
    public async Task Both_ways_of_writing_a_row_keep_the_same_values()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([Who.Karel],
            """{"resourceType":"Patient","id":"p","name":[{"family":"Peeters","given":["Jan"]}],"gender":"male","birthDate":"1948-02-29","deceasedDateTime":"2026-01-02"}""",
            """{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-01-01T10:00:00Z","code":{"text":"Gewicht"},"valueQuantity":{"value":78.40,"unit":"kg"},"referenceRange":[{"low":{"value":60},"high":{"value":80.5}}]}""");
        using var session = await ward.Database.RentAsync(CancellationToken.None);
        await using var db = session.NewContext(new PatientId("p"), Ward.Rules.ReachOf(Discipline.GeneralPractitioner, CareLine.First));
        var patient = await db.Set<PatientRow>().SingleAsync();
        Assert.Equal((new DateOnly(1948, 2, 29), DatePrecision.Day, true, new DateOnly(2026, 1, 2)), (patient.BirthDate!.Value, patient.BirthDatePrecision, patient.Deceased, patient.DeceasedOn!.Value));
        Assert.Equal(1, await db.Set<PatientRow>().CountAsync(p => p.BirthDate == new DateOnly(1948, 2, 29) && p.Deceased));
        var value = await db.Set<MeasurementRow>().SingleAsync();
        Assert.Equal((78.4m, 60m, 80.5m), (value.Value!.Value, value.Low!.Value, value.High!.Value));
        Assert.Equal(new DateTime(2026, 1, 1, 10, 0, 0, DateTimeKind.Utc), value.Time);

        // Written by EF and by hand: one and the same text in the file.
        await ward.Database.WriteAsync(async (s, ct) =>
        {
            await using var write = s.NewContext(new PatientId("p"), Ward.Rules.ReachOf(Discipline.GeneralPractitioner, CareLine.First));
            var row = await write.Set<PatientRow>().SingleAsync(ct);
            row.BirthDate = null;
            await write.SaveChangesAsync(ct);
            row.BirthDate = new DateOnly(1948, 2, 29);
            await write.SaveChangesAsync(ct);
            write.Add(new MeasurementRow { PatientId = new("p"), Seq = 99, Position = 0, Code = "", Label = "", Value = 78.4m, Low = 60m, Time = value.Time, Audience = Audience.Professionals, Category = InformationCategory.Measurements });
            return await write.SaveChangesAsync(ct);
        }, CancellationToken.None);
        Assert.Equal("1948-02-29", (await ward.RowsAsync("SELECT \"BirthDate\" FROM \"Patients\" WHERE \"Id\" = 'p'"))[0][0]);
        var both = await ward.RowsAsync("SELECT \"Value\", \"Low\", typeof(\"Value\") FROM \"Measurements\" ORDER BY \"Seq\"");
        Assert.Equal(decimal.Parse((string)both[0][0]!, System.Globalization.CultureInfo.InvariantCulture), decimal.Parse((string)both[1][0]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(both[0][1], both[1][1]);
        Assert.Equal(both[0][2], both[1][2]);
    }
}
