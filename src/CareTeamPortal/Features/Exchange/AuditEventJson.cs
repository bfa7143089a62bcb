using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Exchange;

/// <summary>An access record as a FHIR AuditEvent, after the patterns of IHE Basic Audit Log Patterns 1.1: user, server and delegating agents, the patient and what was touched as entities.</summary>
internal static class AuditEventJson
{
    private const string Dicom = "http://dicom.nema.org/resources/ontology/DCM";
    private const string Rest = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    private const string Interaction = "http://hl7.org/fhir/restful-interaction";
    private const string Participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    private const string Reason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    private const string Rules = PortalRules + "sharing-rules/";
    private const string PortalRules = "https://careteamportal.example/fhir/";

    /// <param name="mark">For a governance officer: the mark of the file, in place of whose it is; who is family or the patient has no name, and nothing of the file is named. Null: for the patient.</param>
    public static byte[] Write(AccessLine line, PatientId patient, PeopleDirectory people, string? mark = null)
    {
        var (row, kind) = (line.Row, line.Kind);
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "AuditEvent"u8);
            json.WritePropertyName("type"u8);
            var (system, code, display) = TypeOf(row, kind);
            Coding(json, system, code, display);
            json.WriteStartArray("subtype"u8);
            if (row.Action == CareAction.BreakGlass)
                Coding(json, Dicom, "110127", "Emergency Override Started");
            else
                Coding(json, Interaction, InteractionOf(row, kind), null);
            json.WriteEndArray();
            json.WriteString("action"u8, InteractionOf(row, kind) switch { "create" => "C"u8, "update" => "U"u8, "search-type" => "E"u8, _ => "R"u8 });
            json.WriteString("recorded"u8, FhirDates.Instant(row.At));
            json.WriteString("outcome"u8, row.Allowed ? "0"u8 : "4"u8);
            if (!row.Allowed)
                json.WriteString("outcomeDesc"u8, row.Rule is { } rule ? $"Refused by rule {rule} of the sharing rules" : "Refused: no right to this file or action");
            json.WriteStartArray("agent"u8);
            Agent(json, row.PersonId, people, patient, Participation, "IRCP", "information recipient", requestor: true, row, mark is not null);
            if (row.OnBehalfOf is { } behalf)
                Agent(json, behalf, people, patient, "http://terminology.hl7.org/CodeSystem/contractsignertypecodes", "DELEGATOR", "delegator", requestor: false, null, mark is not null);
            json.WriteStartObject();
            json.WritePropertyName("type"u8);
            Concept(json, Dicom, "110153", "Source Role ID");
            json.WriteStartObject("who"u8);
            json.WriteString("display"u8, "CareTeamPortal"u8);
            json.WriteEndObject();
            json.WriteBoolean("requestor"u8, false);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("source"u8);
            json.WriteString("site"u8, row.Source.ToString());
            json.WriteStartObject("observer"u8);
            json.WriteString("display"u8, $"CareTeamPortal, {row.Source}");
            json.WriteEndObject();
            json.WriteStartArray("type"u8);
            Coding(json, "http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server");
            json.WriteEndArray();
            json.WriteEndObject();
            Entities(json, row, patient, mark);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static (string System, string Code, string Display) TypeOf(AccessRecordRow row, AccessKind kind) => (row, kind) switch
    {
        ({ Action: CareAction.BreakGlass }, _) => (Dicom, "110113", "Security Alert"),
        (_, AccessKind.Taken) => (Dicom, "110106", "Export"),
        (_, AccessKind.Listed) => (Dicom, "110112", "Query"),
        ({ Purpose: AccessPurpose.Import }, _) => (Dicom, "110107", "Import"),
        ({ Source: AccessSource.Fhir or AccessSource.Hub }, _) => (Rest, "rest", "RESTful Operation"),
        _ => (Dicom, "110110", "Patient Record"),
    };

    private static string InteractionOf(AccessRecordRow row, AccessKind kind) =>
        row.What is { } what && kind != AccessKind.Opened ? what.EndsWith("/_history/1", StringComparison.Ordinal) ? "create" : "update"
        : row.Purpose == AccessPurpose.Import ? "create" : kind == AccessKind.Listed ? "search-type" : "read";

    private static string PurposeOf(AccessRecordRow row) => row switch
    {
        { Relation: RelationKind.BreakGlass } or { Action: CareAction.BreakGlass } => "BTG",
        { Purpose: AccessPurpose.OwnFile } => "PATRQT",
        { Purpose: AccessPurpose.Import } or { Source: AccessSource.Background or AccessSource.CommandLine } => "HSYSADMIN",
        { Relation: RelationKind.FollowUp } => "COC",
        { Relation: RelationKind.Emergency } => "ETREAT",
        _ => "TREAT",
    };

    /// <param name="why">The record, for who asked: role, purpose and the rules by which it was decided.</param>
    private static void Agent(Utf8JsonWriter json, PersonId id, PeopleDirectory people, PatientId patient, string system, string code, string display, bool requestor, AccessRecordRow? why, bool forOfficer)
    {
        var person = people.Find(id);
        var hidden = forOfficer && person is not null && (person.OwnFile == patient || person.Discipline is Discipline.Patient or Discipline.InformalCaregiver);
        json.WriteStartObject();
        json.WritePropertyName("type"u8);
        Concept(json, system, code, display);
        if (person is { RoleTitle.Length: > 0 } && why is not null)
        {
            json.WriteStartArray("role"u8);
            json.WriteStartObject();
            json.WriteString("text"u8, hidden ? Roles.Title(SharingRules.RoleIn(person.Discipline, person.OwnFile, patient)) : person.RoleTitle);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteStartObject("who"u8);
        if (person is not null && !hidden)
            json.WriteString("reference"u8, person.OwnFile == patient ? $"Patient/{patient}" : $"{person.FhirType}/{person.Id}");
        json.WriteString("display"u8, hidden ? Roles.Title(SharingRules.RoleIn(person!.Discipline, person.OwnFile, patient)) : person?.DisplayName ?? "CareTeamPortal");
        json.WriteEndObject();
        json.WriteBoolean("requestor"u8, requestor);
        if (why is { RuleVersion: { } version })
        {
            json.WriteStartArray("policy"u8);
            json.WriteStringValue(Rules + version.ToString(CultureInfo.InvariantCulture) + (why.Rule is { } rule ? "#" + rule : ""));
            json.WriteEndArray();
        }

        if (why is not null)
        {
            json.WriteStartArray("purposeOfUse"u8);
            Concept(json, Reason, PurposeOf(why), null);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Entities(Utf8JsonWriter json, AccessRecordRow row, PatientId patient, string? mark)
    {
        json.WriteStartArray("entity"u8);
        if (mark is not null)
        {
            json.WriteStartObject();
            json.WriteStartObject("what"u8);
            json.WriteStartObject("identifier"u8);
            json.WriteString("system"u8, PortalRules + "NamingSystem/file-mark");
            json.WriteString("value"u8, mark);
            json.WriteEndObject();
            json.WriteEndObject();
            if (row.Relation is { } kind)
            {
                json.WriteStartArray("detail"u8);
                Detail(json, "relation", kind.ToString());
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndArray();
            return;
        }

        Entity(json, $"Patient/{patient}", "1", "Person", "1", "Patient");
        if (row.Relation is not null || row.Shared is not null)
        {
            json.WriteStartArray("detail"u8);
            if (row.Relation is { } relation)
                Detail(json, "relation", relation.ToString());
            if (row.Shared is { } shared)
                Detail(json, "shared", shared == InformationCategory.All ? "All" : string.Join(',', RuleDocuments.List(shared)));
            json.WriteEndArray();
        }

        json.WriteEndObject();
        if (row.What?.Split('/') is [_, _, "_history", _])
        {
            Entity(json, row.What, "2", "System Object", "4", "Domain Resource");
            json.WriteEndObject();
        }
        else if (row.What is { } done)
        {
            // No resource: a decision, or through whose eyes the patient looked.
            json.WriteStartObject();
            json.WriteString("name"u8, done);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Entity(Utf8JsonWriter json, string reference, string type, string typeDisplay, string role, string roleDisplay)
    {
        json.WriteStartObject();
        json.WriteStartObject("what"u8);
        json.WriteString("reference"u8, reference);
        json.WriteEndObject();
        json.WritePropertyName("type"u8);
        Coding(json, "http://terminology.hl7.org/CodeSystem/audit-entity-type", type, typeDisplay);
        json.WritePropertyName("role"u8);
        Coding(json, "http://terminology.hl7.org/CodeSystem/object-role", role, roleDisplay);
    }

    private static void Detail(Utf8JsonWriter json, string type, string value)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("valueString"u8, value);
        json.WriteEndObject();
    }

    private static void Concept(Utf8JsonWriter json, string system, string code, string? display)
    {
        json.WriteStartObject();
        json.WriteStartArray("coding"u8);
        Coding(json, system, code, display);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Coding(Utf8JsonWriter json, string system, string code, string? display)
    {
        json.WriteStartObject();
        json.WriteString("system"u8, system);
        json.WriteString("code"u8, code);
        if (display is not null)
            json.WriteString("display"u8, display);
        json.WriteEndObject();
    }
}
