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

    /// <summary>Sees all of what has these categories.</summary>
    public bool Covers(Audience audience, InformationCategory categories) => (audience & Audience) != 0 && (categories & Categories) == categories;

    /// <summary>What is left of it when only these categories are shared.</summary>
    public Reach Within(InformationCategory allows) => this with { Categories = Categories & allows } is { IsEmpty: false } left ? left : None;
}

/// <summary>What an actor may see in lists across files: one reach in the own file, another elsewhere.</summary>
/// <param name="Elsewhere">In the files of others.</param>
/// <param name="OwnFile">The own file; null for who has none here.</param>
/// <param name="Own">In the own file.</param>
public readonly record struct AcrossReach(Reach Elsewhere, PatientId? OwnFile, Reach Own)
{
    /// <summary>Sees nothing anywhere.</summary>
    public bool IsEmpty => Elsewhere.IsEmpty && OwnFile is null;
}
