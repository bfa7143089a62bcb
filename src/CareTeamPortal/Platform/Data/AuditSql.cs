using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>One record of a chain, as it is hashed.</summary>
internal readonly record struct AuditLink(long Key, string PatientId, long Position, string Person, long At, int Purpose, int Source, int Action, int Allowed, string? What, byte[]? Hash, int Format = 0, AccessWhy Why = default)
{
    /// <summary>The records that are written now say why; older ones do not, and are hashed as they were.</summary>
    public const int WithWhy = 1;

    /// <summary>The record's hash: over the hash before it and everything that the record says, each with its length, so that nothing can be moved from one field to the next.</summary>
    public byte[] HashAfter(ReadOnlySpan<byte> before)
    {
        var (what, behalf, rule) = (What ?? "\0", Why.OnBehalfOf?.Value ?? "\0", Why.Rule ?? "\0");
        var most = before.Length + (14 * 8) + Encoding.UTF8.GetMaxByteCount(behalf.Length) + Encoding.UTF8.GetMaxByteCount(rule.Length) + Encoding.UTF8.GetMaxByteCount(PatientId.Length) + Encoding.UTF8.GetMaxByteCount(Person.Length) + Encoding.UTF8.GetMaxByteCount(what.Length);
        var said = most <= 1_024 ? stackalloc byte[1_024] : new byte[most];
        before.CopyTo(said);
        var length = before.Length;
        Add(said, ref length, PatientId);
        Add(said, ref length, Person);
        foreach (var number in (ReadOnlySpan<long>)[At, Purpose, Source, Action, Allowed])
            Add(said, ref length, number);
        Add(said, ref length, what);
        if (Format >= WithWhy)
        {
            foreach (var number in (ReadOnlySpan<long>)[Format, (long?)Why.Relation ?? -1, (long?)Why.Shared ?? -1, Why.RuleVersion ?? -1])
                Add(said, ref length, number);
            Add(said, ref length, behalf);
            Add(said, ref length, rule);
        }

        return SHA256.HashData(said[..length]);
    }

    private static void Add(Span<byte> said, ref int length, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text, said[(length + 8)..]);
        Add(said, ref length, bytes);
        length += bytes;
    }

    private static void Add(Span<byte> said, ref int length, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(said[length..], number);
        length += 8;
    }
}

/// <summary>The end of a patient's chain: how many records it has and the hash of the last.</summary>
internal readonly record struct AuditTail(string PatientId, long Length, byte[] Hash, long At);

/// <summary>
/// The access records as chains of hashes, one per patient: each record's hash stands on the one before it, so that none can be changed, taken out or
/// put in elsewhere without breaking all that follow.
/// </summary>
internal static class AuditSql
{
    /// <summary>What the first record of a chain stands on.</summary>
    public static readonly byte[] Beginning = new byte[32];

    /// <summary>Appends a record, or one for each of many things that were done at once. The row of the chain is changed first: it keeps other writers of this chain waiting.</summary>
    public static void Append(DbSession session, PatientId patient, PersonId person, DateTime at, AccessPurpose purpose, AccessSource source, CareAction action, bool allowed, AccessWhy why, params ReadOnlySpan<string?> done)
    {
        if (session.Sql("UPDATE \"AuditChains\" SET \"Length\" = \"Length\" + @p2, \"At\" = @p1 WHERE \"PatientId\" = @p0").With(patient.Value, at.Ticks, done.Length).Run() == 0)
            session.Sql("INSERT INTO \"AuditChains\" (\"PatientId\", \"Length\", \"Hash\", \"At\") VALUES (@p0, @p3, @p1, @p2)").With(patient.Value, Beginning, at.Ticks, done.Length).Run();
        long position;
        byte[] hash;
        using (var reader = session.Sql("SELECT \"Length\", \"Hash\" FROM \"AuditChains\" WHERE \"PatientId\" = @p0").With(patient.Value).Read())
        {
            reader.Read();
            (position, hash) = (reader.GetInt64(0) - done.Length, (byte[])reader.GetValue(1));
        }

        var insert = session.Sql("INSERT INTO \"AccessRecords\" (\"PatientId\", \"PersonId\", \"At\", \"Purpose\", \"Source\", \"Action\", \"Allowed\", \"What\", \"Position\", \"Hash\", \"Format\", \"Relation\", \"Shared\", \"OnBehalfOf\", \"RuleVersion\", \"Rule\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)");
        foreach (var what in done)
        {
            hash = new AuditLink(0, patient.Value, ++position, person.Value, at.Ticks, (int)purpose, (int)source, (int)action, allowed ? 1 : 0, what, null, AuditLink.WithWhy, why).HashAfter(hash);
            insert.With(patient.Value, person.Value, at.Ticks, (int)purpose, (int)source, (int)action, allowed ? 1 : 0, what, position, hash, AuditLink.WithWhy, (int?)why.Relation, (int?)why.Shared, why.OnBehalfOf?.Value, why.RuleVersion, why.Rule).Run();
        }

        session.Sql("UPDATE \"AuditChains\" SET \"Hash\" = @p1 WHERE \"PatientId\" = @p0").With(patient.Value, hash).Run();
    }

    /// <summary>Every record, chain by chain, in order; streams. Records from before there were chains have no place in one and come first of their patient.</summary>
    public static IEnumerable<AuditLink> Links(DbSession session)
    {
        using var reader = session.Sql($"SELECT {LinkColumns} FROM \"AccessRecords\" ORDER BY \"PatientId\", COALESCE(\"Position\", 0), \"Key\"").With().Stream();
        while (reader.Read())
            yield return Link(reader);
    }

    /// <summary>The record at a place of a chain; null when there is none.</summary>
    public static AuditLink? At(DbSession session, string patientId, long position)
    {
        using var reader = session.Sql($"SELECT {LinkColumns} FROM \"AccessRecords\" WHERE \"PatientId\" = @p0 AND \"Position\" = @p1").With(patientId, position).Read();
        return reader.Read() ? Link(reader) : null;
    }

    private const string LinkColumns = "\"Key\", \"PatientId\", \"Position\", \"PersonId\", \"At\", \"Purpose\", \"Source\", \"Action\", \"Allowed\", \"What\", \"Hash\", \"Format\", \"Relation\", \"Shared\", \"OnBehalfOf\", \"RuleVersion\", \"Rule\"";

    private static AuditLink Link(DbDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.IsDBNull(2) ? 0 : reader.GetInt64(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7), reader.GetInt32(8),
        reader.TextOrNull(9), reader.IsDBNull(10) ? null : (byte[])reader.GetValue(10), reader.GetInt32(11), Why(reader, 12));

    /// <summary>The columns that say why, from this one on.</summary>
    public static AccessWhy Why(DbDataReader r, int from) => new(
        r.IsDBNull(from) ? null : (RelationKind)r.GetInt32(from), r.IsDBNull(from + 1) ? null : (InformationCategory)r.GetInt32(from + 1), r.PersonOrNull(from + 2),
        r.IsDBNull(from + 3) ? null : r.GetInt32(from + 3), r.TextOrNull(from + 4));

    /// <summary>The ends of all chains that grew at or after a moment, by patient.</summary>
    public static List<AuditTail> Tails(DbSession session, long sinceTicks)
    {
        var tails = new List<AuditTail>();
        using var reader = session.Sql("SELECT \"PatientId\", \"Length\", \"Hash\", \"At\" FROM \"AuditChains\" WHERE \"At\" >= @p0 ORDER BY \"PatientId\"").With(sinceTicks).Read();
        while (reader.Read())
            tails.Add(Tail(reader));
        return tails;
    }

    private static AuditTail Tail(DbDataReader reader) => new(reader.GetString(0), reader.GetInt64(1), (byte[])reader.GetValue(2), reader.GetInt64(3));

    /// <summary>Up to which key records may stand outside a chain: they are older than the chains.</summary>
    public static long ChainedFrom(DbSession session) =>
        SettingSql.Read(session, "audit:chained-from") is { } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
}
