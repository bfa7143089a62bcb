using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Population;

/// <summary>Where something stands, as a label of figures.</summary>
internal enum Standing
{
    /// <summary>A hand-off that nobody accepted in time.</summary>
    StuckHandoff = 1,

    /// <summary>A hand-off that still has time.</summary>
    WaitingHandoff = 2,
    LateTask = 3,
    OpenTask = 4,

    /// <summary>A relation that ran out.</summary>
    EndedRelation = 5,

    /// <summary>A relation that ends within two weeks.</summary>
    EndingRelation = 6,
}

/// <summary>How long hand-offs from one line to another waited until somebody accepted them.</summary>
/// <param name="Median">Null when fewer than five people are concerned.</param>
/// <param name="Ninth">Nine in ten waited no longer; null when there are too few for that.</param>
/// <param name="Weeks">Of each week, the oldest first.</param>
public sealed record PairWait(LinePair Pair, Figure Count, TimeSpan? Median, TimeSpan? Ninth, ImmutableArray<WaitWeek> Weeks);

/// <summary>The hand-offs of one week.</summary>
public readonly record struct WaitWeek(DateOnly Monday, Figure Count, TimeSpan? Median, TimeSpan? Ninth);

/// <summary>The share of the tasks of one care line that were done when they fell due.</summary>
public sealed record LineOnTime(CareLine Line, OnTimeWeek Whole, ImmutableArray<OnTimeWeek> Weeks);

/// <summary>Tasks that fell due in a stretch of time.</summary>
/// <param name="Share">From 0 to 1; null when too few people have one on time, or one late.</param>
public readonly record struct OnTimeWeek(DateOnly Monday, Figure OnTime, Figure Late, double? Share);

/// <summary>What is open with an organisation.</summary>
public sealed record OwnerLoad(string Organisation, Figure InTime, Figure Late)
{
    public int Weight => InTime.AtLeast + Late.AtLeast;
}

/// <summary>What is stuck in a municipality.</summary>
public sealed record RegionLoad(string Region, Figure Handoffs, Figure Tasks, Figure Relations)
{
    public int Weight => Handoffs.AtLeast + Tasks.AtLeast + Relations.AtLeast;
}

/// <summary>The figures of the page for one filter.</summary>
public sealed record FiguresView(
    DateTime At, Figure Members, Figure Handoffs, Figure Tasks, Figure Relations, IReadOnlyList<PairWait> Waits, IReadOnlyList<LineOnTime> OnTime, IReadOnlyList<OwnerLoad> Owners, int MoreOwners, IReadOnlyList<RegionLoad> Regions, int MoreRegions,
    IReadOnlyList<DateOnly> Mondays);

/// <summary>
/// Everyone's coordination data, divided into blocks at one moment. Every figure that leaves here is a sum over whole blocks (<see cref="SmallGroups"/>), for every
/// viewer and filter alike; a filter chooses blocks and never divides one.
/// </summary>
internal sealed class PopulationFigures
{
    public const int Weeks = 12;

    /// <summary>How long ago a relation ended that still is shown as ended.</summary>
    internal static readonly TimeSpan EndedShown = TimeSpan.FromDays(90);

    /// <summary>A hand-off without a limit of its own is stuck after this.</summary>
    internal static readonly TimeSpan AcceptedWithin = TimeSpan.FromHours(24);

    private const int MostKnown = 1_000;
    private const int MostOwners = 8;
    private const int MostRegions = 12;

    /// <summary>A ninth in ten of fewer things is one person's.</summary>
    private const int LeastForNinth = 10;

    private readonly IReadOnlyList<Block> _members;
    private readonly IReadOnlyList<Block> _now;
    private readonly IReadOnlyList<Block> _waits;
    private readonly IReadOnlyList<Block> _due;
    private readonly ConcurrentDictionary<PopulationQuery, FiguresView> _known = new();
    private readonly Names _regions = new();
    private readonly Names _organisations = new();
    private readonly DateOnly _firstMonday;

    /// <summary>Divides what was read.</summary>
    public PopulationFigures(IReadOnlyList<CountedPatient> patients, IEnumerable<CountedTask> tasks, IEnumerable<EndingRelation> relations, Func<PersonId, PersonRow?> person, DateTime now)
    {
        At = now;
        _firstMonday = FirstMonday(now);
        var people = new Dictionary<string, (int Index, bool Named, int Region)>(patients.Count, StringComparer.Ordinal);
        var members = new List<Counted>(patients.Count);
        foreach (var patient in patients)
        {
            var region = _regions.CodeOf(patient.City);
            people[patient.Patient] = (people.Count, patient.Named, region);
            members.Add(new(people.Count, patient.Named, new(region, 1, 1, 1)));
        }

        List<Counted> standing = [], waits = [], due = [];
        var weekStarts = Enumerable.Range(0, Weeks + 1).Select(w => BelgianTime.BoundsOf(_firstMonday.AddDays(7 * w)).Start.Ticks).ToArray();
        int Week(long at) => Array.BinarySearch(weekStarts, at) is >= 0 and var exact ? exact : ~Array.BinarySearch(weekStarts, at) - 1;
        foreach (var task in tasks)
        {
            if (!people.TryGetValue(task.Patient, out var who))
                continue;
            var organisation = _organisations.CodeOf(task.Organisation ?? (task.Owner is { } owner ? person(owner)?.Organisation : null));
            var pair = LinePair.Of(task.From, task.To)?.Code ?? 0;
            if (StandingOf(task, now.Ticks) is { } stands)
                standing.Add(new(who.Index, who.Named, new((int)stands, who.Region, organisation, pair)));
            if (task is { IsHandoff: true, AcceptedAt: { } accepted } && accepted >= weekStarts[0] && accepted <= now.Ticks && pair != 0)
                waits.Add(new(who.Index, who.Named, new(pair, 1 + Week(accepted), who.Region, 1), Math.Max(0, accepted - task.AuthoredOn)));
            if (task is { IsHandoff: false, DueAt: { } by, To: { } line } && by >= weekStarts[0] && by <= now.Ticks)
                due.Add(new(who.Index, who.Named, new(1 + (int)(line == CareLine.Third ? CareLine.Second : line), 1 + Week(by), task.Open ? 3 : task.ClosedAt > by ? 2 : 1))); // what still is open is counted as late now, too
        }

        foreach (var relation in relations)
        {
            if (people.TryGetValue(relation.Patient.Value, out var who))
                standing.Add(new(who.Index, who.Named, new((int)(relation.Until <= now ? Standing.EndedRelation : Standing.EndingRelation), who.Region, _organisations.CodeOf(person(relation.Person)?.Organisation), 0)));
        }

        _members = SmallGroups.Divide(members, new(1, 1, 1, 1), new(0, 1, 1, 1));
        // What stands where is never mixed; of the rest the municipality is given up last.
        _now = SmallGroups.Divide(standing, new(1, 1, 1, 1), new(1, 1, 1, 0), new(1, 1, 0, 1), new(1, 1, 0, 0), new(1, 0, 1, 1), new(1, 0, 1, 0), new(1, 0, 0, 1), new(1, 0, 0, 0));
        _waits = SmallGroups.Divide(waits, new(1, 1, 1, 1), new(1, 1, 0, 1), new(1, 0, 1, 1), new(1, 0, 0, 1));
        _due = SmallGroups.DivideSides(due);
    }

    /// <summary>When it was read.</summary>
    public DateTime At { get; }

    /// <summary>How many files there were, those of the deceased too.</summary>
    public int Files { get; init; }

    /// <summary>Municipalities with enough members to be a figure.</summary>
    public IEnumerable<string> Regions => _members.Select(b => b.Labels.A).Distinct().Select(_regions.Of).OfType<string>();

    /// <summary>Organisations with which enough is open to be a figure.</summary>
    public IEnumerable<string> Organisations => _now.Select(b => b.Labels.C).Distinct().Select(_organisations.Of).OfType<string>();

    /// <summary>The Monday of the first of the weeks that are shown; the last is the present one.</summary>
    public static DateOnly FirstMonday(DateTime now)
    {
        var today = BelgianTime.DayOf(now);
        return today.AddDays(-(((int)today.DayOfWeek + 6) % 7) - (7 * (Weeks - 1)));
    }

    /// <summary>Where a task or hand-off stands; null when it is nothing that is open for coordination.</summary>
    private static Standing? StandingOf(in CountedTask task, long now) => task switch
    {
        { Open: false } => null,
        { IsHandoff: true, Status: 1 or 2 } => now >= (task.AcceptBy ?? task.AuthoredOn + AcceptedWithin.Ticks) ? Standing.StuckHandoff : Standing.WaitingHandoff,
        { IsHandoff: true } => null, // accepted: it runs
        _ => task.DueAt < now ? Standing.LateTask : Standing.OpenTask,
    };

    /// <summary>The figures for a filter; the same filter is worked out once.</summary>
    public FiguresView For(PopulationQuery query)
    {
        var asked = new PopulationQuery { Region = query.Region, Organisation = query.Organisation, Pair = query.Pair };
        if (_known.TryGetValue(asked, out var known))
            return known;
        if (_known.Count >= MostKnown)
            _known.Clear();
        return _known[asked] = Add(asked);
    }

    private FiguresView Add(PopulationQuery query)
    {
        // A place or organisation that no figure is about asks for nothing.
        var region = query.Region is null ? (int?)null : _regions.Find(query.Region) ?? int.MaxValue;
        var organisation = query.Organisation is null ? (int?)null : _organisations.Find(query.Organisation) ?? int.MaxValue;
        var pair = query.Pair?.Code;
        bool Asked(int? wanted, int label) => wanted is null || wanted == label;
        var now = _now.Where(b => Asked(region, b.Labels.B) && Asked(organisation, b.Labels.C) && Asked(pair, b.Labels.D)).ToList();
        Figure In(Standing standing) => now.Count(l => l.A == (int)standing);

        var owners = now.Where(b => (Standing)b.Labels.A is Standing.OpenTask or Standing.LateTask or Standing.WaitingHandoff or Standing.StuckHandoff).GroupBy(b => b.Labels.C)
            .Select(g => _organisations.Of(g.Key) is { } name
                ? new OwnerLoad(name, g.Count(l => (Standing)l.A is Standing.OpenTask or Standing.WaitingHandoff), g.Count(l => (Standing)l.A is Standing.LateTask or Standing.StuckHandoff)) : null)
            .OfType<OwnerLoad>().OrderByDescending(o => o.Weight).ThenBy(o => o.Organisation, StringComparer.Ordinal).ToList();
        var regions = _members.Where(b => Asked(region, b.Labels.A)).Select(b => b.Labels.A).Distinct()
            .Select(code => _regions.Of(code) is { } name
                ? new RegionLoad(name, Region(code, Standing.StuckHandoff), Region(code, Standing.LateTask), Region(code, Standing.EndedRelation)) : null)
            .OfType<RegionLoad>().OrderByDescending(r => r.Weight).ThenBy(r => r.Region, StringComparer.Ordinal).ToList();
        Figure Region(int code, Standing standing) => now.Count(l => l.A == (int)standing && l.B == code);

        return new FiguresView(
            At, _members.Count(l => Asked(region, l.A)), In(Standing.StuckHandoff), In(Standing.LateTask), In(Standing.EndedRelation),
            [.. Waits(region, pair)], [.. OnTime()], [.. owners.Take(MostOwners)], Math.Max(0, owners.Count - MostOwners), [.. regions.Take(MostRegions)], Math.Max(0, regions.Count - MostRegions),
            [.. Enumerable.Range(0, Weeks).Select(Monday)]);
    }

    private DateOnly Monday(int week) => _firstMonday.AddDays(7 * week);

    private IEnumerable<PairWait> Waits(int? region, int? pair) =>
        from g in _waits.Where(b => (region is null || b.Labels.C == region) && (pair is null || b.Labels.A == pair)).GroupBy(b => b.Labels.A)
        let known = LinePair.OfCode(g.Key)
        where known is not null
        let whole = Spread(g)
        orderby g.Sum(b => b.Things.Count) descending
        select new PairWait(known.Value, whole.Count, whole.Median, whole.Ninth,
            [.. Enumerable.Range(0, Weeks).Select(w => Spread(g.Where(b => b.Labels.B == w + 1)) is var week ? new WaitWeek(Monday(w), week.Count, week.Median, week.Ninth) : default)]);

    /// <summary>Median and ninth in ten over whole blocks, in steps that do not show one person's minutes.</summary>
    private static (Figure Count, TimeSpan? Median, TimeSpan? Ninth) Spread(IEnumerable<Block> blocks)
    {
        var values = blocks.SelectMany(b => b.Things).Select(t => t.Value).Order().ToList();
        if (values.Count == 0)
            return default;
        TimeSpan At(double share) => Coarse(new TimeSpan(values[Math.Clamp((int)Math.Ceiling(values.Count * share) - 1, 0, values.Count - 1)]));
        return (Figure.Of(values.Count), At(0.5), values.Count < LeastForNinth ? null : At(0.9));
    }

    private static TimeSpan Coarse(TimeSpan wait)
    {
        var step = TimeSpan.FromHours(wait.TotalHours switch { < 12 => 1, < 48 => 2, < 168 => 6, _ => 24 });
        return new((long)Math.Round((double)wait.Ticks / step.Ticks) * step.Ticks);
    }

    /// <summary>Of everyone, whatever the filter: a share of what is large enough on both sides within a municipality would be another share.</summary>
    private IEnumerable<LineOnTime> OnTime() =>
        from g in _due.GroupBy(b => b.Labels.A)
        orderby g.Key
        select new LineOnTime((CareLine)(g.Key - 1), Share(default, g), [.. Enumerable.Range(0, Weeks).Select(w => Share(Monday(w), g.Where(b => b.Labels.B == w + 1)))]);

    private static OnTimeWeek Share(DateOnly monday, IEnumerable<Block> blocks)
    {
        var (done, late) = (0, 0);
        foreach (var thing in blocks.SelectMany(b => b.Things))
            _ = thing.Labels.C == 1 ? done++ : late++;
        return new(monday, Figure.Of(done), Figure.Of(late), done + late == 0 ? null : Math.Round((double)done / (done + late), 2));
    }

    /// <summary>Names as numbers; without regard to capitals.</summary>
    private sealed class Names
    {
        private readonly Dictionary<string, int> _codes = new(StringComparer.OrdinalIgnoreCase);
        private readonly List<string> _names = [];

        /// <summary>0 for no name.</summary>
        public int CodeOf(string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
                return 0;
            if (!_codes.TryGetValue(text, out var code))
            {
                var name = SafeText.Line(text, 80);
                if (name.Length == 0)
                    return 0;
                if (!_codes.TryGetValue(name, out code))
                {
                    _names.Add(name);
                    _codes[name] = code = _names.Count;
                }

                _codes[text] = code;
            }

            return code;
        }

        public int? Find(string name) => _codes.TryGetValue(name, out var code) ? code : null;

        /// <summary>Null for no name, and for several.</summary>
        public string? Of(int code) => code > 0 ? _names[code - 1] : null;
    }
}

/// <summary>Holds the figures. They are read anew when a quarter has passed or at least five files came or went, and not for each click: two looks shortly after each other do not differ by one person.</summary>
internal sealed class PopulationBook(CareDesk desk, PeopleDirectory people, TimeProvider clock)
{
    internal static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile PopulationFigures? _figures;

    /// <summary>The figures as they stand.</summary>
    public async Task<PopulationFigures> FiguresAsync(Actor actor, CancellationToken ct)
    {
        if (await FreshAsync(actor, ct) is { } known)
            return known;
        await _gate.WaitAsync(ct);
        try
        {
            if (await FreshAsync(actor, ct) is { } meanwhile)
                return meanwhile;
            var now = clock.UtcMicroseconds();
            var since = BelgianTime.BoundsOf(PopulationFigures.FirstMonday(now)).Start;
            return _figures = await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(new PopulationFigures(
                PopulationSql.Patients(session, now), PopulationSql.Tasks(session, since), PopulationSql.Relations(session, now - PopulationFigures.EndedShown, now + Relations.WarnAhead), people.Find, now) { Files = PopulationSql.CountFiles(session) }), ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<PopulationFigures?> FreshAsync(Actor actor, CancellationToken ct)
    {
        if (_figures is not { } known || clock.UtcMicroseconds() - known.At >= Lasts)
            return null;
        var files = await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(PopulationSql.CountFiles(session)), ct);
        return Math.Abs(files - known.Files) < SmallGroups.Least ? known : null;
    }
}
