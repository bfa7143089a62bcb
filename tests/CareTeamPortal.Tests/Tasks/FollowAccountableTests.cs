using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Handoffs;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Tasks;

/// <summary>When accountability moves, what the new person may not read stays with somebody who may.</summary>
public sealed class FollowAccountableTests(ITestOutputHelper output)
{
    private static readonly InformationCategory[] Protections = [InformationCategory.None, InformationCategory.MentalHealth, InformationCategory.SexualHealth];

    [Fact]
    public async Task A_protected_task_stays_with_who_may_read_it_and_they_are_told()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var (hidden, plain) = (await ByPatientAsync(ward, "geheim", InformationCategory.MentalHealth), await ByPatientAsync(ward, "gewoon", InformationCategory.None));
        Assert.Equal((Who.Karel.Id.Value, Who.Karel.Id.Value), (await AnswersAsync(ward, hidden), await AnswersAsync(ward, plain)));

        await MoveCareAsync(ward, Who.Karel, Who.Pieter);

        Assert.Equal((Who.Karel.Id.Value, Who.Pieter.Id.Value), (await AnswersAsync(ward, hidden), await AnswersAsync(ward, plain)));
        Assert.Contains("dr. Karel Janssens", TaskSentences.Accountable(await ward.TaskViewAsync(Who.Nadia, hidden), Who.Nadia.Id), StringComparison.Ordinal);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE TaskId = @p0 AND PersonId = @p1 AND Kind = @p2", hidden, Who.Karel.Id.Value, (int)NoticeKind.YoursToAnswer));
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Notices WHERE PersonId = @p0", Who.Pieter.Id.Value));

        // A later version of the task does not hand it to who may not read it either.
        await ward.RunAsync(ward.Get<AssignTask>(), Who.Karel, ward.Maria, new(hidden, TaskParty.Of(Who.Nadia)));
        Assert.Equal(Who.Karel.Id.Value, await AnswersAsync(ward, hidden));
    }

    [Fact]
    public async Task Who_leaves_leaves_it_to_somebody_who_may_read_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var hidden = await ByPatientAsync(ward, "geheim", InformationCategory.MentalHealth);
        await MoveCareAsync(ward, Who.Karel, Who.Pieter);
        await ward.GrantAsync(ward.Maria, Who.Els);
        Assert.IsType<EndMembership.Left>(await ward.RunAsync(ward.Get<EndMembership>(), Who.Karel, ward.Maria, new(Who.Karel.Id, null, new Dictionary<string, TaskParty>())));
        Assert.Equal(Who.Els.Id.Value, await AnswersAsync(ward, hidden));
    }

    [Fact]
    public async Task A_category_that_is_closed_to_who_asked_takes_what_they_answered_for_to_somebody_else()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var asked = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Nadia) with { Protection = InformationCategory.MentalHealth });
        var own = await ward.TaskAsync(Who.Karel, new CreateTask.Request { Id = Guid.NewGuid().ToString(), Title = "eigen", Protection = InformationCategory.MentalHealth });
        var plain = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Nadia));
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new DecideSharing.Request(ConsentScope.Person, false, InformationCategory.MentalHealth, Person: Who.Karel.Id));
        Assert.Equal((Who.Nadia.Id.Value, Who.Nadia.Id.Value, Who.Karel.Id.Value), (await AnswersAsync(ward, asked.Id), await AnswersAsync(ward, own.Id), await AnswersAsync(ward, plain.Id)));
    }

    [Fact]
    public async Task Whatever_moves_every_open_task_is_answered_for_by_somebody_who_may_read_it()
    {
        var dice = new Dice(output);
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        PersonRow[] people = [Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter];
        var accountable = Who.Karel;
        var moved = 0;
        for (var step = 0; step < 120; step++)
        {
            switch (dice.Next(4))
            {
                case 0:
                    await ward.RunAsync(ward.Get<CreateTask>(), Who.MariaHerself, ward.Maria, TaskLifeTests.Ask(dice.Of(people), $"taak {step}") with { Protection = dice.Of(Protections) });
                    break;
                case 1:
                    var (from, to) = (dice.Of(people), dice.Of(people));
                    await ward.RunAsync(ward.Get<CreateTask>(), from, ward.Maria, TaskLifeTests.Ask(to, $"taak {step}") with { Protection = dice.Of(Protections) });
                    break;
                case 2:
                    await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new DecideSharing.Request(ConsentScope.Person, dice.OneIn(2), dice.Of(Protections[1..]), Person: dice.Of(people).Id));
                    break;
                default:
                    var next = dice.Of(people);
                    if (next != accountable)
                    {
                        await MoveCareAsync(ward, accountable, next);
                        accountable = next;
                        moved++;
                    }

                    break;
            }

            Assert.Equal(accountable.Id.Value, (await ward.RowsAsync("SELECT AccountableId FROM Patients"))[0][0]);
            var team = await TeamAsync(ward);
            foreach (var row in await ward.RowsAsync("SELECT Id, AccountableId, Audience, Category FROM Tasks WHERE Open = 1"))
            {
                var (audience, category) = ((Audience)(long)row[2]!, (InformationCategory)(long)row[3]!);
                var able = team.Where(m => SharingRules.AnswersForCare(m.Person.Discipline) && m.Reach.Sees(audience, category)).Select(m => m.Person.Id.Value).ToList();
                Assert.True(row[1] is string who && (able.Count == 0 || able.Contains(who)), $"step {step}: {row[0]} ({category}) is answered for by {row[1] ?? "nobody"}, able are {string.Join(", ", able)}");
            }
        }

        Assert.True(moved > 5);
    }

    private static async Task<List<(PersonRow Person, Reach Reach)>> TeamAsync(Ward ward)
    {
        using var session = await ward.Database.RentAsync(CancellationToken.None);
        return [.. GrantSql.Team(session, ward.Maria, ward.Clock.Utc).Select(m => (ward.People.Find(m.Person)!, Ward.Rules.ReachIn(ward.People.Find(m.Person)!, ward.Maria).Within(m.Allows)))];
    }

    /// <summary>Asked by the patient: until somebody takes it on, who is accountable for the patient answers.</summary>
    private static async Task<string> ByPatientAsync(Ward ward, string title, InformationCategory protection) =>
        (await ward.TaskAsync(Who.MariaHerself, TaskLifeTests.Ask(Who.Nadia, title) with { Protection = protection })).Id;

    private static async Task<string> AnswersAsync(Ward ward, string task) => (string)(await ward.RowsAsync("SELECT AccountableId FROM Tasks WHERE Id = @p0", task))[0][0]!;

    private static async Task MoveCareAsync(Ward ward, PersonRow from, PersonRow to)
    {
        var offer = HandoffLifeTests.Offer(TaskParty.Of(to));
        var handoff = await HandoffLifeTests.OfferAsync(ward, from, offer with { Content = offer.Content with { Scope = null, ScopeUntil = null } });
        ward.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AcceptHandoff>(), to, ward.Maria, new(handoff.Id, "Ik neem de zorg over.", SeenNewsUntil: ward.Clock.Utc)));
    }
}
