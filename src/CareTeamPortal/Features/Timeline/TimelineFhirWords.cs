using System.Globalization;
using System.Text;
using System.Text.Json;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Timeline;

/// <content>Titles and text, in the source's own words.</content>
public static partial class TimelineFhir
{
    private static readonly Platform.Text.Words Said = new(typeof(TimelinePageText));

    /// <summary>A title in words; a bare code only when there is no word; the type's name when there is not even a code.</summary>
    private static string Title(in Look look, string? body)
    {
        var root = look.Root;
        var title = look.Type switch
        {
            "Communication" => Concept(root, "topic"u8) ?? FirstLine(Payload(root)) ?? AttachmentTitle(root, "payload"u8, "contentAttachment"u8) ?? Concept(root, "reasonCode"u8) ?? Concept(root, "category"u8),
            "CommunicationRequest" => FirstLine(Payload(root)) ?? Concept(root, "reasonCode"u8) ?? Concept(root, "category"u8),
            "Encounter" => Join(" · ", Concept(root, "type"u8) ?? Concept(root, "serviceType"u8) ?? EncounterClass(root), Concept(root, "reasonCode"u8)),
            "EpisodeOfCare" => Concept(root, "type"u8) ?? Named(look, root.First("diagnosis"u8)?.Ref("condition"u8, "diagnosis.condition")),
            "MedicationRequest" or "MedicationStatement" or "MedicationAdministration" or "MedicationDispense" => Medication(look),
            "Immunization" => Concept(root, "vaccineCode"u8),
            "ImmunizationRecommendation" => root.First("recommendation"u8) is { } r ? Concept(r, "vaccineCode"u8) ?? Concept(r, "targetDisease"u8) : null,
            "CarePlan" => root.Words("title"u8) ?? FirstLine(root.Words("description"u8)) ?? ConceptsIn(root, "category"u8) ?? root.First("addresses"u8)?.Words("display"u8),
            "CareTeam" => root.Words("name"u8) ?? Concept(root, "category"u8) ?? Concept(root, "reasonCode"u8) ?? MembersLine(root),
            "Goal" => Concept(root, "description"u8) ?? Concept(root, "category"u8),
            "Appointment" => FirstLine(root.Words("description"u8)) ?? Concept(root, "serviceType"u8) ?? Concept(root, "appointmentType"u8) ?? Concept(root, "reasonCode"u8) ?? Concept(root, "specialty"u8) ?? Concept(root, "serviceCategory"u8),
            "Composition" => root.Words("title"u8) ?? Concept(root, "type"u8),
            "DocumentReference" => FirstLine(root.Words("description"u8)) ?? AttachmentTitle(root, "content"u8, "attachment"u8) ?? Concept(root, "type"u8) ?? Concept(root, "category"u8),
            "DocumentManifest" => FirstLine(root.Words("description"u8)) ?? Concept(root, "type"u8),
            "Media" => root.Child("content"u8)?.Words("title"u8) ?? Concept(root, "type"u8) ?? Concept(root, "modality"u8),
            "ImagingStudy" => FirstLine(root.Words("description"u8)) ?? Concept(root, "procedureCode"u8) ?? Series(root) ?? Concept(root, "modality"u8),
            "Task" => FirstLine(root.Words("description"u8)) ?? Concept(root, "code"u8) ?? Concept(root, "reasonCode"u8) ?? Named(look, root.Ref("focus"u8, "focus")),
            "Provenance" => Concept(root, "activity"u8),
            "DetectedIssue" => Concept(root, "code"u8) ?? FirstLine(root.Words("detail"u8)),
            "Consent" => ConceptsIn(root, "category"u8) ?? Concept(root, "scope"u8),
            "QuestionnaireResponse" => Extension(root, PortalCodes.OutcomeWords)?.Words("valueString"u8) is { } came ? came : root.Child("questionnaire"u8) is { } q && root.Child("_questionnaire"u8) is { } named ? Display(named) ?? Canonical(q) : Canonical(root.Child("questionnaire"u8)) ?? FirstLine(root.First("item"u8)?.Words("text"u8)),
            "RiskAssessment" => Concept(root, "code"u8) ?? Concept(root, "method"u8) ?? (root.First("prediction"u8) is { } p ? Concept(p, "outcome"u8) : null),
            "ClinicalImpression" => Concept(root, "code"u8) ?? FirstLine(root.Words("description"u8)) ?? FirstLine(root.Words("summary"u8)),
            "FamilyMemberHistory" => Join(" · ", Concept(root, "relationship"u8) ?? root.Words("name"u8), root.First("condition"u8) is { } c ? Concept(c, "code"u8) : null),
            "DeviceUseStatement" => Named(look, root.Ref("device"u8, "device")) ?? Concept(root, "reasonCode"u8),
            "DeviceRequest" => Concept(root, "codeCodeableConcept"u8) ?? Named(look, root.Ref("codeReference"u8, "codeReference")),
            "Specimen" => Concept(root, "type"u8),
            "List" => root.Words("title"u8) ?? Concept(root, "code"u8),
            "NutritionOrder" => root.Child("oralDiet"u8) is { } diet ? ConceptsIn(diet, "type"u8) : null,
            "RequestGroup" => Concept(root, "code"u8) ?? Concept(root, "reasonCode"u8) ?? FirstLine(root.First("action"u8)?.Words("title"u8)),
            "AdverseEvent" => Concept(root, "event"u8) ?? FirstLine(root.Words("description"u8)),
            "SupplyDelivery" => root.Child("suppliedItem"u8) is { } s ? Concept(s, "itemCodeableConcept"u8) ?? Named(look, s.Ref("itemReference"u8, "suppliedItem.itemReference")) : null,
            "SupplyRequest" => Concept(root, "itemCodeableConcept"u8) ?? Named(look, root.Ref("itemReference"u8, "itemReference")),
            "Contract" => root.Words("title"u8) ?? root.Words("name"u8),
            "VisionPrescription" => root.First("lensSpecification"u8) is { } lens ? Concept(lens, "product"u8) : null,
            "ServiceRequest" => Concept(root, "code"u8) ?? Concept(root, "orderDetail"u8) ?? Concept(root, "reasonCode"u8) ?? Concept(root, "category"u8),
            _ => Concept(root, "code"u8) ?? Concept(root, "type"u8) ?? Concept(root, "category"u8),
        };
        // The first line of the text speaks before a bare code does, except where it would be taken for the name of a medicine or a device.
        return title ?? (look.Type.StartsWith("Medication", StringComparison.Ordinal) || look.Type is "DeviceUseStatement" or "Observation" ? null : FirstLine(body)) ?? BareCode(look.Facts) ?? look.Type;
    }

    /// <summary>The text below the title without a first line that only says the title again; null when nothing is left. A message stays whole, because it is Markdown.</summary>
    private static string? Beside(in Look look, string title, string? body)
    {
        if (body is null || look.Type is "Communication" or "CommunicationRequest") return body;
        if (body == title) return null;
        return body.StartsWith(title, StringComparison.Ordinal) && body[title.Length] == '\n' ? body[(title.Length + 1)..].TrimStart('\n') is { Length: > 0 } rest ? rest : null : body;
    }

    /// <summary>Everything that the resource says in words beside its title.</summary>
    private static string? Body(in Look look)
    {
        var root = look.Root;
        return look.Type switch
        {
            "Communication" or "CommunicationRequest" => Payload(root),
            "Composition" => Join(" · ", [.. root.Each("section"u8).Select(s => s.Words("title"u8) ?? Concept(s, "code"u8))]),
            "CarePlan" when look.Facts.Categories.Any(c => c.System == PortalCodes.PlanKind) => Join("\n", [root.Words("description"u8), .. Notes(root)]), // its steps are on its own page, and each on its own line when it is made
            "CarePlan" => Join("\n", [root.Words("description"u8), .. root.Each("activity"u8).Select(Activity), .. Notes(root)]),
            "CareTeam" => Members(root),
            "AllergyIntolerance" => Join("\n", [Join(" · ", [.. root.Each("reaction"u8).SelectMany(r => r.Each("manifestation"u8)).Select(m => m.ConceptDisplay())]), .. Notes(root)]),
            "Condition" => Join("\n", [Concept(root, "severity"u8), Join(" · ", [.. root.Each("bodySite"u8).Select(b => b.ConceptDisplay())]), .. Notes(root)]),
            "MedicationRequest" or "MedicationDispense" => Join("\n", [.. root.Each("dosageInstruction"u8).Select(Dosage), .. Reasons(look), .. Notes(root)]),
            "MedicationStatement" => Join("\n", [.. root.Each("dosage"u8).Select(Dosage), .. Reasons(look), .. Notes(root)]),
            "MedicationAdministration" => Join("\n", [root.Child("dosage"u8)?.Words("text"u8), .. Reasons(look), .. Notes(root)]),
            "DiagnosticReport" => Join("\n", [root.Words("conclusion"u8), .. root.Each("conclusionCode"u8).Select(c => c.ConceptDisplay()), .. root.Each("presentedForm"u8).Select(Attachment), .. ResultNames(root)]),
            "DocumentReference" => Join("\n", [root.Words("description"u8), .. root.Each("content"u8).Select(c => c.Child("attachment"u8) is { } a ? Attachment(a) : null)]),
            "Media" => Join("\n", [root.Child("content"u8) is { } a ? Attachment(a) : null, .. Notes(root)]),
            "Task" => Join("\n", [root.Words("description"u8), Concept(root, "businessStatus"u8), Concept(root, "statusReason"u8), .. Notes(root)]),
            "Provenance" => root.First("reason"u8)?.Words("text"u8),
            "Appointment" => Join("\n", [root.Words("description"u8), root.Words("comment"u8), root.Words("patientInstruction"u8), .. Reasons(look)]),
            "Encounter" => Join("\n", [.. root.Each("reasonReference"u8).Select(r => r.Words("display"u8)), root.Child("hospitalization"u8) is { } h ? Concept(h, "dischargeDisposition"u8) : null]),
            "Procedure" => Join("\n", [Concept(root, "outcome"u8), .. Reasons(look), .. Notes(root)]),
            "ServiceRequest" or "DeviceRequest" => Join("\n", [.. Reasons(look), root.Words("patientInstruction"u8), .. Notes(root)]),
            "Goal" => Join("\n", [Concept(root, "achievementStatus"u8), .. root.Each("target"u8).Select(Target), .. Notes(root)]),
            "DetectedIssue" => Join("\n", [root.Words("detail"u8), .. root.Each("implicated"u8).Select(i => i.Words("display"u8)), .. root.Each("mitigation"u8).Select(m => Concept(m, "action"u8))]),
            "QuestionnaireResponse" => Answers(root, 0),
            "Observation" => Join("\n", [ObservationText(root), .. Notes(root)]),
            "ClinicalImpression" => Join("\n", [root.Words("description"u8), root.Words("summary"u8), .. Notes(root)]),
            "RiskAssessment" => Join("\n", [.. root.Each("prediction"u8).Select(p => Join(": ", Concept(p, "outcome"u8), Concept(p, "qualitativeRisk"u8) ?? Number(p.Child("probabilityDecimal"u8)))), root.Words("mitigation"u8)]),
            "FamilyMemberHistory" => Join("\n", [.. root.Each("condition"u8).Select(c => Concept(c, "code"u8)), .. Notes(root)]),
            "RequestGroup" => Join("\n", [.. root.Each("action"u8).Select(a => a.Words("title"u8) ?? a.Words("description"u8)), .. Notes(root)]),
            "List" => Join("\n", [.. root.Each("entry"u8).Select(e => e.Child("item"u8)?.Words("display"u8)), .. Notes(root)]),
            "ImagingStudy" => Join("\n", [root.Words("description"u8), .. root.Each("series"u8).Select(s => s.Words("description"u8) ?? s.Child("modality"u8)?.Words("display"u8)), .. Reasons(look), .. Notes(root)]),
            _ => Join("\n", [.. Notes(root)]),
        };
    }

    private static string? Payload(FhirNode root)
    {
        var parts = root.Each("payload"u8).Select(p => p.Words("contentString"u8)).OfType<string>().ToList();
        return parts.Count switch { 0 => null, 1 => parts[0], _ => string.Join("\n\n", parts) };
    }

    private static string? FirstLine(string? text)
    {
        if (text is null) return null;
        foreach (var range in text.AsSpan().EnumerateLines())
        {
            var line = range.Trim();
            if (!line.IsEmpty) return line.ToString();
        }
        return null;
    }

    private static string? Concept(FhirNode root, ReadOnlySpan<byte> name)
    {
        foreach (var concept in root.Each(name))
            if (concept.ConceptDisplay() is { } words) return words;
        return null;
    }

    private static string? ConceptsIn(FhirNode root, ReadOnlySpan<byte> name) => Join(" · ", [.. root.Each(name).Select(c => c.ConceptDisplay()).Distinct()]);

    private static string? EncounterClass(FhirNode root)
    {
        if (root.Child("class"u8) is not { } coding) return null;
        // The source's display, else the standard's own for this required code (v3-ActCode).
        return coding.Words("display"u8) ?? coding.Words("code"u8) switch
        {
            "AMB" => "ambulatory", "EMER" => "emergency", "FLD" => "field", "HH" => "home health", "IMP" => "inpatient encounter", "ACUTE" => "inpatient acute", "NONAC" => "inpatient non-acute",
            "OBSENC" => "observation encounter", "PRENC" => "pre-admission", "SS" => "short stay", "VR" => "virtual", var code => code,
        };
    }

    private static string? Named(in Look look, FhirReference? reference) => look.NameOf(reference);

    private static string? Medication(in Look look)
    {
        if (look.Root.Child("medicationCodeableConcept"u8) is { } concept) return concept.ConceptDisplay();
        var reference = look.Root.Ref("medicationReference"u8, "medicationReference");
        return look.NameOf(reference);
    }

    private static string? MedicationName(FhirNode medication) =>
        medication.Child("code"u8)?.ConceptDisplay() ?? Join(" + ", [.. medication.Each("ingredient"u8).Select(i => Concept(i, "itemCodeableConcept"u8) ?? i.Child("itemReference"u8)?.Words("display"u8))]);

    private static string? DeviceName(FhirNode device) =>
        device.First("deviceName"u8)?.Words("name"u8) ?? device.First("type"u8)?.ConceptDisplay() ?? Join(" ", device.Words("manufacturer"u8), device.Words("modelNumber"u8));

    private static string? HumanName(FhirNode person)
    {
        if (person.First("name"u8) is not { } name) return null;
        return name.Words("text"u8) ?? Join(" ", [.. name.Each("prefix"u8).Concat(name.Each("given"u8)).Select(p => p.ValueKind == JsonValueKind.String ? p.GetString() : null), name.Words("family"u8)]);
    }

    private static IEnumerable<string?> Notes(FhirNode root) => root.Each("note"u8).Select(n => n.Words("text"u8));

    private static IEnumerable<string?> Reasons(Look look) =>
        look.Root.Each("reasonCode"u8).Select(r => r.ConceptDisplay()).Concat(look.Root.Each("reasonReference"u8).Select(r => look.NameOf(r.AsReference("reasonReference"))));

    private static string? Attachment(FhirNode attachment) => attachment.Words("title"u8);

    private static string? AttachmentTitle(FhirNode root, ReadOnlySpan<byte> list, ReadOnlySpan<byte> child)
    {
        foreach (var item in root.Each(list))
            if (item.Child(child)?.Words("title"u8) is { } title) return title;
        return null;
    }

    private static string? Activity(FhirNode activity)
    {
        if (activity.Child("detail"u8) is { } detail)
            return Join(" · ", Join(": ", Concept(detail, "code"u8) ?? KindOfActivity(detail.Text("kind"u8)), detail.Words("description"u8) ?? Concept(detail, "productCodeableConcept"u8)), detail.Words("scheduledString"u8) ?? Planned(detail), Join(", ", [.. detail.Each("performer"u8).Select(p => p.Words("display"u8))]), detail.Child("location"u8)?.Words("display"u8));
        return activity.Child("reference"u8)?.Words("display"u8) ?? activity.First("outcomeReference"u8)?.Words("display"u8);
    }

    /// <summary>When an activity is planned: the day of its period, or the first of its times.</summary>
    private static string? Planned(FhirNode detail) =>
        (detail.Child("scheduledPeriod"u8)?.Text("start"u8) ?? detail.Child("scheduledTiming"u8)?.Each("event"u8).Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()).FirstOrDefault()) is { Length: >= 10 } at && DateOnly.TryParseExact(at[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.ToString("d MMM yyyy", BelgianTime.Culture) : null;

    /// <summary>What kind of thing is planned, by the codes of FHIR R4's CarePlanActivityKind; another code is "activity": a word of a program says nothing to people.</summary>
    private static string? KindOfActivity(string? code) => code is null ? null : Said.Get("Activity." + (code switch
    {
        "Appointment" or "CommunicationRequest" or "DeviceRequest" or "MedicationRequest" or "NutritionOrder" or "Task" or "ServiceRequest" or "VisionPrescription" => code,
        _ => "Other",
    }));

    private static string? Dosage(FhirNode dosage) =>
        dosage.Words("text"u8) ?? Join(" · ", (dosage.First("doseAndRate"u8)?.Child("doseQuantity"u8) is { } dose ? Quantity(dose) : null), dosage.Child("timing"u8) is { } t ? Concept(t, "code"u8) : null, Concept(dosage, "route"u8), dosage.Words("patientInstruction"u8));

    private static string? Target(FhirNode target) =>
        Join(" ", Concept(target, "measure"u8), target.Child("detailQuantity"u8) is { } q ? Quantity(q) : Concept(target, "detailCodeableConcept"u8) ?? target.Words("detailString"u8));

    private static IEnumerable<string?> ResultNames(FhirNode root) => root.Each("result"u8).Select(r => r.Words("display"u8));

    private static string? Members(FhirNode root) => Join("\n", [.. root.Each("participant"u8).Select(p => Join(" · ", p.Child("member"u8)?.Words("display"u8), Concept(p, "role"u8)))]);

    private static string? MembersLine(FhirNode root) => Join(", ", [.. root.Each("participant"u8).Select(p => p.Child("member"u8)?.Words("display"u8))]);

    private static string? Series(FhirNode root) =>
        Join(" · ", [.. root.Each("series"u8).Select(s => Join(" ", s.Child("modality"u8)?.Words("display"u8), s.Child("bodySite"u8)?.Words("display"u8))).Distinct()]);

    private static string? Display(FhirNode primitiveExtension)
    {
        foreach (var extension in primitiveExtension.Each("extension"u8))
            if (extension.Text("url"u8) == "http://hl7.org/fhir/StructureDefinition/display") return extension.Words("valueString"u8);
        return null;
    }

    /// <summary>The last part of a canonical URL is all the name that a questionnaire has here.</summary>
    private static string? Canonical(FhirNode? canonical)
    {
        if (canonical is not { ValueKind: JsonValueKind.String } c || c.GetString() is not { Length: > 0 } url) return null;
        url = url.Split('|')[0].TrimEnd('/');
        return url[(url.LastIndexOf('/') + 1)..].TrimStart('#') is { Length: > 0 } name ? name : url;
    }

    private static string? Answers(FhirNode parent, int depth)
    {
        if (depth > 10) return null;
        var lines = new List<string?>();
        foreach (var item in parent.Each("item"u8))
        {
            var answers = item.Each("answer"u8).Select(AnswerText).OfType<string>().ToList();
            if (answers.Count > 0) lines.Add(Join(": ", item.Words("text"u8) ?? item.Words("linkId"u8), string.Join(", ", answers)));
            lines.Add(Answers(item, depth + 1));
            foreach (var answer in item.Each("answer"u8)) lines.Add(Answers(answer, depth + 1));
        }
        return Join("\n", [.. lines]);
    }

    private static string? AnswerText(FhirNode answer) =>
        answer.Words("valueString"u8) ?? answer.Child("valueCoding"u8)?.Words("display"u8) ?? answer.Child("valueCoding"u8)?.Words("code"u8)
        ?? (answer.Child("valueQuantity"u8) is { } q ? Quantity(q) : null) ?? answer.Words("valueDate"u8) ?? answer.Words("valueDateTime"u8) ?? answer.Words("valueTime"u8) ?? answer.Words("valueUri"u8)
        ?? answer.Child("valueReference"u8)?.Words("display"u8) ?? answer.Child("valueAttachment"u8)?.Words("title"u8)
        ?? Number(answer.Child("valueInteger"u8)) ?? Number(answer.Child("valueDecimal"u8)) ?? Number(answer.Child("valueBoolean"u8));

    private static string? ObservationText(FhirNode root) =>
        root.Words("valueString"u8) ?? (root.Child("valueCodeableConcept"u8) is { } concept ? concept.ConceptWords() : null) ?? (root.Child("dataAbsentReason"u8) is { } absent ? absent.ConceptWords() : null);

    private static string? Quantity(FhirNode quantity) =>
        Join(" ", quantity.Words("comparator"u8) is { } c ? c + Number(quantity.Child("value"u8)) : Number(quantity.Child("value"u8)), quantity.Words("unit"u8) ?? quantity.Words("code"u8));

    /// <summary>A number or boolean exactly as written.</summary>
    private static string? Number(FhirNode? element) => element?.ValueKind switch
    {
        JsonValueKind.Number => element.Value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private static string? BareCode(ResourceFacts facts) => facts.Codes.Count > 0 ? facts.Codes[0].Code : facts.Categories.Count > 0 ? facts.Categories[0].Code : null;

    private static string? Join(string between, params ReadOnlySpan<string?> parts)
    {
        StringBuilder? text = null;
        string? only = null;
        foreach (var part in parts)
        {
            if (string.IsNullOrWhiteSpace(part)) continue;
            if (only is null) only = part;
            else (text ??= new StringBuilder(only)).Append(between).Append(part);
        }
        return text?.ToString() ?? only;
    }
}
