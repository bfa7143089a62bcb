using System.Text.RegularExpressions;

namespace CareTeamPortal.Tests.Support;

/// <summary>The SQL of tests, which looks behind the use cases: names of tables and columns without quotes get them, as the servers want it.</summary>
internal static partial class SqlNames
{
    public static string Quoted(string sql) => Parts().Replace(sql, part => char.IsAsciiLetterUpper(part.Value[0]) ? $"\"{part.Value}\"" : part.Value);

    [GeneratedRegex("""'(?:[^']|'')*'|"[^"]*"|@p\d+|\b[A-Z][a-z][A-Za-z]*\b""")]
    private static partial Regex Parts();
}
