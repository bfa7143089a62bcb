using CareTeamPortal.Features.Population;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Population;

/// <summary>Somebody who asks every figure there is, adds and subtracts, and knows the members followed by name: what comes out is never about one to four people.</summary>
public sealed class SmallGroupsTests(ITestOutputHelper output)
{
    private static readonly Labels[] Levels = [new(1, 1, 1, 1), new(1, 1, 1, 0), new(1, 1, 0, 1), new(1, 1, 0, 0), new(1, 0, 1, 1), new(1, 0, 1, 0), new(1, 0, 0, 1), new(1, 0, 0, 0)];

    private static List<Counted> World(Dice dice)
    {
        var people = 5 + dice.Next(60);
        var (regions, places, pairs) = (1 + dice.Next(6), 1 + dice.Next(6), 1 + dice.Next(4));
        var home = Enumerable.Range(0, people).Select(_ => dice.Next(regions)).ToArray();
        var named = Enumerable.Range(0, people).Select(_ => dice.OneIn(6)).ToArray();
        return [.. Enumerable.Range(0, 10 + dice.Next(120)).Select(_ => dice.Next(people)).Select(p => new Counted(p, named[p], new(1 + dice.Next(2), home[p], dice.Next(places), dice.Next(pairs))))];
    }

    /// <summary>Every question that a filter or a breakdown can put: a value or all, in each of the four.</summary>
    private static IEnumerable<Func<Labels, bool>> Questions(IReadOnlyList<Counted> world)
    {
        int?[] Of(Func<Labels, int> label) => [null, .. world.Select(t => label(t.Labels)).Distinct().Select(v => (int?)v)];
        return from a in Of(l => l.A) from b in Of(l => l.B) from c in Of(l => l.C) from d in Of(l => l.D)
               select (Func<Labels, bool>)(l => (a is null || a == l.A) && (b is null || b == l.B) && (c is null || c == l.C) && (d is null || d == l.D));
    }

    /// <summary>The smallest group of unnamed people that a sum of up to four answers is about; the attacker knows every answer exactly, which the page does not give.</summary>
    private static int Attack(Dice dice, IReadOnlyList<Counted> world, IReadOnlyList<int[]> answers, int tries)
    {
        var least = int.MaxValue;
        for (var i = 0; i < tries && answers.Count > 0; i++)
        {
            var sum = new int[world.Count];
            for (var term = 0; term < 2 + dice.Next(3); term++)
            {
                var sign = term == 0 || dice.OneIn(3) ? 1 : -1;
                foreach (var thing in dice.Of(answers))
                    sum[thing] += sign;
            }

            var people = Enumerable.Range(0, world.Count).Where(t => sum[t] != 0 && !world[t].Named).Select(t => world[t].Person).Distinct().Count();
            if (people > 0)
                least = Math.Min(least, people);
        }

        return least;
    }

    [Fact]
    public void No_sum_or_difference_of_figures_is_about_fewer_than_five_people()
    {
        var dice = new Dice(output);
        for (var round = 0; round < 150; round++)
        {
            var world = World(dice);
            var index = world.Select((t, i) => (t, i)).ToLookup(x => x.t, x => x.i);
            var blocks = SmallGroups.Divide(world, Levels);
            var answers = Questions(world).Select(q => blocks.Where(b => q(b.Labels)).SelectMany(b => b.Things).Distinct().SelectMany(t => index[t]).ToArray()).Where(a => a.Length > 0).ToList();
            var least = Attack(dice, world, answers, 400);
            Assert.True(least >= SmallGroups.Least, $"round {round}: a group of {least}");
        }
    }

    [Fact]
    public void Figures_that_are_only_suppressed_when_small_themselves_give_small_groups_away()
    {
        // The same attack on the usual way of doing it: if it found nothing here, the test above would prove nothing.
        var dice = new Dice(output);
        var found = 0;
        for (var round = 0; round < 30; round++)
        {
            var world = World(dice);
            var answers = Questions(world).Select(q => Enumerable.Range(0, world.Count).Where(i => q(world[i].Labels)).ToArray())
                .Where(a => a.Select(i => world[i].Person).Distinct().Count() >= SmallGroups.Least).ToList();
            found += Attack(dice, world, answers, 400) < SmallGroups.Least ? 1 : 0;
        }

        Assert.True(found > 5, $"{found} of 30");
    }

    [Fact]
    public void Blocks_are_disjoint_of_five_unnamed_people_and_say_only_what_all_of_them_share()
    {
        var dice = new Dice(output);
        for (var round = 0; round < 200; round++)
        {
            var world = World(dice);
            var blocks = SmallGroups.Divide(world, Levels);
            Assert.True(blocks.Sum(b => b.Things.Count) <= world.Count);
            foreach (var b in blocks)
            {
                Assert.True(b.Things.Where(t => !t.Named).Select(t => t.Person).Distinct().Count() >= SmallGroups.Least);
                Assert.All(b.Things, t => Assert.True((b.Labels.A == Labels.Mixed || b.Labels.A == t.Labels.A) && (b.Labels.B == Labels.Mixed || b.Labels.B == t.Labels.B) && (b.Labels.C == Labels.Mixed || b.Labels.C == t.Labels.C) && (b.Labels.D == Labels.Mixed || b.Labels.D == t.Labels.D)));
            }

            // What is in no block at the end is of fewer than five unnamed people for each kind.
            var held = blocks.SelectMany(b => b.Things).GroupBy(t => t.Labels.A).ToDictionary(g => g.Key, g => g.Count());
            foreach (var kind in world.GroupBy(t => t.Labels.A))
                Assert.True(kind.Count() == held.GetValueOrDefault(kind.Key) || kind.Where(t => !t.Named).Select(t => t.Person).Distinct().Count() < SmallGroups.Least || held.ContainsKey(kind.Key));
        }
    }

    [Fact]
    public void A_share_is_of_five_people_on_either_side_and_the_whole_is_exact()
    {
        var dice = new Dice(output);
        for (var round = 0; round < 200; round++)
        {
            var world = Enumerable.Range(0, 20 + dice.Next(300)).Select(_ => dice.Next(80)).Select(p => new Counted(p, p % 7 == 0, new(1 + dice.Next(3), dice.Next(12), dice.OneIn(4) ? 2 + dice.Next(2) : 1))).ToList();
            var blocks = SmallGroups.DivideSides(world);
            foreach (var b in blocks)
            {
                Assert.All([1, 2], side => Assert.True(b.Things.Where(t => t.Labels.C == side && !t.Named).Select(t => t.Person).Distinct().Count() >= SmallGroups.Least));
                Assert.All(b.Things, t => Assert.True(t.Labels.A == b.Labels.A && (b.Labels.B == Labels.Mixed || b.Labels.B == t.Labels.B)));
            }

            foreach (var line in world.GroupBy(t => t.Labels.A))
                Assert.Contains(blocks.Where(b => b.Labels.A == line.Key).Sum(b => b.Things.Count), new[] { 0, line.Count() });
            // A week that stands by itself is all of that week.
            Assert.All(blocks.Where(b => b.Labels.B != Labels.Mixed), b => Assert.Equal(world.Count(t => t.Labels.A == b.Labels.A && t.Labels.B == b.Labels.B), b.Things.Count));
        }
    }

    [Fact]
    public void The_page_shows_nothing_for_a_filter_that_leaves_fewer_than_five_people_and_never_more_than_there_is()
    {
        var dice = new Dice(output);
        var now = new DateTime(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);
        string[] cities = ["Mechelen", "Bonheiden", "Haacht", "Leuven"], places = ["De Vaart", "Dijleland", "Pallion"];
        for (var round = 0; round < 40; round++)
        {
            var patients = Enumerable.Range(0, 8 + dice.Next(60)).Select(i => new CountedPatient($"p{i}", dice.OneIn(12) ? null : dice.Of(cities), dice.OneIn(5))).ToList();
            var tasks = Enumerable.Range(0, dice.Next(200)).Select(_ => new CountedTask(
                dice.Of(patients).Patient, dice.OneIn(3), true, 1, (CareLine)dice.Next(5), (CareLine)dice.Next(5), null, dice.OneIn(9) ? null : dice.Of(places), now.AddHours(-dice.Next(100)).Ticks, now.AddHours(50 - dice.Next(100)).Ticks, null, null, null)).ToList();
            var figures = new PopulationFigures(patients, tasks, [], _ => null, now);
            var who = patients.ToDictionary(p => p.Patient);
            foreach (var query in from region in cities.Cast<string?>().Append(null) from place in places.Cast<string?>().Append(null) from pair in new LinePair?[] { null, new(CareLine.First, CareLine.First), new(CareLine.Second, CareLine.First) }
                                  select new PopulationQuery { Region = region, Organisation = place, Pair = pair })
            {
                var view = figures.For(query);
                bool In(CountedTask t) => (query.Region is null || who[t.Patient].City == query.Region) && (query.Organisation is null || t.Organisation == query.Organisation) && (query.Pair is null || LinePair.Of(t.From, t.To) == query.Pair);
                void Holds(Figure figure, IEnumerable<CountedTask> concerned)
                {
                    var list = concerned.ToList();
                    Assert.True(figure.AtLeast <= list.Count);
                    Assert.True(figure.IsFew || list.Select(t => who[t.Patient]).Where(p => !p.Named).Distinct().Count() >= SmallGroups.Least);
                    Assert.True(figure.AtLeast % SmallGroups.Least == 0);
                }

                Holds(view.Handoffs, tasks.Where(t => t.IsHandoff && In(t) && t.AuthoredOn + TimeSpan.TicksPerDay <= now.Ticks));
                Holds(view.Tasks, tasks.Where(t => !t.IsHandoff && In(t) && t.DueAt < now.Ticks));
                foreach (var row in view.Regions)
                    Holds(row.Tasks, tasks.Where(t => !t.IsHandoff && In(t) && t.DueAt < now.Ticks && who[t.Patient].City == row.Region));
                foreach (var owner in view.Owners)
                    Holds(owner.InTime, tasks.Where(t => In(t) && t.Organisation == owner.Organisation && (t.IsHandoff ? t.AuthoredOn + TimeSpan.TicksPerDay > now.Ticks : t.DueAt >= now.Ticks)));
            }
        }
    }

    [Fact]
    public void With_enough_people_the_figures_are_there()
    {
        var now = new DateTime(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);
        var patients = Enumerable.Range(0, 400).Select(i => new CountedPatient($"p{i}", i % 2 == 0 ? "Mechelen" : "Leuven", false)).ToList();
        var tasks = Enumerable.Range(0, 400).SelectMany(i => new[]
        {
            new CountedTask($"p{i}", true, true, 1, CareLine.Second, CareLine.First, null, "De Vaart", now.AddHours(-30).Ticks, null, null, null, null),
            new CountedTask($"p{i}", true, true, 7, CareLine.Third, CareLine.First, null, "De Vaart", now.AddDays(-8).AddHours(-10 - (i % 10)).Ticks, null, null, now.AddDays(-8).Ticks, null),
            new CountedTask($"p{i}", false, false, 10, CareLine.First, CareLine.First, null, "De Vaart", now.AddDays(-9).Ticks, now.AddDays(-8).Ticks, null, null, now.AddDays(i % 4 == 0 ? -7 : -8).Ticks),
        }).ToList();
        var view = new PopulationFigures(patients, tasks, [], _ => null, now).For(new());
        Assert.Equal((400, 400), (view.Members.AtLeast, view.Handoffs.AtLeast));
        var wait = Assert.Single(view.Waits);
        Assert.Equal((new LinePair(CareLine.Second, CareLine.First), TimeSpan.FromHours(14), TimeSpan.FromHours(18)), (wait.Pair, wait.Median, wait.Ninth));
        Assert.Equal(400, Assert.Single(wait.Weeks, w => !w.Count.IsFew).Count.AtLeast);
        Assert.Equal(0.75, Assert.Single(view.OnTime).Whole.Share);
        Assert.Equal([("Leuven", 200), ("Mechelen", 200)], view.Regions.Select(r => (r.Region, r.Handoffs.AtLeast)));
        Assert.Equal(200, new PopulationFigures(patients, tasks, [], _ => null, now).For(new() { Region = "Leuven" }).Handoffs.AtLeast);
    }
}
