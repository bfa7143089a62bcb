using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Figures;

/// <summary>The alerts that one team answered: of at least five people something was done, of at least five nothing.</summary>
/// <param name="Team">Its organisation.</param>
/// <param name="Acted">Share on which something was done, in steps of five per cent.</param>
public sealed record TeamAlerts(string Team, Figure Told, double Acted);

/// <summary>The alerts of the limits of one quantity.</summary>
/// <param name="FalseAlarms">Share that was no reason for an alert, in steps of five per cent.</param>
public sealed record QuantityAlerts(string Quantity, Figure Told, double FalseAlarms);

/// <summary>A limit of one patient of the viewer of which most alerts were ignored: somebody has to look at it again.</summary>
public sealed record IgnoredLimit(PatientId Patient, string Name, string Limit, int Told, int Acted, string RuleId);

/// <summary>What alerts came to over files: the alert budget.</summary>
public sealed record AlertBudget(IReadOnlyList<TeamAlerts> Teams, IReadOnlyList<QuantityAlerts> Quantities)
{
    private static readonly AlertBudget None = new([], []);

    /// <summary>Alerts as figures, in blocks of five people on either side (docs/decisions/16-small-groups.md): one sided shares are not told.</summary>
    /// <param name="named">Patients whom a case manager sees by name.</param>
    internal static AlertBudget Of(IReadOnlyList<CountedAlert> alerts, IReadOnlySet<string> named)
    {
        if (alerts.Count == 0)
            return None;
        var people = new Dictionary<string, int>(StringComparer.Ordinal);
        int Person(string patient) => people.TryGetValue(patient, out var known) ? known : people[patient] = people.Count;
        IReadOnlyList<(string Name, Figure Told, double Share)> Shares(Func<CountedAlert, string?> name, Func<CountedAlert, bool> counts)
        {
            var names = alerts.Select(name).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            var codes = names.Index().ToDictionary(n => n.Item, n => n.Index + 1, StringComparer.Ordinal);
            return [.. SmallGroups.DivideSides([.. alerts.Where(a => name(a) is not null).Select(a => new Counted(Person(a.Patient), named.Contains(a.Patient), new(codes[name(a)!], 1, counts(a) ? 1 : 2, 1)))])
                .Select(b => (names[b.Labels.A - 1], Figure.Of(b.Things.Count), Math.Round((double)b.Things.Count(t => t.Labels.C == 1) / b.Things.Count * 20) / 20))];
        }

        return new([.. Shares(a => a.Team, a => a.Acted).Select(t => new TeamAlerts(t.Name, t.Told, t.Share)).OrderBy(t => t.Team, StringComparer.CurrentCulture)],
            [.. Shares(a => a.Plan == RaiseReported.Plan ? null : a.Quantity, a => a.FalseAlarm).Select(q => new QuantityAlerts(AlertWords.NameOf(q.Name), q.Told, q.Share)).OrderByDescending(q => q.FalseAlarms).ThenBy(q => q.Quantity, StringComparer.CurrentCulture)]);
    }
}
