using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Platform.Audit;

/// <summary>One line of the checkpoint file: the ends of the chains that grew since the line before, signed.</summary>
/// <param name="Tails">By the chain's name (a keyed hash of the patient's id: the file may leave the house).</param>
internal sealed record AuditCheckpoint(long Number, DateTime At, string Before, IReadOnlyDictionary<string, (long Length, string Hash)> Tails, string Text);

/// <summary>
/// Writes every few minutes where all chains end, signed, into a file outside the database. Who cuts off the end of a chain, or takes a whole
/// chain away, leaves a database that agrees with itself; it does not agree with the file.
/// </summary>
internal sealed class AuditCheckpoints(CareDesk desk, AuditFiles files, TimeProvider clock)
{
    private const string Last = "audit:checkpoint";

    /// <summary>Writes a checkpoint when a chain grew since the last.</summary>
    /// <returns>Whether one was written. With several nodes one of them does.</returns>
    public async Task<bool> WriteAsync(CancellationToken ct)
    {
        var now = clock.UtcMicroseconds();
        var (before, tails) = await desk.ReadForTheClockAsync(session =>
        {
            var last = SettingSql.Read(session, Last);
            // From the last one's moment: what was written in that instant may come twice, and nothing is left out.
            return (last, AuditSql.Tails(session, last is null ? 0 : long.Parse(last.Split(' ')[1], CultureInfo.InvariantCulture)));
        }, ct);
        var (number, hash) = before?.Split(' ') is [var n, _, var h] ? (long.Parse(n, CultureInfo.InvariantCulture), h) : (0, "");
        var since = before is null ? 0 : long.Parse(before.Split(' ')[1], CultureInfo.InvariantCulture);
        if (!tails.Exists(t => t.At > since))
            return false;
        var ends = new JsonObject();
        foreach (var tail in tails)
            ends[NameOf(tail.PatientId)] = new JsonArray(tail.Length, Convert.ToHexStringLower(tail.Hash));
        var body = new JsonObject { ["number"] = number + 1, ["at"] = new DateTime(tails.Max(t => t.At), DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture), ["written"] = now.ToString("O", CultureInfo.InvariantCulture), ["before"] = hash, ["tails"] = ends }.ToJsonString();
        var line = body[..^1] + ",\"signature\":\"" + Sign(body) + "\"}";
        var next = $"{number + 1} {tails.Max(t => t.At)} {HashOf(line)}";
        if (!await desk.KeepOwnAsync(Actor.Portal, (session, _, _) => SettingSql.Change(session, Last, before, next), ct))
            return false; // another node was first
        Directory.CreateDirectory(Path.GetDirectoryName(files.Checkpoints)!);
        await using var file = new FileStream(files.Checkpoints, FileMode.Append, FileAccess.Write, FileShare.Read);
        await file.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), ct);
        file.Flush(flushToDisk: true);
        return true;
    }

    /// <summary>The checkpoints, checked: signatures, numbers and each line's hold on the one before.</summary>
    /// <returns>Where every chain ended at least, how many lines hold, and what is wrong with the file (null: nothing).</returns>
    public (IReadOnlyDictionary<string, (long Length, string Hash)> Tails, long Count, string? Fault) Read()
    {
        var tails = new Dictionary<string, (long, string)>(StringComparer.Ordinal);
        var (count, before) = (0L, "");
        foreach (var line in File.Exists(files.Checkpoints) ? File.ReadLines(files.Checkpoints) : [])
        {
            if (Parse(line) is not { } checkpoint)
                return (tails, count, $"line {count + 1} of the checkpoint file was changed, or signed with another key");
            // A crash between the database and the file leaves one line out; what it said is in the next.
            if (checkpoint.Number <= count || (checkpoint.Number == count + 1 && checkpoint.Before != before))
                return (tails, count, $"line {count + 1} of the checkpoint file does not follow the line before it");
            if (checkpoint.Number > count + 2)
                return (tails, count, $"lines are missing after line {count} of the checkpoint file");
            foreach (var (name, tail) in checkpoint.Tails)
                tails[name] = tail;
            (count, before) = (checkpoint.Number, HashOf(line));
        }

        return (tails, count, null);
    }

    /// <summary>What is wrong between the file and what the database says of its last line; null when they agree.</summary>
    public string? Compare(DbSession session, long count) =>
        SettingSql.Read(session, Last) is { } last && long.Parse(last.Split(' ')[0], CultureInfo.InvariantCulture) is var written && written > count + 1
            ? count == 0 ? $"the checkpoint file {files.Checkpoints} is gone: {written} checkpoints were written" : $"the checkpoint file ends at {count}, and {written} checkpoints were written" : null;

    private AuditCheckpoint? Parse(string line)
    {
        try
        {
            var at = line.LastIndexOf(",\"signature\":\"", StringComparison.Ordinal);
            if (at < 0 || !line.EndsWith("\"}", StringComparison.Ordinal))
                return null;
            var body = line[..at] + "}";
            if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(body)), Encoding.ASCII.GetBytes(line[(at + 14)..^2])))
                return null;
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return new AuditCheckpoint(root.GetProperty("number").GetInt64(), root.GetProperty("at").GetDateTime(), root.GetProperty("before").GetString()!,
                root.GetProperty("tails").EnumerateObject().ToDictionary(t => t.Name, t => (t.Value[0].GetInt64(), t.Value[1].GetString()!)), line);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The name of a chain in the file.</summary>
    public string NameOf(string patientId) => Convert.ToHexStringLower(HMACSHA256.HashData(files.Key(), Encoding.UTF8.GetBytes("chain " + patientId)).AsSpan(0, 16));

    private string Sign(string body) => Convert.ToHexStringLower(HMACSHA256.HashData(files.Key(), Encoding.UTF8.GetBytes(body)));

    private static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
}

/// <summary>Lets <see cref="AuditCheckpoints"/> write every few minutes.</summary>
internal sealed partial class AuditCheckpointService(AuditCheckpoints checkpoints, TimeProvider clock, ILogger<AuditCheckpointService> log) : BeatingService(Beat, clock)
{
    internal static readonly TimeSpan Beat = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    protected override Task OnBeatAsync(CancellationToken ct) => checkpoints.WriteAsync(ct);

    /// <inheritdoc/>
    protected override void OnFault(Exception fault) => NotWritten(log, fault); // tried again at the next beat; the chains are whole without it

    [LoggerMessage(Level = LogLevel.Error, Message = "The checkpoint of the access records could not be written; it is tried again.")]
    private static partial void NotWritten(ILogger logger, Exception fault);
}
