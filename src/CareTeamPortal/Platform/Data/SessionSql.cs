using System.Data.Common;
using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of sessions: a look at one stands in every request.</summary>
internal static class SessionSql
{
    private const string Columns = "\"Id\", \"PersonId\", \"StartedAt\", \"SeenAt\", \"EndsAt\", \"EndedAt\", \"EndedWhy\", \"ProvedAt\", \"Browser\", \"ProviderSession\", \"ProviderToken\", \"CheckedAt\"";

    public static void Insert(DbSession session, SessionRow row) =>
        session.Sql($"INSERT INTO \"Sessions\" ({Columns}) VALUES (@p0, @p1, @p2, @p3, @p4, NULL, NULL, @p5, @p6, @p7, @p8, @p9)")
            .With(row.Id, row.PersonId.Value, row.StartedAt.Ticks, row.SeenAt.Ticks, row.EndsAt.Ticks, row.ProvedAt?.Ticks, row.Browser, row.ProviderSession, row.ProviderToken, row.CheckedAt?.Ticks).Run();

    public static SessionRow? Find(DbSession session, string id) => Rows(session.Sql($"SELECT {Columns} FROM \"Sessions\" WHERE \"Id\" = @p0").With(id)).FirstOrDefault();

    /// <summary>Sessions of a person that are in force, newest first.</summary>
    public static List<SessionRow> Of(DbSession session, PersonId person) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"Sessions\" WHERE \"PersonId\" = @p0 AND \"EndedAt\" IS NULL ORDER BY \"SeenAt\" DESC LIMIT 200").With(person.Value));

    /// <summary>Sessions in force that one at the provider began.</summary>
    public static List<SessionRow> OfProvider(DbSession session, string providerSession) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"Sessions\" WHERE \"ProviderSession\" = @p0 AND \"EndedAt\" IS NULL").With(providerSession));

    /// <summary>Ends one; true for the one who did.</summary>
    public static bool End(DbSession session, string id, int why, DateTime now) =>
        session.Sql("UPDATE \"Sessions\" SET \"EndedAt\" = @p1, \"EndedWhy\" = @p2, \"ProviderToken\" = NULL WHERE \"Id\" = @p0 AND \"EndedAt\" IS NULL").With(id, now.Ticks, why).Run() == 1;

    /// <summary>Sessions that ended lately, wherever that was done.</summary>
    public static List<(string Id, int Why)> EndedSince(DbSession session, DateTime since)
    {
        var found = new List<(string, int)>();
        using var reader = session.Sql("SELECT \"Id\", \"EndedWhy\" FROM \"Sessions\" WHERE \"EndedAt\" >= @p0").With(since.Ticks).Read();
        while (reader.Read())
            found.Add((reader.GetString(0), reader.GetInt32(1)));
        return found;
    }

    /// <summary>Sessions in force whose time is over: nobody did anything in them since a moment, or their end has come.</summary>
    public static List<SessionRow> Over(DbSession session, DateTime idleSince, DateTime now) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"Sessions\" WHERE \"EndedAt\" IS NULL AND (\"SeenAt\" < @p0 OR \"EndsAt\" <= @p1) LIMIT 500").With(idleSince.Ticks, now.Ticks));

    public static void Seen(DbSession session, string id, DateTime at) =>
        session.Sql("UPDATE \"Sessions\" SET \"SeenAt\" = @p1 WHERE \"Id\" = @p0 AND \"SeenAt\" < @p1 AND \"EndedAt\" IS NULL").With(id, at.Ticks).Run();

    public static void Proved(DbSession session, string id, DateTime at) =>
        session.Sql("UPDATE \"Sessions\" SET \"ProvedAt\" = @p1 WHERE \"Id\" = @p0 AND \"EndedAt\" IS NULL").With(id, at.Ticks).Run();

    /// <summary>Whether there is a proof since a moment; it is not taken by asking.</summary>
    public static bool HasProof(DbSession session, string id, DateTime since) =>
        session.Sql("SELECT 1 FROM \"Sessions\" WHERE \"Id\" = @p0 AND \"ProvedAt\" >= @p1 AND \"EndedAt\" IS NULL").With(id, since.Ticks).One() is not null;

    /// <summary>Takes a proof: it counts for one thing only. False when there is none since a moment.</summary>
    public static bool UseProof(DbSession session, string id, DateTime since) =>
        session.Sql("UPDATE \"Sessions\" SET \"ProvedAt\" = NULL WHERE \"Id\" = @p0 AND \"ProvedAt\" >= @p1 AND \"EndedAt\" IS NULL").With(id, since.Ticks).Run() == 1;

    /// <summary>Sessions about which the provider was not asked since a moment.</summary>
    public static List<SessionRow> ToAsk(DbSession session, DateTime before) =>
        Rows(session.Sql($"SELECT {Columns} FROM \"Sessions\" WHERE \"EndedAt\" IS NULL AND \"ProviderToken\" IS NOT NULL AND \"CheckedAt\" < @p0 LIMIT 100").With(before.Ticks));

    /// <summary>Takes the turn to ask the provider; true for one node.</summary>
    public static bool TakeTurn(DbSession session, SessionRow row, DateTime now) =>
        session.Sql("UPDATE \"Sessions\" SET \"CheckedAt\" = @p2 WHERE \"Id\" = @p0 AND \"CheckedAt\" = @p1 AND \"EndedAt\" IS NULL").With(row.Id, row.CheckedAt!.Value.Ticks, now.Ticks).Run() == 1;

    public static void KeepToken(DbSession session, string id, string token) =>
        session.Sql("UPDATE \"Sessions\" SET \"ProviderToken\" = @p1 WHERE \"Id\" = @p0 AND \"EndedAt\" IS NULL").With(id, token).Run();

    private static List<SessionRow> Rows(Statement statement)
    {
        var found = new List<SessionRow>();
        using var reader = statement.Read();
        while (reader.Read())
        {
            found.Add(new SessionRow
            {
                Id = reader.GetString(0), PersonId = new(reader.GetString(1)), StartedAt = reader.Instant(2), SeenAt = reader.Instant(3), EndsAt = reader.Instant(4), EndedAt = reader.InstantOrNull(5),
                EndedWhy = reader.IsDBNull(6) ? null : reader.GetInt32(6), ProvedAt = reader.InstantOrNull(7), Browser = reader.TextOrNull(8), ProviderSession = reader.TextOrNull(9), ProviderToken = reader.TextOrNull(10), CheckedAt = reader.InstantOrNull(11),
            });
        }

        return found;
    }
}
