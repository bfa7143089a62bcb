using System.Text.Json;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>Answers to a questionnaire of the portal that a program sends: the same use case as the page, after the same checks. The caller is who typed them.</summary>
internal sealed class CreateAnswers(FillInQuestionnaire fill)
{
    /// <summary>Whether it answers a questionnaire of the portal; answers to others are kept as they came.</summary>
    public static bool IsOurs(JsonElement root) => root.Text("questionnaire"u8)?.StartsWith(PortalCodes.Base + "Questionnaire/", StringComparison.Ordinal) == true;

    /// <summary>Whether anything is answered in it, at whatever depth.</summary>
    public static bool HasAnswers(JsonElement root) => root.Each("item"u8).Any(i => i.ValueKind == JsonValueKind.Object && (i.Each("answer"u8).Any() || HasAnswers(i)));

    /// <param name="patient">Whom it is about; null when it names nobody whose file is open.</param>
    public async Task<FhirAnswer> RunAsync(Actor actor, JsonElement root, PatientId? patient, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        if (ResponseFhir.Check(root) is { Count: > 0 } faults)
            return FhirAnswer.Refuse(422, [.. faults.Take(20).Select(f => FhirIssue.Error("invalid", f.Why, f.Path))]);
        if (patient is not { } file)
            return root.Child("subject"u8) is null ? FhirAnswer.Refuse(422, FhirIssue.Error("required", "The patient is named by Patient/id, or by the national number as identifier.", "QuestionnaireResponse.subject")) : FhirAnswer.NotFound();
        var authored = root.Date("authored"u8);
        if (root.TryGetProperty("authored"u8, out _) && authored is null)
            return FhirAnswer.Refuse(422, FhirIssue.Error("value", "authored is a FHIR date.", "QuestionnaireResponse.authored"));
        var form = Questionnaires.FindByCanonical(root.Text("questionnaire"u8))!;
        using var document = new FhirDocument();
        ContentScan.Run(JsonSerializer.SerializeToUtf8Bytes(root), document);
        var id = Guid.CreateVersion7().ToString();
        var filled = await fill.RunAsync(actor, file, new()
        {
            Id = id, Questionnaire = form.Id, Answers = ResponseFhir.Read(document.RootElement)!.Answers, At = authored?.Start,
            OnBehalf = root.Child("source"u8)?.Text("reference"u8) == $"Patient/{file}",
            ProfessionalsOnly = root.Child("meta"u8)?.Each("security"u8).Any(s => s.Text("code"u8) is "R" or "V") == true,
            Identifier = root.Child("identifier"u8) is { ValueKind: JsonValueKind.Object } identifier && identifier.Words("value"u8) is { } value ? (identifier.Words("system"u8), value) : null,
            Unless = ifNoneExist is null ? null : ifNoneExist.IsThere,
        }, ct, AccessSource.Fhir);
        return filled is FillInQuestionnaire.ThereAlready ? ifNoneExist!.Found : filled is FillInQuestionnaire.Filled kept ? FhirAnswer.Resource(201, "QuestionnaireResponse", id, 1, kept.KeptAt, kept.Json, written: true)
            : FhirAnswer.Refuse(422, FhirIssue.Error("invalid", "The answers do not fit their questionnaire.", "QuestionnaireResponse.item"));
    }
}
