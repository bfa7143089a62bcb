using System.Text.Json.Nodes;
using CareTeamPortal.Features.Pathways;

namespace CareTeamPortal.Tests.Exchange;

/// <summary>What a program writes of templates, plans, answers and alerts: as the person could in the portal, and nothing else.</summary>
public sealed class PlanWritesApiTests(FhirPortal portal) : IClassFixture<FhirPortal>
{
    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;

    private static void Because(JsonObject template, string reason)
    {
        var extensions = template["extension"] as JsonArray ?? [];
        template["extension"] = new JsonArray([.. extensions.Where(e => (string?)e!["url"] != TemplateCodes.Reason).Select(e => e!.DeepClone()), new JsonObject { ["url"] = TemplateCodes.Reason, ["valueString"] = reason }]);
    }

    private async Task<JsonObject> TemplateAsync(string title)
    {
        var read = (await (await portal.AsAsync("karel.janssens")).GetAsync("PlanDefinition/heupfractuur")).Json!.AsObject();
        foreach (var name in new[] { "id", "meta", "url", "version" })
            read.Remove(name);
        read["title"] = title;
        return read;
    }

    [Fact]
    public async Task An_officer_publishes_a_template_and_its_next_version_and_a_patient_starts_it()
    {
        var piet = await portal.AsAsync("piet.claeys");
        var template = await TemplateAsync("Knieprothese");
        Assert.Equal(422, (await piet.PostAsync("PlanDefinition", template)).Code); // without a reason
        Because(template, "nieuw zorgpad");
        var made = await piet.PostAsync("PlanDefinition", template);
        Assert.Equal((201, "knieprothese", "1", "active", TemplateCodes.Canonical + "knieprothese"), (made.Code, (string?)made.Json!["id"], (string?)made.Json["version"], (string?)made.Json["status"], (string?)made.Json["url"]));

        var next = (JsonObject)made.Json.DeepClone();
        next["title"] = "Nieuwe knie";
        Because(next, "duidelijker naam");
        Assert.Equal(428, (await piet.PutAsync("PlanDefinition/knieprothese", next)).Code);
        Assert.Equal(412, (await piet.PutAsync("PlanDefinition/knieprothese", next, ("If-Match", "W/\"7\""))).Code);
        var published = await piet.PutAsync("PlanDefinition/knieprothese", next, ("If-Match", "W/\"1\""));
        Assert.Equal((200, "2", "Nieuwe knie"), (published.Code, (string?)published.Json!["version"], (string?)published.Json["title"]));
        Assert.Equal("Knieprothese", (string?)(await piet.GetAsync("PlanDefinition/knieprothese/_history/1")).Json!["title"]);
        Assert.Equal(412, (await piet.PutAsync("PlanDefinition/knieprothese", next, ("If-Match", "W/\"1\""))).Code);

        var plan = Json($$"""{ "resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": { "reference": "Patient/maria-verhoeven" }, "instantiatesCanonical": ["{{TemplateCodes.Canonical}}knieprothese"] }""");
        Assert.Contains((await (await portal.AsAsync("karel.janssens")).PostAsync("CarePlan", plan)).Code, new[] { 201, 422 }); // as its roles can be filled

        var retired = (JsonObject)published.Json.DeepClone();
        retired["status"] = "retired";
        Because(retired, "vervangen");
        var gone = await piet.PutAsync("PlanDefinition/knieprothese", retired, ("If-Match", "W/\"2\""));
        Assert.Equal((200, "retired"), (gone.Code, (string?)gone.Json!["status"]));
    }

    [Theory]
    [InlineData("karel.janssens")]
    [InlineData("maria.verhoeven")]
    [InlineData("ilse.baert")]
    public async Task Who_may_not_edit_templates_publishes_none(string user)
    {
        var who = await portal.AsAsync(user);
        var title = "Van " + user;
        var template = await TemplateAsync(title);
        Because(template, "omdat");
        Assert.Equal(403, (await who.PostAsync("PlanDefinition", template)).Code);
        template["id"] = "heupfractuur";
        Assert.Equal(403, (await who.PutAsync("PlanDefinition/heupfractuur", template, ("If-Match", "W/\"1\""))).Code);
        Assert.Equal("Heupfractuur", (string?)(await who.GetAsync("PlanDefinition/heupfractuur")).Json!["title"]);
    }

    [Fact]
    public async Task What_is_wrong_with_a_template_is_told_per_element_and_nothing_is_kept()
    {
        var piet = await portal.AsAsync("piet.claeys");
        var template = await TemplateAsync("Fout zorgpad");
        Because(template, "proef");
        template["action"]![1]!["action"]![0]!.AsObject().Remove("title");
        template["action"]![0]!.AsObject().Remove("title");
        var refused = await piet.PostAsync("PlanDefinition", template);
        Assert.Equal(422, refused.Code);
        var places = refused.Json!["issue"]!.AsArray().Select(i => (string?)i!["expression"]?[0]).ToList();
        Assert.Contains("PlanDefinition.action[0].title", places);
        Assert.Contains("PlanDefinition.action[1].action[0].title", places);
        Assert.Empty((await piet.GetAsync("PlanDefinition?title=Fout")).Resources);
        Assert.Equal(422, (await piet.PostAsync("PlanDefinition", Json("""{ "resourceType": "PlanDefinition", "status": "active", "action": [1, "x", null], "extension": ["y", { "url": 3 }] }"""))).Code);
        template["status"] = "draft";
        Assert.Equal(422, (await piet.PostAsync("PlanDefinition", template)).Code);
    }

    [Fact]
    public async Task Answers_without_answers_and_plans_of_unknown_templates_are_refused_from_a_person_and_kept_from_an_import()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var answers = Json("""{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "https://elders.example/Questionnaire/x", "subject": { "reference": "Patient/maria-verhoeven" } }""");
        var empty = await karel.PostAsync("QuestionnaireResponse", answers);
        Assert.Equal((422, "QuestionnaireResponse.item"), (empty.Code, (string?)empty.Json!["issue"]![0]!["expression"]![0]));
        answers["item"] = new JsonArray(new JsonObject { ["linkId"] = "1" });
        Assert.Equal(422, (await karel.PostAsync("QuestionnaireResponse", answers)).Code);
        answers["item"] = new JsonArray(new JsonObject { ["linkId"] = "1", ["answer"] = new JsonArray(new JsonObject { ["valueString"] = "goed" }) });
        Assert.Equal(201, (await karel.PostAsync("QuestionnaireResponse", answers)).Code);

        var plan = Json("""{ "resourceType": "CarePlan", "status": "active", "intent": "plan", "title": "Plan van elders", "subject": { "reference": "Patient/maria-verhoeven" }, "instantiatesCanonical": ["https://careteamportal.example/fhir/PlanDefinition/heupfractuur|1", "https://elders.example/PlanDefinition/x|3"], "activity": [{ "detail": { "status": "scheduled", "description": "Verband" } }] }""");
        plan["instantiatesCanonical"]!.AsArray().RemoveAt(0);
        var unknown = await karel.PostAsync("CarePlan", plan);
        Assert.Equal((422, "CarePlan.instantiatesCanonical[0]"), (unknown.Code, (string?)unknown.Json!["issue"]![0]!["expression"]![0]));
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "collection", ["entry"] = new JsonArray(new JsonObject { ["fullUrl"] = "urn:uuid:" + Guid.NewGuid(), ["resource"] = plan.DeepClone() }) };
        Assert.Equal(200, (await karel.PostAsync("", bundle)).Code);
        Assert.Contains((await karel.GetAsync("CarePlan?patient=maria-verhoeven&_count=100")).Resources, r => (string?)r["title"] == "Plan van elders");
    }

    [Fact]
    public async Task An_alert_is_answered_by_its_owner_with_what_was_done_and_nothing_else_changes()
    {
        var (sofie, karel) = (await portal.AsAsync("sofie.maes"), await portal.AsAsync("karel.janssens"));
        var made = await sofie.PostAsync("DetectedIssue", Json($$"""{ "resourceType": "DetectedIssue", "status": "preliminary", "severity": "moderate", "code": { "text": "Benen dikker {{Guid.NewGuid()}}" }, "patient": { "reference": "Patient/maria-verhoeven" } }"""));
        Assert.Equal(201, made.Code);
        var id = (string)made.Json!["id"]!;
        var read = (await karel.GetAsync("DetectedIssue/" + id)).Json!.AsObject();
        JsonObject Answer(string? code, string? words, Action<JsonObject>? also = null)
        {
            var answer = (JsonObject)read.DeepClone();
            answer["status"] = "final";
            var action = new JsonObject();
            if (code is not null)
                action["coding"] = new JsonArray(new JsonObject { ["system"] = "https://careteamportal.example/fhir/CodeSystem/alert-outcome", ["code"] = code });
            if (words is not null)
                action["text"] = words;
            answer["mitigation"] = new JsonArray(new JsonObject { ["action"] = action });
            also?.Invoke(answer);
            return answer;
        }

        Task<FhirReply> PutAsync(FhirClient who, JsonObject body, string? match = "W/\"1\"") => match is null ? who.PutAsync("DetectedIssue/" + id, body) : who.PutAsync("DetectedIssue/" + id, body, ("If-Match", match));
        Assert.Equal(428, (await PutAsync(karel, Answer("acted", "gebeld"), null)).Code);
        Assert.Equal(412, (await PutAsync(karel, Answer("acted", "gebeld"), "W/\"9\"")).Code);
        Assert.Equal(404, (await PutAsync(await portal.AsAsync("els.peeters"), Answer("acted", "gebeld"))).Code);
        foreach (var (body, place) in new[]
        {
            (Answer("acted", "gebeld", a => a["severity"] = "low"), "DetectedIssue.severity"), (Answer("acted", "gebeld", a => a["detail"] = "anders"), "DetectedIssue.detail"), (Answer("acted", "gebeld", a => a["status"] = "cancelled"), "DetectedIssue.status"),
            (Answer("acted", "gebeld", a => a.Remove("mitigation")), "DetectedIssue.mitigation"), (Answer("nonsense", "gebeld"), "DetectedIssue.mitigation[0].action.coding"), (Answer("acted", null, a => a["mitigation"]![0]!["action"]!["text"] = " "), ""),
            (Answer("acted", "gebeld", a => a["mitigation"]![0]!["author"] = new JsonObject { ["reference"] = "Practitioner/sofie.maes" }), "DetectedIssue.mitigation[0].author"),
        })
        {
            var refused = await PutAsync(karel, body);
            Assert.Equal(422, refused.Code);
            if (place.Length > 0)
                Assert.Equal(place, (string?)refused.Json!["issue"]![0]!["expression"]![0]);
        }

        Assert.Equal(422, (await PutAsync(await portal.AsAsync("pieter.wouters"), Answer("acted", "gebeld"))).Code); // not the apothecary's
        var answered = await PutAsync(karel, Answer("acted", "plaspil verhoogd"));
        Assert.Equal((200, "final", "plaspil verhoogd", "Practitioner/karel.janssens"), (answered.Code, (string?)answered.Json!["status"], (string?)answered.Json["mitigation"]![0]!["action"]!["text"], (string?)answered.Json["mitigation"]![0]!["author"]!["reference"]));
        Assert.Equal("completed", (string?)Assert.Single((await karel.GetAsync("Task?patient=maria-verhoeven&_count=200")).Resources, t => (string?)t["focus"]?["reference"] == $"DetectedIssue/{id}")["status"]);
        Assert.Equal(412, (await PutAsync(karel, Answer("acted", "nog eens"))).Code);
        Assert.Equal(422, (await PutAsync(karel, Answer("acted", "nog eens"), $"W/\"{answered.Json["meta"]!["versionId"]}\"")).Code);
    }

    [Fact]
    public async Task Twenty_conditional_plans_at_once_start_one()
    {
        var karel = await portal.AsAsync("nadia.benali");
        var value = Guid.NewGuid().ToString();
        var plan = Json($$"""{ "resourceType": "CarePlan", "identifier": [{ "system": "urn:test", "value": "{{value}}" }], "status": "active", "intent": "plan", "subject": { "reference": "Patient/maria-verhoeven" }, "instantiatesCanonical": ["{{TemplateCodes.Canonical}}copd-opstoot"] }""");
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => karel.PostAsync("CarePlan", plan.DeepClone(), ("If-None-Exist", $"patient=maria-verhoeven&identifier=urn:test|{value}"))));
        Assert.Equal((1, 19), (replies.Count(r => r.Code == 201), replies.Count(r => r.Code == 200)));
        Assert.Single(replies.Select(r => (string?)r.Json!["id"]).Distinct());
    }
}
