using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Pathways;

/// <summary>
/// The pathway templates that exist. They are PlanDefinitions in the store, so every published version stays readable; what was taken apart once is kept in memory,
/// and a look at which versions there are makes that every node knows the newest.
/// </summary>
internal sealed class TemplateLibrary(CareDesk desk)
{
    internal const string Type = "PlanDefinition";

    /// <summary>Drafts are resources of their own beside what is in force: an id that no template has.</summary>
    internal const string DraftSuffix = ".concept";

    private const int MostRead = 500;
    private readonly ConcurrentDictionary<(string Id, int Stored), PathwayTemplate> _read = [];

    /// <summary>The newest published version of each template, those that were retired too, by title.</summary>
    public Task<IReadOnlyList<PathwayTemplate>> AllAsync(CancellationToken ct) => desk.ReadForTheClockAsync(All, ct);

    /// <inheritdoc cref="Find"/>
    public Task<PathwayTemplate?> FindAsync(string id, int? version, CancellationToken ct) => desk.ReadForTheClockAsync(session => Find(session, id, version), ct);

    /// <inheritdoc cref="AllAsync"/>
    public IReadOnlyList<PathwayTemplate> All(DbSession session) => Of(session, null);

    /// <summary>The newest published version of these templates; of an id that no template has there is none.</summary>
    /// <param name="ids">Null: all.</param>
    public IReadOnlyList<PathwayTemplate> Of(DbSession session, IReadOnlySet<string>? ids)
    {
        var found = new List<PathwayTemplate>();
        foreach (var (id, stored) in ids is { Count: 0 } ? [] : TemplateSql.Kept(session, Type))
        {
            if (ids?.Contains(id) != false && !IsDraft(id) && (_read.TryGetValue((id, stored), out var known) ? known : TemplateSql.Present(session, Type, id) is { } present ? Read(present) : null) is { } template)
                found.Add(template);
        }

        return [.. found.OrderBy(t => t.Title, StringComparer.OrdinalIgnoreCase).ThenBy(t => t.Id, StringComparer.Ordinal)];
    }

    /// <summary>A published template; null when there is none of that id or version.</summary>
    /// <param name="version">Null: the newest.</param>
    public PathwayTemplate? Find(DbSession session, string id, int? version)
    {
        if (IsDraft(id) || TemplateSql.Present(session, Type, id) is not { } present || Read(present) is not { } newest)
            return null;
        if (version is null || version == newest.Version)
            return newest;
        return version < newest.Version ? TemplateSql.Older(session, Type, id).Select(Read).FirstOrDefault(t => t?.Version == version) : null;
    }

    /// <summary>Every published version of a template with when it was published, newest first. Being retired is no version.</summary>
    public IReadOnlyList<(PathwayTemplate Template, DefinitionVersion Stored)> Versions(DbSession session, string id)
    {
        if (IsDraft(id) || TemplateSql.Present(session, Type, id) is not { } present)
            return [];
        // Of equal numbers the one that was stored first is the publication.
        return [.. TemplateSql.Older(session, Type, id).Prepend(present).Select(v => (Template: Read(v)!, Stored: v)).Where(v => v.Template is not null).GroupBy(v => v.Template.Version).Select(g => g.Last())];
    }

    internal static bool IsDraft(string id) => id.EndsWith(DraftSuffix, StringComparison.Ordinal);

    private PathwayTemplate? Read(DefinitionVersion version)
    {
        if (_read.TryGetValue((version.Id, version.Version), out var known))
            return known;
        if (TemplateFhir.Read(version.Json) is not { } template)
            return null;
        if (_read.Count >= MostRead)
            _read.Clear();
        return _read[(version.Id, version.Version)] = template;
    }
}
