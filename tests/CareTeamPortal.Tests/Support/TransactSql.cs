using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using CareTeamPortal.Platform.Data;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace CareTeamPortal.Tests.Support;

/// <summary>
/// Reads SQL as SQL Server does, without a server. While any test runs, each statement of the product is rewritten for SQL Server when it is met for the first time, and read: one that SQL Server
/// could not read fails the test that met it, with its text.
/// </summary>
internal static class TransactSql
{
    private static readonly ConcurrentDictionary<string, bool> Met = new(StringComparer.Ordinal);
    private static readonly SqlServerDialect Dialect = new();

    /// <summary>How many statements of the product were read so far.</summary>
    public static int Count => Met.Count(m => m.Value);

    /// <summary>What is wrong with it; nothing when SQL Server 2019 reads it.</summary>
    public static IReadOnlyList<string> Faults(string sql)
    {
        new TSql150Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out var errors);
        return [.. errors.Select(e => $"line {e.Line}, column {e.Column}: {e.Message}"), .. Beyond(sql)];
    }

    /// <summary>What not every server that speaks as SQL Server has.</summary>
    private static IEnumerable<string> Beyond(string sql) =>
        new TSql150Parser(initialQuotedIdentifiers: true).GetTokenStream(new StringReader(sql), out _)
            .Where(t => t.TokenType == TSqlTokenType.Merge || (t.TokenType == TSqlTokenType.Identifier && (t.Text.Equals("UPDLOCK", StringComparison.OrdinalIgnoreCase) || t.Text.Equals("OUTPUT", StringComparison.OrdinalIgnoreCase))))
            .Select(t => $"{t.Text} is not in all of them");

#pragma warning disable CA2255 // a module of tests: it has to listen before the first test of any kind runs
    [ModuleInitializer]
    internal static void Listen() => DbSession.NewTexts.Subscribe(new Reader());
#pragma warning restore CA2255

    private sealed class Reader : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            var text = (string)value.Value!;
            if (Met.ContainsKey(text) || IsOfOneProvider(text) || !IsOfTheProduct())
                return;
            Met[text] = true;
            var sql = Dialect.Rewrite(text).Text;
            if (Faults(sql) is [var fault, ..])
                throw new InvalidOperationException($"SQL Server does not read this ({fault}):\n{sql}\nas it stands:\n{text}");
        }

        // How SQLite begins and undoes, and how PostgreSQL locks: no other is asked.
        private static bool IsOfOneProvider(string text) =>
            text is "BEGIN" or "ROLLBACK" || text.StartsWith("SAVEPOINT ", StringComparison.Ordinal) || text.StartsWith("RELEASE ", StringComparison.Ordinal) || text.StartsWith("ROLLBACK TO ", StringComparison.Ordinal) || text.StartsWith("SELECT pg_", StringComparison.Ordinal);

        // Tests look behind the use cases with SQL of their own.
        private static bool IsOfTheProduct()
        {
            foreach (var frame in new StackTrace(1).GetFrames())
            {
                if (frame.GetMethod()?.DeclaringType is { } type && type != typeof(DbSession) && type != typeof(Reader) && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true)
                    return type.Assembly == typeof(DbSession).Assembly;
            }

            return false;
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
