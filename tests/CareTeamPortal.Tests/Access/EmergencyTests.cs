using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Audit;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Access;

/// <summary>Opening a file without a relation, and what the records say of it.</summary>
public sealed class EmergencyTests
{
    private static Task<BreakGlass.Result> BreakAsync(Ward ward, PersonRow who, PatientId? patient = null, string words = "bewusteloos op straat gevonden", TimeSpan? signedIn = null) =>
        ward.Get<BreakGlass>().RunAsync(who.Actor(), patient ?? ward.Maria, new(EmergencyReason.CannotSpeak, words, ward.Clock.Utc - (signedIn ?? TimeSpan.Zero)), CancellationToken.None);

    private static async Task RefusedAsync(BreakGlass.Why why, Task<BreakGlass.Result> run) => Assert.Equal(why, Assert.IsType<BreakGlass.Refused>(await run).Reason);

    [Fact]
    public async Task A_stranger_opens_the_file_for_four_hours_and_patient_and_GP_are_told()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.NoteAsync(Who.Karel, ward.Maria, "nota");
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Els, ward.Maria));
        Assert.Equal(ward.Clock.Utc.AddHours(4), Assert.IsType<BreakGlass.Broken>(await BreakAsync(ward, Who.Els)).Until);
        Assert.Single(await ward.PageAsync(Who.Els, ward.Maria));
        foreach (var who in new[] { Who.MariaHerself, Who.Karel })
            Assert.Single(await ward.Get<ReadNotices>().OfFilesAsync(who.Actor(), 9, CancellationToken.None), n => n.Kind == FileNoticeKind.GlassBroken && n.About == Who.Els.DisplayName);
        await RefusedAsync(BreakGlass.Why.OpenAlready, BreakAsync(ward, Who.Els));

        ward.Clock.Advance(TimeSpan.FromHours(4));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Els, ward.Maria));
    }

    [Fact]
    public async Task Who_broke_the_glass_is_no_member_takes_no_tasks_and_hands_nothing_on()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await BreakAsync(ward, Who.Els);
        Assert.DoesNotContain(await ward.RunAsync(ward.Get<ReadTeam>(), Who.Karel, ward.Maria, new()), m => m.Person == Who.Els.Id);
        Assert.IsNotType<TaskDone>(await ward.RunAsync(ward.Get<CreateTask>(), Who.Karel, ward.Maria, CareTeamPortal.Tests.Tasks.TaskLifeTests.Ask(Who.Els, "neem over")));
        await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<CreateTask>(), Who.Els, ward.Maria, CareTeamPortal.Tests.Tasks.TaskLifeTests.Ask(Who.Sofie, "doe dit")));
        await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<SetCoordinator>(), Who.Els, ward.Maria, new(Who.Els.Id)));
        await ward.NoteAsync(Who.Els, ward.Maria, "gezien op spoed"); // what was done is written down
        await ward.GrantAsync(ward.Maria, Who.Els);
        Assert.Contains(await ward.RunAsync(ward.Get<ReadTeam>(), Who.Karel, ward.Maria, new()), m => m.Person == Who.Els.Id); // invited meanwhile
    }

    [Fact]
    public async Task It_is_refused_without_reason_without_signing_in_to_others_than_professionals_and_to_the_excluded()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.MariaHerself));
        await RefusedAsync(BreakGlass.Why.NoReason, BreakAsync(ward, Who.Els, words: "nodig"));
        await RefusedAsync(BreakGlass.Why.SignInAgain, BreakAsync(ward, Who.Els, signedIn: TimeSpan.FromMinutes(6)));
        await RefusedAsync(BreakGlass.Why.SignInAgain, BreakAsync(ward, Who.Els, signedIn: -TimeSpan.FromMinutes(6)));
        foreach (var who in new[] { Who.An, Who.Fatima, Who.Ilse, Who.Piet })
            await RefusedAsync(BreakGlass.Why.NotForThisRole, BreakAsync(ward, who));
        await RefusedAsync(BreakGlass.Why.OpenAlready, BreakAsync(ward, Who.Karel));
        await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Els.Id, true));
        // Excluded, and a file that is not there: the same words.
        await RefusedAsync(BreakGlass.Why.NotThere, BreakAsync(ward, Who.Els));
        await RefusedAsync(BreakGlass.Why.NotThere, BreakAsync(ward, Who.Els, new PatientId("nowhere")));
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"BrokenGlasses\""));
        Assert.True(await ward.NumberAsync("SELECT COUNT(*) FROM \"AccessRecords\" WHERE \"PersonId\" = 'els.peeters' AND \"Allowed\" = 0 AND \"Action\" = @p0", (int)CareAction.BreakGlass) >= 4);
    }

    private static async Task<string> SessionAsync(Ward ward, PersonRow who, bool proved)
    {
        var session = await ward.Get<Sessions>().StartAsync(who.Id, null, CancellationToken.None);
        if (proved)
            await ward.Get<Sessions>().ProveAsync(session, CancellationToken.None);
        return session;
    }

    private static async Task<OpenInEmergency.Answer> OpenAsync(Ward ward, PersonRow who, OpenInEmergency.Whom whom, string? session = null, string words = "bewusteloos op straat gevonden") =>
        await ward.Get<OpenInEmergency>().RunAsync(who.Actor(), new(whom, EmergencyReason.CannotSpeak, words, session ?? await SessionAsync(ward, who, proved: true)), CancellationToken.None);

    private static BreakGlass.Why WhyOf(OpenInEmergency.Answer answer) => Assert.IsType<BreakGlass.Refused>(answer.Result).Reason;

    [Fact]
    public async Task The_page_asks_for_a_proof_that_counts_once_and_only_after_a_reason()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var maria = new OpenInEmergency.Whom(File: ward.Maria);
        Assert.Equal(BreakGlass.Why.SignInAgain, WhyOf(await OpenAsync(ward, Who.Els, maria, await SessionAsync(ward, Who.Els, proved: false))));
        var session = await SessionAsync(ward, Who.Els, proved: true);
        Assert.Equal(BreakGlass.Why.NoReason, WhyOf(await OpenAsync(ward, Who.Els, maria, session, "nodig")));
        Assert.True(await ward.Get<OpenInEmergency>().HasProofAsync(session, CancellationToken.None)); // what was not asked cost nothing
        Assert.Equal(BreakGlass.Why.NotThere, WhyOf(await OpenAsync(ward, Who.Els, new(File: new PatientId("nowhere")), session)));
        Assert.Equal(BreakGlass.Why.SignInAgain, WhyOf(await OpenAsync(ward, Who.Els, maria, session)));
        Assert.Equal(ward.Maria, (await OpenAsync(ward, Who.Els, maria)).Patient);
        var old = await SessionAsync(ward, Who.Nadia, proved: true);
        ward.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(BreakGlass.Why.SignInAgain, WhyOf(await OpenAsync(ward, Who.Nadia, maria, old)));
    }

    [Fact]
    public async Task A_file_is_found_by_its_exact_number_or_name_and_birth_date_and_by_nothing_less()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("UPDATE \"Patients\" SET \"Insz\" = '44031412353', \"SortName\" = 'verhoeven maria', \"BirthDate\" = '1944-03-14' WHERE \"Id\" = @p0").With(ward.Maria.Value).Run()), CancellationToken.None);
        foreach (var nearly in new OpenInEmergency.Whom[] { new(), new(Number: "440314123"), new(Number: "44031412354"), new(Name: "Maria Verhoeven"), new(Name: "Verhoeven", Born: new(1944, 3, 14)), new(Name: "Maria Verhoeve", Born: new(1944, 3, 14)), new(Name: "Maria Verhoeven", Born: new(1944, 3, 15)) })
            Assert.Equal((BreakGlass.Why.NotThere, null), (WhyOf(await OpenAsync(ward, Who.Els, nearly)), (await OpenAsync(ward, Who.Els, nearly)).Patient));
        Assert.Equal(ward.Maria, (await OpenAsync(ward, Who.Els, new(Number: "44.03.14-123.53"))).Patient);
        Assert.True(await ward.RunAsync(ward.Get<EndEmergency>(), Who.Els, ward.Maria, new()));
        Assert.Equal(ward.Maria, (await OpenAsync(ward, Who.Els, new(Name: "María VERHOEVEN", Born: new(1944, 3, 14)))).Patient);
        // Who is excluded learns no more from it than of nobody.
        await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Els.Id, true));
        Assert.Equal((BreakGlass.Why.NotThere, null), (WhyOf(await OpenAsync(ward, Who.Els, new(Number: "44031412353"))), (await OpenAsync(ward, Who.Els, new(Number: "44031412353"))).Patient));
    }

    [Fact]
    public async Task Who_opened_it_ends_it_before_its_time_and_a_member_ends_nothing_so()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await BreakAsync(ward, Who.Els);
        Assert.Equal(ward.Clock.Utc.AddHours(4), (await ward.RunAsync(ward.Get<CareTeamPortal.Features.Patients.ReadBanner>(), Who.Els, ward.Maria, new())).EmergencyUntil);
        Assert.Null((await ward.RunAsync(ward.Get<CareTeamPortal.Features.Patients.ReadBanner>(), Who.Karel, ward.Maria, new())).EmergencyUntil);
        Assert.False(await ward.RunAsync(ward.Get<EndEmergency>(), Who.Karel, ward.Maria, new()));
        ward.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True(await ward.RunAsync(ward.Get<EndEmergency>(), Who.Els, ward.Maria, new()));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Els, ward.Maria));
        Assert.Equal(ward.Clock.Utc, Assert.Single((await ward.Get<ReviewBrokenGlass>().ReadAsync(Who.Piet.Actor(), false, CancellationToken.None))!).Until);
    }

    [Fact]
    public async Task Open_pages_and_programs_look_again_at_the_moment_it_ends_by_itself()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await BreakAsync(ward, Who.Els);
        ward.Clock.Advance(TimeSpan.FromHours(4) - TimeSpan.FromSeconds(5));
        var clock = ward.Get<TrustClock>();
        await clock.RunAsync(CancellationToken.None); // settled ahead
        using var page = ward.Live.Subscribe(ward.Maria);
        while (page.Wakes.TryRead(out _))
        {
        }

        await clock.RunAsync(CancellationToken.None);
        Assert.False(page.Wakes.TryRead(out _)); // still open
        ward.Clock.Advance(TimeSpan.FromSeconds(5));
        await clock.RunAsync(CancellationToken.None);
        Assert.True(page.Wakes.TryRead(out _));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Els, ward.Maria));
        await clock.RunAsync(CancellationToken.None);
        Assert.False(page.Wakes.TryRead(out _));
    }

    [Fact]
    public async Task Another_officer_reviews_it_once()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await BreakAsync(ward, Who.Els);
        var review = ward.Get<ReviewBrokenGlass>();
        Assert.Null(await review.ReadAsync(Who.Karel.Actor(), false, CancellationToken.None));
        var opening = Assert.Single((await review.ReadAsync(Who.Piet.Actor(), false, CancellationToken.None))!);
        Assert.Equal((Who.Els.DisplayName, EmergencyReason.CannotSpeak), (opening.By, opening.Reason));
        Assert.False(await review.ReviewAsync(Who.Karel.Actor(), opening.Key, GlassOutcome.Justified, null, CancellationToken.None));
        Assert.True(await review.ReviewAsync(Who.Piet.Actor(), opening.Key, GlassOutcome.Justified, "verslag gelezen", CancellationToken.None));
        Assert.False(await review.ReviewAsync(Who.Piet.Actor(), opening.Key, GlassOutcome.NotJustified, null, CancellationToken.None));
        Assert.Empty((await review.ReadAsync(Who.Piet.Actor(), false, CancellationToken.None))!);
        Assert.Equal(GlassOutcome.Justified, Assert.Single((await review.ReadAsync(Who.Piet.Actor(), true, CancellationToken.None))!).Outcome);
    }

    [Fact]
    public async Task Access_records_say_by_which_relation_rule_and_version_and_refusals_are_among_them()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.PageAsync(Who.Sofie, ward.Maria);
        await BreakAsync(ward, Who.Els);
        await ward.PageAsync(Who.Els, ward.Maria);
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<SetCoordinator>(), Who.An, ward.Maria, new(Who.An.Id)));
        async Task<List<object?[]>> Of(PersonRow who, int allowed) => await ward.RowsAsync("SELECT \"Relation\", \"Shared\", \"RuleVersion\", \"Rule\", \"Format\" FROM \"AccessRecords\" WHERE \"PersonId\" = @p0 AND \"Allowed\" = @p1 AND \"What\" IS NULL ORDER BY \"Key\"", who.Id.Value, allowed);
        Assert.Equal([(long)RelationKind.CareAgreement, 8191L, 1L, null, 1L], (await Of(Who.Sofie, 1))[0]);
        Assert.Equal([(long)RelationKind.BreakGlass, 8191L, 1L, null, 1L], (await Of(Who.Els, 1))[0]);
        Assert.Equal([(long)RelationKind.InformalCaregiver, 8191L, 1L, "12.2", 1L], Assert.Single(await Of(Who.An, 0)));
    }

    [Fact]
    public void The_reason_stands_in_the_hash_and_records_from_before_verify_as_they_were()
    {
        var link = new AuditLink(1, "p", 1, "x", 5, 0, 0, 0, 1, null, null);
        Assert.NotEqual(link.HashAfter(AuditSql.Beginning), (link with { Format = 1 }).HashAfter(AuditSql.Beginning));
        var hash = (link with { Format = 1, Why = new AccessWhy(RelationKind.Referral, InformationCategory.All, null, 1, null) }).HashAfter(AuditSql.Beginning);
        foreach (var other in new[] { new AccessWhy(RelationKind.BreakGlass, InformationCategory.All, null, 1, null), new(RelationKind.Referral, InformationCategory.Notes, null, 1, null), new(RelationKind.Referral, InformationCategory.All, new("y"), 1, null), new(RelationKind.Referral, InformationCategory.All, null, 2, null), new(RelationKind.Referral, InformationCategory.All, null, 1, "4.2") })
            Assert.NotEqual(hash, (link with { Format = 1, Why = other }).HashAfter(AuditSql.Beginning));
        // As the version before hashed it.
        Assert.Equal("980504EE2CDB1F77470E49A2225894F5BB117E0FD60A9ECB193CE3EBF12D8C2F", Convert.ToHexString(link.HashAfter(AuditSql.Beginning)));
    }
}
