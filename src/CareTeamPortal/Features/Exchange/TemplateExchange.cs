using System.Text.Json;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// Templates of pathways (PlanDefinition) that a program writes for who keeps them: at once in force, after the validation of the editor. What is wrong is told per place, with
/// the element that it is about. Drafts stay in the portal; imports of others' PlanDefinitions come in a Bundle.
/// </summary>
internal sealed class TemplateExchange(KeepTemplate keep, RetireTemplate retire, CareDesk desk)
{
    /// <summary>create: a new template, under an id that its title gives.</summary>
    public async Task<FhirAnswer> CreateAsync(Actor actor, byte[] body, JsonElement root, CancellationToken ct)
    {
        if (Refused(actor, root) is { } refusal)
            return refusal;
        if (root.Text("status"u8) != "active")
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "A template that is created is active; drafts are written in the portal.", "PlanDefinition.status"));
        return await AnswerAsync(await keep.RunAsync(actor, new() { Json = body, Reason = ReasonOf(root) ?? "" }, ct), body, null, 201, ct);
    }

    /// <summary>update: the next version of a template, or the same version taken out of use or back.</summary>
    public async Task<FhirAnswer> UpdateAsync(Actor actor, string id, byte[] body, JsonElement root, int? seen, CancellationToken ct)
    {
        var stored = TemplateLibrary.IsDraft(id) ? null : await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(TemplateSql.Present(session, TemplateLibrary.Type, id)), ct);
        if (stored is null)
            return FhirAnswer.NotFound();
        if (Refused(actor, root) is { } refusal)
            return refusal;
        if (root.Text("id"u8) != id)
            return FhirAnswer.Refuse(400, FhirIssue.Error("value", "The id in the body is the id in the address.", "PlanDefinition.id"));
        if (seen is null)
            return FhirAnswer.Refuse(428, FhirIssue.Error("required", "If-Match is required to update: W/\"version\"."));
        if (seen != stored.Version)
            return FhirAnswer.Stale(stored.Version);
        if (root.Text("status"u8) is "retired")
        {
            // Taking out of use changes nothing else.
            if (TemplateFhir.Read(body) is not { } same || TemplateFhir.Read(stored.Json) is not { } inForce || CompareTemplates.Between(inForce, same with { Status = inForce.Status }).Count > 0)
                return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "A template that is taken out of use stays what it was; change it or retire it, not both.", "PlanDefinition.status"));
            return await AnswerAsync(await retire.RunAsync(actor, id, inForce.Version, retire: true, ReasonOf(root) ?? "", ct), body, id, 200, ct);
        }

        if (root.Text("status"u8) != "active")
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "A template in force is active or retired; drafts are written in the portal.", "PlanDefinition.status"));
        return await AnswerAsync(await keep.RunAsync(actor, new() { Id = id, Seen = seen.Value, Json = body, Reason = ReasonOf(root) ?? "" }, ct), body, id, 200, ct);
    }

    private static FhirAnswer? Refused(Actor actor, JsonElement root) =>
        !TemplateDrafts.MayWrite(actor) ? FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", "Rule: templates of pathways are kept by governance officers and administrators; PlanDefinitions of other sources come in with a Bundle."))
        : root.ValueKind != JsonValueKind.Object ? FhirAnswer.Refuse(400, FhirIssue.Error("structure", "A resource is an object.")) : null;

    /// <summary>Why this version: the extension by which the portal says it.</summary>
    private static string? ReasonOf(JsonElement root) =>
        root.Each("extension"u8).Where(e => e.ValueKind == JsonValueKind.Object && e.Text("url"u8) == TemplateCodes.Reason).Select(e => e.Text("valueString"u8)).FirstOrDefault();

    private async Task<FhirAnswer> AnswerAsync(TemplateResult result, byte[] body, string? id, int status, CancellationToken ct)
    {
        switch (result)
        {
            case TemplateResult.Done done:
                return await PresentAsync(done.Id, status, ct);
            case TemplateResult.NothingChanges:
                return await PresentAsync(id!, 200, ct);
            case TemplateResult.NotYours:
                return FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", "Rule: templates of pathways are kept by governance officers and administrators."));
            case TemplateResult.NeedsReason reason:
                return FhirAnswer.Refuse(422, FhirIssue.Error("required", $"Each version says why, in at most {reason.Most} characters: extension {TemplateCodes.Reason} with valueString.", "PlanDefinition.extension"));
            case TemplateResult.TooLarge:
                return FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"A template is at most {TemplateDrafts.LargestDraft} bytes.", "PlanDefinition"));
            case TemplateResult.Faulty faulty:
                var template = KeepTemplate.Read(body, id);
                return FhirAnswer.Refuse(422, [.. faulty.Problems.Take(50).Select(p => FhirIssue.Error("business-rule", $"{p.Fault}: {TemplateWords.Place(p, template)}: {TemplateWords.What(p)} {TemplateWords.Mend(p)}", PathOf(p, template)))]);
            default:
                return id is null ? FhirAnswer.Refuse(409, FhirIssue.Error("conflict", "Somebody else made a template of this name at the same moment: send it again.")) : FhirAnswer.Stale(await desk.ReadForTheClockAsync(session => TemplateSql.Present(session, TemplateLibrary.Type, id)?.Version ?? 0, ct));
        }
    }

    private async Task<FhirAnswer> PresentAsync(string id, int status, CancellationToken ct)
    {
        var stored = await desk.ReadForTheClockAsync(session => TemplateSql.Present(session, TemplateLibrary.Type, id)!, ct);
        return FhirAnswer.Resource(status, TemplateLibrary.Type, id, stored.Version, stored.At, stored.Json, written: true);
    }

    /// <summary>The element of the PlanDefinition that a problem is about.</summary>
    internal static string PathOf(TemplateProblem problem, PathwayTemplate template)
    {
        var path = "PlanDefinition";
        var phase = template.Phases.Index().FirstOrDefault(p => p.Item.Id == problem.Phase);
        if (problem.Phase is not null && phase.Item is not null)
        {
            path += $".action[{phase.Index}]";
            var step = phase.Item.Steps.Index().FirstOrDefault(s => s.Item.Id == problem.Step);
            if (problem.Step is not null && step.Item is not null)
                return $"{path}.action[{step.Index}]" + ElementOfStep(problem.Field);
            return path + problem.Field switch
            {
                TemplateField.Title => ".title", TemplateField.FromDay => ".timingRange.low", TemplateField.UntilDay => ".timingRange.high", TemplateField.Entry or TemplateField.Exit => ".condition", TemplateField.Steps => ".action", _ => "",
            };
        }

        return path + problem.Field switch
        {
            TemplateField.Title => ".title", TemplateField.Purpose => ".description", TemplateField.Sources => ".relatedArtifact" + At(template.Sources, s => s.Id == problem.Part), TemplateField.Roles => ".extension",
            TemplateField.Goals => ".goal" + At(template.Goals, g => g.Id == problem.Part), TemplateField.Steps or TemplateField.Whole => ".action", _ => "",
        };
    }

    private static string ElementOfStep(TemplateField field) => field switch
    {
        TemplateField.Title => ".title", TemplateField.Detail => ".description", TemplateField.Role => ".participant", TemplateField.Due => ".relatedAction", TemplateField.Repeat => ".timingTiming", TemplateField.Goal => ".goalId",
        TemplateField.Source => ".documentation", TemplateField.Loinc or TemplateField.Kind => ".code", TemplateField.Questionnaire => ".definitionCanonical",
        TemplateField.Limits or TemplateField.ToDo or TemplateField.Checklist or TemplateField.ToRole or TemplateField.Scope => ".extension", _ => "",
    };

    private static string At<T>(IReadOnlyList<T> all, Func<T, bool> holds) => all.Index().FirstOrDefault(a => holds(a.Item)) is { Item: not null } found ? $"[{found.Index}]" : "";
}
