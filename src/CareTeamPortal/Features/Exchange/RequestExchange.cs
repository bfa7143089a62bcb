using System.Globalization;
using System.Text.Json;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Examinations;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// Requests (ServiceRequest) that a program writes as its caller. A measuring plan goes the way of the plan's page. An order for an examination that the portal knows becomes a
/// task too, so that somebody has it, and warns of a recent result as the form of a task does. Any other request is an entry, from which a hand-off can be made.
/// </summary>
internal sealed class RequestExchange(ReadResource readResource, LookOnce look, CreateResource create, CreateTask createTask, SetMeasuringPlan setPlan, PeopleDirectory people, TimeProvider clock)
{
    /// <summary>create. The caller is the requester.</summary>
    public async Task<FhirAnswer> CreateAsync(Actor actor, PatientId patient, JsonElement root, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        var isPlan = root.Each("category"u8).SelectMany(c => c.Each("coding"u8)).Any(c => c.Text("system"u8) == AlertCodes.PlanKind && c.Text("code"u8) == AlertCodes.Measuring);
        var examination = root.Text("status"u8) == "active" && root.Text("intent"u8)!.EndsWith("order", StringComparison.Ordinal) ? Examination.Of(root) : null;
        if (!isPlan && examination is null)
            return await create.RunAsync(actor, patient, new CreateResource.Request(root, "ServiceRequest", ifNoneExist), ct, AccessSource.Fhir);
        if (ifNoneExist is not null && await look.RunAsync(actor, patient, ifNoneExist, ct, AccessSource.Fhir))
            return ifNoneExist.Found;

        var id = Guid.CreateVersion7().ToString();
        var json = NativeResource.Write(root, "ServiceRequest", actor, clock.GetUtcNow().UtcDateTime);
        return isPlan ? await PlanAsync(actor, patient, id, root, json, ifNoneExist, ct) : await OrderAsync(actor, patient, id, root, json, examination!, ifNoneExist, ct);
    }

    private async Task<FhirAnswer> OrderAsync(Actor actor, PatientId patient, string id, JsonElement root, byte[] json, Examination examination, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        var facts = ResourceReader.Read(json, out var document);
        CreateTask.Request request;
        using (document)
        {
            var node = document.RootElement;
            var owner = TaskFhir.Party(node.First("performer"u8), people.FindByReference);
            if (owner is { Kind: OwnerKind.Person, Person: null })
                return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Who is asked is somebody of this portal: a person, a role of the team or an organisation's queue. Without performer it is the caller's own to do.", "ServiceRequest.performer"));
            request = new()
            {
                Id = Guid.CreateVersion7().ToString(), Title = SafeText.Line(node.Child("code"u8)?.ConceptWords(), CreateTask.LongestTitle) is { Length: > 0 } words ? words : examination.Name,
                Detail = string.Join("\n", node.Each("note"u8).Select(n => n.Words("text"u8)).Concat(node.Each("reasonCode"u8).Select(r => r.ConceptWords())).OfType<string>()),
                Owner = owner, DueAt = node.Date("occurrenceDateTime"u8)?.End ?? node.Child("occurrencePeriod"u8)?.Date("end"u8)?.End,
                Priority = node.Text("priority"u8) switch { "urgent" => TaskPriority.Urgent, "asap" => TaskPriority.Asap, "stat" => TaskPriority.Stat, _ => TaskPriority.Routine },
                Goal = node.Each("supportingInfo"u8).Select(r => r.Text("reference"u8)).FirstOrDefault(r => r?.StartsWith("Goal/", StringComparison.Ordinal) == true),
                Audience = TimelineFhir.AudienceOf(node, facts), Protection = ClinicalCodes.ProtectedBy(facts.SecurityLabels), Examination = examination.Key, AskedAgain = Examination.OverrideOf(root), Order = (id, json), Unless = ifNoneExist is null ? null : ifNoneExist.IsThere,
            };
        }

        return await createTask.RunAsync(actor, patient, request, ct, AccessSource.Fhir) switch
        {
            TaskThereAlready => ifNoneExist!.Found,
            TaskDone => await AnswerAsync(actor, patient, id, ct),
            TaskRefused { Rule: TaskRule.RecentResult, Recent: { } recent } => TaskExchange.Refuse(recent, "ServiceRequest.code"),
            TaskRefused { Rule: TaskRule.MayNotSee } => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "Who is asked is not on the care team, or they or you may not see this.", "ServiceRequest.performer")),
            TaskRefused { Rule: TaskRule.BadDeadline } => FhirAnswer.Refuse(422, FhirIssue.Error("value", "When it is to be done lies in the past, or outside the calendar.", "ServiceRequest.occurrence[x]")),
            TaskRefused { Rule: TaskRule.NotInFile or TaskRule.GoalForFewer } => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "The goal that it serves is not in this file for you.", "ServiceRequest.supportingInfo")),
            TaskRefused { Rule: TaskRule.TitleTooLong or TaskRule.DetailTooLong } => FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"Notes and reasons together are at most {CreateTask.LongestDetail} characters.", "ServiceRequest.note")),
            TaskRefused => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "This cannot be asked so.", "ServiceRequest")),
            _ => FhirAnswer.NotFound(),
        };
    }

    private async Task<FhirAnswer> PlanAsync(Actor actor, PatientId patient, string id, JsonElement root, byte[] json, OnlyOnce? ifNoneExist, CancellationToken ct)
    {
        MeasuringPlan plan;
        ResourceReader.Read(json, out var document);
        using (document)
            plan = MeasuringPlanFhir.Read(document.RootElement, patient, id, 0, people.FindByReference)!;
        if (root.Text("status"u8) != "active")
            return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "A measuring plan begins active.", "ServiceRequest.status"));
        // A limit that is left out without a word is a night without an alarm.
        if (root.Each("extension"u8).Count(e => e.ValueKind == JsonValueKind.Object && e.Text("url"u8) == AlertCodes.Threshold) is var sent && sent != plan.Rules.Count)
            return FhirAnswer.Refuse(422, FhirIssue.Error("value", $"Of {sent.ToString(CultureInfo.InvariantCulture)} limits {plan.Rules.Count.ToString(CultureInfo.InvariantCulture)} can be judged; each has an id of its own, a kind, a quantity of the plan and what belongs to its kind.", "ServiceRequest.extension"));
        if (root.Child("occurrenceTiming"u8) is not null && plan.Repeat is null)
            return FhirAnswer.Refuse(422, FhirIssue.Error("not-supported", "How often is measured cannot be read: repeat with period, periodUnit (d, wk, mo) and dayOfWeek.", "ServiceRequest.occurrenceTiming"));
        var result = await setPlan.RunAsync(actor, patient, new SetMeasuringPlan.Request { Id = id, Loinc = plan.Loinc, Repeat = plan.Repeat, By = plan.By, Goal = plan.Goal, Rules = plan.Rules, Source = json, Unless = ifNoneExist is null ? null : ifNoneExist.IsThere }, ct, AccessSource.Fhir);
        return result.Outcome switch
        {
            SetMeasuringPlan.Outcome.ThereAlready => ifNoneExist!.Found,
            SetMeasuringPlan.Outcome.Done => await AnswerAsync(actor, patient, id, ct),
            SetMeasuringPlan.Outcome.TooLong => FhirAnswer.Refuse(422, FhirIssue.Error("too-long", $"What is to be done is at most {SetMeasuringPlan.LongestToDo} characters, a source {SetMeasuringPlan.LongestSource}.", "ServiceRequest.extension")),
            SetMeasuringPlan.Outcome.NotSound => FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "code is a quantity that the portal knows (LOINC), and each limit is about it.", "ServiceRequest.code")),
            _ => FhirAnswer.NotFound(),
        };
    }

    private async Task<FhirAnswer> AnswerAsync(Actor actor, PatientId patient, string id, CancellationToken ct) =>
        (await readResource.RunAsync(actor, patient, new ReadResource.Request("ServiceRequest", id), ct, AccessSource.Fhir))?.Versions[0] is { } row ? FhirAnswer.Resource(201, "ServiceRequest", id, row.Version, row.LastUpdated, row.Json, written: true) : FhirAnswer.NotFound();
}
