using CareTeamPortal.Platform.Access;

namespace CareTeamPortal.Platform.Data;

/// <summary>A version of a definition that the portal keeps.</summary>
internal sealed record DefinitionVersion(string Id, int Version, DateTime At, byte[] Json);

/// <summary>Hand-written SQL of the definitions of the portal itself (pathway templates, questionnaires): resources of the common directory that no Bundle changes.</summary>
internal static class TemplateSql
{
    /// <summary>Origin of what the portal itself keeps.</summary>
    public const string Portal = "portal";

    /// <summary>Id and version of each that the portal keeps, by id.</summary>
    public static List<(string Id, int Version)> Kept(DbSession session, string type)
    {
        var kept = new List<(string, int)>();
        using var reader = session.Sql("SELECT \"Id\", \"Version\" FROM \"Resources\" WHERE \"Type\" = @p0 AND \"PatientId\" IS NULL AND \"Origin\" = 'portal' ORDER BY \"Id\"").With(type).Read();
        while (reader.Read())
            kept.Add((reader.GetString(0), reader.GetInt32(1)));
        return kept;
    }

    /// <summary>Whether the portal itself keeps this one.</summary>
    public static bool IsKept(DbSession session, string type, string id) =>
        session.Sql("SELECT 1 FROM \"Resources\" WHERE \"Type\" = @p0 AND \"Id\" = @p1 AND \"PatientId\" IS NULL AND \"Origin\" = 'portal'").With(type, id).One() is not null;

    /// <summary>Its present version; null when the portal keeps none of that id.</summary>
    public static DefinitionVersion? Present(DbSession session, string type, string id)
    {
        using var reader = session.Sql("SELECT \"Version\", \"LastUpdated\", \"Json\" FROM \"Resources\" WHERE \"Type\" = @p0 AND \"Id\" = @p1 AND \"PatientId\" IS NULL AND \"Origin\" = 'portal'").With(type, id).Read();
        return reader.Read() ? new(id, reader.GetInt32(0), reader.Instant(1), (byte[])reader.GetValue(2)) : null;
    }

    /// <summary>Its older versions, newest first.</summary>
    public static List<DefinitionVersion> Older(DbSession session, string type, string id)
    {
        var older = new List<DefinitionVersion>();
        using var reader = session.Sql("SELECT \"Version\", \"LastUpdated\", \"Json\" FROM \"ResourceVersions\" WHERE \"Type\" = @p0 AND \"Id\" = @p1 AND \"PatientId\" IS NULL ORDER BY \"Version\" DESC").With(type, id).Read();
        while (reader.Read())
            older.Add(new(id, reader.GetInt32(0), reader.Instant(1), (byte[])reader.GetValue(2)));
        return older;
    }

    /// <summary>Makes a resource that came from elsewhere one of the portal's own.</summary>
    public static void Keep(DbSession session, string type, string id) =>
        session.Sql("UPDATE \"Resources\" SET \"Origin\" = 'portal' WHERE \"Type\" = @p0 AND \"Id\" = @p1 AND \"PatientId\" IS NULL").With(type, id).Run();

    /// <summary>The chain of the access records that holds what was done with the templates. No patient: the sign cannot stand in a FHIR id.</summary>
    public static PatientId Chain { get; } = new("$pathways");

    /// <summary>Writes down who did what with which version.</summary>
    public static void Record(DbSession session, PersonId by, string what, DateTime at) =>
        CareStore.InsertAccessRecord(session, Chain, by, at, AccessPurpose.Governance, AccessSource.Page, CareAction.Write, true, what);
}
