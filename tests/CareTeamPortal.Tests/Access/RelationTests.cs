using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Access;

/// <summary>Why somebody may be in a file, until when, and what happens then.</summary>
public sealed class RelationTests
{
    [Theory]
    [InlineData(RelationKind.GlobalMedicalFile, 12)]
    [InlineData(RelationKind.ProvenByEid, 15)]
    [InlineData(RelationKind.Referral, 3)]
    [InlineData(RelationKind.HospitalStay, 3)]
    [InlineData(RelationKind.Emergency, 1)]
    [InlineData(RelationKind.CareAgreement, 12)]
    public void Each_kind_lasts_as_the_rules_say(RelationKind kind, int months) => Assert.Equal(new DateTime(2026, 1, 31).AddMonths(months), Relations.EndOf(kind, new DateTime(2026, 1, 31)));

    [Fact]
    public async Task Everyone_on_a_new_team_has_the_usual_relation_of_their_role_and_both_sides_read_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var now = ward.Clock.Utc;
        foreach (var who in new[] { Who.MariaHerself, Who.Karel })
        {
            var relations = (await ward.RunAsync(ward.Get<ReadRelations>(), who, ward.Maria, new())).Relations.ToDictionary(r => r.Person);
            Assert.Equal((RelationKind.GlobalMedicalFile, now.AddMonths(12)), (relations[Who.Karel.Id].Kind, relations[Who.Karel.Id].Until));
            Assert.Equal((RelationKind.Referral, now.AddMonths(3)), (relations[Who.Nadia.Id].Kind, relations[Who.Nadia.Id].Until));
            Assert.Equal((RelationKind.CareAgreement, now.AddMonths(12)), (relations[Who.Sofie.Id].Kind, relations[Who.Sofie.Id].Until));
            Assert.Equal((RelationKind.InformalCaregiver, null), (relations[Who.An.Id].Kind, relations[Who.An.Id].Until));
            Assert.Equal((RelationKind.Self, null), (relations[Who.MariaHerself.Id].Kind, relations[Who.MariaHerself.Id].Until));
            Assert.Equal(who == Who.MariaHerself, relations[Who.Sofie.Id].MayEnd);
            Assert.Equal(who == Who.Karel, relations[Who.Sofie.Id].MayRenew);
        }
    }

    [Fact]
    public async Task A_relation_is_renewed_with_a_reason_by_the_professional_or_the_GP()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        ward.Clock.Advance(TimeSpan.FromDays(60));
        Task<RenewRelation.Result> Renew(PersonRow by, PersonRow whom, RelationKind kind, string reason) => ward.RunAsync(ward.Get<RenewRelation>(), by, ward.Maria, new(whom.Id, kind, reason));
        Assert.IsType<RenewRelation.NoReason>(await Renew(Who.Nadia, Who.Nadia, RelationKind.Referral, "  "));
        Assert.IsType<RenewRelation.WrongKind>(await Renew(Who.Nadia, Who.Nadia, RelationKind.GlobalMedicalFile, "nodig"));
        Assert.IsType<RenewRelation.WrongKind>(await Renew(Who.Nadia, Who.Nadia, RelationKind.ProvenByEid, "nodig"));
        Assert.IsType<RenewRelation.NotYours>(await Renew(Who.Tom, Who.Nadia, RelationKind.Referral, "nodig"));
        Assert.IsType<RenewRelation.NotYours>(await Renew(Who.An, Who.An, RelationKind.InformalCaregiver, "nodig"));
        Assert.Equal(ward.Clock.Utc.AddMonths(3), Assert.IsType<RenewRelation.Renewed>(await Renew(Who.Nadia, Who.Nadia, RelationKind.HospitalStay, "opgenomen op cardiologie")).Until);
        Assert.IsType<RenewRelation.Renewed>(await Renew(Who.Karel, Who.Nadia, RelationKind.Referral, "opnieuw verwezen"));
        var story = (await ward.RunAsync(ward.Get<ReadRelations>(), Who.MariaHerself, ward.Maria, new())).Story.Where(s => s.Person == Who.Nadia.Id).ToList();
        Assert.Equal([RelationStep.Renewed, RelationStep.Renewed, RelationStep.Began], story.Select(s => s.What));
        Assert.Equal("opnieuw verwezen", story[0].Reason);
        Assert.Equal(Who.Karel.DisplayName, story[0].By);
    }

    [Fact]
    public async Task Two_weeks_ahead_both_sides_are_told_once_and_again_after_a_renewal()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        async Task<int> Told(PersonRow who) => (await ward.Get<ReadNotices>().OfFilesAsync(who.Actor(), 50, CancellationToken.None)).Count(n => n.Kind == FileNoticeKind.RelationEnds && n.About == Who.Nadia.DisplayName);
        var clock = ward.Get<TrustClock>();
        ward.Clock.Advance(ward.Clock.Utc.AddMonths(3).AddDays(-15) - ward.Clock.Utc);
        await clock.RunAsync(CancellationToken.None);
        Assert.Equal(0, await Told(Who.Nadia));
        ward.Clock.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 3; i++)
            await clock.RunAsync(CancellationToken.None);
        foreach (var (who, times) in new[] { (Who.Nadia, 1), (Who.Karel, 1), (Who.MariaHerself, 1), (Who.An, 0) })
            Assert.Equal(times, await Told(who));

        await ward.RunAsync(ward.Get<RenewRelation>(), Who.Nadia, ward.Maria, new(Who.Nadia.Id, RelationKind.Referral, "blijft nodig"));
        await clock.RunAsync(CancellationToken.None);
        Assert.Equal(1, await Told(Who.Nadia));
        ward.Clock.Advance(TimeSpan.FromDays(80));
        await clock.RunAsync(CancellationToken.None);
        Assert.Equal(2, await Told(Who.Nadia));
    }

    [Fact]
    public async Task When_a_term_runs_out_what_was_open_has_another_owner_before_the_file_closes()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Karel, CareTeamPortal.Tests.Tasks.TaskLifeTests.Ask(Who.Nadia, "echo"));
        await ward.MoveAsync(Who.Nadia, task.Id, TaskState.Accepted);
        ward.Clock.Advance(ward.Clock.Utc.AddMonths(3).AddSeconds(-5) - ward.Clock.Utc);
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        Assert.Equal(Who.Karel.DisplayName, (await ward.TaskViewAsync(Who.Karel, task.Id)).Owner);
        ward.Clock.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Nadia, ward.Maria));
    }

    [Fact]
    public async Task Who_alone_answers_for_a_patient_keeps_doing_so_when_the_term_runs_out_and_hears_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.MariaHerself));
        ward.Clock.Advance(ward.Clock.Utc.AddMonths(12).AddSeconds(-5) - ward.Clock.Utc);
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        ward.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await ward.PageAsync(Who.Karel, ward.Maria));
        Assert.Single(await ward.Get<ReadNotices>().OfFilesAsync(Who.Karel.Actor(), 50, CancellationToken.None), n => n.Kind == FileNoticeKind.RelationProlonged);
        // Somebody else comes, and the next time it ends.
        await ward.GrantAsync(ward.Maria, Who.Els);
        ward.Clock.Advance(TimeSpan.FromDays(14));
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        Assert.Equal(Who.Els.Id.Value, (await ward.RowsAsync("SELECT \"AccountableId\" FROM \"Patients\""))[0][0]);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Karel, ward.Maria));
    }

    [Fact]
    public async Task The_patient_ends_a_relation_and_excludes_for_good()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.IsType<SharingResult.NotYours>(await ward.RunAsync(ward.Get<EndRelation>(), Who.Karel, ward.Maria, new(Who.Sofie.Id, false)));
        Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Sofie.Id, false, "verhuisd")));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Sofie, ward.Maria));
        await ward.GrantAsync(ward.Maria, Who.Sofie);
        Assert.NotNull(await ward.PageAsync(Who.Sofie, ward.Maria));

        Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Sofie.Id, true)));
        await ward.GrantAsync(ward.Maria, Who.Sofie);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Sofie, ward.Maria)); // on the team by mistake, and still closed
        Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Karel.Id, false)));
        Assert.NotEqual(Who.Karel.Id.Value, (await ward.RowsAsync("SELECT \"AccountableId\" FROM \"Patients\""))[0][0]);
    }
}
