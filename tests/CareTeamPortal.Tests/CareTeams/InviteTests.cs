using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.CareTeams;

/// <summary>Bringing somebody onto a team.</summary>
public sealed class InviteTests
{
    private static Task<InviteMember.Result> InviteAsync(Ward ward, PersonRow by, PersonRow whom, RelationKind kind = RelationKind.CareAgreement, DateTime? until = null, string? role = null) =>
        ward.RunAsync(ward.Get<InviteMember>(), by, ward.Maria, new(whom.Id, role, kind, until));

    private static async Task<IReadOnlyList<string>> FoundAsync(Ward ward, PersonRow by, string words) =>
        [.. (await ward.RunAsync(ward.Get<FindInvitees>(), by, ward.Maria, new(words))).Select(p => p.Name + (p.OnTeam ? " (team)" : ""))];

    [Fact]
    public async Task Who_is_invited_sees_the_file_is_told_and_the_timeline_says_so()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.MariaHerself));
        var until = ward.Clock.Utc.AddDays(30);
        Assert.Equal(until, Assert.IsType<InviteMember.Invited>(await InviteAsync(ward, Who.Karel, Who.Bram, until: until, role: "vervangt in het weekend")).Until);
        var entry = Assert.Single(await ward.PageAsync(Who.Bram, ward.Maria), e => e.Kind == EntryKind.Team);
        Assert.Equal($"{Who.Bram.DisplayName} (vervangt in het weekend) is nu lid van het team", entry.Title);
        Assert.Single(await ward.Get<ReadNotices>().OfFilesAsync(Who.Bram.Actor(), 9, CancellationToken.None), n => n.Kind == FileNoticeKind.Invited && n.About == Who.Karel.DisplayName);
        Assert.Single(await ward.Get<ReadNotices>().OfFilesAsync(Who.MariaHerself.Actor(), 9, CancellationToken.None), n => n.Kind == FileNoticeKind.Joined && n.About == Who.Bram.DisplayName);
        var member = Assert.Single(await ward.RunAsync(ward.Get<ReadTeam>(), Who.MariaHerself, ward.Maria, new(Details: true)), m => m.Person == Who.Bram.Id);
        Assert.Equal((RelationKind.CareAgreement, until, "vervangt in het weekend"), (member.Relation, member.Until, member.Role));
        Assert.IsType<InviteMember.AlreadyThere>(await InviteAsync(ward, Who.Karel, Who.Bram));
        ward.Clock.Advance(TimeSpan.FromDays(30));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Bram, ward.Maria));
    }

    [Fact]
    public async Task An_invitation_for_later_opens_the_file_on_that_day_and_wakes_open_pages()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.MariaHerself));
        var from = ward.Clock.Utc.AddDays(3);
        var until = from.AddDays(7);
        Assert.Equal(from, Assert.IsType<InviteMember.Invited>(await ward.RunAsync(ward.Get<InviteMember>(), Who.Karel, ward.Maria, new(Who.Bram.Id, null, RelationKind.CareAgreement, until, null, from))).From);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Bram, ward.Maria));
        Assert.Contains("komt vanaf", Assert.Single(await ward.PageAsync(Who.Karel, ward.Maria), e => e.Kind == EntryKind.Team).Title, StringComparison.Ordinal);
        Assert.Empty(await ward.Get<ReadNotices>().OfFilesAsync(Who.Bram.Actor(), 9, CancellationToken.None));
        Assert.Equal(from, Assert.Single(await ward.Get<ReadNotices>().OfFilesAsync(Who.MariaHerself.Actor(), 9, CancellationToken.None), n => n.Kind == FileNoticeKind.Comes).Until);
        Assert.True(Assert.Single(await ward.RunAsync(ward.Get<ReadTeam>(), Who.MariaHerself, ward.Maria, new(Details: true)), m => m.Person == Who.Bram.Id).Coming);
        Assert.DoesNotContain(await ward.RunAsync(ward.Get<ReadTeam>(), Who.MariaHerself, ward.Maria, new()), m => m.Person == Who.Bram.Id);
        // A decision in between changes nothing about the day.
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new DecideSharing.Request(ConsentScope.Category, false, InformationCategory.Social));
        ward.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMilliseconds(1));
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Bram, ward.Maria));
        var before = await ward.NumberAsync("SELECT Cursor FROM Patients");
        ward.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        Assert.NotEmpty(await ward.PageAsync(Who.Bram, ward.Maria));
        Assert.True(await ward.NumberAsync("SELECT Cursor FROM Patients") > before);
        Assert.Single(await ward.Get<ReadNotices>().OfFilesAsync(Who.Bram.Actor(), 9, CancellationToken.None), n => n.Kind == FileNoticeKind.Invited);
        ward.Clock.Advance(TimeSpan.FromDays(7));
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Bram, ward.Maria));
    }

    [Fact]
    public async Task An_invitation_that_has_not_begun_can_be_taken_back_by_who_may_invite()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.An, Who.MariaHerself));
        var from = ward.Clock.Utc.AddDays(3);
        Task<InviteMember.Result> LaterAsync(DateTime? begin, DateTime? end = null) => ward.RunAsync(ward.Get<InviteMember>(), Who.Karel, ward.Maria, new(Who.Bram.Id, null, RelationKind.CareAgreement, end, null, begin));
        Assert.IsType<InviteMember.WrongPeriod>(await LaterAsync(from, from));
        Assert.IsType<InviteMember.WrongPeriod>(await LaterAsync(ward.Clock.Utc.AddMonths(13)));
        Assert.Equal(from.AddMonths(12), Assert.IsType<InviteMember.Invited>(await LaterAsync(from)).Until); // the term counts from the beginning
        Assert.IsType<InviteMember.AlreadyThere>(await LaterAsync(null));
        await Assert.ThrowsAsync<ActionRefused>(() => ward.RunAsync(ward.Get<TakeInvitationBack>(), Who.An, ward.Maria, new(Who.Bram.Id)));
        Assert.True(await ward.RunAsync(ward.Get<TakeInvitationBack>(), Who.MariaHerself, ward.Maria, new(Who.Bram.Id)));
        Assert.False(await ward.RunAsync(ward.Get<TakeInvitationBack>(), Who.MariaHerself, ward.Maria, new(Who.Bram.Id)));
        Assert.False(await ward.RunAsync(ward.Get<TakeInvitationBack>(), Who.MariaHerself, ward.Maria, new(Who.Karel.Id)));
        ward.Clock.Advance(TimeSpan.FromDays(4));
        await ward.Get<TrustClock>().RunAsync(CancellationToken.None);
        await Assert.ThrowsAsync<PatientNotFound>(() => ward.PageAsync(Who.Bram, ward.Maria));
        Assert.IsType<InviteMember.Invited>(await LaterAsync(null));
        Assert.NotEmpty(await ward.PageAsync(Who.Bram, ward.Maria));
    }

    [Fact]
    public async Task To_whom_the_team_is_closed_remain_who_is_accountable_and_who_coordinates()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.RunAsync(ward.Get<SetCoordinator>(), Who.Karel, ward.Maria, new(Who.Tom.Id));
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new DecideSharing.Request(ConsentScope.Person, false, InformationCategory.TeamAndAgenda, Person: Who.Sofie.Id));
        PersonId[] left = [Who.Karel.Id, Who.Sofie.Id, Who.Tom.Id];
        foreach (var details in (bool[])[false, true])
            Assert.Equal(left, (await ward.RunAsync(ward.Get<ReadTeam>(), Who.Sofie, ward.Maria, new(details))).Select(m => m.Person).OrderBy(p => p.Value));
        Assert.False((await ward.RunAsync(ward.Get<ReadTeamRights>(), Who.Sofie, ward.Maria, new())).Closed!.ByRule);
        Assert.False((await ward.RunAsync(ward.Get<ReadTeamRights>(), Who.Sofie, ward.Maria, new())).Invites);
        // Nothing tells who else is there: nobody is found, invited or asked by who may not see them.
        Assert.Empty(await FoundAsync(ward, Who.Sofie, "Nadia"));
        await Assert.ThrowsAsync<ActionRefused>(() => InviteAsync(ward, Who.Sofie, Who.Nadia));
        Assert.Equal([Who.Karel.Id, Who.Tom.Id], (await ward.RunAsync(ward.Get<CareTeamPortal.Features.Handoffs.ReadReceivers>(), Who.Sofie, ward.Maria, new(Audience.Professionals, InformationCategory.Tasks))).Select(r => r.Party.Person).OfType<PersonId>().OrderBy(p => p.Value));
        Assert.Equal(8, (await ward.RunAsync(ward.Get<ReadTeam>(), Who.Nadia, ward.Maria, new())).Count);
    }

    [Fact]
    public async Task The_patient_invites_on_their_own_word_and_family_and_strangers_do_not()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.An, Who.MariaHerself));
        Assert.IsType<InviteMember.Invited>(await InviteAsync(ward, Who.MariaHerself, Who.Sofie));
        await Assert.ThrowsAsync<ActionRefused>(() => InviteAsync(ward, Who.An, Who.Bram));
        await Assert.ThrowsAsync<PatientNotFound>(() => InviteAsync(ward, Who.Els, Who.Bram));
        Assert.Empty(await FoundAsync(ward, Who.An, "Bram"));
        // A case manager follows with the patient's agreement alone.
        Assert.IsType<InviteMember.NotYours>(await InviteAsync(ward, Who.Karel, Who.Ilse, RelationKind.FollowUp));
        Assert.IsType<InviteMember.Invited>(await InviteAsync(ward, Who.MariaHerself, Who.Ilse, RelationKind.FollowUp));
    }

    [Fact]
    public async Task The_term_of_a_kind_is_the_longest_and_the_kind_is_one_of_the_role()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.MariaHerself));
        Assert.IsType<InviteMember.WrongKind>(await InviteAsync(ward, Who.Karel, Who.Bram, RelationKind.GlobalMedicalFile));
        Assert.IsType<InviteMember.WrongKind>(await InviteAsync(ward, Who.Karel, Who.Bram, RelationKind.BreakGlass));
        Assert.IsType<InviteMember.WrongPeriod>(await InviteAsync(ward, Who.Karel, Who.Bram, RelationKind.Referral, ward.Clock.Utc.AddMonths(4)));
        Assert.IsType<InviteMember.WrongPeriod>(await InviteAsync(ward, Who.Karel, Who.Bram, RelationKind.Referral, ward.Clock.Utc));
        Assert.Equal(ward.Clock.Utc.AddMonths(3), Assert.IsType<InviteMember.Invited>(await InviteAsync(ward, Who.Karel, Who.Bram, RelationKind.Referral)).Until);
    }

    [Fact]
    public async Task Whom_the_patient_excluded_an_officer_and_nobody_answer_alike()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie, Who.MariaHerself));
        await ward.RunAsync(ward.Get<EndRelation>(), Who.MariaHerself, ward.Maria, new(Who.Bram.Id, true));
        foreach (var whom in new[] { Who.Bram, Who.Piet })
            Assert.IsType<InviteMember.NotPossible>(await InviteAsync(ward, Who.Karel, whom));
        Assert.IsType<InviteMember.NotPossible>(await ward.RunAsync(ward.Get<InviteMember>(), Who.Karel, ward.Maria, new(new PersonId("nobody.here"), null, RelationKind.CareAgreement)));
        Assert.IsType<InviteMember.NotPossible>(await InviteAsync(ward, Who.Karel, Who.MariaHerself));
    }

    [Fact]
    public async Task Professionals_are_found_by_a_part_of_their_name_and_family_by_the_whole_of_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.MariaHerself));
        Assert.Contains(Who.Bram.DisplayName, await FoundAsync(ward, Who.Karel, "goos"));
        Assert.Contains(Who.Karel.DisplayName + " (team)", await FoundAsync(ward, Who.MariaHerself, "janssens"));
        Assert.DoesNotContain(Who.An.DisplayName, await FoundAsync(ward, Who.Karel, "De Smedt"));
        Assert.Contains(Who.An.DisplayName, await FoundAsync(ward, Who.Karel, "an de smedt"));
        Assert.DoesNotContain(Who.Ilse.DisplayName, await FoundAsync(ward, Who.Karel, "Ilse Baert"));
        Assert.Contains(Who.Ilse.DisplayName, await FoundAsync(ward, Who.MariaHerself, "Ilse Baert"));
        Assert.DoesNotContain(Who.MariaHerself.DisplayName, await FoundAsync(ward, Who.Karel, Who.MariaHerself.DisplayName));
        Assert.Empty(await FoundAsync(ward, Who.Karel, "g"));
    }

    [Fact]
    public async Task A_broken_glass_invites_nobody()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.MariaHerself));
        Assert.IsType<BreakGlass.Broken>(await ward.Get<BreakGlass>().RunAsync(Who.Els.Actor(), ward.Maria, new(EmergencyReason.OnCall, "belde de wachtpost", ward.Clock.Utc), CancellationToken.None));
        await Assert.ThrowsAsync<ActionRefused>(() => InviteAsync(ward, Who.Els, Who.Bram));
        Assert.IsType<InviteMember.Invited>(await InviteAsync(ward, Who.Karel, Who.Els, RelationKind.Referral));
    }
}
