namespace CareTeamPortal.Platform.Access;

/// <summary>The file does not exist, or the actor may not open it: from outside the two look alike. Carries no detail on purpose.</summary>
public sealed class PatientNotFound() : Exception("There is no such file, or it is not open to this person.");

/// <summary>The file is open to the actor, but this action is not; names the rule. Never thrown for a file the actor may not open.</summary>
public sealed class ActionRefused(CareAction action, RuleCitation rule)
    : Exception($"The sharing rules do not give this role the right to {action} (rule {rule.Rule ?? "none"}, version {rule.Version}).")
{
    public CareAction Action { get; } = action;

    /// <summary>The rule that refused.</summary>
    public RuleCitation Rule { get; } = rule;
}
