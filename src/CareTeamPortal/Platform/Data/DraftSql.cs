using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>Drafts by hand: every open page saves what is typed within a second, and the first of a new process must not wait until EF Core has built its model.</summary>
internal static class DraftSql
{
    /// <summary>What the actor typed in this file and has not sent, by field.</summary>
    public static Dictionary<string, string> Of(DbSession session, PatientRoom room)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = session.Sql("SELECT \"Slot\", \"Text\" FROM \"Drafts\" WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1").With(room.Patient.Value, room.Actor.Person.Value).Read();
        while (reader.Read())
            found[reader.GetString(0)] = reader.GetString(1);
        return found;
    }

    /// <summary>What others keep in one slot in this file, of those who name the actor in another: how a person shows something of their own to one other person.</summary>
    public static List<(PersonId Person, string? Text)> ShownTo(DbSession session, PatientRoom room, string naming, string slot)
    {
        var found = new List<(PersonId, string?)>();
        using var reader = session.Sql("SELECT w.\"PersonId\", (SELECT d.\"Text\" FROM \"Drafts\" d WHERE d.\"PersonId\" = w.\"PersonId\" AND d.\"PatientId\" = @p0 AND d.\"Slot\" = @p3) FROM \"Drafts\" w WHERE w.\"PatientId\" = @p0 AND w.\"Slot\" = @p2 AND w.\"Text\" = @p1 ORDER BY w.\"PersonId\"")
            .With(room.Patient.Value, room.Actor.Person.Value, naming, slot).Read();
        while (reader.Read())
            found.Add((new(reader.GetString(0)), reader.TextOrNull(1)));
        return found;
    }

    /// <summary>Keeps what the actor typed; null forgets it.</summary>
    public static void Keep(DbSession session, PatientRoom room, string slot, string? text)
    {
        if (text is null)
            session.Sql("DELETE FROM \"Drafts\" WHERE \"PersonId\" = @p0 AND \"PatientId\" = @p1 AND \"Slot\" = @p2").With(room.Actor.Person.Value, room.Patient.Value, slot).Run();
        else if (session.Sql("UPDATE \"Drafts\" SET \"Text\" = @p3, \"UpdatedAt\" = @p4 WHERE \"PersonId\" = @p0 AND \"PatientId\" = @p1 AND \"Slot\" = @p2").With(room.Actor.Person.Value, room.Patient.Value, slot, text, room.Now.Ticks).Run() == 0)
            session.Sql("INSERT INTO \"Drafts\" (\"PersonId\", \"PatientId\", \"Slot\", \"Text\", \"UpdatedAt\") VALUES (@p0, @p1, @p2, @p3, @p4)").With(room.Actor.Person.Value, room.Patient.Value, slot, text, room.Now.Ticks).Run();
    }
}
