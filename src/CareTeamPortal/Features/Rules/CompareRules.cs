using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Rules;

/// <summary>What changes for whom between two versions: by role what is gained and lost, and how many people and open memberships that touches now.</summary>
internal sealed class CompareRules(CareDesk desk, TimeProvider clock)
{
    public async Task<RuleComparisonView> RunAsync(RuleDocument before, RuleDocument after, CancellationToken ct)
    {
        var changes = RuleChanges.Between(before, after);
        var holders = changes.Count == 0 ? [] : (await desk.ReadForTheClockAsync(session => RuleSql.Holders(session, clock.UtcMicroseconds()), ct)).ToDictionary(h => (h.Role, h.Line));
        var roles = new List<RoleChange>();
        foreach (var role in changes.GroupBy(c => c.Role).OrderBy(g => (int)g.Key))
        {
            // Care lines for which the same changes stand together.
            foreach (var same in role.GroupBy(c => c.Line).GroupBy(line => string.Join(';', line.Select(c => $"{c.Category}{c.Right}{c.Gains}{c.Rule}")), StringComparer.Ordinal))
            {
                List<CareLine> lines = [.. same.Select(l => l.Key)];
                var parts = same.First().GroupBy(c => (c.Gains, c.Right)).OrderBy(p => p.Key.Gains).ThenBy(p => p.Key.Right)
                    .Select(p => new RoleChangePart(p.Key.Gains, p.Key.Right, [.. p.Select(c => c.Category)], [.. p.Select(c => c.Rule)])).ToList();
                var touched = lines.Select(l => holders.GetValueOrDefault((role.Key, l))).ToList();
                roles.Add(new(role.Key, lines.Count == Enum.GetValues<CareLine>().Length ? [] : lines, parts, touched.Sum(t => t.People), touched.Sum(t => t.Memberships)));
            }
        }

        return new(roles, roles.Sum(r => r.People), roles.Sum(r => r.Memberships));
    }
}

/// <summary>What a version changes, for people.</summary>
/// <param name="People">People for whom something changes in the files on whose team they are.</param>
public sealed record RuleComparisonView(IReadOnlyList<RoleChange> Roles, int People, int Memberships);

/// <summary>What changes for one role.</summary>
/// <param name="Lines">The care lines for which it changes; empty: for all.</param>
public sealed record RoleChange(Discipline Role, IReadOnlyList<CareLine> Lines, IReadOnlyList<RoleChangePart> Parts, int People, int Memberships);

/// <summary>Some categories for which a right is given or taken.</summary>
/// <param name="Rules">The rules that say so, one per category.</param>
public sealed record RoleChangePart(bool Gains, RuleRight Right, IReadOnlyList<InformationCategory> Categories, IReadOnlyList<string> Rules);
