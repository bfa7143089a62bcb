using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Figures;

/// <summary>
/// Figures per pathway. A professional: of the own patients, by the rights of every list. A case manager: everyone's coordination (times, deviations, examinations), no
/// outcome. An officer: everyone's, outcomes too. Everyone's figures are read once a quarter of an hour.
/// </summary>
internal sealed class ReadFigures(CareDesk desk, TemplateLibrary templates, RuleBook rules, TimeProvider clock)
{
    /// <summary>Everyone's figures are not read for each look: two looks shortly after each other do not differ by one person.</summary>
    internal static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <summary>How far back is counted.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromDays(365);

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
            return await desk.ReadAcrossAsync(actor, (session, who, reach, _) => ValueTask.FromResult(Read(session, WorklistSql.ViewerByRow(who.Person, reach, clock.UtcMicroseconds()))), ct);
        var everyone = await EveryoneAsync(actor, ct);
        return actor.Discipline == Discipline.GovernanceOfficer ? everyone
            : everyone with { ShowsOutcomes = false, Experience = [], Pathways = [.. everyone.Pathways.Select(p => p with { Changes = [] })] };
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

    private PathwayFiguresView Read(DbSession session, WorklistViewer? viewer)
    {
        var now = clock.UtcMicroseconds();
        var named = viewer is null ? PopulationSql.Patients(session, now).Where(p => p.Named).Select(p => p.Patient).ToHashSet(StringComparer.Ordinal) : [];
        var titles = templates.All(session).ToDictionary(t => t.Id, StringComparer.Ordinal);
        return PathwayFigures.Of(
            FiguresSql.Pathways(session, viewer, now), FiguresSql.Phases(session, viewer, now - Period), FiguresSql.Deviations(session, viewer, now - Period), FiguresSql.Outcomes(session, viewer, now - Period), named,
            (id, phase) => titles.TryGetValue(id, out var template) ? phase == 0 ? template.Title : template.Phases.ElementAtOrDefault(phase - 1)?.Title : null, now, viewer is not null, showsOutcomes: true);
    }
}
