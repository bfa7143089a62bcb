using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Pathways;

/// <summary>One pathway in the overview.</summary>
/// <param name="Title">Null for who follows coordination: the name of a pathway can say an illness.</param>
/// <param name="Phase">Its phase in words; null for who follows coordination.</param>
/// <param name="SlipsSince">What has to be done was to be done by then, or the phase was to be over.</param>
public sealed record OverviewLine(PatientId Patient, string PatientName, string Id, string? Title, string? Phase, int PhaseNumber, int PhaseCount, DateTime StartedAt, DateTime? PhaseSince, DateTime? SlipsSince, int Deviations, string? Accountable, CareLine? Line)
{
    public bool Slips => SlipsSince is not null;
}

/// <summary>How long a phase took, over the pathways that left it.</summary>
/// <param name="Planned">Days in the template; null: as long as it takes.</param>
public sealed record PhaseTime(string Template, string Phase, int Number, int Count, double Median, double Least, double Most, int? Planned);

/// <summary>Where pathways were not followed.</summary>
public sealed record DeviationCount(DeviationReason Reason, int Count);

/// <summary>The pathways of one's own patients, or for a case manager of the members who are followed.</summary>
/// <param name="Coordination">Without clinical words.</param>
public sealed record PathwayOverviewView(IReadOnlyList<OverviewLine> Lines, int Total, int Slipping, IReadOnlyList<PhaseTime> Times, IReadOnlyList<DeviationCount> Deviations, bool Coordination, DateTime Now)
{
    internal IReadOnlyList<PatientId> Follow => [.. Lines.Select(l => l.Patient).Distinct()];
}

/// <summary>Where everybody is, who slips, where the deviations are, how long phases take: from rows alone, none of a pathway's documents.</summary>
internal sealed class ReadPathwayOverview(CareDesk desk, TemplateLibrary library, PeopleDirectory people, RuleBook rules, TimeProvider clock)
{
    private const int Most = 200;

    /// <summary>Whether this person has such an overview.</summary>
    public static bool IsFor(Actor person, SharingRules rules) => SharingRules.AnswersForCare(person.Discipline) && rules.May(person, CareAction.DoTasks) || Population.ReadPopulation.IsFor(person, rules);

    /// <summary>Reads it; each file of which words are shown gets an access record. Null for who has none.</summary>
    public Task<PathwayOverviewView?> RunAsync(Actor actor, CancellationToken ct)
    {
        if (!IsFor(actor, rules.Current))
            return Task.FromResult<PathwayOverviewView?>(null);
        var coordination = !SharingRules.AnswersForCare(actor.Discipline);
        return desk.ShowAcrossAsync<PathwayOverviewView?>(actor, (session, who, reach, _) =>
        {
            var now = clock.UtcMicroseconds();
            var viewer = WorklistSql.ViewerByRow(who.Person, reach, now);
            var rows = PathwaySql.Overview(session, viewer, coordination, Most + 1);
            var left = coordination ? [] : PathwaySql.PhaseTimes(session, viewer);
            // Only the templates that are followed, and none where no words are shown.
            var templates = library.Of(session, coordination ? new HashSet<string>() : rows.Select(r => r.Pathway.Template).Concat(left.Select(l => l.Template)).ToHashSet(StringComparer.Ordinal)).ToDictionary(t => t.Id, StringComparer.Ordinal);
            var lines = rows.Take(Most).Select(r => Line(r, coordination, templates.GetValueOrDefault(r.Pathway.Template), now)).ToList();
            var times = Times(left, templates);
            IReadOnlyList<DeviationCount> deviations = coordination ? [] : [.. PathwaySql.DeviationsAcross(session, viewer, false).Select(d => new DeviationCount((DeviationReason)d.Reason, d.Count)).OrderByDescending(d => d.Count)]; // why says something of the patient
            var view = new PathwayOverviewView([.. lines.OrderBy(l => l.SlipsSince ?? DateTime.MaxValue).ThenBy(l => l.PatientName, StringComparer.CurrentCultureIgnoreCase)], rows.Count, lines.Count(l => l.Slips), times, deviations, coordination, now);
            return ValueTask.FromResult<(PathwayOverviewView?, IEnumerable<PatientId>)>((view, view.Follow));
        }, ct);
    }

    private OverviewLine Line((PathwayRow Pathway, string Name, PersonId? Accountable, int Deviations, DateTime? SlipAt) row, bool coordination, PathwayTemplate? template, DateTime now)
    {
        var p = row.Pathway;
        var slips = new[] { row.SlipAt, p.PhaseUntil }.Where(at => at < now).Min();
        var accountable = row.Accountable is { } id ? people.Find(id) : null;
        return new(p.PatientId, row.Name, p.Id, coordination ? null : p.Title, coordination ? null : template?.Phases.FirstOrDefault(f => f.Id == p.Phase)?.Title, p.PhaseNumber, p.PhaseCount, p.StartedAt, p.PhaseSince, slips, row.Deviations, accountable?.DisplayName, accountable?.Line);
    }

    private static List<PhaseTime> Times(List<(string Template, string Phase, int Number, double Days)> left, Dictionary<string, PathwayTemplate> templates) =>
        [.. left.GroupBy(t => (t.Template, t.Number, t.Phase)).Select(g =>
        {
            var days = g.Select(t => t.Days).Order().ToList();
            var template = templates.GetValueOrDefault(g.Key.Template);
            var phase = template?.Phases.FirstOrDefault(p => p.Id == g.Key.Phase);
            return new PhaseTime(template?.Title ?? g.Key.Template, phase?.Title ?? g.Key.Phase, g.Key.Number, days.Count, (days[(days.Count - 1) / 2] + days[days.Count / 2]) / 2, days[0], days[^1], phase?.UntilDay is { } until ? until - phase.FromDay : null);
        }).OrderBy(t => t.Template, StringComparer.CurrentCultureIgnoreCase).ThenBy(t => t.Number)];
}
