using System.Data.Common;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>How a column of a row is read where its type alone does not say it, and how a text is looked for in one.</summary>
internal static class Cells
{
    /// <summary>A moment, stored as UTC ticks.</summary>
    public static DateTime Instant(this DbDataReader row, int column) => new(row.GetInt64(column), DateTimeKind.Utc);

    /// <summary>A moment, or null.</summary>
    public static DateTime? InstantOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);

    /// <summary>A text, or null.</summary>
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A person, or null.</summary>
    public static PersonId? PersonOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : new PersonId(row.GetString(column));

    /// <summary>A care line, or null.</summary>
    public static CareLine? LineOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : (CareLine)row.GetInt32(column);

    /// <summary>A text that stands for itself in a pattern of <c>LIKE ... ESCAPE '~'</c>, on every database.</summary>
    public static string Like(string text) => text.Replace("~", "~~", StringComparison.Ordinal).Replace("%", "~%", StringComparison.Ordinal).Replace("_", "~_", StringComparison.Ordinal).Replace("[", "~[", StringComparison.Ordinal);
}
