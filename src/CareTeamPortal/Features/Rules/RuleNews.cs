namespace CareTeamPortal.Features.Rules;

/// <summary>Tells the open pages of officers on this node that a draft or proposal became another; what is published they hear from <c>RuleBook</c>. Carries nothing.</summary>
internal sealed class RuleNews
{
    public event Action? Changed;

    public void Tell() => Changed?.Invoke();
}
