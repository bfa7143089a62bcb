using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Visits by hand: every open page marks what it shows as seen, on the one writer, so each of them must be short.</summary>
internal static class VisitSql
{
    /// <summary>The actor's visit to this file; null before the first.</summary>
    public static VisitRow? Find(DbSession session, PatientRoom room)
    {
        using var reader = session.Sql("SELECT \"SeenCursor\", \"BaselineCursor\", \"PreviousAt\", \"LastAt\" FROM \"Visits\" WHERE \"PersonId\" = @p0 AND \"PatientId\" = @p1")
            .With(room.Actor.Person.Value, room.Patient.Value).Read();
        return reader.Read()
            ? new VisitRow
            {
                PersonId = room.Actor.Person, PatientId = room.Patient, SeenCursor = reader.GetInt64(0), BaselineCursor = reader.GetInt64(1),
                PreviousAt = reader.InstantOrNull(2), LastAt = reader.Instant(3),
            }
            : null;
    }

    /// <summary>Writes a visit, new or known.</summary>
    public static void Keep(DbSession session, VisitRow visit)
    {
        object?[] values = [visit.PersonId.Value, visit.PatientId.Value, visit.SeenCursor, visit.BaselineCursor, visit.PreviousAt?.Ticks, visit.LastAt.Ticks];
        if (session.Sql("UPDATE \"Visits\" SET \"SeenCursor\" = @p2, \"BaselineCursor\" = @p3, \"PreviousAt\" = @p4, \"LastAt\" = @p5 WHERE \"PersonId\" = @p0 AND \"PatientId\" = @p1").With(values).Run() == 0)
            session.Sql("INSERT INTO \"Visits\" (\"PersonId\", \"PatientId\", \"SeenCursor\", \"BaselineCursor\", \"PreviousAt\", \"LastAt\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5)").With(values).Run();
    }

    /// <summary>The actor has seen where they are addressed in this file, as far as they may see it.</summary>
    public static void SeeMentions(DbSession session, PatientRoom room) =>
        session.Sql("UPDATE \"Mentions\" SET \"SeenAt\" = @p2 WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND \"SeenAt\" IS NULL AND (\"Audience\" & @p3) <> 0 AND (\"Category\" & @p4) <> 0")
            .With(room.Patient.Value, room.Actor.Person.Value, room.Now.Ticks, (int)room.Reach.Audience, (int)room.Reach.Categories).Run();
}
