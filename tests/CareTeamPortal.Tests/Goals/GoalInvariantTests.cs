using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Goals;

/// <summary>Whatever people do with goals: every open task keeps one accountable person, nothing closes without somebody's decision, and no link points nowhere.</summary>
public sealed class GoalInvariantTests(ITestOutputHelper output)
{
    private static readonly PersonRow[] Team = [Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter, Who.MariaHerself, Who.An, Who.Fatima];

    [Fact]
    public async Task Closing_goals_keeps_every_invariant_of_ownership()
    {
        var dice = new Dice(output);
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var decided = new HashSet<string>();
        for (var step = 0; step < 120; step++)
        {
            var who = dice.Of(Team);
            var plan = await GoalTests.PlanAsync(ward, who);
            var open = plan.Goals.Where(g => g.Goal.IsOpen).Select(g => g.Goal).ToList();
            try
            {
                switch (dice.Next(6))
                {
                    case 0:
                        var life = plan.Open(GoalKind.Life).Select(g => g.Goal.Reference).ToList();
                        await GoalTests.KeepAsync(ward, who, dice.OneIn(2) ? GoalTests.Life($"doel {step}") : GoalTests.Weight() with { Words = $"zorg {step}", Serves = life.Count > 0 && dice.OneIn(2) ? dice.Of(life) : null });
                        break;
                    case 1 or 2:
                        await ward.RunAsync(ward.Get<CreateTask>(), who, ward.Maria, new() { Id = Guid.NewGuid().ToString(), Title = $"taak {step}", Owner = TaskParty.Of(dice.Of(Team)), Goal = open.Count > 0 && !dice.OneIn(4) ? dice.Of(open).Reference : null });
                        break;
                    case 3 when open.Count > 0:
                        await GoalTests.MoveAsync(ward, who, dice.Of(open), dice.Of([GoalState.Achieved, GoalState.NotAchieved, GoalState.Cancelled, GoalState.OnHold]), dice.OneIn(5) ? null : "reden");
                        break;
                    case 4 when plan.Closed.SelectMany(g => g.Left).ToList() is { Count: > 0 } left:
                        var servant = dice.Of(left);
                        var decision = dice.Of([ServantDecision.Stop, ServantDecision.Keep, ServantDecision.Give]);
                        if (await ward.Get<SettleServant>().RunAsync(who.Actor(), ward.Maria, new(servant, decision, "besloten", open.Count > 0 ? dice.Of(open).Reference : null), default) is null && decision == ServantDecision.Stop)
                            decided.Add(servant.Reference);
                        break;
                    case 5 when plan.Orphans.Count > 0 && open.Count > 0:
                        await ward.RunAsync(ward.Get<LinkTask>(), who, ward.Maria, new(dice.Of(plan.Orphans).Task.Id, dice.Of(open).Reference));
                        break;
                }
            }
            catch (ActionRefused)
            {
                // Not everybody may do everything; a refusal writes nothing.
            }

            Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Open = 1 AND AccountableId IS NULL"));
            var closed = (await ward.RowsAsync("SELECT Id FROM Tasks WHERE Open = 0")).Select(r => $"Task/{r[0]}").ToList();
            Assert.All(closed, c => Assert.Contains(c, decided));
            Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM Tasks t WHERE t.Goal IS NOT NULL AND NOT EXISTS (SELECT 1 FROM Resources r WHERE r.Type = 'Goal' AND 'Goal/' || r.Id = t.Goal AND r.PatientId = t.PatientId)"));
            // What everybody sees: each open task is under a goal, to be decided, or without one; never nowhere.
            var seen = await GoalTests.PlanAsync(ward, Who.Karel);
            var placed = seen.Goals.SelectMany(g => g.Tasks).Concat(seen.Orphans.Select(o => o.Task)).Select(t => t.Id).Distinct().Count();
            Assert.Equal(await ward.NumberAsync("SELECT COUNT(*) FROM Tasks WHERE Open = 1"), placed);
        }
    }
}
