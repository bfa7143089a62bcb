using System.Globalization;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Platform.Audit;

/// <summary>What is wrong with the access records first.</summary>
/// <param name="Chain">The patient's id.</param>
/// <param name="Position">Place in the chain, from 1.</param>
internal sealed record AuditFault(string Chain, long Position, string Words);

/// <summary>Reads all access records and says whether each is as it was written: <c>-- verify-audit</c>.</summary>
internal sealed class VerifyAudit(CareDesk desk, AuditCheckpoints checkpoints)
{
    /// <param name="Records">How many stand in chains.</param>
    /// <param name="Older">How many are older than the chains.</param>
    internal sealed record Result(long Records, long Chains, long Older, long Checkpoints, AuditFault? Fault);

    /// <summary>Reads everything as it stands at one moment; the portal may run meanwhile.</summary>
    public Task<Result> RunAsync(CancellationToken ct)
    {
        var file = checkpoints.Read(); // before the database: a checkpoint never knows more than what is read after it
        return desk.ReadForTheClockAsync(session => session.AtOneMoment(() => Verify(session, file)), ct);
    }

    private Result Verify(DbSession session, (IReadOnlyDictionary<string, (long Length, string Hash)> Tails, long Count, string? Fault) file)
    {
        var chainedFrom = AuditSql.ChainedFrom(session);
        var (expected, count, _) = file;
        var fileFault = file.Fault ?? checkpoints.Compare(session, count);
        var ends = AuditSql.Tails(session, 0).ToDictionary(t => t.PatientId, StringComparer.Ordinal);
        var met = new HashSet<string>(StringComparer.Ordinal);
        long records = 0, chains = 0, older = 0;
        Result Bad(AuditFault fault) => new(records, chains, older, count, fault);

        AuditFault? End(string patient, long position, byte[] hash)
        {
            met.Add(checkpoints.NameOf(patient));
            if (expected.TryGetValue(checkpoints.NameOf(patient), out var tail) && tail.Length > position)
                return new AuditFault(patient, position + 1, $"is cut off here: a checkpoint saw {tail.Length} records");
            if (!ends.Remove(patient, out var end))
                return new AuditFault(patient, 1, "has records and no chain");
            return end.Length > position ? new AuditFault(patient, position + 1, $"is cut off here: it had {end.Length} records")
                : end.Length < position || !end.Hash.AsSpan().SequenceEqual(hash) ? new AuditFault(patient, position, "does not end as its chain says")
                : null;
        }

        string? patientId = null;
        AuditLink? changed = null;
        var (at, before) = (0L, AuditSql.Beginning);
        foreach (var link in AuditSql.Links(session))
        {
            if (link.Position == 0)
            {
                if (link.Key > chainedFrom)
                    return Bad(new AuditFault(link.PatientId, 0, $"has a record outside its chain (key {link.Key.ToString(CultureInfo.InvariantCulture)}): it was put in"));
                older++;
                continue;
            }

            if (link.PatientId != patientId)
            {
                if (patientId is not null && End(patientId, at, before) is { } cut)
                    return Bad(cut);
                (patientId, at, before) = (link.PatientId, 0, AuditSql.Beginning);
                chains++;
            }

            if (link.Position != at + 1)
                return Bad(new AuditFault(link.PatientId, at + 1, "is missing"));
            var hash = link.HashAfter(before);
            if (link.Hash is null || !hash.AsSpan().SequenceEqual(link.Hash))
            {
                changed = link;
                break;
            }

            if (expected.TryGetValue(checkpoints.NameOf(link.PatientId), out var seen) && seen.Length == link.Position && seen.Hash != Convert.ToHexStringLower(hash))
                return Bad(new AuditFault(link.PatientId, link.Position, "is not what a checkpoint saw: the chain was written anew"));
            (at, before) = (link.Position, hash);
            records++;
        }

        if (changed is { } wrong)
        {
            // Two that changed places: the next one's story, or its hash, belongs here. Asked when the reading has ended: a server answers one question at a time.
            var swapped = AuditSql.At(session, wrong.PatientId, wrong.Position + 1) is { } next
                && ((wrong.Hash is not null && next.HashAfter(before).AsSpan().SequenceEqual(wrong.Hash)) || (next.Hash is not null && next.HashAfter(before).AsSpan().SequenceEqual(next.Hash)));
            return Bad(new AuditFault(wrong.PatientId, wrong.Position, swapped ? "changed places with the next" : "was changed"));
        }

        if (patientId is not null && End(patientId, at, before) is { } last)
            return Bad(last);
        if (ends.Values.FirstOrDefault() is { PatientId: { } gone } lost)
            return Bad(new AuditFault(gone, 1, $"is missing with all {lost.Length} records of its chain"));
        if (expected.FirstOrDefault(e => !met.Contains(e.Key)) is { Key: { } name, Value: var whole })
            return Bad(new AuditFault($"(unknown, {name} in the checkpoints)", 1, $"is missing with all {whole.Length} records of its chain"));
        return fileFault is null ? new Result(records, chains, older, count, null) : Bad(new AuditFault("-", 0, fileFault));
    }

    /// <summary>A FHIR id has no such signs: these chains are about no file.</summary>
    private static string Whose(string chain) => chain is ['$' or '_', ..] ? $"the portal's own chain {chain}" : $"patient {chain}";

    /// <summary>Runs as the verb: 0 and one line when all is well, 1 and the first fault otherwise.</summary>
    public async Task<int> PrintAsync(TextWriter output, TextWriter errors, CancellationToken ct)
    {
        var result = await RunAsync(ct);
        if (result.Fault is { } fault)
        {
            await errors.WriteLineAsync(fault.Position == 0 && fault.Chain == "-" ? $"verify-audit: {fault.Words}."
                : $"verify-audit: record {fault.Position.ToString(CultureInfo.InvariantCulture)} of {Whose(fault.Chain)} {fault.Words}. {result.Records.ToString(CultureInfo.InvariantCulture)} records before it are as they were written.");
            return 1;
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{result.Records} access records in {result.Chains} chains (one for each patient, and the portal's own of rules and administration) are as they were written{(result.Older > 0 ? $" ({result.Older} are older than the chains)" : "")}; {result.Checkpoints} checkpoints agree."));
        return 0;
    }
}
