using System.Globalization;
using System.Runtime.InteropServices;

namespace CareTeamPortal.Features.Population;

/// <summary>By what a thing is counted: up to four codes. <see cref="Mixed"/> in a block stands for several.</summary>
public readonly record struct Labels(int A = 0, int B = 0, int C = 0, int D = 0)
{
    /// <summary>The block holds things with several codes here: no figure about one of them includes it.</summary>
    public const int Mixed = -1;

    /// <summary>The labels as far as a level keeps them.</summary>
    internal Labels Within(Labels kept) => new(kept.A == 0 ? Mixed : A, kept.B == 0 ? Mixed : B, kept.C == 0 ? Mixed : C, kept.D == 0 ? Mixed : D);
}

/// <summary>Something that is counted: about whom, whether a case manager sees this person by name, by what it is counted, and a number that goes with it.</summary>
public readonly record struct Counted(int Person, bool Named, Labels Labels, long Value = 0);

/// <summary>Things of at least five people, counted together or not at all.</summary>
public sealed record Block(Labels Labels, IReadOnlyList<Counted> Things);

/// <summary>
/// The protection of small groups (docs/decisions/16-small-groups.md). What is counted is divided once into blocks; each block is about at least five people whom
/// no case manager sees by name, and every figure is a sum over whole blocks. Whatever is added or subtracted, over all breakdowns and filters, is then again a
/// sum over whole blocks, and says nothing about fewer than five people.
/// </summary>
public static class SmallGroups
{
    /// <summary>No figure is about fewer people.</summary>
    public const int Least = 5;

    /// <summary>Divides: what has enough people with all its labels is a block; of the rest, what has enough with fewer labels; and so on. What is left at the end is in no figure.</summary>
    /// <param name="levels">Which labels each level keeps (1) and which it gives up (0), from the finest.</param>
    public static IReadOnlyList<Block> Divide(IReadOnlyList<Counted> things, params ReadOnlySpan<Labels> levels)
    {
        var blocks = new List<Block>();
        var rest = things;
        var people = new HashSet<int>();
        foreach (var level in levels)
        {
            var groups = new Dictionary<Labels, List<Counted>>();
            foreach (var thing in rest)
            {
                ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, thing.Labels.Within(level), out _);
                (group ??= []).Add(thing);
            }

            var left = new List<Counted>();
            foreach (var (labels, group) in groups)
            {
                people.Clear();
                foreach (var thing in group)
                {
                    if (!thing.Named && people.Add(thing.Person) && people.Count == Least)
                        break;
                }

                if (people.Count == Least)
                    blocks.Add(new(labels, group));
                else
                    left.AddRange(group);
            }

            rest = left;
        }

        return blocks;
    }

    /// <summary>
    /// Divides what has two sides (<see cref="Labels.C"/> is 1 or 2), so that a share can be said of a block: at least five people on either side. What also
    /// is counted elsewhere (3) belongs to the second side and does not make it large enough: without it there still are five. First by
    /// <see cref="Labels.A"/>; then by <see cref="Labels.B"/> as far as what is left over makes a block too, and else the smallest part is put with it. From the
    /// whole down and not from the parts up: a share over what happened to be large enough on both sides would be another share.
    /// </summary>
    public static IReadOnlyList<Block> DivideSides(IReadOnlyList<Counted> things)
    {
        var blocks = new List<Block>();
        foreach (var whole in things.GroupBy(t => t.Labels.A))
        {
            if (!HasBothSides(whole))
                continue;
            var parts = whole.GroupBy(t => t.Labels.B).Select(g => (Label: g.Key, Things: g.ToList())).OrderByDescending(p => p.Things.Count).ThenBy(p => p.Label).ToList();
            var rest = parts.Where(p => !HasBothSides(p.Things)).SelectMany(p => p.Things).ToList();
            parts.RemoveAll(p => !HasBothSides(p.Things));
            while (rest.Count > 0 && !HasBothSides(rest))
            {
                rest.AddRange(parts[^1].Things);
                parts.RemoveAt(parts.Count - 1);
            }

            blocks.AddRange(parts.Select(p => new Block(new(whole.Key, p.Label, Labels.Mixed, Labels.Mixed), p.Things)));
            if (rest.Count > 0)
                blocks.Add(new(new(whole.Key, Labels.Mixed, Labels.Mixed, Labels.Mixed), rest));
        }

        return blocks;
    }

    private static bool HasBothSides(IEnumerable<Counted> things) =>
        things.Where(t => !t.Named && t.Labels.C is (1 or 2)).GroupBy(t => t.Labels.C).Count(side => side.Select(t => t.Person).Distinct().Take(Least).Count() == Least) == 2;

    /// <summary>How many things the blocks hold that answer a question about labels; a block counts whole or not at all.</summary>
    public static Figure Count(this IEnumerable<Block> blocks, Func<Labels, bool> asked) => Figure.Of(blocks.Where(b => asked(b.Labels)).Sum(b => b.Things.Count));
}

/// <summary>A number as it may leave: nothing below five, and else rounded down to a multiple of five, so that a look today and one tomorrow do not tell of one person.</summary>
public readonly record struct Figure
{
    private readonly int _fives;

    private Figure(int fives) => _fives = fives;

    /// <summary>Fewer than five, which includes none.</summary>
    public bool IsFew => _fives == 0;

    /// <summary>At least so many; 0 when <see cref="IsFew"/>.</summary>
    public int AtLeast => _fives * SmallGroups.Least;

    /// <summary>The figure of a count over whole blocks.</summary>
    public static Figure Of(int count) => new(count / SmallGroups.Least);

    /// <summary>"&lt;5", "10+", "1.235+".</summary>
    public override string ToString() => IsFew ? "<5" : AtLeast.ToString("N0", CultureInfo.CurrentCulture) + "+";
}
