using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// Starts a pathway as a program asks it: a CarePlan that instantiates a template of the portal. The same use case as the form, with the roles that the form proposes; who wants
/// to leave steps out or choose others does so in the portal afterwards. Any other CarePlan is kept as it came.
/// </summary>
internal sealed class PathwayExchange(ReadStart readStart, StartPathway start, ReadResource readResource, LookOnce look, TimeProvider clock)
{
    /// <summary>Whether it asks for a pathway of the portal that begins now.</summary>
    public static bool IsOurs(JsonElement root) => root.Text("status"u8) is "active" && Canonical(root) is not null;

    /// <summary>create.</summary>
    public async Task<FhirAnswer> CreateAsync(Actor actor, PatientId patient, JsonElement root, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        var canonical = Canonical(root)!.Split('|', 2);
        if (root.Child("activity"u8) is not null || root.Child("contributor"u8) is not null)
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "The activities of a pathway are made by the portal from its template; a plan with activities of its own does not instantiate it.", "CarePlan.activity"));
        var today = BelgianTime.DayOf(clock.GetUtcNow().UtcDateTime);
        var day = today;
        if (root.Child("period"u8)?.Child("start"u8) is { } from)
        {
            if (from.AsDate() is not { } given)
                return FhirAnswer.Refuse(422, FhirIssue.Error("value", "period.start is a FHIR date.", "CarePlan.period.start"));
            day = BelgianTime.DayOf(given.Start);
        }

        if (ifNoneExist is not null && await look.RunAsync(actor, patient, ifNoneExist, ct, AccessSource.Fhir))
            return ifNoneExist.Found;
        var read = await readStart.RunAsync(actor, patient, new ReadStart.Request(canonical[0]), ct, AccessSource.Fhir);
        if (!read.MayStart)
            return FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", "Rule: a pathway asks work of others and sets limits; it is started by a professional of the team who answers for care."));
        if (read.Template is not { } template)
            return FhirAnswer.Refuse(422, FhirIssue.Error("not-found", "There is no such template, or it is no longer offered: search PlanDefinition.", "CarePlan.instantiatesCanonical"));
        if (canonical is [_, var version] && version != template.Version.ToString(CultureInfo.InvariantCulture))
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", $"The version that is started is {template.Version}.", "CarePlan.instantiatesCanonical"));
        var id = Guid.CreateVersion7().ToString();
        switch (await start.RunAsync(actor, patient, new StartPathway.Request { Id = id, Template = template.Id, TemplateVersion = template.Version, StartsOn = day, Roles = read.Roles, Identifiers = root.Each("identifier"u8).Select(i => JsonNode.Parse(i.GetRawText())).OfType<JsonObject>().ToList(), Unless = ifNoneExist is null ? null : ifNoneExist.IsThere }, ct, AccessSource.Fhir))
        {
            case StartPathway.Started started:
                return (await readResource.RunAsync(actor, patient, new ReadResource.Request("CarePlan", started.Id), ct, AccessSource.Fhir))?.Versions[0] is { } row ? FhirAnswer.Resource(201, "CarePlan", started.Id, row.Version, row.LastUpdated, row.Json, written: true) : FhirAnswer.NotFound();
            case StartPathway.ThereAlready:
                return ifNoneExist!.Found;
            case StartPathway.RunsAlready runs:
                return FhirAnswer.Refuse(409, FhirIssue.Error("conflict", $"This pathway runs for the patient already: CarePlan/{runs.Id}."));
            case StartPathway.Refused refused:
                return FhirAnswer.Refuse(422, [.. refused.Problems.Take(20).Select(p => FhirIssue.Error("business-rule", p.Problem switch
                {
                    StartPathway.Problem.Day => "The first day lies too far away.",
                    StartPathway.Problem.Nobody => $"Nobody of the team can do {p.Step ?? p.Role}: start it in the portal and choose, or put somebody on the team.",
                    StartPathway.Problem.TooMany => "The file has too many open tasks.",
                    _ => $"{p.Step ?? "This"} cannot be started as the template has it.",
                }, p.Problem == StartPathway.Problem.Day ? "CarePlan.period.start" : "CarePlan.instantiatesCanonical"))]);
            default:
                return FhirAnswer.Refuse(409, FhirIssue.Error("conflict", "The template changed meanwhile: read it again."));
        }
    }

    private static string? Canonical(JsonElement root) =>
        root.Each("instantiatesCanonical"u8).Select(c => c.ValueKind == JsonValueKind.String ? c.GetString() : null).FirstOrDefault(c => c?.StartsWith(PathwayCodes.Template, StringComparison.Ordinal) == true)?[PathwayCodes.Template.Length..];
}
