using CareTeamPortal.Features.Figures;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Figures;

public sealed class PathwayFiguresTests
{
    private static readonly DateTime Now = new(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);

    private static PathwayFiguresView Of(IReadOnlyList<CountedPathway> pathways, IReadOnlyList<CountedPhase>? phases = null, IReadOnlyList<CountedDeviation>? deviations = null, IReadOnlyList<CountedOutcome>? outcomes = null, params string[] named) =>
        PathwayFigures.Of(pathways, phases ?? [], deviations ?? [], outcomes ?? [], named.ToHashSet(), (id, phase) => phase == 0 ? id : $"{id} {phase}", Now, false, true);

    private static List<CountedPathway> Running(int people, string template = "copd", int phase = 1, int from = 0) => [.. Enumerable.Range(from, people).Select(i => new CountedPathway($"p{i}", $"c{i}", template, 0, phase, false))];

    [Fact]
    public void Fewer_than_five_people_are_in_no_figure()
    {
        Assert.Empty(Of(Running(4)).Pathways);
        Assert.Equal(5, Assert.Single(Of(Running(5)).Pathways).Running.AtLeast);
    }

    [Fact]
    public void People_whom_a_case_manager_knows_by_name_do_not_make_a_group() => Assert.Empty(Of(Running(5), named: ["p0"]).Pathways);

    [Fact]
    public void A_hidden_phase_cannot_be_had_by_taking_the_phases_from_the_whole()
    {
        // Twelve in phase 1, three in phase 2: the three are in no figure at all, nor in the whole.
        var view = Assert.Single(Of([.. Running(12), .. Running(3, phase: 2, from: 12)]).Pathways);
        Assert.Equal(10, view.Running.AtLeast);
        Assert.Equal(1, Assert.Single(view.Phases).Number);
    }

    [Fact]
    public void A_change_is_the_median_of_people_who_answered_at_the_start_and_later()
    {
        var outcomes = Enumerable.Range(0, 6).SelectMany(i => new[] { new CountedOutcome($"p{i}", $"c{i}", "who-5", 0, 40, null, 1), new CountedOutcome($"p{i}", $"c{i}", "who-5", 90, 40 + 4 * i, null, 2) }).ToList();
        var change = Assert.Single(Assert.Single(Of(Running(6), outcomes: outcomes).Pathways).Changes);
        Assert.Equal(("who-5", 90, 8m, 5), (change.Questionnaire, change.Moment, change.Change, change.People.AtLeast));
        Assert.Empty(Assert.Single(Of(Running(6), outcomes: [.. outcomes.Where(o => o.Patient is not ("p0" or "p1"))]).Pathways).Changes);
    }

    [Fact]
    public void Examinations_are_counted_per_pathway_and_the_total_is_the_sum_of_the_same_groups()
    {
        CountedOutcome Avoided(int i, string? pathway) => new($"p{i}", pathway, "examination-avoided", null, 1, null, 1);
        var view = Of([.. Running(6), .. Running(6, "hart", from: 6)], outcomes: [.. Enumerable.Range(0, 6).Select(i => Avoided(i, $"c{i}")), .. Enumerable.Range(6, 3).Select(i => Avoided(i, $"c{i}")), .. Enumerable.Range(20, 3).Select(i => Avoided(i, null))]);
        Assert.Equal(5, view.Pathways.Single(p => p.Template == "copd").Avoided.AtLeast);
        Assert.True(view.Pathways.Single(p => p.Template == "hart").Avoided.IsFew);
        Assert.Equal(10, view.Avoided.AtLeast);
        Assert.True(view.AskedAgain.IsFew);
    }

    [Fact]
    public void The_share_of_a_team_is_told_when_five_people_are_on_either_side_and_of_nobody_else()
    {
        static CountedAlert Alert(int i, bool acted, string team) => new($"p{i}", "plan", "rule", "Weight", acted, !acted, Now, team);
        IReadOnlyList<CountedAlert> alerts = [.. Enumerable.Range(0, 15).Select(i => Alert(i, i < 10, "Wit-Gele Kruis")), .. Enumerable.Range(20, 8).Select(i => Alert(i, true, "De Vaart")), .. Enumerable.Range(30, 8).Select(i => Alert(i, i < 34, "Klein"))];
        var budget = AlertBudget.Of(alerts, new HashSet<string>());
        var team = Assert.Single(budget.Teams);
        Assert.Equal(("Wit-Gele Kruis", 15, 0.65), (team.Team, team.Told.AtLeast, team.Acted));
        Assert.Equal("gewicht", Assert.Single(budget.Quantities).Quantity, ignoreCase: true);
        Assert.Empty(AlertBudget.Of(alerts, Enumerable.Range(0, 15).Select(i => $"p{i}").ToHashSet()).Teams);
        Assert.Empty(AlertBudget.Of([], new HashSet<string>()).Teams);
    }

    [Fact]
    public void No_figure_is_about_one_to_four_people_whatever_the_population()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var dice = new Random(seed);
            var pathways = Enumerable.Range(0, dice.Next(1, 40)).Select(i => new CountedPathway($"p{dice.Next(25)}", $"c{i}", $"t{dice.Next(3)}", dice.Next(2), dice.Next(1, 4), dice.Next(2) == 0)).ToList();
            var phases = pathways.Select(p => new CountedPhase(p.Patient, p.Id, dice.Next(1, 4), TimeSpan.TicksPerDay * dice.Next(100))).ToList();
            var deviations = pathways.Select(p => new CountedDeviation(p.Patient, p.Id, dice.Next(3))).ToList();
            var view = Of(pathways, phases, deviations);
            foreach (var t in view.Pathways)
            {
                foreach (var phase in t.Phases)
                {
                    var through = phases.Where(f => f.Number == phase.Number && pathways.Any(p => p.Id == f.Pathway && p.Template == t.Template)).Select(f => f.Patient).Distinct().Count();
                    Assert.True(phase.Median is null || through >= SmallGroups.Least, $"seed {seed}");
                }

                Assert.All(t.Deviations, d => Assert.True(d.Count.IsFew || d.Count.AtLeast >= SmallGroups.Least, $"seed {seed}"));
            }
        }
    }

    [Fact]
    public async Task Who_has_the_page_sees_what_the_role_gives()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var read = ward.Get<ReadFigures>();
        Assert.True((await read.RunAsync(Who.Karel.Actor(), new(), CancellationToken.None))!.IsOwn);
        Assert.False((await read.RunAsync(Who.Ilse.Actor(), new(), CancellationToken.None))!.ShowsOutcomes);
        Assert.True((await read.RunAsync(Who.Piet.Actor(), new(), CancellationToken.None))!.ShowsOutcomes);
        foreach (var who in new[] { Who.An, Who.Fatima, Who.MariaHerself })
            Assert.Null(await read.RunAsync(who.Actor(), new(), CancellationToken.None));
    }
}
