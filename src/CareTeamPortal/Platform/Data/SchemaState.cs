using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CareTeamPortal.Platform.Data;

/// <summary>Whether the schema is the one that this program was built for.</summary>
internal static class SchemaState
{
    private static readonly ConcurrentDictionary<Type, IReadOnlySet<string>> Steps = new();

    /// <summary>The steps that this program knows for a provider's context.</summary>
    public static IReadOnlySet<string> Known(Type context) => Steps.GetOrAdd(context, static type => typeof(SchemaState).Assembly.GetTypes()
        .Where(t => typeof(Migration).IsAssignableFrom(t) && t.GetCustomAttribute<DbContextAttribute>()?.ContextType == type)
        .Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal));

    /// <summary>What is wrong with it, in one line; null when it is the right one.</summary>
    public static string? Of(DbSession session, Type context)
    {
        var known = Known(context);
        var applied = new HashSet<string>(StringComparer.Ordinal);
        using (var reader = session.Sql("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"").Read())
        {
            while (reader.Read())
                applied.Add(reader.GetString(0));
        }

        if (known.FirstOrDefault(step => !applied.Contains(step)) is { } missing)
            return $"the schema lacks step {missing}: run the verb migrate";
        return applied.FirstOrDefault(step => !known.Contains(step)) is { } foreign ? $"the schema has step {foreign} of a newer program: bring this node up to date" : null;
    }
}
