using CareTeamPortal.Features.Examinations;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Figures;

/// <summary>A phase of a pathway: how many are in it, and how long it took those who are through.</summary>
/// <param name="Median">In days; null when fewer than five people are through.</param>
/// <param name="Ninth">Nine in ten took no longer; null below ten.</param>
public sealed record PhaseFigure(int Number, string? Title, Figure Now, Figure Done, int? Median, int? Ninth);

/// <summary>Deviations for one reason; the number of the reason, or <see cref="Labels.Mixed"/> for several.</summary>
public sealed record ReasonFigure(int Reason, Figure Count);

/// <summary>How people changed by one questionnaire between the start and a later moment.</summary>
/// <param name="Moment">90 or 180 days.</param>
/// <param name="Change">The median of the differences, in points of the score.</param>
/// <param name="Better">At least so many changed for the better by more than a little.</param>
public sealed record ChangeFigure(string Questionnaire, int Moment, Figure People, decimal Change, Figure Better);

/// <summary>What is known of one pathway.</summary>
public sealed record TemplateFigures(string Template, string? Title, Figure Running, Figure Ended, double? SlipShare, IReadOnlyList<PhaseFigure> Phases, IReadOnlyList<ReasonFigure> Deviations, IReadOnlyList<ChangeFigure> Changes)
{
    /// <summary>Examinations that were not asked for again, because there was a recent result.</summary>
    public Figure Avoided { get; init; }

    /// <summary>Those that were asked for all the same.</summary>
    public Figure AskedAgain { get; init; }
}

/// <summary>Experience of contacts with one care line.</summary>
public sealed record ExperienceFigure(CareLine Line, Figure Answers, decimal Median);

/// <summary>The figures of the page.</summary>
/// <param name="IsOwn">Of the viewer's own patients; otherwise of everyone.</param>
public sealed record PathwayFiguresView(DateTime At, bool IsOwn, bool ShowsOutcomes, IReadOnlyList<TemplateFigures> Pathways, IReadOnlyList<ExperienceFigure> Experience, Figure Avoided, Figure AskedAgain)
{
    /// <summary>What alerts came to in the last three months.</summary>
    public AlertBudget Alerts { get; init; } = new([], []);

    /// <summary>Limits in the viewer's own files that ask for another look.</summary>
    public IReadOnlyList<IgnoredLimit> ToReview { get; init; } = [];
}

/// <summary>
/// Rows of pathways and outcomes as figures: divided into blocks of at least five people (docs/decisions/16-small-groups.md), of which every number is a sum. No total
/// stands beside its parts unless it is the sum of the same blocks.
/// </summary>
internal static class PathwayFigures
{
    private const int LeastForNinth = 10;

    // Of somebody without a pathway that the viewer sees: a label like any other.
    private const int NoPathway = 1_000_000;
    private static readonly string[] Measures = ["who-5", "phq-2", "phq-9", "pijn-nrs", Questionnaires.Experience, Questionnaires.CaregiverStrain];

    /// <param name="named">Patients whom a case manager sees by name: no protection for the others.</param>
    /// <param name="title">What a pathway and its phases are called: phase 0 is the pathway itself.</param>
    public static PathwayFiguresView Of(IReadOnlyList<CountedPathway> pathways, IReadOnlyList<CountedPhase> phases, IReadOnlyList<CountedDeviation> deviations, IReadOnlyList<CountedOutcome> outcomes, IReadOnlySet<string> named, Func<string, int, string?> title, DateTime now, bool isOwn, bool showsOutcomes)
    {
        var people = new Dictionary<string, int>(StringComparer.Ordinal);
        Counted Thing(string patient, Labels labels, long value = 0)
        {
            if (!people.TryGetValue(patient, out var person))
                people[patient] = person = people.Count;
            return new(person, named.Contains(patient), labels, value);
        }

        var templates = pathways.Select(p => p.Template).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var codes = templates.Index().ToDictionary(t => t.Item, t => t.Index + 1, StringComparer.Ordinal);
        var templateOf = new Dictionary<(string, string), int>(pathways.Count);
        foreach (var p in pathways)
            templateOf[(p.Patient, p.Id)] = codes[p.Template];
        int TemplateOf(string patient, string? pathway) => pathway is not null && templateOf.TryGetValue((patient, pathway), out var code) ? code : 0;

        var running = SmallGroups.Divide([.. pathways.Where(p => p.Status == 0).Select(p => Thing(p.Patient, new(codes[p.Template], Math.Max(1, p.Phase), 1, 1)))], new(1, 1, 1, 1), new(1, 0, 1, 1));
        var slips = SmallGroups.DivideSides([.. pathways.Where(p => p.Status == 0).Select(p => Thing(p.Patient, new(codes[p.Template], 1, p.Slips ? 1 : 2, 1)))]);
        var ended = SmallGroups.Divide([.. pathways.Where(p => p.Status != 0).Select(p => Thing(p.Patient, new(codes[p.Template], 1, 1, 1)))], new Labels(1, 1, 1, 1));
        var took = SmallGroups.Divide([.. phases.Select(f => (f, Template: TemplateOf(f.Patient, f.Pathway))).Where(f => f.Template > 0).Select(f => Thing(f.f.Patient, new(f.Template, Math.Max(1, f.f.Number), 1, 1), f.f.Ticks))], new Labels(1, 1, 1, 1));
        var otherwise = SmallGroups.Divide([.. deviations.Select(d => (d, Template: TemplateOf(d.Patient, d.Pathway))).Where(d => d.Template > 0).Select(d => Thing(d.d.Patient, new(d.Template, d.d.Reason + 1, 1, 1)))], new(1, 1, 1, 1), new(1, 0, 1, 1));
        var changes = SmallGroups.Divide([.. Changes(outcomes).Select(c => (c, Template: TemplateOf(c.Patient, c.Pathway))).Where(c => c.Template > 0).Select(c => Thing(c.c.Patient, new(c.Template, c.c.Measure + 1, c.c.Moment, 1), (long)(c.c.Change * 10)))], new Labels(1, 1, 1, 1));
        var experience = SmallGroups.Divide([.. outcomes.Where(o => o is { Kind: Questionnaires.Experience, Line: not null }).Select(o => Thing(o.Patient, new((int)o.Line!.Value + 1, 1, 1, 1), (long)(o.Score * 10)))], new Labels(1, 1, 1, 1));
        var examinations = SmallGroups.Divide([.. outcomes.Where(o => o.Kind is RecentResultFiling.Avoided or RecentResultFiling.AskedAgain).Select(o => Thing(o.Patient, new(o.Kind == RecentResultFiling.Avoided ? 1 : 2, TemplateOf(o.Patient, o.Pathway) is > 0 and var of ? of : NoPathway, 1, 1)))], new(1, 1, 1, 1), new(1, 0, 1, 1));

        return new(now, isOwn, showsOutcomes,
            [.. templates.Select(t => (Id: t, Code: codes[t])).Select(t => new TemplateFigures(t.Id, title(t.Id, 0), running.Count(l => l.A == t.Code), ended.Count(l => l.A == t.Code), SlipShare(slips.Where(b => b.Labels.A == t.Code)),
                [.. Enumerable.Range(1, 12).Select(n => Phase(t.Id, t.Code, n)).Where(p => !p.Now.IsFew || !p.Done.IsFew)],
                [.. otherwise.Where(b => b.Labels.A == t.Code).Select(b => new ReasonFigure(b.Labels.B == Labels.Mixed ? Labels.Mixed : b.Labels.B - 1, Figure.Of(b.Things.Count))).OrderByDescending(r => r.Count.AtLeast)],
                !showsOutcomes ? [] : [.. changes.Where(b => b.Labels.A == t.Code).Select(b => Change(b)).OrderBy(c => Array.IndexOf(Measures, c.Questionnaire)).ThenBy(c => c.Moment)]) { Avoided = examinations.Count(l => l.A == 1 && l.B == t.Code), AskedAgain = examinations.Count(l => l.A == 2 && l.B == t.Code) })
                .Where(t => !t.Running.IsFew || !t.Ended.IsFew || t.Changes.Count > 0).OrderByDescending(t => t.Running.AtLeast).ThenBy(t => t.Title, StringComparer.CurrentCulture)],
            !showsOutcomes ? [] : [.. experience.Select(b => new ExperienceFigure((CareLine)(b.Labels.A - 1), Figure.Of(b.Things.Count), Middle(b) / 10m)).OrderBy(e => e.Line)],
            examinations.Count(l => l.A == 1), examinations.Count(l => l.A == 2));

        PhaseFigure Phase(string template, int code, int number)
        {
            var through = took.Where(b => b.Labels.A == code && b.Labels.B == number).SelectMany(b => b.Things).Select(t => t.Value).Order().ToList();
            int? Days(double share) => through.Count == 0 ? null : (int)Math.Round(new TimeSpan(through[Math.Clamp((int)Math.Ceiling(through.Count * share) - 1, 0, through.Count - 1)]).TotalDays);
            return new(number, title(template, number), running.Count(l => l.A == code && l.B == number), Figure.Of(through.Count), Days(0.5), through.Count < LeastForNinth ? null : Days(0.9));
        }
    }

    private static double? SlipShare(IEnumerable<Block> sides)
    {
        var things = sides.SelectMany(b => b.Things).ToList();
        return things.Count == 0 ? null : Math.Round((double)things.Count(t => t.Labels.C == 1) / things.Count * 20) / 20; // in steps of five per cent
    }

    private static long Middle(Block block)
    {
        var values = block.Things.Select(t => t.Value).Order().ToList();
        return values[(values.Count - 1) / 2];
    }

    private static ChangeFigure Change(Block block)
    {
        var id = Measures[block.Labels.B - 1];
        var more = OutcomeScore.ScaleOf(id)!.Value.MoreIsBetter;
        var least = OutcomeScore.MattersFrom(id) * 10;
        return new(id, block.Labels.C == 1 ? 90 : 180, Figure.Of(block.Things.Count), Middle(block) / 10m, Figure.Of(block.Things.Count(t => more ? t.Value >= least : t.Value <= -least)));
    }

    /// <summary>Of each person and questionnaire of a pathway: the last score at a later moment less the last at the start.</summary>
    private static IEnumerable<(string Patient, string Pathway, int Measure, int Moment, decimal Change)> Changes(IReadOnlyList<CountedOutcome> outcomes)
    {
        var last = new Dictionary<(string, string, int), (decimal? Start, decimal? Three, decimal? Six)>();
        foreach (var o in outcomes)
        {
            if (o is not { Pathway: { } pathway, Moment: { } moment } || Array.IndexOf(Measures, o.Kind) is not (>= 0 and var measure))
                continue;
            var key = (o.Patient, pathway, measure);
            var known = last.GetValueOrDefault(key);
            last[key] = moment switch { 0 => known with { Start = o.Score }, 90 => known with { Three = o.Score }, _ => known with { Six = o.Score } };
        }

        foreach (var ((patient, pathway, measure), (start, three, six)) in last)
        {
            if (start is not { } from)
                continue;
            if (three is { } after3)
                yield return (patient, pathway, measure, 1, after3 - from);
            if (six is { } after6)
                yield return (patient, pathway, measure, 2, after6 - from);
        }
    }
}
