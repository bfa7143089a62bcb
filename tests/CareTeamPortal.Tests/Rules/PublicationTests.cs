using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Rules;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Rules;

/// <summary>From draft to published: what is approved decides at once, here and on other nodes.</summary>
public sealed class PublicationTests
{
    [Fact]
    public async Task A_version_that_another_officer_approved_decides_at_once_here_and_within_a_second_elsewhere()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        await using var node = await ward.AnotherNodeAsync();
        await ward.NoteAsync(Who.Karel, ward.Maria, "nota");
        await ward.Get<SeedRules>().RunAsync(CancellationToken.None); // once is enough
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.Single(await node.PageAsync(Who.Sofie, ward.Maria));

        var draft = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First.Without(Discipline.HomeNurse, InformationCategory.Notes), note: "proef")).Number;
        Assert.IsType<RuleResult.ChangedMeanwhile>(await ward.ApproveAsync(Officers.Wim, draft)); // not proposed yet
        Assert.IsType<RuleResult.Done>(await ward.ProposeAsync(Who.Piet, draft));
        Assert.IsType<RuleResult.OwnProposal>(await ward.ApproveAsync(Who.Piet, draft));
        Assert.Single(await ward.PageAsync(Who.Sofie, ward.Maria));
        Assert.IsType<RuleResult.Done>(await ward.ApproveAsync(Officers.Wim, draft));

        Assert.Empty(await ward.PageAsync(Who.Sofie, ward.Maria));
        var refused = await Assert.ThrowsAsync<ActionRefused>(() => ward.NoteAsync(Who.Sofie, ward.Maria, "mag niet meer"));
        Assert.Equal(new RuleCitation("3.5", 2), refused.Rule);
        ward.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await node.PageAsync(Who.Sofie, ward.Maria));
        Assert.Single(await node.PageAsync(Who.Karel, ward.Maria));
        Assert.Equal([(2, RuleState.Current), (1, RuleState.Older)], (await ward.Get<ReadRules>().RunAsync(Who.Karel.Actor(), CancellationToken.None)).Versions.Select(v => (v.Number, v.State)));
        Assert.Equal(InformationCategory.All, (await ward.VersionAsync(1)).Table.Lines.Single(l => l.Number == 3).Read); // as it was
    }

    [Fact]
    public async Task A_writer_on_another_node_writes_nothing_by_rules_that_are_over()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        await using var node = await ward.AnotherNodeAsync();
        await node.NoteAsync(Who.Sofie, ward.Maria, "mag nog");
        await ward.PublishAsync(Officers.First.Without(Discipline.HomeNurse, InformationCategory.Notes));
        await Assert.ThrowsAsync<ActionRefused>(() => node.NoteAsync(Who.Sofie, ward.Maria, "mag niet meer")); // in the same second
    }

    [Fact]
    public async Task An_open_subscription_is_woken_when_rules_or_consent_change()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        using var watching = ward.Live.Subscribe(ward.Maria);
        var draft = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First.Without(Discipline.HomeNurse, InformationCategory.Notes))).Number;
        await ward.ProposeAsync(Who.Piet, draft);
        Assert.False(watching.Wakes.TryRead(out _));
        await ward.ApproveAsync(Officers.Wim, draft);
        Assert.True(watching.Wakes.TryRead(out _));
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Category, false, InformationCategory.Social));
        Assert.True(watching.Wakes.TryRead(out _));
    }

    [Fact]
    public async Task Only_officers_write_and_others_read_neither_draft_nor_proposal()
    {
        await using var ward = await Officers.SeededAsync();
        var draft = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First)).Number;
        foreach (var who in Who.Everyone.Where(p => p.Discipline != Discipline.GovernanceOfficer))
        {
            Assert.IsType<RuleResult.NotYours>(await ward.DraftAsync(who, Officers.First));
            Assert.IsType<RuleResult.NotYours>(await ward.ProposeAsync(who, draft));
            Assert.IsType<RuleResult.NotYours>(await ward.ApproveAsync(who, draft));
            Assert.IsType<RuleResult.NotYours>(await ward.Get<TakeBackRules>().RunAsync(who.Actor(), draft, RuleState.Draft, CancellationToken.None));
            Assert.IsType<RuleResult.NotYours>(await ward.Get<RenewRuleDraft>().RunAsync(who.Actor(), draft, "", CancellationToken.None));
            var view = await ward.Get<ReadRules>().RunAsync(who.Actor(), CancellationToken.None);
            Assert.Equal([1], view.Versions.Select(v => v.Number));
            Assert.Empty(view.Steps);
        }
    }

    [Fact]
    public async Task A_draft_that_somebody_published_past_is_refused_and_can_be_brought_up_to_date()
    {
        await using var ward = await Officers.SeededAsync();
        var mine = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First.Without(Discipline.Pharmacist, InformationCategory.Social))).Number;
        var later = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Officers.Wim, Officers.First.Without(Discipline.Dietician, InformationCategory.Social))).Number;
        await ward.ProposeAsync(Officers.Wim, later);
        await ward.ProposeAsync(Who.Piet, mine);
        Assert.IsType<RuleResult.Done>(await ward.ApproveAsync(Who.Piet, later));

        Assert.Equal(3, Assert.IsType<RuleResult.Stale>(await ward.ApproveAsync(Officers.Wim, mine)).Current);
        Assert.True((await ward.VersionAsync(mine)).IsStale);
        Assert.IsType<RuleResult.Done>(await ward.Get<TakeBackRules>().RunAsync(Who.Piet.Actor(), mine, RuleState.Proposed, CancellationToken.None));
        Assert.IsType<RuleResult.Stale>(await ward.ProposeAsync(Who.Piet, mine));
        var renewed = Assert.IsType<RuleResult.Done>(await ward.Get<RenewRuleDraft>().RunAsync(Who.Piet.Actor(), mine, (await ward.VersionAsync(mine)).Json, CancellationToken.None)).Number;
        Assert.Equal(RuleState.PutAside, (await ward.VersionAsync(mine)).State); // its number is behind the one in force

        var version = await ward.VersionAsync(renewed);
        Assert.False(version.IsStale);
        Assert.All([Discipline.Pharmacist, Discipline.Dietician], role => Assert.False(version.Table.Lines.Single(l => l.Role == role).Read.HasFlag(InformationCategory.Social))); // both changes
        Assert.Equal([Discipline.Pharmacist], RuleChanges.Between((await ward.VersionAsync(3)).Table, version.Table).Select(c => c.Role).Distinct());
        Assert.IsType<RuleResult.Done>(await ward.ProposeAsync(Who.Piet, renewed));
        Assert.IsType<RuleResult.Done>(await ward.ApproveAsync(Officers.Wim, renewed));
    }

    [Fact]
    public async Task A_later_draft_from_an_older_version_is_stale_too()
    {
        await using var ward = await Officers.SeededAsync();
        var first = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First.Without(Discipline.Pharmacist, InformationCategory.Social))).Number;
        var second = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Officers.Wim, Officers.First.Without(Discipline.Dietician, InformationCategory.Social))).Number;
        await ward.ProposeAsync(Who.Piet, first);
        await ward.ApproveAsync(Officers.Wim, first);
        Assert.IsType<RuleResult.Stale>(await ward.ProposeAsync(Officers.Wim, second));
        Assert.Equal(second, Assert.IsType<RuleResult.Done>(await ward.Get<RenewRuleDraft>().RunAsync(Officers.Wim.Actor(), second, (await ward.VersionAsync(second)).Json, CancellationToken.None)).Number);
        Assert.IsType<RuleResult.Done>(await ward.ProposeAsync(Officers.Wim, second));
    }

    [Fact]
    public async Task Nobody_overwrites_or_approves_what_they_did_not_see()
    {
        await using var ward = await Officers.SeededAsync();
        var draft = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First.Without(Discipline.Pharmacist, InformationCategory.Social))).Number;
        var seen = (await ward.VersionAsync(draft)).Json;
        Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Officers.Wim, Officers.First.Without(Discipline.Dietician, InformationCategory.Social), draft, seen));
        Assert.IsType<RuleResult.ChangedMeanwhile>(await ward.DraftAsync(Who.Piet, Officers.First, draft, seen));
        Assert.IsType<RuleResult.ChangedMeanwhile>(await ward.Get<ProposeRules>().RunAsync(Who.Piet.Actor(), draft, seen, CancellationToken.None));
        await ward.ProposeAsync(Officers.Wim, draft);
        Assert.IsType<RuleResult.ChangedMeanwhile>(await ward.Get<ApproveRules>().RunAsync(Who.Piet.Actor(), draft, seen, CancellationToken.None));
        Assert.IsType<RuleResult.ChangedMeanwhile>(await ward.DraftAsync(Officers.Wim, Officers.First, draft, (await ward.VersionAsync(draft)).Json)); // a proposal is not edited
        Assert.IsType<RuleResult.ChangedMeanwhile>(await ward.Get<TakeBackRules>().RunAsync(Who.Piet.Actor(), draft, RuleState.Draft, CancellationToken.None)); // seen as a draft
        Assert.IsType<RuleResult.Done>(await ward.ApproveAsync(Who.Piet, draft));
        Assert.IsType<RuleResult.ChangedMeanwhile>(await ward.ApproveAsync(Who.Piet, draft));
        Assert.IsType<RuleResult.ChangedMeanwhile>(await ward.ApproveAsync(Who.Piet, 1)); // an older version comes back as a draft only
    }

    [Fact]
    public async Task A_draft_that_changes_nothing_is_not_proposed()
    {
        await using var ward = await Officers.SeededAsync();
        var draft = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First)).Number;
        Assert.IsType<RuleResult.NothingChanges>(await ward.ProposeAsync(Who.Piet, draft));
    }

    [Fact]
    public async Task Every_step_is_in_a_chain_of_its_own_with_who_took_it()
    {
        await using var ward = await Officers.SeededAsync();
        var draft = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First.Without(Discipline.Pharmacist, InformationCategory.Social))).Number;
        await ward.DraftAsync(Officers.Wim, Officers.First.Without(Discipline.Dietician, InformationCategory.Social), draft, (await ward.VersionAsync(draft)).Json);
        await ward.ProposeAsync(Who.Piet, draft);
        await ward.Get<TakeBackRules>().RunAsync(Who.Piet.Actor(), draft, RuleState.Proposed, CancellationToken.None);
        await ward.ProposeAsync(Who.Piet, draft);
        await ward.ApproveAsync(Officers.Wim, draft);
        var steps = (await ward.Get<ReadRules>().RunAsync(Who.Piet.Actor(), CancellationToken.None)).Steps;
        Assert.Equal([RuleStep.Drafted, RuleStep.Edited, RuleStep.Proposed, RuleStep.TakenBack, RuleStep.Proposed, RuleStep.Approved], steps.Select(s => s.What));
        Assert.Equal(["Piet Claeys", "wim.aerts", "Piet Claeys", "Piet Claeys", "Piet Claeys", "wim.aerts"], steps.Select(s => s.By));
    }

    [Fact]
    public async Task What_makes_a_table_nonsense_is_named_and_all_of_it()
    {
        await using var ward = await Officers.SeededAsync();
        async Task<IReadOnlyList<RuleFaultKind>> FaultsAsync(RuleDocument table) => [.. Assert.IsType<RuleResult.Nonsense>(await ward.DraftAsync(Who.Piet, table)).Faults.Select(f => f.Kind)];
        Assert.Contains(RuleFaultKind.PatientCutOff, await FaultsAsync(Officers.First.Without(Discipline.Patient, InformationCategory.All)));
        Assert.Contains(RuleFaultKind.PatientCutOff, await FaultsAsync(Officers.First with { Lines = Officers.First.Lines.Add(new(20, Discipline.Patient, CareLine.Home, InformationCategory.Administrative, 0, 0, 0)) }));
        Assert.Contains(RuleFaultKind.LineMissing, await FaultsAsync(Officers.First with { Lines = Officers.First.Lines.RemoveAll(l => l.Role == Discipline.Patient) }));
        Assert.Equal([RuleFaultKind.NobodyHandsOn], await FaultsAsync(Officers.First with { Lines = [.. Officers.First.Lines.Select(l => l with { HandOff = 0 })] }));
        Assert.Equal([RuleFaultKind.NobodyInvites], await FaultsAsync(Officers.First with { Lines = [.. Officers.First.Lines.Select(l => l with { Invite = 0 })] }));
        Assert.Equal([RuleFaultKind.BelowTheFloor], await FaultsAsync(Officers.First.Without(Discipline.HomeNurse, InformationCategory.Tasks)));
        var unread = Officers.First with { Lines = [.. Officers.First.Lines.Select(l => l.Role.Kind() == RoleKind.Professional ? l with { Read = l.Read & ~InformationCategory.SexualHealth } : l)] };
        var fault = Assert.Single(Assert.IsType<RuleResult.Nonsense>(await ward.DraftAsync(Who.Piet, unread)).Faults);
        Assert.Equal((RuleFaultKind.ReadByNobody, InformationCategory.SexualHealth), (fault.Kind, fault.Category));
        Assert.Equal(2, (await FaultsAsync(Officers.First with { Lines = [.. Officers.First.Lines.Select(l => l with { HandOff = 0, Invite = 0 })] })).Count);
        Assert.Equal([1], (await ward.Get<ReadRules>().RunAsync(Who.Piet.Actor(), CancellationToken.None)).Versions.Select(v => v.Number)); // nothing was kept
        foreach (var kind in Enum.GetValues<RuleFaultKind>())
            Assert.DoesNotContain("Bad.", RulesText.Of(new RuleFault(kind, 3, Discipline.HomeNurse, InformationCategory.Notes, "")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comparison_says_what_changes_for_whom_and_how_many_that_touches()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam(), A.Patient("jan-peeters").WithTeam(Who.Sofie, Who.Bram, Who.Karel));
        var compare = ward.Get<CompareRules>();
        var hospital = Officers.First.Without(Discipline.HomeNurse, InformationCategory.Social).With(Discipline.HomeCareAide, InformationCategory.Documents);
        var view = await compare.RunAsync(Officers.First, hospital, CancellationToken.None);
        var nurse = view.Roles.Single(r => r.Role == Discipline.HomeNurse);
        Assert.Equal((2, 3), (nurse.People, nurse.Memberships)); // Sofie twice, Bram once
        Assert.Equal([(false, RuleRight.Read, "3.11"), (false, RuleRight.Write, "3.11")], nurse.Parts.Select(p => (p.Gains, p.Right, Assert.Single(p.Rules))));
        var aide = view.Roles.Single(r => r.Role == Discipline.HomeCareAide);
        Assert.Equal((true, RuleRight.Read, InformationCategory.Documents), (aide.Parts[0].Gains, aide.Parts[0].Right, Assert.Single(aide.Parts[0].Categories)));
        Assert.Empty(nurse.Lines); // on every care line
        Assert.Equal((3, 4), (view.People, view.Memberships));
        Assert.Empty((await compare.RunAsync(Officers.First, Officers.First, CancellationToken.None)).Roles);

        var second = Officers.First with { Lines = Officers.First.Lines.Add(new(20, Discipline.HomeNurse, CareLine.Second, RuleDocuments.Floor, RuleDocuments.Floor, 0, 0)) };
        var one = Assert.Single((await compare.RunAsync(Officers.First, second, CancellationToken.None)).Roles);
        Assert.Equal([CareLine.Second], one.Lines);
        Assert.Equal(0, one.People); // nobody nurses from there
    }

    [Fact]
    public async Task What_somebody_answers_for_and_may_not_see_any_more_goes_to_who_is_accountable()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        var question = await ward.WriteAsync(Who.Karel, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = Features.Timeline.EntryKind.Question, Text = "hoe gaat de wonde?", ReplyOwner = Who.Sofie.Id, ReplyBy = ward.Clock.Utc.AddHours(2) });
        Assert.Equal(Who.Sofie.Id, question.ReplyOwner);
        var settled = ward.Live.Subscribe(ward.Maria);
        var number = await ward.PublishAsync(Officers.First.Without(Discipline.HomeNurse, InformationCategory.Notes));
        var now = (await ward.PageAsync(Who.Karel, ward.Maria)).Single(e => e.Reference == question.Reference);
        Assert.Equal(Who.Karel.Id, now.ReplyOwner);
        Assert.True(settled.Wakes.TryRead(out _));
        settled.Dispose();
        Assert.Equal(0, await ward.Get<SettleRules>().RunAsync(number, CancellationToken.None)); // nothing is left to do

        await ward.PublishAsync((await ward.VersionAsync(number)).Table.Without(Discipline.Specialist, InformationCategory.Notes));
        Assert.Equal(Who.Karel.Id, (await ward.PageAsync(Who.Karel, ward.Maria)).Single(e => e.Reference == question.Reference).ReplyOwner);
    }

    [Trait("Database", "Sqlite")]
    [Fact]
    public async Task Between_a_publication_and_what_follows_from_it_there_is_no_moment()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Sofie, new() { Id = Guid.NewGuid().ToString(), Title = "geheim", Protection = InformationCategory.MentalHealth });
        var draft = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First.Without(Discipline.HomeNurse, InformationCategory.MentalHealth))).Number;
        await ward.ProposeAsync(Who.Piet, draft);
        // What the database itself sees at the very moment at which the version comes into force, and the moment before the commit: the process may die after either.
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("CREATE TABLE Seen (Owner TEXT, State INTEGER)").With().Run()
            + session.Sql("CREATE TRIGGER Look AFTER UPDATE ON Tasks BEGIN INSERT INTO Seen SELECT NEW.OwnerId, (SELECT MAX(State) FROM RuleVersions WHERE Number = " + draft.ToString(System.Globalization.CultureInfo.InvariantCulture) + "); END").With().Run()), CancellationToken.None);
        var other = await ward.AnotherNodeAsync();
        await using (other)
        {
            Assert.IsType<RuleResult.Done>(await ward.ApproveAsync(Officers.Wim, draft));
            Assert.Equal("karel.janssens", (await other.RowsAsync("SELECT OwnerId FROM Tasks WHERE Id = @p0", task.Id))[0][0]);
        }

        Assert.Equal(["karel.janssens", 2L], (await ward.RowsAsync("SELECT Owner, State FROM Seen"))[^1]); // it changed hands where the new version was written and not committed yet
        Assert.Equal(0, await ward.Get<SettleRules>().RunAsync(draft, CancellationToken.None));
    }

    [Trait("Database", "Sqlite")]
    [Fact]
    public async Task A_publication_that_cannot_be_settled_is_none()
    {
        await using var ward = await Officers.SeededAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Sofie, new() { Id = Guid.NewGuid().ToString(), Title = "geheim", Protection = InformationCategory.MentalHealth });
        var draft = Assert.IsType<RuleResult.Done>(await ward.DraftAsync(Who.Piet, Officers.First.Without(Discipline.HomeNurse, InformationCategory.MentalHealth))).Number;
        await ward.ProposeAsync(Who.Piet, draft);
        await ward.Database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("CREATE TRIGGER Full BEFORE UPDATE ON Tasks BEGIN SELECT RAISE(ABORT, 'disk full'); END").With().Run()), CancellationToken.None);
        await Assert.ThrowsAnyAsync<Exception>(() => ward.ApproveAsync(Officers.Wim, draft));
        Assert.Equal(RuleState.Proposed, (await ward.VersionAsync(draft)).State);
        Assert.Equal(1, await ward.NumberAsync("SELECT MAX(Number) FROM RuleVersions WHERE State = 2"));
        Assert.Equal(Who.Sofie.Id, (await ward.TaskViewAsync(Who.Sofie, task.Id)).OwnerId); // and who had it has it, by the rules that stand
    }
}
