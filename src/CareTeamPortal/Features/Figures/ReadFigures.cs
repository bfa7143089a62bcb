using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Figures;

/// <summary>
/// Figures per pathway. A professional: of the own patients, by the rights of every list. A case manager: everyone's coordination (times, deviations, examinations), no
/// outcome. An officer: everyone's, outcomes too. Everyone's figures are read once a quarter of an hour.
/// </summary>
internal sealed class ReadFigures(CareDesk desk, TemplateLibrary templates, RuleBook rules, PeopleDirectory people, TimeProvider clock)
{
    /// <summary>Everyone's figures are not read for each look: two looks shortly after each other do not differ by one person.</summary>
    internal static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <summary>How far back is counted.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromDays(365);

    private const int MostToReview = 50;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile PathwayFiguresView? _everyone;

    internal sealed record Request;

    /// <summary>Whether this person has such a page.</summary>
    public static bool IsFor(Actor person, SharingRules rules) =>
        person.Discipline.Kind() == RoleKind.Professional || person.Discipline == Discipline.GovernanceOfficer || Population.ReadPopulation.IsFor(person, rules);

    /// <summary>Null for who has no such page.</summary>
    public async Task<PathwayFiguresView?> RunAsync(Actor actor, Request request, CancellationToken ct)
    {
        if (!IsFor(actor, rules.Current))
            return null;
        if (actor.Discipline.Kind() == RoleKind.Professional)
            return await desk.ReadAcrossAsync(actor, (session, who, reach, _) => ValueTask.FromResult(Read(session, WorklistSql.ViewerByRow(who.Person, reach, clock.UtcMicroseconds()), who)), ct);
        var everyone = await EveryoneAsync(actor, ct);
        return actor.Discipline == Discipline.GovernanceOfficer ? everyone
            : everyone with { ShowsOutcomes = false, Experience = [], Alerts = everyone.Alerts with { Quantities = [] }, Pathways = [.. everyone.Pathways.Select(p => p with { Changes = [] })] };
    }

    private async Task<PathwayFiguresView> EveryoneAsync(Actor actor, CancellationToken ct)
    {
        if (_everyone is { } known && clock.UtcMicroseconds() - known.At < Lasts)
            return known;
        await _gate.WaitAsync(ct);
        try
        {
            return _everyone is { } meanwhile && clock.UtcMicroseconds() - meanwhile.At < Lasts ? meanwhile
                : _everyone = await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(Read(session, null)), ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    private PathwayFiguresView Read(DbSession session, WorklistViewer? viewer, Actor? own = null)
    {
        var now = clock.UtcMicroseconds();
        var named = viewer is null ? PopulationSql.Patients(session, now).Where(p => p.Named).Select(p => p.Patient).ToHashSet(StringComparer.Ordinal) : [];
        var titles = templates.All(session).ToDictionary(t => t.Id, StringComparer.Ordinal);
        var alerts = FiguresSql.Alerts(session, viewer, now - ReadMeasuring.Period, (int)TaskState.Completed);
        var view = PathwayFigures.Of(
            FiguresSql.Pathways(session, viewer, now), FiguresSql.Phases(session, viewer, now - Period), FiguresSql.Deviations(session, viewer, now - Period), FiguresSql.Outcomes(session, viewer, now - Period), named,
            (id, phase) => titles.TryGetValue(id, out var template) ? phase == 0 ? template.Title : template.Phases.ElementAtOrDefault(phase - 1)?.Title : null, now, viewer is not null, showsOutcomes: true);
        return view with { Alerts = AlertBudget.Of(alerts, named), ToReview = own is null ? [] : ToReview(session, alerts, own, now) };
    }

    /// <summary>Limits of which most alerts were ignored since they were set or kept, in files and plans that the viewer may open.</summary>
    private IReadOnlyList<IgnoredLimit> ToReview(DbSession session, IReadOnlyList<CountedAlert> alerts, Actor own, DateTime now)
    {
        var found = new List<IgnoredLimit>();
        foreach (var limit in alerts.GroupBy(a => (a.Patient, a.Plan, a.Rule)).Where(l => new RuleBudget(l.Count(), l.Count(a => a.Acted), 0).IsMostlyIgnored))
        {
            var patient = new PatientId(limit.Key.Patient);
            if (found.Count == MostToReview || CareStore.Find(session, "ServiceRequest", limit.Key.Plan) is not { } stored || stored.Patient != patient || !Intake.ReachOf(session, rules.Current, own, patient, now).Sees(stored.Audience, stored.Category))
                continue;
            ResourceReader.Read(CareStore.Json(session, stored), out var document);
            using (document)
            {
                if (MeasuringPlanFhir.Read(document.RootElement, patient, stored.Id, stored.Version, people.FindByReference) is not { IsActive: true } plan || plan.Rules.FirstOrDefault(r => r.Threshold.Id == limit.Key.Rule) is not { } rule)
                    continue;
                var since = limit.Where(a => a.At >= rule.JudgedFrom).ToList();
                if (new RuleBudget(since.Count, since.Count(a => a.Acted), 0).IsMostlyIgnored)
                    found.Add(new(patient, OutcomeSql.NameOf(session, patient), AlertWords.LimitOf(plan, rule.Threshold), since.Count, since.Count(a => a.Acted), rule.Threshold.Id));
            }
        }

        return [.. found.OrderByDescending(l => l.Told).ThenBy(l => l.Name, StringComparer.CurrentCulture)];
    }
}
