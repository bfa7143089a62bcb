using System.Data.Common;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Platform.Data;

/// <summary>Hand-written SQL of the hottest paths: rights, the cursor, appending a resource with its entry. SQL that SQLite, SQL Server and PostgreSQL all read.</summary>
internal static class CareStore
{
    private const string ResourceColumns = "\"Type\", \"Id\", \"PatientId\", \"BroughtBy\", \"Version\", \"LastUpdated\", \"Status\", \"DateFrom\", \"DateTo\", \"Tokens\", \"Audience\", \"Category\", \"Hash\", \"Json\", \"Origin\"";

    /// <summary>Whether this person is a member of the patient's team now, whatever the patient shows them. What opens the file is <see cref="GrantSql.Find"/>.</summary>
    public static bool IsOnTeam(DbSession session, PatientId patient, PersonId person, DateTime now) =>
        session.Sql("SELECT 1 FROM \"CareTeamMembers\" WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND (\"Until\" IS NULL OR \"Until\" > @p2) AND \"Since\" <= @p2 AND \"Kind\" <> 10")
            .With(patient.Value, person.Value, now.Ticks).One() is not null;

    /// <summary>Everyone. By hand, because this runs before the first request, and EF Core's model costs more than the whole start otherwise.</summary>
    public static List<PersonRow> People(DbSession session)
    {
        var people = new List<PersonRow>();
        using var reader = session.Sql("SELECT \"Id\", \"DisplayName\", \"Discipline\", \"Line\", \"RoleTitle\", \"Organisation\", \"FhirType\", \"OwnFile\", \"ExternalSubject\", \"ProfessionalNumber\", \"DeactivatedAt\", \"Asks\", \"ChangedAt\", \"IsAdministrator\", \"Phone\", \"Email\" FROM \"People\"").With().Read();
        while (reader.Read())
        {
            people.Add(new PersonRow
            {
                Id = new PersonId(reader.GetString(0)), DisplayName = reader.GetString(1), Discipline = (Discipline)reader.GetInt32(2), Line = (CareLine)reader.GetInt32(3), RoleTitle = reader.GetString(4),
                Organisation = reader.TextOrNull(5), FhirType = reader.GetString(6), OwnFile = reader.TextOrNull(7) is { } own ? new PatientId(own) : null, ExternalSubject = reader.TextOrNull(8), ProfessionalNumber = reader.TextOrNull(9),
                DeactivatedAt = reader.InstantOrNull(10), Asks = reader.IsDBNull(11) ? null : (Discipline)reader.GetInt32(11), ChangedAt = reader.Instant(12), IsAdministrator = reader.GetBoolean(13),
                Phone = reader.TextOrNull(14), Email = reader.TextOrNull(15),
            });
        }

        return people;
    }

    /// <summary>Fills in where a person can be reached, what they have not said themselves.</summary>
    public static void FillContact(DbSession session, PersonId person, string fhirType, string? phone, string? email, DateTime now)
    {
        var changed = PeopleChangedAt(session) is var last && last >= now ? last.AddMicroseconds(1) : now;
        session.Sql("UPDATE \"People\" SET \"Phone\" = COALESCE(\"Phone\", @p2), \"Email\" = COALESCE(\"Email\", @p3), \"ChangedAt\" = @p4 WHERE \"Id\" = @p0 AND \"FhirType\" = @p1 AND ((\"Phone\" IS NULL AND CAST(@p2 AS varchar(254)) IS NOT NULL) OR (\"Email\" IS NULL AND CAST(@p3 AS varchar(254)) IS NOT NULL))")
            .With(person.Value, fhirType, phone, email, changed.Ticks).Run();
    }

    /// <summary>When somebody's row changed last.</summary>
    public static DateTime PeopleChangedAt(DbSession session) => new(session.Sql("SELECT MAX(\"ChangedAt\") FROM \"People\"").With().Number() ?? 0, DateTimeKind.Utc);

    /// <summary>Takes the next number of the patient's commits; the updated row keeps other writers of this patient waiting.</summary>
    /// <exception cref="PatientNotFound">There is no such file.</exception>
    public static long RaiseCursor(DbSession session, PatientId patient, DateTime now)
    {
        if (session.Sql("UPDATE \"Patients\" SET \"Cursor\" = \"Cursor\" + 1, \"LastChangeAt\" = @p1 WHERE \"Id\" = @p0").With(patient.Value, now.Ticks).Run() == 0)
            throw new PatientNotFound();
        return session.Sql("SELECT \"Cursor\" FROM \"Patients\" WHERE \"Id\" = @p0").With(patient.Value).Number()!.Value;
    }

    /// <summary>Writes the last number taken in this transaction.</summary>
    public static void SetCursor(DbSession session, PatientId patient, long cursor) =>
        session.Sql("UPDATE \"Patients\" SET \"Cursor\" = @p1 WHERE \"Id\" = @p0").With(patient.Value, cursor).Run();

    private const int CursorsAtOnce = 50;

    private static readonly string NewestCursors = "SELECT \"Id\", \"Cursor\" FROM \"Patients\" WHERE \"Id\" IN (" + string.Join(", ", Enumerable.Range(0, CursorsAtOnce).Select(i => $"@p{i}")) + ")";

    /// <summary>The newest cursors of these patients, for nodes that did not write them themselves.</summary>
    public static IReadOnlyList<(PatientId Patient, long Cursor)> Cursors(DbSession session, IEnumerable<PatientId> patients)
    {
        var found = new List<(PatientId, long)>();
        var ids = new object?[CursorsAtOnce];
        foreach (var some in patients.Chunk(CursorsAtOnce))
        {
            for (var i = 0; i < ids.Length; i++)
                ids[i] = some[Math.Min(i, some.Length - 1)].Value; // always as many as the statement names
            using var reader = session.Sql(NewestCursors).With(ids).Read();
            while (reader.Read())
                found.Add((new PatientId(reader.GetString(0)), reader.GetInt64(1)));
        }

        return found;
    }

    /// <summary>Writes an access record, at the end of the patient's chain.</summary>
    /// <param name="what">What was changed, <c>Type/id/_history/version</c>; null for an opening.</param>
    public static void InsertAccessRecord(DbSession session, PatientId patient, PersonId person, DateTime at, AccessPurpose purpose, AccessSource source, CareAction action, bool allowed, string? what = null, AccessWhy why = default) =>
        AuditSql.Append(session, patient, person, at, purpose, source, action, allowed, why, [what]);

    /// <summary>Writes an access record for each of many changes that are made at once.</summary>
    public static void InsertAccessRecords(DbSession session, PatientId patient, PersonId person, DateTime at, AccessPurpose purpose, AccessSource source, CareAction action, IReadOnlyList<string> changes, AccessWhy why = default) =>
        AuditSql.Append(session, patient, person, at, purpose, source, action, true, why, [.. changes]);

    /// <summary>What is stored under this type and id now; null when nothing is.</summary>
    public static StoredResource? Find(DbSession session, string type, string id)
    {
        using var reader = session.Sql("SELECT \"Key\", \"PatientId\", \"BroughtBy\", \"Version\", \"LastUpdated\", \"Audience\", \"Category\", \"Hash\" FROM \"Resources\" WHERE \"Type\" = @p0 AND \"Id\" = @p1").With(type, id).Read();
        return reader.Read()
            ? new StoredResource(type, id, reader.GetInt64(0), reader.IsDBNull(1) ? null : new PatientId(reader.GetString(1)), reader.PersonOrNull(2),
                reader.GetInt32(3), reader.Instant(4), (Audience)reader.GetInt32(5), (InformationCategory)reader.GetInt32(6), (byte[])reader.GetValue(7))
            : null;
    }

    /// <summary>The bytes of the current version.</summary>
    public static byte[] Json(DbSession session, StoredResource resource) =>
        (byte[])session.Sql("SELECT \"Json\" FROM \"Resources\" WHERE \"Key\" = @p0").With(resource.Key).One()!;

    /// <summary>True when an older version of this resource had this content.</summary>
    public static bool HadContent(DbSession session, string type, string id, byte[] hash) =>
        session.Sql("SELECT 1 FROM \"ResourceVersions\" WHERE \"Type\" = @p0 AND \"Id\" = @p1 AND \"Hash\" = @p2").With(type, id, hash).One() is not null;

    /// <summary>Stores the first version of a resource.</summary>
    public static void Insert(DbSession session, FiledResource resource, PatientId? patient, PersonId? broughtBy, DateTime now)
    {
        session.Sql($"INSERT INTO \"Resources\" ({ResourceColumns}) VALUES (@p0, @p1, @p2, @p3, 1, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)")
            .With(resource.Type, resource.Id, patient?.Value, broughtBy?.Value, now.Ticks, resource.Status, resource.DateFrom?.Ticks, resource.DateTo?.Ticks, resource.Tokens,
                (int)resource.Audience, (int)resource.Category, resource.Hash, resource.Json, resource.Origin).Run();
        InsertIdentifiers(session, resource);
    }

    /// <summary>Keeps the present version among the older ones and puts the new one in its place.</summary>
    /// <returns>False when another writer was first: the version is no longer the one that was read.</returns>
    public static bool Replace(DbSession session, StoredResource present, FiledResource resource, PatientId? patient, PersonId? by, DateTime now)
    {
        if (session.Sql("SELECT 1 FROM \"Resources\" WHERE \"Key\" = @p0 AND \"Version\" = @p1").With(present.Key, present.Version).One() is null)
            return false;
        // One row of values, not a SELECT: for an insert of who knows how many rows SQLite keeps a journal of its own, and cutting that back costs more the longer the transaction is.
        session.Sql("INSERT INTO \"ResourceVersions\" (\"Type\", \"Id\", \"Version\", \"PatientId\", \"LastUpdated\", \"Audience\", \"Category\", \"ReplacedBy\", \"Hash\", \"Json\") VALUES (@p1, @p2, @p3, (SELECT \"PatientId\" FROM \"Resources\" WHERE \"Key\" = @p0), @p4, @p5, @p6, @p7, @p8, (SELECT \"Json\" FROM \"Resources\" WHERE \"Key\" = @p0))")
            .With(present.Key, present.Type, present.Id, present.Version, present.LastUpdated.Ticks, (int)present.Audience, (int)present.Category, by?.Value, present.Hash).Run();
        var won = session.Sql("UPDATE \"Resources\" SET \"PatientId\" = @p2, \"Version\" = \"Version\" + 1, \"LastUpdated\" = @p3, \"Status\" = @p4, \"DateFrom\" = @p5, \"DateTo\" = @p6, \"Tokens\" = @p7, \"Audience\" = @p8, \"Category\" = @p9, \"Hash\" = @p10, \"Json\" = @p11 WHERE \"Key\" = @p0 AND \"Version\" = @p1")
            .With(present.Key, present.Version, patient?.Value, now.Ticks, resource.Status, resource.DateFrom?.Ticks, resource.DateTo?.Ticks, resource.Tokens,
                (int)resource.Audience, (int)resource.Category, resource.Hash, resource.Json).Run() == 1;
        if (won)
        {
            session.Sql("DELETE FROM \"ResourceIdentifiers\" WHERE \"Type\" = @p0 AND \"Id\" = @p1").With(resource.Type, resource.Id).Run();
            InsertIdentifiers(session, resource);
        }

        return won;
    }

    /// <summary>The same for a change that leaves patient, reach and all that is indexed as they are but the status, when the bytes that stand were read in this transaction.</summary>
    /// <returns>False when another writer was first.</returns>
    public static bool ReplaceContent(DbSession session, StoredResource present, byte[] presentJson, byte[] json, byte[] hash, string status, PersonId? by, DateTime now)
    {
        if (session.Sql("UPDATE \"Resources\" SET \"Version\" = @p1 + 1, \"LastUpdated\" = @p2, \"Status\" = @p3, \"Hash\" = @p4, \"Json\" = @p5 WHERE \"Key\" = @p0 AND \"Version\" = @p1")
            .With(present.Key, present.Version, now.Ticks, status, hash, json).Run() == 0)
            return false;
        session.Sql("INSERT INTO \"ResourceVersions\" (\"Type\", \"Id\", \"Version\", \"PatientId\", \"LastUpdated\", \"Audience\", \"Category\", \"ReplacedBy\", \"Hash\", \"Json\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9)")
            .With(present.Type, present.Id, present.Version, present.Patient?.Value, present.LastUpdated.Ticks, (int)present.Audience, (int)present.Category, by?.Value, present.Hash, presentJson).Run();
        return true;
    }

    /// <summary>Files a resource that named no patient with the one it turned out to belong to; its content and version stay.</summary>
    public static void File(DbSession session, StoredResource resource, PatientId patient) =>
        session.Sql("UPDATE \"Resources\" SET \"PatientId\" = @p1, \"BroughtBy\" = NULL WHERE \"Key\" = @p0 AND \"PatientId\" IS NULL").With(resource.Key, patient.Value).Run();

    private static void InsertIdentifiers(DbSession session, FiledResource resource)
    {
        foreach (var identifier in resource.Identifiers)
        {
            session.Sql("INSERT INTO \"ResourceIdentifiers\" (\"Type\", \"System\", \"Value\", \"Id\") VALUES (@p0, @p1, @p2, @p3)")
                .With(resource.Type, Clip(identifier.System ?? ""), Clip(identifier.Code), resource.Id).Run();
        }
    }

    private static string Clip(string text) => text.Length <= 256 ? text : text[..256];

    /// <summary>Ids of resources of this type that carry this identifier (any system when null), at most <paramref name="most"/>.</summary>
    public static IReadOnlyList<string> FindByIdentifier(DbSession session, string type, string? system, string value, int most = 50)
    {
        var ids = new List<string>();
        using var reader = (system is null
            ? session.Sql("SELECT DISTINCT \"Id\" FROM \"ResourceIdentifiers\" WHERE \"Value\" = @p0 AND \"Type\" = @p1").With(Clip(value), type)
            : session.Sql("SELECT DISTINCT \"Id\" FROM \"ResourceIdentifiers\" WHERE \"Value\" = @p0 AND \"Type\" = @p1 AND \"System\" = @p2").With(Clip(value), type, Clip(system))).Read();
        while (ids.Count < most && reader.Read())
            ids.Add(reader.GetString(0));
        return ids;
    }

    /// <summary>Puts a line on the timeline.</summary>
    public static void InsertEntry(DbSession session, EntryRow e)
    {
        session.Sql("INSERT INTO \"TimelineEntries\" (" + TimelineSql.Columns + ", \"Search\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30, @p31, @p32, @p33, @p34, @p35)")
            .With(e.PatientId.Value, e.Seq, e.Cursor, e.Time.Ticks, (int)e.Precision, e.Until?.Ticks, e.Kind, (int)e.Category, (int)e.Audience, (int?)e.Line, (int)e.Discipline,
                e.AuthorId?.Value, e.AuthorName, e.AuthorRole, e.Source, e.Title, e.Text, e.Values, e.ResourceType, e.ResourceId, e.Version, e.AnswersSeq, e.ReplyBy?.Ticks,
                e.ReplyOwner?.Value, e.AnsweredSeq, e.PinnedAt?.Ticks, e.PinnedBy?.Value, e.Retracted ? 1 : 0, e.RetractReason, e.CorrectedAt?.Ticks, e.RecordedAt.Ticks, e.Attachments, e.Status, e.ChangedBy?.Value, (int?)e.AskedRole, e.Search).Run();
    }

    /// <summary>Writes a changed line; key and resource stay.</summary>
    public static void UpdateEntry(DbSession session, EntryRow e)
    {
        session.Sql("UPDATE \"TimelineEntries\" SET \"Cursor\" = @p2, \"Time\" = @p3, \"Precision\" = @p4, \"Until\" = @p5, \"Kind\" = @p6, \"Category\" = @p7, \"Audience\" = @p8, \"Line\" = @p9, \"Discipline\" = @p10, \"AuthorId\" = @p11, \"AuthorName\" = @p12, \"AuthorRole\" = @p13, \"Source\" = @p14, \"Title\" = @p15, \"Text\" = @p16, \"Values\" = @p17, \"Version\" = @p18, \"AnswersSeq\" = @p19, \"ReplyBy\" = @p20, \"ReplyOwner\" = @p21, \"AnsweredSeq\" = @p22, \"PinnedAt\" = @p23, \"PinnedBy\" = @p24, \"Retracted\" = @p25, \"RetractReason\" = @p26, \"CorrectedAt\" = @p27, \"Attachments\" = @p28, \"Status\" = @p29, \"Search\" = COALESCE(@p30, \"Search\"), \"ChangedBy\" = @p31, \"AskedRole\" = @p32 WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1")
            .With(e.PatientId.Value, e.Seq, e.Cursor, e.Time.Ticks, (int)e.Precision, e.Until?.Ticks, e.Kind, (int)e.Category, (int)e.Audience, (int?)e.Line, (int)e.Discipline,
                e.AuthorId?.Value, e.AuthorName, e.AuthorRole, e.Source, e.Title, e.Text, e.Values, e.Version, e.AnswersSeq, e.ReplyBy?.Ticks,
                e.ReplyOwner?.Value, e.AnsweredSeq, e.PinnedAt?.Ticks, e.PinnedBy?.Value, e.Retracted ? 1 : 0, e.RetractReason, e.CorrectedAt?.Ticks, e.Attachments, e.Status, e.Search, e.ChangedBy?.Value, (int?)e.AskedRole).Run();
    }

    /// <summary>Says of a line that a version came which is no entry any more; what stands there stays.</summary>
    public static void MarkCorrected(DbSession session, EntryRow e) =>
        session.Sql("UPDATE \"TimelineEntries\" SET \"Cursor\" = @p2, \"Version\" = @p3, \"CorrectedAt\" = @p4, \"ChangedBy\" = @p5 WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1")
            .With(e.PatientId.Value, e.Seq, e.Cursor, e.Version, e.CorrectedAt?.Ticks, e.ChangedBy?.Value).Run();

    /// <summary>Says by which answer a question is closed; null opens it again.</summary>
    public static void SetAnswered(DbSession session, EntryRow e) =>
        session.Sql("UPDATE \"TimelineEntries\" SET \"Cursor\" = @p2, \"AnsweredSeq\" = @p3, \"ChangedBy\" = @p4 WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1")
            .With(e.PatientId.Value, e.Seq, e.Cursor, e.AnsweredSeq, e.ChangedBy?.Value).Run();

    /// <summary>Says of the line of a task who has it now and, when that is another, in what state; nothing else of it changed.</summary>
    /// <param name="status">The new state; null when it stays, because it stands in the index of the timeline, which is then left alone.</param>
    public static void SetTaskOwner(DbSession session, PatientId patient, long seq, long cursor, int version, string? status, PersonId? owner, PersonId? by) =>
        (status is null
            ? session.Sql("UPDATE \"TimelineEntries\" SET \"Cursor\" = @p2, \"Version\" = @p3, \"ReplyOwner\" = @p4, \"ChangedBy\" = @p5 WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1").With(patient.Value, seq, cursor, version, owner?.Value, by?.Value)
            : session.Sql("UPDATE \"TimelineEntries\" SET \"Cursor\" = @p2, \"Version\" = @p3, \"ReplyOwner\" = @p4, \"ChangedBy\" = @p5, \"Status\" = @p6 WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1").With(patient.Value, seq, cursor, version, owner?.Value, by?.Value, status)).Run();

    /// <summary>Whom a line addresses sees the mention when they see the line.</summary>
    public static void SetMentionsReach(DbSession session, EntryRow e) =>
        session.Sql("UPDATE \"Mentions\" SET \"Audience\" = @p2, \"Category\" = @p3 WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1")
            .With(e.PatientId.Value, e.Seq, (int)e.Audience, (int)e.Category).Run();

    /// <summary>Replaces the measured values of an entry.</summary>
    public static void SetMeasurements(DbSession session, PatientId patient, long seq, IReadOnlyList<MeasurementRow> rows, bool isNew)
    {
        if (!isNew)
            session.Sql("DELETE FROM \"Measurements\" WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1").With(patient.Value, seq).Run();
        foreach (var m in rows)
        {
            session.Sql("INSERT INTO \"Measurements\" (\"PatientId\", \"Seq\", \"Position\", \"Code\", \"Label\", \"Value\", \"Text\", \"Unit\", \"Ucum\", \"Low\", \"High\", \"Interpretation\", \"Time\", \"Line\", \"Audience\", \"Category\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)")
                .With(patient.Value, seq, m.Position, m.Code, m.Label, m.Value, m.Text, m.Unit, m.Ucum, m.Low, m.High, m.Interpretation, m.Time.Ticks, (int?)m.Line, (int)m.Audience, (int)m.Category).Run();
        }
    }

    /// <summary>Addresses people in an entry.</summary>
    public static void InsertMention(DbSession session, EntryRow entry, PersonId person) =>
        session.Sql("INSERT INTO \"Mentions\" (\"PatientId\", \"Seq\", \"PersonId\", \"At\", \"Audience\", \"Category\") SELECT @p0, @p1, @p2, @p3, @p4, @p5 WHERE NOT EXISTS (SELECT 1 FROM \"Mentions\" WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1 AND \"PersonId\" = @p2)")
            .With(entry.PatientId.Value, entry.Seq, person.Value, entry.RecordedAt.Ticks, (int)entry.Audience, (int)entry.Category).Run();

    /// <summary>Puts somebody on a patient's team when not there already, with what the patient's decisions leave to them.</summary>
    /// <param name="relation">The relation; null: the usual one of the role.</param>
    /// <param name="until">When it ends; null: after the term of its kind.</param>
    public static bool Grant(DbSession session, PatientId patient, PersonId person, string? roleTitle, DateTime since, PersonId? grantedBy, string reason, DateTime now, RelationKind? relation = null, DateTime? until = null)
    {
        var (kind, allows, allowsUntil) = ConsentSql.For(session, patient, person, now, relation);
        until ??= Relations.EndOf(kind, since > now ? since : now);
        allowsUntil = ConsentSql.Until(allowsUntil, since, now);
        var added = session.Sql("INSERT INTO \"CareTeamMembers\" (\"PatientId\", \"PersonId\", \"RoleTitle\", \"Since\", \"GrantedBy\", \"GrantReason\", \"Kind\", \"Until\", \"Allows\", \"AllowsUntil\", \"EndSettled\") SELECT @p0, @p1, @p2, @p3, @p4, @p5, @p7, @p8, @p9, @p10, 0 WHERE NOT EXISTS (SELECT 1 FROM \"CareTeamMembers\" WHERE \"PatientId\" = @p0 AND \"PersonId\" = @p1 AND (\"Until\" IS NULL OR \"Until\" > @p6) AND CASE WHEN \"Kind\" = 10 THEN 1 ELSE 0 END = CASE WHEN @p7 = 10 THEN 1 ELSE 0 END)")
            .With(patient.Value, person.Value, roleTitle, since.Ticks, grantedBy?.Value, reason, now.Ticks, (int)kind, until?.Ticks, (int)allows, allowsUntil.Ticks).Run() == 1;
        if (added)
            RelationSql.Tell(session, patient, person, RelationStep.Began, kind, since, until, grantedBy, reason, now);
        return added;
    }

    /// <summary>Creates or updates a patient's file. The cursor and who is accountable stay.</summary>
    /// <returns>True when the file is new.</returns>
    public static bool UpsertPatient(DbSession session, PatientRow p)
    {
        object?[] values = [p.Id.Value, p.FamilyName, p.GivenName, p.DisplayName, p.SortName, p.BirthDate?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), (int)p.BirthDatePrecision, p.Gender, p.Deceased ? 1 : 0,
            p.DeceasedOn?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), p.Insz, p.City, p.AddressLine, p.Phone, p.HasResource ? 1 : 0, p.LastChangeAt.Ticks];
        if (session.Sql("UPDATE \"Patients\" SET \"FamilyName\" = @p1, \"GivenName\" = @p2, \"DisplayName\" = @p3, \"SortName\" = @p4, \"BirthDate\" = @p5, \"BirthDatePrecision\" = @p6, \"Gender\" = @p7, \"Deceased\" = @p8, \"DeceasedOn\" = @p9, \"Insz\" = @p10, \"City\" = @p11, \"AddressLine\" = @p12, \"Phone\" = @p13, \"HasResource\" = @p14, \"LastChangeAt\" = @p15 WHERE \"Id\" = @p0").With(values).Run() == 1)
            return false;
        session.Sql("INSERT INTO \"Patients\" (\"Id\", \"FamilyName\", \"GivenName\", \"DisplayName\", \"SortName\", \"BirthDate\", \"BirthDatePrecision\", \"Gender\", \"Deceased\", \"DeceasedOn\", \"Insz\", \"City\", \"AddressLine\", \"Phone\", \"HasResource\", \"LastChangeAt\", \"Cursor\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, 0)").With(values).Run();
        return true;
    }

    /// <summary>Whether a file exists, and whether a Patient resource stands behind it.</summary>
    public static (bool Exists, bool HasResource) FindPatient(DbSession session, PatientId patient) =>
        session.Sql("SELECT \"HasResource\" FROM \"Patients\" WHERE \"Id\" = @p0").With(patient.Value).Number() is { } has ? (true, has == 1) : (false, false);

    /// <summary>The bytes of a patient's resources of one type that the room may see, newest first.</summary>
    public static List<byte[]> VisibleJson(DbSession session, PatientRoom room, string type, int most)
    {
        var found = new List<byte[]>();
        using var reader = session.Sql("SELECT \"Json\" FROM \"Resources\" WHERE \"PatientId\" = @p0 AND \"Type\" = @p1 AND (\"Audience\" & @p2) <> 0 AND (\"Category\" & @p3) <> 0 ORDER BY \"LastUpdated\" DESC LIMIT @p4")
            .With(room.Patient.Value, type, (int)room.Reach.Audience, (int)room.Reach.Categories, most).Read();
        while (reader.Read())
            found.Add((byte[])reader.GetValue(0));
        return found;
    }

    /// <summary>The resources of a file of one type and code that the room may see, with their ids; newest first.</summary>
    /// <param name="token">As the store indexes it: <c>c:system|code</c> or <c>g:system|code</c>.</param>
    public static List<(string Id, byte[] Json)> VisibleCoded(DbSession session, PatientRoom room, string type, string token, int most)
    {
        var found = new List<(string, byte[])>();
        using var reader = session.Sql("SELECT \"Id\", \"Json\" FROM \"Resources\" WHERE \"PatientId\" = @p0 AND \"Type\" = @p1 AND (\"Audience\" & @p2) <> 0 AND (\"Category\" & @p3) <> 0 AND instr(\"Tokens\", @p4) > 0 ORDER BY \"LastUpdated\" DESC LIMIT @p5")
            .With(room.Patient.Value, type, (int)room.Reach.Audience, (int)room.Reach.Categories, $"\n{token}\n", most).Read();
        while (reader.Read())
            found.Add((reader.GetString(0), (byte[])reader.GetValue(1)));
        return found;
    }

    /// <summary>Pins or unpins an entry.</summary>
    public static void SetPin(DbSession session, EntryRow e) =>
        session.Sql("UPDATE \"TimelineEntries\" SET \"PinnedAt\" = @p2, \"PinnedBy\" = @p3, \"Cursor\" = @p4, \"ChangedBy\" = @p5 WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1")
            .With(e.PatientId.Value, e.Seq, e.PinnedAt?.Ticks, e.PinnedBy?.Value, e.Cursor, e.ChangedBy?.Value).Run();

    /// <summary>Who is accountable for this patient now.</summary>
    public static PersonId? Accountable(DbSession session, PatientId patient) =>
        session.Sql("SELECT \"AccountableId\" FROM \"Patients\" WHERE \"Id\" = @p0").With(patient.Value).Text() is { } id ? new PersonId(id) : null;

    /// <summary>The discipline of a person; null when there is no such person.</summary>
    public static Discipline? DisciplineOf(DbSession session, PersonId person) =>
        session.Sql("SELECT \"Discipline\" FROM \"People\" WHERE \"Id\" = @p0").With(person.Value).Number() is { } discipline ? (Discipline)discipline : null;

    /// <summary>Makes somebody accountable from now on, in place of whoever was.</summary>
    /// <param name="who">Who answers for what is open: nobody gets what they may not read.</param>
    public static void SetAccountable(DbSession session, PatientId patient, PersonId person, DateTime since, AnswersFor who)
    {
        session.Sql("UPDATE \"AccountabilityPeriods\" SET \"Until\" = @p1 WHERE \"PatientId\" = @p0 AND \"Until\" IS NULL").With(patient.Value, since.Ticks).Run();
        session.Sql("INSERT INTO \"AccountabilityPeriods\" (\"PatientId\", \"PersonId\", \"Since\") VALUES (@p0, @p1, @p2)").With(patient.Value, person.Value, since.Ticks).Run();
        session.Sql("UPDATE \"Patients\" SET \"AccountableId\" = @p1, \"AccountableSince\" = @p2 WHERE \"Id\" = @p0").With(patient.Value, person.Value, since.Ticks).Run();
        TaskSql.FollowAccountable(session, patient, since, who);
    }

    /// <summary>One entry by its number, whoever may see it; for writers only.</summary>
    public static EntryRow? FindEntry(DbSession session, PatientId patient, long seq)
    {
        using var reader = session.Sql("SELECT " + TimelineSql.Columns + " FROM \"TimelineEntries\" WHERE \"PatientId\" = @p0 AND \"Seq\" = @p1").With(patient.Value, seq).Read();
        return reader.Read() ? TimelineSql.Entry(reader) : null;
    }

    /// <summary>Keeps a file with its entry; the same file twice is one.</summary>
    public static void InsertAttachment(DbSession session, AttachmentRow a) =>
        session.Sql("INSERT INTO \"Attachments\" (\"Id\", \"PatientId\", \"Seq\", \"FileName\", \"ContentType\", \"Size\", \"Bytes\", \"UploadedBy\", \"At\") SELECT @p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8 WHERE NOT EXISTS (SELECT 1 FROM \"Attachments\" WHERE \"Id\" = @p0)")
            .With(a.Id, a.PatientId.Value, a.Seq, a.FileName, a.ContentType, a.Size, a.Bytes, a.UploadedBy.Value, a.At.Ticks).Run();

    /// <summary>How many files of one person wait to be sent, over all files that are open to them, and their bytes.</summary>
    public static (long Files, long Bytes) UnsentFilesOf(DbSession session, PersonId person)
    {
        // The index on patient and number finds what waits without touching a file that was sent.
        using var reader = session.Sql("SELECT COUNT(*), COALESCE(SUM(w.\"Size\"), 0) FROM (SELECT DISTINCT \"PatientId\" FROM \"CareTeamMembers\" WHERE \"PersonId\" = @p0) m JOIN \"Attachments\" w ON w.\"PatientId\" = m.\"PatientId\" WHERE w.\"Seq\" IS NULL AND w.\"UploadedBy\" = @p0").With(person.Value).Read();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : default;
    }

    /// <summary>Patients with files that wait to be sent; read from an index alone.</summary>
    public static List<PatientId> PatientsWithUnsentFiles(DbSession session)
    {
        var patients = new List<PatientId>();
        using var reader = session.Sql("SELECT DISTINCT \"PatientId\" FROM \"Attachments\" WHERE \"Seq\" IS NULL").With().Read();
        while (reader.Read())
            patients.Add(new(reader.GetString(0)));
        return patients;
    }

    /// <summary>Forgets files of one patient that were uploaded before a moment and never sent; how many.</summary>
    public static int ForgetUnsentFiles(DbSession session, PatientId patient, DateTime before) =>
        session.Sql("DELETE FROM \"Attachments\" WHERE \"PatientId\" = @p0 AND \"Seq\" IS NULL AND \"At\" < @p1").With(patient.Value, before.Ticks).Run();

    /// <summary>Forgets one file that its author took away before sending.</summary>
    public static bool ForgetUnsentFile(DbSession session, PatientId patient, string id, PersonId person) =>
        session.Sql("DELETE FROM \"Attachments\" WHERE \"Id\" = @p0 AND \"PatientId\" = @p1 AND \"Seq\" IS NULL AND \"UploadedBy\" = @p2").With(id, patient.Value, person.Value).Run() == 1;

    /// <summary>Whether a file belongs to this entry already, or waits to be sent by this person.</summary>
    /// <param name="seq">Number of the entry; null for one that is still to come.</param>
    public static bool MayAttach(DbSession session, PatientId patient, string id, long? seq, PersonId by) =>
        session.Sql("SELECT 1 FROM \"Attachments\" WHERE \"Id\" = @p0 AND \"PatientId\" = @p1 AND (\"Seq\" = @p2 OR (\"Seq\" IS NULL AND \"UploadedBy\" = @p3))").With(id, patient.Value, seq, by.Value).One() is not null;

    /// <summary>Binds an uploaded file to the entry that was sent with it; null when it is not there, belongs to another entry, or somebody else uploaded it.</summary>
    public static (string FileName, string ContentType, long Size)? ClaimAttachment(DbSession session, PatientId patient, string id, long seq, PersonId? author)
    {
        session.Sql("UPDATE \"Attachments\" SET \"Seq\" = @p2 WHERE \"Id\" = @p0 AND \"PatientId\" = @p1 AND \"Seq\" IS NULL AND \"UploadedBy\" = @p3").With(id, patient.Value, seq, author?.Value).Run();
        using var reader = session.Sql("SELECT \"FileName\", \"ContentType\", \"Size\" FROM \"Attachments\" WHERE \"Id\" = @p0 AND \"PatientId\" = @p1 AND \"Seq\" = @p2").With(id, patient.Value, seq).Read();
        return reader.Read() ? (reader.GetString(0), reader.GetString(1), reader.GetInt64(2)) : null;
    }

    /// <summary>The line of this resource on the timeline, whoever may see it; for writers only.</summary>
    public static EntryRow? FindEntry(DbSession session, string type, string id)
    {
        using var reader = session.Sql("SELECT " + TimelineSql.Columns + " FROM \"TimelineEntries\" WHERE \"ResourceType\" = @p0 AND \"ResourceId\" = @p1").With(type, id).Read();
        return reader.Read() ? TimelineSql.Entry(reader) : null;
    }
}

/// <summary>A resource that is stored: what a writer needs to decide about the next version.</summary>
internal sealed record StoredResource(string Type, string Id, long Key, PatientId? Patient, PersonId? BroughtBy, int Version, DateTime LastUpdated, Audience Audience, InformationCategory Category, byte[] Hash);

/// <summary>A resource ready to be stored: its bytes and what is indexed of them.</summary>
internal sealed record FiledResource
{
    public required string Type { get; init; }
    public required string Id { get; init; }
    public required byte[] Json { get; init; }
    public required byte[] Hash { get; init; }
    public required string Origin { get; init; }
    public string? Status { get; init; }
    public DateTime? DateFrom { get; init; }
    public DateTime? DateTo { get; init; }
    public string? Tokens { get; init; }
    public required Audience Audience { get; init; }
    public required InformationCategory Category { get; init; }
    public IReadOnlyList<FhirToken> Identifiers { get; init; } = [];
}
