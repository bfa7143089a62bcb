using System.Text.Json.Nodes;

namespace CareTeamPortal.Tests.Exchange;

/// <summary>Plans, requests, alerts and warnings by FHIR: what a person may do in the portal, by the same rules, and nothing else.</summary>
public sealed class PlansAndRequestsApiTests(FhirPortal portal) : IClassFixture<FhirPortal>
{
    private const string Maria = "Patient/maria-verhoeven";
    private const string Override = "https://careteamportal.example/fhir/StructureDefinition/recent-result-override";

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static JsonObject Order(string loinc, string more = "") => Json($$"""
        { "resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": { "coding": [{ "system": "http://loinc.org", "code": "{{loinc}}" }], "text": "Bloedafname {{loinc}}" },
          "subject": { "reference": "{{Maria}}" }, "identifier": [{ "system": "urn:test", "value": "{{Guid.NewGuid()}}" }] {{more}} }
        """);

    private static async Task<string> MeasureAsync(FhirClient client, string loinc, string value, string unit) => (string)(await client.PostAsync("Observation", Json($$"""
        { "resourceType": "Observation", "status": "final", "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory" }] }], "code": { "coding": [{ "system": "http://loinc.org", "code": "{{loinc}}" }] },
          "subject": { "reference": "{{Maria}}" }, "valueQuantity": { "value": {{value}}, "unit": "{{unit}}", "system": "http://unitsofmeasure.org", "code": "{{unit}}" } }
        """))).Json!["id"]!;

    [Fact]
    public async Task An_order_for_an_examination_is_the_callers_and_becomes_a_task_with_an_owner()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var made = await karel.PostAsync("ServiceRequest", Order("6301-6", ""","requester":{"reference":"Practitioner/nadia.benali"},"performer":[{"reference":"Practitioner/sofie.maes"}],"note":[{"text":"voor de middag"}],"priority":"urgent" """));
        Assert.Equal((201, "Practitioner/karel.janssens"), (made.Code, (string?)made.Json!["requester"]!["reference"]));
        var id = (string)made.Json["id"]!;
        var task = Assert.Single((await karel.GetAsync("Task?patient=maria-verhoeven&_count=200")).Resources, t => (string?)t["focus"]?["reference"] == $"ServiceRequest/{id}");
        Assert.Equal(("Practitioner/sofie.maes", "requested", "urgent"), ((string?)task["owner"]!["reference"], (string?)task["status"], (string?)task["priority"]));
        Assert.Contains("voor de middag", task.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains((await karel.GetAsync("Patient/maria-verhoeven/$timeline?_count=50")).Resources, r => (string?)r["id"] == id);
        foreach (var search in new[] { $"_id={id}", "intent=order", "requester=Practitioner/karel.janssens", "performer=sofie.maes", "priority=urgent", "authored=ge2020-01-01", "code=http://loinc.org|6301-6", "status=active" })
            Assert.Contains((await karel.GetAsync($"ServiceRequest?patient=maria-verhoeven&_count=200&{search}")).Resources, r => (string?)r["id"] == id);
        foreach (var search in new[] { "intent=plan", "requester=Practitioner/nadia.benali", "performer=karel.janssens", "authored=lt2020-01-01" })
            Assert.DoesNotContain((await karel.GetAsync($"ServiceRequest?patient=maria-verhoeven&_count=200&{search}")).Resources, r => (string?)r["id"] == id);
        Assert.Equal(404, (await (await portal.AsAsync("els.peeters")).GetAsync($"ServiceRequest/{id}")).Code);
    }

    [Fact]
    public async Task A_recent_result_refuses_the_order_by_name_until_a_reason_is_given_and_the_reason_stays()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var result = await MeasureAsync(karel, "2951-2", "139", "mmol/L");
        var refused = await karel.PostAsync("ServiceRequest", Order("2951-2"));
        Assert.Equal((422, ("duplicate", "ServiceRequest.code")), (refused.Code, refused.Issue));
        Assert.Contains($"Observation/{result}", refused.Json!.ToJsonString(), StringComparison.Ordinal);
        var task = await karel.PostAsync("Task", Json($$"""{ "resourceType": "Task", "status": "requested", "intent": "order", "description": "Natrium", "code": { "coding": [{ "system": "http://loinc.org", "code": "2951-2" }] }, "for": { "reference": "{{Maria}}" } }"""));
        Assert.Equal((422, "Task.code"), (task.Code, task.Issue.Expression));
        Assert.Contains($"Observation/{result}", task.Json!.ToJsonString(), StringComparison.Ordinal);
        var blank = await karel.PostAsync("ServiceRequest", Order("2951-2", $$""","extension":[{"url":"{{Override}}","valueString":"  "}]"""));
        Assert.Equal(422, blank.Code);
        var made = await karel.PostAsync("ServiceRequest", Order("2951-2", $$""","extension":[{"url":"{{Override}}","valueString":"nieuwe plaspil"}]"""));
        Assert.Equal(201, made.Code);
        Assert.Contains((await karel.GetAsync("DetectedIssue?patient=maria-verhoeven&_count=100")).Resources, d => d.ToJsonString().Contains("nieuwe plaspil", StringComparison.Ordinal));
        var draft = Order("2951-2");
        draft["status"] = "draft";
        Assert.Equal(201, (await karel.PostAsync("ServiceRequest", draft)).Code);
    }

    [Fact]
    public async Task A_result_that_the_caller_does_not_see_is_not_told_by_the_order()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var body = Json($$"""
            { "resourceType": "Observation", "status": "final", "meta": { "security": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R" }] }, "code": { "coding": [{ "system": "http://loinc.org", "code": "18262-6" }] },
              "subject": { "reference": "{{Maria}}" }, "valueQuantity": { "value": 98, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL" } }
            """);
        Assert.Equal(201, (await karel.PostAsync("Observation", body)).Code);
        var asked = await (await portal.AsAsync("an.desmedt")).PostAsync("Task", Json($$"""{ "resourceType": "Task", "status": "ready", "intent": "order", "description": "Bloed", "code": { "coding": [{ "system": "http://loinc.org", "code": "18262-6" }] }, "for": { "reference": "{{Maria}}" } }"""));
        Assert.True(asked.Code == 201, asked.Json?.ToJsonString());
    }

    [Theory]
    [InlineData("els.peeters", 404, "")]
    [InlineData("karel.janssens", 422, ""","performer":[{"reference":"Practitioner/els.peeters"}]""")]
    [InlineData("karel.janssens", 422, ""","performer":[{"reference":"Practitioner/nobody-here"}]""")]
    [InlineData("karel.janssens", 422, ""","occurrenceDateTime":"2020-01-01" """)]
    [InlineData("karel.janssens", 422, ""","doNotPerform":true""")]
    [InlineData("karel.janssens", 422, ""","priority":"soon" """)]
    [InlineData("karel.janssens", 422, ""","modifierExtension":[{"url":"urn:x","valueBoolean":true}]""")]
    [InlineData("karel.janssens", 422, ""","extension":[{"valueBoolean":true}]""")]
    public async Task An_order_that_breaks_a_rule_leaves_nothing(string user, int code, string more)
    {
        var order = Order("59261-8", more);
        var words = (string)order["identifier"]![0]!["value"]!;
        Assert.Equal(code, (await (await portal.AsAsync(user)).PostAsync("ServiceRequest", order)).Code);
        Assert.Empty((await (await portal.AsAsync("karel.janssens")).GetAsync($"ServiceRequest?identifier=urn:test|{words}")).Resources);
    }

    [Fact]
    public async Task The_same_order_under_one_name_is_kept_once_and_a_referral_is_an_entry_of_its_writer()
    {
        var nadia = await portal.AsAsync("nadia.benali");
        var order = Order("57698-3");
        var condition = ("If-None-Exist", $"identifier=urn:test|{order["identifier"]![0]!["value"]}&patient=maria-verhoeven");
        var (first, second) = (await nadia.PostAsync("ServiceRequest", order, condition), await nadia.PostAsync("ServiceRequest", order, condition));
        Assert.Equal((201, 200, (string?)first.Json!["id"]), (first.Code, second.Code, (string?)second.Json!["id"]));
        var referral = await nadia.PostAsync("ServiceRequest", Json($$"""{ "resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": { "text": "Hartrevalidatie" }, "subject": { "reference": "{{Maria}}" } }"""));
        Assert.Equal((201, "Practitioner/nadia.benali"), (referral.Code, (string?)referral.Json!["requester"]!["reference"]));
        Assert.DoesNotContain((await nadia.GetAsync("Task?patient=maria-verhoeven&_count=200")).Resources, t => (string?)t["focus"]?["reference"] == $"ServiceRequest/{referral.Json["id"]}");
    }

    private static JsonObject MeasuringPlan(string limit) => Json($$"""
        { "resourceType": "ServiceRequest", "status": "active", "intent": "plan", "category": [{ "coding": [{ "system": "https://careteamportal.example/fhir/CodeSystem/plan-kind", "code": "measuring" }] }],
          "code": { "coding": [{ "system": "http://loinc.org", "code": "2708-6" }] }, "subject": { "reference": "{{Maria}}" }, "identifier": [{ "system": "urn:test", "value": "{{Guid.NewGuid()}}" }],
          "extension": [{ "url": "https://careteamportal.example/fhir/StructureDefinition/threshold", "extension": [{ "url": "id", "valueId": "laag" }, { "url": "quantity", "valueCode": "OxygenSaturation" }, { "url": "kind", "valueCode": "value" }, { "url": "side", "valueCode": "below" }, {{limit}} ] }] }
        """);

    [Fact]
    public async Task A_measuring_plan_is_set_by_who_answers_for_care_and_no_limit_is_left_out_in_silence()
    {
        var nadia = await portal.AsAsync("nadia.benali");
        var made = await nadia.PostAsync("ServiceRequest", MeasuringPlan("""{ "url": "limit", "valueQuantity": { "value": 90, "code": "%", "system": "http://unitsofmeasure.org" } }"""));
        Assert.True(made.Code == 201, made.Json?.ToJsonString());
        Assert.Equal("urn:test", (string?)made.Json!["identifier"]![0]!["system"]);
        Assert.Contains((await nadia.GetAsync("ServiceRequest?patient=maria-verhoeven&category=measuring")).Resources, r => (string?)r["id"] == (string?)made.Json["id"]);
        Assert.Equal(422, (await nadia.PostAsync("ServiceRequest", MeasuringPlan("""{ "url": "limit", "valueString": "negentig" }"""))).Code);
        Assert.Equal(403, (await (await portal.AsAsync("an.desmedt")).PostAsync("ServiceRequest", MeasuringPlan("""{ "url": "limit", "valueQuantity": { "value": 90 } }"""))).Code);
        Assert.Equal(404, (await (await portal.AsAsync("els.peeters")).PostAsync("ServiceRequest", MeasuringPlan("""{ "url": "limit", "valueQuantity": { "value": 90 } }"""))).Code);
    }

    private static JsonObject Issue(string words, string more = "") => Json($$"""{ "resourceType": "DetectedIssue", "status": "preliminary", "code": { "text": "{{words}}" }, "patient": { "reference": "{{Maria}}" } {{more}} }""");

    [Fact]
    public async Task An_alert_of_a_professional_has_an_owner_and_comes_once_a_day()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var words = "Enkels dikker dan gisteren " + Guid.NewGuid();
        var made = await sofie.PostAsync("DetectedIssue", Issue(words, ""","severity":"moderate","author":{"reference":"Practitioner/karel.janssens"},"detail":"beide zijden","identifier":[{"system":"urn:test","value":"enkel"}]"""));
        Assert.Equal((201, "Practitioner/sofie.maes", "enkel"), (made.Code, (string?)made.Json!["author"]!["reference"], (string?)made.Json["identifier"]![0]!["value"]));
        var id = (string)made.Json["id"]!;
        var task = Assert.Single((await sofie.GetAsync("Task?patient=maria-verhoeven&_count=200")).Resources, t => (string?)t["focus"]?["reference"] == $"DetectedIssue/{id}");
        Assert.Equal("Practitioner/karel.janssens", (string?)task["owner"]!["reference"]);
        var again = await sofie.PostAsync("DetectedIssue", Issue(words));
        Assert.Equal((200, id), (again.Code, (string?)again.Json!["id"]));
        Assert.Contains((await sofie.GetAsync("DetectedIssue?patient=maria-verhoeven&author=Practitioner/sofie.maes&identified=ge2020-01-01")).Resources, r => (string?)r["id"] == id);
        Assert.Equal(404, (await (await portal.AsAsync("els.peeters")).PostAsync("DetectedIssue", Issue(words))).Code);
    }

    [Theory]
    [InlineData("sofie.maes", 422, "Zij krijgt geen lucht", "")]
    [InlineData("sofie.maes", 422, "x", ""","severity":"terrible" """)]
    [InlineData("sofie.maes", 422, "x", ""","implicated":[{"reference":"Observation/elsewhere"}]""")]
    [InlineData("sofie.maes", 422, "x", ""","status":"final" """)]
    [InlineData("sofie.maes", 422, "x", ""","mitigation":[{"action":{"text":"gebeld"},"author":{"reference":"Practitioner/karel.janssens"}}]""")]
    [InlineData("fatima.elidrissi", 403, "x", "")]
    public async Task An_alert_that_breaks_a_rule_leaves_nothing(string user, int code, string words, string more)
    {
        var body = Issue(words + " " + Guid.NewGuid());
        foreach (var (name, value) in Json("{" + more.TrimStart(',') + "}").ToList())
            body[name] = value?.DeepClone();
        Assert.Equal(code, (await (await portal.AsAsync(user)).PostAsync("DetectedIssue", body)).Code);
        Assert.DoesNotContain((string)body["code"]!["text"]!, (await (await portal.AsAsync("karel.janssens")).GetAsync("DetectedIssue?patient=maria-verhoeven&_count=200")).Json!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Danger_to_life_is_told_after_112_and_what_was_looked_at_is_a_record_without_a_task()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        Assert.Equal(201, (await sofie.PostAsync("DetectedIssue", Issue("Zij krijgt geen lucht " + Guid.NewGuid(), ""","severity":"high","mitigation":[{"action":{"text":"112 gebeld"}}]"""))).Code);
        var done = Issue("Dubbele pijnstiller", ""","mitigation":[{"action":{"text":"apotheker gebeld"}}]""");
        done["status"] = "final";
        var kept = await sofie.PostAsync("DetectedIssue", done);
        Assert.Equal(201, kept.Code);
        Assert.DoesNotContain((await sofie.GetAsync("Task?patient=maria-verhoeven&_count=200")).Resources, t => (string?)t["focus"]?["reference"] == $"DetectedIssue/{kept.Json!["id"]}");
    }

    [Fact]
    public async Task A_flag_is_its_writers_and_the_saturation_scale_a_doctors_with_a_reason()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var flag = Json($$"""{ "resourceType": "Flag", "status": "active", "code": { "text": "Hond los in de tuin" }, "subject": { "reference": "{{Maria}}" }, "author": { "reference": "Practitioner/karel.janssens" } }""");
        var made = await sofie.PostAsync("Flag", flag);
        Assert.Equal((201, "Practitioner/sofie.maes"), (made.Code, (string?)made.Json!["author"]!["reference"]));
        Assert.Contains((await sofie.GetAsync("Flag?patient=maria-verhoeven&author=sofie.maes")).Resources, r => (string?)r["id"] == (string?)made.Json["id"]);
        JsonObject Scale(string more) => Json($$"""{ "resourceType": "Flag", "status": "active", "code": { "coding": [{ "system": "https://careteamportal.example/fhir/CodeSystem/news2", "code": "saturation-scale-2" }] }, "subject": { "reference": "{{Maria}}" } {{more}} }""");
        const string why = ""","extension":[{"url":"https://careteamportal.example/fhir/StructureDefinition/reason","valueString":"COPD met hypercapnie"}]""";
        Assert.Equal(403, (await sofie.PostAsync("Flag", Scale(why))).Code);
        Assert.Equal(422, (await (await portal.AsAsync("karel.janssens")).PostAsync("Flag", Scale(""))).Code);
        var bundle = Json("""{ "resourceType": "Bundle", "type": "transaction", "entry": [{ "request": { "method": "POST", "url": "Flag" } }] }""");
        bundle["entry"]![0]!["resource"] = Scale(why);
        Assert.Equal(403, (await sofie.PostAsync("", bundle)).Code);
        var chosen = await (await portal.AsAsync("karel.janssens")).PostAsync("Flag", Scale(why));
        Assert.Equal(201, chosen.Code);
        Assert.Equal((200, (string?)chosen.Json!["id"]), ((await (await portal.AsAsync("karel.janssens")).PostAsync("Flag", Scale(why))) is { } twice ? (twice.Code, (string?)twice.Json!["id"]) : default));
    }

    [Fact]
    public async Task A_care_plan_of_a_template_starts_the_pathway_with_owners_and_any_other_is_kept_as_it_came()
    {
        var nadia = await portal.AsAsync("nadia.benali");
        var template = (await nadia.GetAsync("PlanDefinition?title=COPD")).Resources.First();
        var plan = Json($$"""{ "resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": { "reference": "{{Maria}}" }, "instantiatesCanonical": ["{{template["url"]}}|{{template["version"]}}"] }""");
        Assert.Equal(403, (await (await portal.AsAsync("an.desmedt")).PostAsync("CarePlan", plan)).Code);
        Assert.Equal(404, (await (await portal.AsAsync("els.peeters")).PostAsync("CarePlan", plan)).Code);
        var started = await nadia.PostAsync("CarePlan", plan);
        Assert.True(started.Code == 201, started.Json?.ToJsonString());
        Assert.Equal(409, (await nadia.PostAsync("CarePlan", plan)).Code);
        Assert.Contains((await nadia.GetAsync($"CarePlan?patient=maria-verhoeven&instantiates-canonical={template["url"]}&intent=plan")).Resources, r => (string?)r["id"] == (string?)started.Json!["id"]);
        plan["instantiatesCanonical"] = new JsonArray("https://careteamportal.example/fhir/PlanDefinition/no-such-template");
        Assert.Equal(422, (await nadia.PostAsync("CarePlan", plan)).Code);
        var own = Json($$"""{ "resourceType": "CarePlan", "status": "active", "intent": "plan", "title": "Wondzorgplan", "subject": { "reference": "{{Maria}}" }, "activity": [{ "detail": { "status": "scheduled", "description": "Verband om de twee dagen", "code": { "text": "wondzorg" } } }], "note": [{ "text": "zoals besproken" }] }""");
        var kept = await nadia.PostAsync("CarePlan", own);
        Assert.Equal(201, kept.Code);
        Assert.Equal("Verband om de twee dagen", (string?)kept.Json!["activity"]![0]!["detail"]!["description"]);
    }

    [Fact]
    public async Task Definitions_answers_and_goals_are_found_by_the_parameters_that_the_statement_lists()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        Assert.Equal("phq-9", (string?)Assert.Single((await sofie.GetAsync("Questionnaire?title=PHQ-9")).Resources)["id"]);
        Assert.Single((await sofie.GetAsync("Questionnaire?url=https://careteamportal.example/fhir/Questionnaire/who-5&status=active")).Resources);
        Assert.Empty((await sofie.GetAsync("Questionnaire?version=no-such")).Resources);
        var answers = Json($$"""
            { "resourceType": "QuestionnaireResponse", "questionnaire": "https://careteamportal.example/fhir/Questionnaire/phq-2|1", "status": "completed", "subject": { "reference": "{{Maria}}" },
              "item": [{ "linkId": "1", "answer": [{ "valueCoding": { "system": "http://loinc.org", "code": "LA6568-5" } }] }, { "linkId": "2", "answer": [{ "valueCoding": { "system": "http://loinc.org", "code": "LA6568-5" } }] }] }
            """);
        var filled = await sofie.PostAsync("QuestionnaireResponse", answers);
        Assert.Contains((await sofie.GetAsync("QuestionnaireResponse?patient=maria-verhoeven&questionnaire=https://careteamportal.example/fhir/Questionnaire/phq-2&author=sofie.maes&authored=ge2020-01-01&status=completed")).Resources, r => (string?)r["id"] == (string?)filled.Json!["id"]);
        Assert.Empty((await sofie.GetAsync("QuestionnaireResponse?patient=maria-verhoeven&questionnaire=https://careteamportal.example/fhir/Questionnaire/who-5&author=sofie.maes")).Resources);
        var goal = await sofie.PostAsync("Goal", Json($$"""{ "resourceType": "Goal", "lifecycleStatus": "active", "description": { "text": "Gewicht" }, "subject": { "reference": "{{Maria}}" }, "target": [{ "measure": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] }, "detailQuantity": { "value": 77, "comparator": "<=", "unit": "kg", "code": "kg", "system": "http://unitsofmeasure.org" }, "dueDate": "2031-05-01" }] }"""));
        Assert.Equal(201, goal.Code);
        Assert.Contains((await sofie.GetAsync("Goal?patient=maria-verhoeven&target-date=2031-05-01&lifecycle-status=active")).Resources, r => (string?)r["id"] == (string?)goal.Json!["id"]);
        Assert.DoesNotContain((await sofie.GetAsync("Goal?patient=maria-verhoeven&target-date=lt2031-05-01")).Resources, r => (string?)r["id"] == (string?)goal.Json!["id"]);
        Assert.Equal(400, (await sofie.GetAsync("Goal?patient=maria-verhoeven&questionnaire=x")).Code);
        var metadata = (await sofie.GetAsync("metadata")).Json!.ToJsonString();
        foreach (var name in new[] { "instantiates-canonical", "achievement-status", "target-date", "implicated" })
            Assert.Contains($"\"{name}\"", metadata, StringComparison.Ordinal);
    }
}
