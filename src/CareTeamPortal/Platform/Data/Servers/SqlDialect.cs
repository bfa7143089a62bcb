using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CareTeamPortal.Platform.Data;

/// <summary>
/// The one place where hand-written SQL becomes what a database server reads. The texts are written so that all three databases read them (quoted names, <c>@p0</c>,
/// CASE, no functions of one database); what remains is rewritten here, once per text.
/// </summary>
internal abstract partial class SqlDialect
{
    private readonly ConcurrentDictionary<string, ServerSql> _known = new(StringComparer.Ordinal);

    /// <summary>The text for the server, and which of the values it uses, in order.</summary>
    public ServerSql Rewrite(string text) => _known.GetOrAdd(text, t => Finish(Split(t)));

    /// <summary>Puts a value into a parameter, as this server wants it.</summary>
    public abstract void Set(DbParameter parameter, object? value);

    /// <summary>Whether a connection broke, as opposed to a statement that was refused.</summary>
    public abstract bool IsConnectionLost(Exception fault);

    protected abstract ServerSql Finish(List<string> tokens);

    /// <summary>
    /// Text as every database can hold it: PostgreSQL refuses a NUL and half of a sign of two halves. Both become U+FFFD, here and on SQLite.
    /// </summary>
    protected static string Holdable(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            text = text.Replace('\0', '\ufffd');
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text;
    }

    /// <summary>Strings, quoted names, parameters, words, numbers, signs and the white space between them. SQLite's hint which index to take is left out.</summary>
    private static List<string> Split(string text)
    {
        var tokens = new List<string>();
        text = IndexHint().Replace(text, " ");
        foreach (var match in Token().EnumerateMatches(text))
            tokens.Add(text.Substring(match.Index, match.Length));
        return tokens;
    }

    protected static bool Is(string token, string word) => string.Equals(token, word, StringComparison.OrdinalIgnoreCase);

    protected static bool IsSpace(string token) => char.IsWhiteSpace(token[0]);

    protected static bool IsParameter(string token, out int number)
    {
        number = 0;
        return token.StartsWith("@p", StringComparison.Ordinal) && int.TryParse(token.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The next token that is not white space, from here on; the end when there is none.</summary>
    protected static int Next(List<string> tokens, int from)
    {
        while (from < tokens.Count && IsSpace(tokens[from]))
            from++;
        return from;
    }

    /// <summary>Where the bracket that opens here is closed.</summary>
    protected static int Close(List<string> tokens, int open)
    {
        var depth = 0;
        for (var i = open; i < tokens.Count; i++)
        {
            if (tokens[i] == "(")
                depth++;
            else if (tokens[i] == ")" && --depth == 0)
                return i;
        }

        throw new ArgumentException("A bracket is not closed: " + string.Concat(tokens));
    }

    [GeneratedRegex("""'(?:[^']|'')*'|"(?:[^"]|"")*"|@p[0-9]+|[A-Za-z_][A-Za-z0-9_]*|[0-9]+(?:\.[0-9]+)?|\|\||<=|>=|<>|<<|>>|\s+|.""", RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex(""" INDEXED BY "[^"]*" """)]
    private static partial Regex IndexHint();
}

/// <summary>A statement as a server reads it.</summary>
/// <param name="Text">What is sent.</param>
/// <param name="Uses">For each parameter of the text, in order, which value it is.</param>
internal sealed record ServerSql(string Text, int[] Uses);
