namespace CareTeamPortal.Platform.Access;

/// <summary>One right that a role gets or loses.</summary>
/// <param name="Gains">True when it is given, false when it is taken.</param>
/// <param name="Rule">The rule in the table that says so; of a right that goes with its whole line, the line that was.</param>
public sealed record RuleChange(Discipline Role, CareLine Line, InformationCategory Category, RuleRight Right, bool Gains, string Rule);

/// <summary>What changes for whom between two tables: by what they decide, not by how they are written.</summary>
public static class RuleChanges
{
    /// <summary>By role, care line, category and right.</summary>
    public static IReadOnlyList<RuleChange> Between(RuleDocument before, RuleDocument after)
    {
        var (old, now) = (new SharingRules(0, before), new SharingRules(0, after));
        return [.. from role in Enum.GetValues<Discipline>()
                   from line in Enum.GetValues<CareLine>()
                   let was = old.LineOf(role, line)
                   let becomes = now.LineOf(role, line)
                   where was is not null || becomes is not null
                   from category in RuleDocuments.List(InformationCategory.All)
                   from right in Enum.GetValues<RuleRight>()
                   let had = was?.Of(right).HasFlag(category) == true
                   let gets = becomes?.Of(right).HasFlag(category) == true
                   where had != gets
                   select new RuleChange(role, line, category, right, gets, (becomes ?? was)!.NumberOf(category))];
    }
}
