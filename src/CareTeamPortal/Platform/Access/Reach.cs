namespace CareTeamPortal.Platform.Access;

/// <summary>What an actor may see in one file: part of every query. An empty reach sees nothing.</summary>
public readonly record struct Reach(Audience Audience, InformationCategory Categories)
{
    /// <summary>Sees nothing.</summary>
    public static Reach None => default;

    /// <summary>The query's rule, for what is already in memory.</summary>
    public bool Sees(Audience audience, InformationCategory category) =>
        (audience & Audience) != 0 && (category & Categories) != 0;

    public bool IsEmpty => Audience == Audience.None || Categories == InformationCategory.None;
}
