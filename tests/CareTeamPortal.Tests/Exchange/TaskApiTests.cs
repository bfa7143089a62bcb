using System.Text;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.Tests.Exchange;

public sealed class TaskApiTests(FhirPortal portal) : IClassFixture<FhirPortal>
{
    private const string Part = "https://careteamportal.example/fhir/CodeSystem/task-part";

    private static JsonObject Task(string what, string? owner, string status = "requested") => JsonNode.Parse($$"""
        { "resourceType": "Task", "status": "{{status}}", "intent": "order", "description": "{{what}}", "for": { "reference": "Patient/maria-verhoeven" },
          "identifier": [{ "system": "urn:test", "value": "{{Guid.NewGuid()}}" }] {{(owner is null ? "" : $", \"owner\": {{ \"reference\": \"{owner}\" }}")}} }
        """)!.AsObject();

    private static JsonObject Handoff(string what, string owner)
    {
        var task = Task(what, owner);
        task["code"] = JsonNode.Parse("""{ "coding": [{ "system": "https://careteamportal.example/fhir/CodeSystem/task-kind", "code": "handoff" }] }""");
        task["input"] = new JsonArray(Input("illness-severity", "valueCode", "watcher"), Input("patient-summary", "valueString", "Droog gewicht 77,0 kg."), Input("scope", "valueString", "Opvolging hartfalen " + Guid.NewGuid()));
        return task;
    }

    private static JsonNode Input(string part, string value, string text) => new JsonObject { ["type"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Part, ["code"] = part }) }, [value] = text };

    private static async Task<FhirReply> PutAsync(FhirClient client, JsonNode task, Action<JsonObject> change, string? version = null)
    {
        var next = task.DeepClone().AsObject();
        change(next);
        return await client.PutAsync($"Task/{task["id"]}", next, ("If-Match", $"W/\"{version ?? (string?)task["meta"]!["versionId"]}\""));
    }

    [Fact]
    public async Task The_requester_is_the_caller_and_a_task_without_an_owner_is_the_requesters()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var task = Task("Labo aanvragen", null);
        task["requester"] = JsonNode.Parse("""{ "reference": "Practitioner/nadia.benali" }""");
        var created = await karel.PostAsync("Task", task);
        Assert.Equal(201, created.Code);
        Assert.Equal("Practitioner/karel.janssens", (string?)created.Json!["requester"]!["reference"]);
        Assert.Equal("Practitioner/karel.janssens", (string?)created.Json["owner"]!["reference"]);
        Assert.Equal("urn:test", (string?)created.Json["identifier"]![0]!["system"]);
    }

    [Fact]
    public async Task A_task_goes_along_its_states_and_an_illegal_step_is_422_and_changes_nothing()
    {
        var (karel, sofie) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"));
        var created = await karel.PostAsync("Task", Task("Bloedname", "Practitioner/sofie.maes"));
        Assert.Equal((201, "requested"), (created.Code, (string?)created.Json!["status"]));

        var refused = await PutAsync(sofie, created.Json, t => t["status"] = "completed");
        Assert.Equal((422, "business-rule", "Task.status"), (refused.Code, refused.Issue.Code, refused.Issue.Expression));
        Assert.Contains("received, accepted, rejected, cancelled", (string?)refused.Json!["issue"]![0]!["diagnostics"], StringComparison.Ordinal);
        Assert.Equal(422, (await PutAsync(sofie, created.Json, t => t["status"] = "rejected")).Code); // without a reason

        var accepted = await PutAsync(sofie, created.Json, t => t["status"] = "accepted");
        Assert.Equal((200, "accepted"), (accepted.Code, (string?)accepted.Json!["status"]));
        Assert.Equal(412, (await PutAsync(sofie, created.Json, t => t["status"] = "rejected")).Code);
        Assert.Equal(428, (await sofie.PutAsync($"Task/{created.Json["id"]}", accepted.Json)).Code);

        var begun = await PutAsync(sofie, accepted.Json, t => t["status"] = "in-progress");
        var done = await PutAsync(sofie, begun.Json!, t => t["status"] = "completed");
        Assert.Equal("completed", (string?)done.Json!["status"]);
        Assert.Equal((string?)created.Json["authoredOn"], (string?)done.Json["authoredOn"]);
        Assert.Equal(4, (await sofie.GetAsync($"Task/{created.Json["id"]}/_history")).Entries.Count);
    }

    [Fact]
    public async Task Tasks_are_searched_by_owner_requester_status_code_priority_and_period()
    {
        var (karel, pieter) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("pieter.wouters"));
        var task = Task("Schema nakijken", "Practitioner/pieter.wouters");
        task["priority"] = "urgent";
        var id = (string)(await karel.PostAsync("Task", task)).Json!["id"]!;

        async Task<bool> FindsAsync(FhirClient who, string query) => (await who.GetAsync("Task?_count=200&" + query)).Resources.Any(r => (string?)r["id"] == id);
        Assert.True(await FindsAsync(pieter, "owner=Practitioner/pieter.wouters&status=requested"));
        Assert.True(await FindsAsync(karel, "patient=maria-verhoeven&requester=Practitioner/karel.janssens&priority=urgent"));
        Assert.False(await FindsAsync(karel, "patient=maria-verhoeven&priority=routine"));
        Assert.False(await FindsAsync(karel, "patient=maria-verhoeven&owner=Practitioner/sofie.maes"));
        Assert.False(await FindsAsync(karel, "patient=maria-verhoeven&owner=Practitioner/pieter.wouters&period=ge2020"));
        Assert.False(await FindsAsync(await portal.AsAsync("els.peeters"), "owner=Practitioner/pieter.wouters"));
        Assert.Equal(400, (await karel.GetAsync("Task?priority=urgent")).Code);
    }

    [Fact]
    public async Task Nobody_is_asked_who_may_not_see_it_and_nobody_answers_for_somebody_else()
    {
        var karel = await portal.AsAsync("karel.janssens");
        Assert.Equal(422, (await karel.PostAsync("Task", Task("Voor een vreemde", "Practitioner/els.peeters"))).Code);
        Assert.Equal(422, (await karel.PostAsync("Task", Task("Al aanvaard", "Practitioner/sofie.maes", "accepted"))).Code);
        Assert.Equal(422, (await karel.PostAsync("Task", Task("Onbekende", "Practitioner/nobody"))).Code);

        var created = await karel.PostAsync("Task", Task("Bloedname", "Practitioner/sofie.maes"));
        Assert.Equal(422, (await PutAsync(await portal.AsAsync("pieter.wouters"), created.Json!, t => t["status"] = "accepted")).Code);
        Assert.Equal(404, (await PutAsync(await portal.AsAsync("els.peeters"), created.Json!, t => t["status"] = "accepted")).Code);

        // not through a Bundle either
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "batch", ["entry"] = new JsonArray(new JsonObject { ["resource"] = With(created.Json!, t => t["status"] = "completed"), ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"Task/{created.Json!["id"]}" } }) };
        var answer = await karel.PostAsync("", bundle);
        Assert.StartsWith("403", (string?)answer.Entries[0]!["response"]!["status"], StringComparison.Ordinal);
        Assert.Equal("requested", (string?)(await karel.GetAsync($"Task/{created.Json["id"]}")).Json!["status"]);
    }

    private static JsonNode With(JsonNode task, Action<JsonObject> change)
    {
        var next = task.DeepClone().AsObject();
        change(next);
        return next;
    }

    [Fact]
    public async Task A_hand_off_is_asked_about_answered_and_accepted_with_its_read_back_as_output()
    {
        var (tom, sofie) = (await portal.AsAsync("tom.lenaerts"), await portal.AsAsync("sofie.maes"));
        var offered = await tom.PostAsync("Task", Handoff("Opvolging hartfalen", "Practitioner/sofie.maes"));
        Assert.Equal((201, "requested", "offered"), (offered.Code, (string?)offered.Json!["status"], (string?)offered.Json["businessStatus"]!["coding"]![0]!["code"]));

        Assert.Equal((422, "required"), Pair(await PutAsync(sofie, offered.Json, t => t["status"] = "accepted")));
        var asked = await PutAsync(sofie, offered.Json, t => t["input"]!.AsArray().Add(Input("clarification-question", "valueString", "Welk streefgewicht?")));
        Assert.Equal((200, "received", "clarification-asked"), (asked.Code, (string?)asked.Json!["status"], (string?)asked.Json["businessStatus"]!["coding"]![0]!["code"]));
        var answered = await PutAsync(tom, asked.Json, t => t["input"]!.AsArray().Add(Input("clarification-answer", "valueString", "77,0 kg.")));
        Assert.Equal("clarification-answered", (string?)answered.Json!["businessStatus"]!["coding"]![0]!["code"]);

        var note = await tom.PostAsync("Communication", JsonNode.Parse("""{ "resourceType": "Communication", "status": "completed", "subject": { "reference": "Patient/maria-verhoeven" }, "payload": [{ "contentString": "Kalium 5,4." }] }""")!);
        Assert.Equal(201, note.Code);
        void ReadBack(JsonObject t)
        {
            t["status"] = "accepted";
            t["output"] = new JsonArray(Input("read-back", "valueString", "Elke dag wegen, bij 2 kg bel ik."));
        }

        Assert.Equal((422, "business-rule"), Pair(await PutAsync(sofie, answered.Json, ReadBack))); // news that was not acknowledged
        var accepted = await PutAsync(sofie, answered.Json, t =>
        {
            ReadBack(t);
            t["input"]!.AsArray().Add(Input("acknowledged-until", "valueDateTime", DateTimeOffset.UtcNow.AddSeconds(1).ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture)));
        });
        Assert.Equal((200, "in-progress", "accepted"), (accepted.Code, (string?)accepted.Json!["status"], (string?)accepted.Json["businessStatus"]!["coding"]![0]!["code"]));
        Assert.Equal("Elke dag wegen, bij 2 kg bel ik.", (string?)accepted.Json["output"]![0]!["valueString"]);
        Assert.Contains(accepted.Json["input"]!.AsArray(), i => (string?)i!["valueString"] == "77,0 kg.");
        Assert.Equal(422, (await PutAsync(tom, accepted.Json, t => t["status"] = "cancelled")).Code);
    }

    [Fact]
    public async Task What_a_hand_off_tells_does_not_change_by_an_update_and_a_step_may_be_sent_without_it()
    {
        var (tom, sofie) = (await portal.AsAsync("tom.lenaerts"), await portal.AsAsync("sofie.maes"));
        var offered = await tom.PostAsync("Task", Handoff("Opvolging", "Practitioner/sofie.maes"));
        void Better(JsonObject t) => t["input"]!.AsArray().First(i => (string?)i!["valueCode"] == "watcher")!["valueCode"] = "stable";
        Assert.Equal((422, "business-rule", "Task.input"), await PutAsync(tom, offered.Json!, Better) is var edited ? (edited.Code, edited.Issue.Code, edited.Issue.Expression) : default);
        Assert.Equal(422, (await PutAsync(sofie, offered.Json!, t =>
        {
            Better(t);
            (t["status"], t["output"]) = ("accepted", new JsonArray(Input("read-back", "valueString", "Stabiel, ik volg op.")));
        })).Code);
        var accepted = await PutAsync(sofie, offered.Json!, t =>
        {
            t.Remove("input");
            (t["status"], t["output"]) = ("accepted", new JsonArray(Input("read-back", "valueString", "Te bewaken, ik volg op.")));
        });
        Assert.Equal((200, "in-progress"), (accepted.Code, (string?)accepted.Json!["status"]));
        Assert.Contains(accepted.Json["input"]!.AsArray(), i => (string?)i!["valueCode"] == "watcher");
    }

    [Fact]
    public async Task A_hand_off_that_was_kept_as_a_draft_is_offered_by_its_sender_alone_and_then_accepted()
    {
        var (tom, sofie) = (await portal.AsAsync("tom.lenaerts"), await portal.AsAsync("sofie.maes"));
        var draft = Handoff("Opvolging", "Practitioner/sofie.maes");
        draft["status"] = "draft";
        var kept = await tom.PostAsync("Task", draft);
        Assert.Equal((201, "draft"), (kept.Code, (string?)kept.Json!["status"]));
        Assert.Equal(404, (await PutAsync(sofie, kept.Json, t => t["status"] = "requested")).Code); // a concept is not there for others
        var offered = await PutAsync(tom, kept.Json, t => t["status"] = "requested");
        Assert.Equal((200, "requested"), (offered.Code, (string?)offered.Json!["status"]));
        Assert.Equal("offered", (string?)offered.Json["businessStatus"]!["coding"]![0]!["code"]);
        Assert.Equal(422, (await PutAsync(tom, offered.Json, t => t["status"] = "draft")).Code);
        var accepted = await PutAsync(sofie, offered.Json, t => (t["status"], t["output"]) = ("accepted", new JsonArray(Input("read-back", "valueString", "Ik volg het op."))));
        Assert.Equal((200, "in-progress"), (accepted.Code, (string?)accepted.Json!["status"]));
    }

    [Fact]
    public async Task A_bundle_brings_no_task_that_says_that_somebody_else_took_it_on()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var task = Task("Bloedname", "Practitioner/sofie.maes", "accepted");
        task["requester"] = JsonNode.Parse("""{ "reference": "Practitioner/karel.janssens" }""");
        JsonObject Bundle(JsonObject resource) => new() { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = new JsonArray(new JsonObject { ["resource"] = resource.DeepClone(), ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Task" } }) };
        Assert.Equal(403, (await karel.PostAsync("", Bundle(task))).Code); // also without authoredOn
        task["authoredOn"] = "2026-11-22T08:00:00+01:00";
        Assert.Equal(403, (await karel.PostAsync("", Bundle(task))).Code); // Sofie took nothing on
    }

    [Fact]
    public async Task A_draft_is_there_for_its_requester_alone_until_it_is_asked()
    {
        var (karel, sofie) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"));
        var what = "Concept " + Guid.NewGuid();
        var created = await karel.PostAsync("Task", Task(what, "Practitioner/sofie.maes", "draft"));
        Assert.Equal(201, created.Code);
        var id = (string)created.Json!["id"]!;

        async Task<string> SeenAsync(FhirClient who) => string.Join(' ',
            (await who.GetAsync($"Task/{id}")).Code, (await who.GetAsync($"Task/{id}/_history")).Code, (await who.GetAsync($"Task?patient=maria-verhoeven&_id={id}")).Entries.Count,
            (await who.GetAsync("Task?patient=maria-verhoeven&status=draft&_count=200")).Resources.Count(r => (string?)r["id"] == id), (await who.GetAsync("Task?requester=Practitioner/karel.janssens&_count=200")).Resources.Count(r => (string?)r["id"] == id),
            (await who.GetAsync("Patient/maria-verhoeven/$timeline?_count=50")).Resources.Count(r => (string?)r["id"] == id));
        Assert.Equal("200 200 1 1 1 0", await SeenAsync(karel)); // no line: a concept is no news
        Assert.Equal("404 404 0 0 0 0", await SeenAsync(sofie));
        Assert.Equal(404, (await PutAsync(sofie, created.Json, t => t["status"] = "cancelled")).Code);

        var edited = await PutAsync(karel, created.Json, t => t["description"] = "Bloedname " + what);
        Assert.Equal(200, edited.Code);
        Assert.DoesNotContain(what, (await sofie.GetAsync("Patient/maria-verhoeven/$timeline?_count=50")).Json!.ToJsonString(), StringComparison.Ordinal);
        var asked = await PutAsync(karel, edited.Json!, t => t["status"] = "requested");
        Assert.Equal((200, "requested"), (asked.Code, (string?)asked.Json!["status"]));
        Assert.StartsWith("200 200 1 0 1 1", await SeenAsync(sofie), StringComparison.Ordinal);
        Assert.Single((await sofie.GetAsync($"Task/{id}/_history")).Entries); // what it said before stays its requester's
        Assert.Equal(3, (await karel.GetAsync($"Task/{id}/_history")).Entries.Count);
    }

    [Fact]
    public async Task A_draft_in_a_bundle_is_the_callers_concept_too()
    {
        var (karel, sofie) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"));
        var draft = Task("Uit een bundel", "Practitioner/sofie.maes", "draft");
        draft["authoredOn"] = "2026-11-22T08:00:00+01:00";
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = new JsonArray(new JsonObject { ["fullUrl"] = "urn:uuid:" + Guid.NewGuid(), ["resource"] = draft, ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Task" } }) };
        var answer = await karel.PostAsync("", bundle);
        var location = ((string)answer.Entries[0]!["response"]!["location"]!).Split("/fhir/")[1].Split("/_history")[0];
        Assert.Equal(200, (await karel.GetAsync(location)).Code);
        Assert.Equal(404, (await sofie.GetAsync(location)).Code);
        Assert.StartsWith("200", (string?)(await karel.PostAsync("", bundle)).Entries[0]!["response"]!["status"], StringComparison.Ordinal); // the same again is no second one
    }

    [Fact]
    public async Task A_deadline_that_is_taken_away_is_told_to_who_has_the_task()
    {
        var (karel, sofie) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"));
        var task = Task("Wonde nakijken", "Practitioner/sofie.maes");
        task["restriction"] = JsonNode.Parse("""{ "period": { "end": "2099-01-01T08:00:00+01:00" } }""");
        var created = await karel.PostAsync("Task", task);
        var accepted = await PutAsync(sofie, created.Json!, t => t["status"] = "accepted");
        var without = await PutAsync(karel, accepted.Json!, t => t.Remove("restriction"));
        Assert.Equal(200, without.Code);
        var steps = await sofie.GetAsync("Patient/maria-verhoeven/$timeline?_count=200");
        var notices = await portal.Services.GetRequiredService<CareTeamPortal.Features.Tasks.ReadNotices>().RunAsync(portal.Services.GetRequiredService<PeopleDirectory>().ActorFor(new("sofie.maes"))!, 50, CancellationToken.None);
        Assert.Contains(notices, n => n.Kind == CareTeamPortal.Features.Tasks.NoticeKind.NoDeadline && n.Task.Id == (string?)created.Json!["id"]);
        Assert.Contains(steps.Resources, s => s.ToJsonString().Contains("Termijn weggenomen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_acceptance_sent_again_is_done_once_and_other_words_are_refused()
    {
        var (tom, sofie) = (await portal.AsAsync("tom.lenaerts"), await portal.AsAsync("sofie.maes"));
        var created = await tom.PostAsync("Task", Handoff("Opvolging", "Practitioner/sofie.maes"));
        void Accept(JsonObject t, string words)
        {
            t["status"] = "accepted";
            t["output"] = new JsonArray(Input("read-back", "valueString", words));
        }

        var three = await System.Threading.Tasks.Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PutAsync(sofie, created.Json!, t => Accept(t, "Ik volg het op."))));
        Assert.All(three, r => Assert.Equal((200, "2"), (r.Code, (string?)r.Json!["meta"]!["versionId"])));
        Assert.Equal(200, (await PutAsync(sofie, created.Json!, t => Accept(t, "Ik volg het op."))).Code);
        Assert.Equal(412, (await PutAsync(sofie, created.Json!, t => Accept(t, "Iets anders."))).Code);
        Assert.Equal("2", (string?)(await sofie.GetAsync($"Task/{created.Json!["id"]}")).Json!["meta"]!["versionId"]);
        Assert.Equal(409, (await PutAsync(await portal.AsAsync("nadia.benali"), created.Json!, t => Accept(t, "Ik ook."))).Code);
    }

    [Fact]
    public async Task An_update_without_a_deadline_takes_it_away_but_not_of_a_series()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var task = Task("Labo aanvragen", null);
        task["restriction"] = JsonNode.Parse("""{ "period": { "end": "2099-01-01T08:00:00+01:00" } }""");
        var created = await karel.PostAsync("Task", task);
        var without = await PutAsync(karel, created.Json!, t => t.Remove("restriction"));
        Assert.Equal(200, without.Code);
        Assert.Null(without.Json!["restriction"]);
        Assert.Null((await karel.GetAsync($"Task/{created.Json!["id"]}")).Json!["restriction"]);

        task["extension"] = JsonNode.Parse("""[{ "url": "https://careteamportal.example/fhir/StructureDefinition/task-repeat", "valueTiming": { "repeat": { "frequency": 1, "period": 1, "periodUnit": "d" } } }]""");
        var series = await karel.PostAsync("Task", task);
        Assert.Equal(201, series.Code);
        Assert.Equal((422, "required"), Pair(await PutAsync(karel, series.Json!, t => t.Remove("restriction"))));
    }

    [Theory]
    [InlineData("an.desmedt")]
    [InlineData("maria.verhoeven")]
    [InlineData("fatima.elidrissi")]
    public async Task Who_cannot_answer_for_care_opens_no_file_and_is_told_why(string user)
    {
        var family = await portal.AsAsync(user);
        var patient = JsonNode.Parse($$"""{ "resourceType": "Patient", "id": "{{Guid.NewGuid()}}", "name": [{ "family": "Nieuw", "given": ["Jan"] }], "birthDate": "1950-01-01" }""")!;
        var refused = await family.PostAsync("Patient", patient);
        Assert.Equal((403, "forbidden"), (refused.Code, refused.Issue.Code));
        Assert.Contains("accountable", (string?)refused.Json!["issue"]![0]!["diagnostics"], StringComparison.Ordinal);

        // the same in a Bundle, and alike for a file that is closed and one that is not there: nothing tells them apart
        JsonObject Bundle(string kind, JsonNode resource) => new() { ["resourceType"] = "Bundle", ["type"] = kind, ["entry"] = new JsonArray(new JsonObject { ["resource"] = resource.DeepClone(), ["request"] = new JsonObject { ["method"] = "POST", ["url"] = (string?)resource["resourceType"] } }) };
        Assert.Equal(403, (await family.PostAsync("", Bundle("transaction", patient))).Code);
        Assert.StartsWith("403", (string?)(await family.PostAsync("", Bundle("batch", patient))).Entries[0]!["response"]!["status"], StringComparison.Ordinal);
        async Task<string> AboutAsync(string whom) => (string)(await family.PostAsync("", Bundle("batch", JsonNode.Parse($$"""{ "resourceType": "Observation", "status": "final", "code": { "text": "Gewicht" }, "subject": { "reference": "Patient/{{whom}}" }, "effectiveDateTime": "2026-11-01", "valueString": "x" }""")!))).Entries[0]!["response"]!["status"]!;
        Assert.Equal(await AboutAsync("jozef-dierickx"), await AboutAsync(Guid.NewGuid().ToString()));

        var els = await portal.AsAsync("els.peeters");
        Assert.Equal(201, (await els.PostAsync("Patient", patient)).Code); // a professional does
    }

    [Fact]
    public async Task Who_accepts_second_is_told_that_somebody_was_first()
    {
        var (tom, sofie) = (await portal.AsAsync("tom.lenaerts"), await portal.AsAsync("sofie.maes"));
        var offered = await tom.PostAsync("Task", Handoff("Opvolging door de huisarts", "Practitioner/karel.janssens"));
        void ReadBack(JsonObject t)
        {
            t["status"] = "accepted";
            t["output"] = new JsonArray(Input("read-back", "valueString", "Begrepen, ik volg op."));
        }

        Assert.Equal(200, (await PutAsync(await portal.AsAsync("karel.janssens"), offered.Json!, ReadBack)).Code);
        Assert.Equal(409, (await PutAsync(sofie, offered.Json!, ReadBack)).Code);
    }

    private static (int, string?) Pair(FhirReply reply) => (reply.Code, reply.Issue.Code);

    [Theory]
    [InlineData("period")]
    [InlineData("priority")]
    [InlineData("status")]
    [InlineData("authored-on")]
    [InlineData("modified")]
    [InlineData("owner")]
    [InlineData("requester")]
    [InlineData("code")]
    [InlineData("_id")]
    public async Task Tasks_are_sorted_by_what_they_are_searched_by_and_paged_in_that_order(string key)
    {
        var karel = await portal.AsAsync("karel.janssens");
        foreach (var (priority, due) in new[] { ("routine", "2027-03-01"), ("stat", "2027-01-01"), ("urgent", "2027-02-01") })
        {
            var task = Task("Labo", null);
            task["priority"] = priority;
            task["code"] = JsonNode.Parse($$"""{ "coding": [{ "system": "urn:kind", "code": "{{priority}}" }] }""");
            task["restriction"] = JsonNode.Parse($$"""{ "period": { "end": "{{due}}" } }""");
            Assert.Equal(201, (await karel.PostAsync("Task", task)).Code);
        }

        async Task<List<string>> IdsAsync(string sort)
        {
            var ids = new List<string>();
            var next = $"Task?patient=maria-verhoeven&_count=4&_sort={sort}";
            while (next is not null)
            {
                var page = await karel.GetAsync(next);
                Assert.Equal(200, page.Code);
                ids.AddRange(page.Json!["entry"]?.AsArray().Select(e => (string)e!["resource"]!["id"]!) ?? []);
                var link = page.Json["link"]!.AsArray().FirstOrDefault(l => (string?)l!["relation"] == "next");
                next = link is null ? null : ((string)link["url"]!).Split("/fhir/")[1];
            }

            return ids;
        }

        var up = await IdsAsync(key);
        Assert.Equal(up.Distinct().Count(), up.Count);
        Assert.Equal(up, (await IdsAsync("-" + key)).AsEnumerable().Reverse());
        if (key == "period")
        {
            var dues = new List<string>();
            foreach (var id in up)
            {
                if ((string?)(await karel.GetAsync("Task/" + id)).Json!["restriction"]?["period"]?["end"] is { } end)
                    dues.Add(end[..10]);
            }

            Assert.Equal(dues.Order(StringComparer.Ordinal), dues);
        }
    }

    [Fact]
    public async Task A_hand_off_that_does_not_say_how_ill_somebody_is_says_so_and_is_not_called_stable()
    {
        var tom = await portal.AsAsync("tom.lenaerts");
        var handoff = Handoff("Opvolging", "Practitioner/sofie.maes");
        handoff["input"]!.AsArray().RemoveAt(0);
        var created = await tom.PostAsync("Task", handoff);
        Assert.Equal(201, created.Code);
        Assert.DoesNotContain(created.Json!["input"]!.AsArray(), i => (string?)i!["type"]!["coding"]![0]!["code"] == "illness-severity");
    }

    private const string RepeatUrl = "https://careteamportal.example/fhir/StructureDefinition/task-repeat";

    private static JsonNode Repeat(string repeat) => JsonNode.Parse($$"""{ "url": "{{RepeatUrl}}", "valueTiming": { "repeat": {{repeat}} } }""")!;

    private static JsonNode? RepeatOf(JsonNode task) => task["extension"]?.AsArray().FirstOrDefault(e => (string?)e!["url"] == RepeatUrl)?["valueTiming"]!["repeat"];

    [Fact]
    public async Task An_update_changes_how_a_task_comes_back_and_ends_its_series()
    {
        var (karel, sofie, pieter) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"), await portal.AsAsync("pieter.wouters"));
        var task = Task("Wegen", "Practitioner/sofie.maes");
        task["restriction"] = JsonNode.Parse("""{ "period": { "end": "2099-01-05T08:00:00+01:00" } }""");
        task["extension"] = new JsonArray(Repeat("""{ "frequency": 1, "period": 1, "periodUnit": "d" }"""));
        var made = (await karel.PostAsync("Task", task)).Json!;
        const string weekly = """{ "frequency": 1, "period": 2, "periodUnit": "wk", "dayOfWeek": ["mon", "fri"], "boundsPeriod": { "end": "2099-06-30" } }""";
        void Weekly(JsonObject t) => t["extension"] = new JsonArray([.. t["extension"]!.AsArray().Where(e => (string?)e!["url"] != RepeatUrl).Select(e => e!.DeepClone()), Repeat(weekly)]);

        Assert.Equal((422, "business-rule"), Pair(await PutAsync(pieter, made, Weekly))); // neither asked nor asks
        var changed = await PutAsync(karel, made, Weekly);
        Assert.Equal(200, changed.Code);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(weekly), RepeatOf(changed.Json!)), changed.Json!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(weekly), RepeatOf((await sofie.GetAsync($"Task/{made["id"]}")).Json!)));

        // what cannot be kept is refused aloud, and changes nothing
        foreach (var (bad, place) in new[] { ("""{ "frequency": 2, "period": 1, "periodUnit": "d" }""", "frequency"), ("""{ "period": 0.5, "periodUnit": "d" }""", "period"), ("""{ "period": 1, "periodUnit": "h" }""", "periodUnit"), ("""{ "period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00"] }""", "repeat"), ("""{ "period": 1, "periodUnit": "mo", "dayOfWeek": ["mon"] }""", "dayOfWeek"), ("""{ "period": 1, "periodUnit": "d", "boundsPeriod": { "start": "2099-01-01" } }""", "boundsPeriod") })
        {
            var refused = await PutAsync(karel, changed.Json!, t => t["extension"] = new JsonArray(Repeat(bad)));
            Assert.Equal(422, refused.Code);
            Assert.EndsWith(place, refused.Issue.Expression, StringComparison.Ordinal);
        }

        var moved = await PutAsync(karel, changed.Json!, t => t["extension"]!.AsArray().First(e => ((string?)e!["url"])!.EndsWith("series-start", StringComparison.Ordinal))!["valueDateTime"] = "2098-01-01T08:00:00+01:00");
        Assert.Equal((422, "business-rule"), Pair(moved));
        var once = await PutAsync(karel, changed.Json!, t => t.Remove("extension"));
        Assert.Equal(200, once.Code);
        Assert.Null(RepeatOf(once.Json!));
        Assert.DoesNotContain(once.Json!["extension"]?.AsArray() ?? [], e => ((string?)e!["url"])!.EndsWith("series-start", StringComparison.Ordinal));
        Assert.Equal(3, (await karel.GetAsync($"Task/{made["id"]}/_history")).Entries.Count);
    }

    [Fact]
    public async Task An_update_changes_the_goal_and_what_a_task_is_about_as_far_as_they_are_in_the_file()
    {
        var (karel, pieter) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("pieter.wouters"));
        var goals = (await karel.GetAsync("Goal?patient=maria-verhoeven")).Resources.Select(g => $"Goal/{g["id"]}").ToList();
        var note = await karel.PostAsync("Communication", JsonNode.Parse("""{ "resourceType": "Communication", "status": "completed", "subject": { "reference": "Patient/maria-verhoeven" }, "payload": [{ "contentString": "Kalium 5,4." }] }""")!);
        var made = (await karel.PostAsync("Task", Task("Labo", "Practitioner/sofie.maes"))).Json!;
        void Serve(JsonObject t, string goal, string focus) => (t["basedOn"], t["focus"]) = (new JsonArray(new JsonObject { ["reference"] = goal }), new JsonObject { ["reference"] = focus });

        Assert.Equal((422, "business-rule"), Pair(await PutAsync(karel, made, t => Serve(t, "Goal/not-there", $"Communication/{note.Json!["id"]}"))));
        Assert.Equal((422, "business-rule"), Pair(await PutAsync(karel, made, t => Serve(t, goals[0], "Communication/not-there"))));
        Assert.Equal((422, "business-rule"), Pair(await PutAsync(pieter, made, t => Serve(t, goals[0], $"Communication/{note.Json!["id"]}"))));
        var changed = await PutAsync(karel, made, t => Serve(t, goals[0], $"Communication/{note.Json!["id"]}"));
        Assert.Equal((200, goals[0], $"Communication/{note.Json!["id"]}"), (changed.Code, (string?)changed.Json!["basedOn"]![0]!["reference"], (string?)changed.Json["focus"]!["reference"]));
        var without = await PutAsync(karel, changed.Json, t => { t.Remove("basedOn"); t.Remove("focus"); });
        Assert.Equal(200, without.Code);
        Assert.Null(without.Json!["basedOn"]);
        Assert.Null(without.Json["focus"]);
        var cancelled = await PutAsync(karel, without.Json, t => (t["status"], t["statusReason"]) = ("cancelled", new JsonObject { ["text"] = "Dubbel" }));
        Assert.Equal(200, cancelled.Code);
        Assert.Equal(422, (await PutAsync(karel, cancelled.Json!, t => Serve(t, goals[0], $"Communication/{note.Json!["id"]}"))).Code); // closed
        Assert.Equal(422, (await PutAsync(pieter, cancelled.Json!, t => t["location"] = new JsonObject { ["display"] = "Elders" })).Code); // not theirs, closed or not
    }

    [Fact]
    public async Task An_update_adds_a_file_of_the_caller_and_takes_one_away()
    {
        var (karel, sofie) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"));
        async Task<string> UploadAsync(string user)
        {
            var people = portal.Services.GetRequiredService<PeopleDirectory>();
            var kept = await portal.Services.GetRequiredService<AddAttachment>().RunAsync(people.ActorFor(new PersonId(user))!, new PatientId("maria-verhoeven"), new($"Foto van {user}.pdf", Encoding.ASCII.GetBytes($"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% {Guid.NewGuid()}\n%%EOF\n")), default);
            return kept.Kept!.Id;
        }

        static JsonNode File(string id) => new JsonObject { ["type"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Part, ["code"] = "attachment" }) }, ["valueReference"] = new JsonObject { ["reference"] = $"Binary/{id}", ["display"] = "Foto.txt" } };
        var (mine, hers, foreign) = (await UploadAsync("karel.janssens"), await UploadAsync("sofie.maes"), await UploadAsync("pieter.wouters"));
        var made = (await karel.PostAsync("Task", Task("Wonde", "Practitioner/sofie.maes"))).Json!;
        Assert.Equal((422, "business-rule"), Pair(await PutAsync(karel, made, t => t["input"] = new JsonArray(File(foreign)))));
        Assert.Equal((422, "business-rule"), Pair(await PutAsync(karel, made, t => t["input"] = new JsonArray(File("not-there")))));
        var added = await PutAsync(karel, made, t => t["input"] = new JsonArray(File(mine)));
        Assert.Equal(200, added.Code);
        Assert.Equal(200, (await sofie.GetAsync($"Binary/{mine}")).Code);
        var both = await PutAsync(sofie, added.Json!, t => t["input"]!.AsArray().Add(File(hers)));
        Assert.Equal((200, 2), (both.Code, both.Json!["input"]!.AsArray().Count));
        Assert.Equal(200, (await karel.GetAsync($"Binary/{hers}")).Code);
        var one = await PutAsync(karel, both.Json, t => t["input"]!.AsArray().RemoveAt(0));
        Assert.Equal($"Binary/{hers}", (string?)Assert.Single(one.Json!["input"]!.AsArray())!["valueReference"]!["reference"]);
        Assert.Equal(422, (await karel.PostAsync("Task", Make("Nog een", foreign))).Code);

        static JsonObject Make(string what, string id)
        {
            var task = Task(what, "Practitioner/sofie.maes");
            task["input"] = new JsonArray(File(id));
            return task;
        }
    }

    [Fact]
    public async Task A_deadline_that_is_a_day_stays_that_day()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var task = Task("Labo", null);
        task["restriction"] = JsonNode.Parse("""{ "period": { "end": "2099-07-01" } }""");
        var made = (await karel.PostAsync("Task", task)).Json!;
        Assert.Equal("2099-07-01T23:59:00+02:00", (string?)made["restriction"]!["period"]!["end"]);
        var again = await PutAsync(karel, made, t => t["restriction"]!["period"]!["end"] = "2099-07-01");
        Assert.Equal("2099-07-01T23:59:00+02:00", (string?)again.Json!["restriction"]!["period"]!["end"]);
    }

    [Fact]
    public async Task Who_is_asked_to_take_over_does_so_by_an_update_or_leaves_it_with_its_owner()
    {
        var (karel, sofie, tom) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"), await portal.AsAsync("tom.lenaerts"));
        var made = (await karel.PostAsync("Task", Task("Bellen", null))).Json!;
        async Task<FhirReply> AskAsync(JsonNode task) => await PutAsync(karel, task, t => t["owner"] = JsonNode.Parse("""{ "reference": "Practitioner/sofie.maes" }"""));
        static JsonNode? Asked(FhirReply reply) => reply.Json!["extension"]!.AsArray().FirstOrDefault(e => ((string?)e!["url"])!.EndsWith("/delegate", StringComparison.Ordinal));
        static void Drop(JsonObject t) => t["extension"] = new JsonArray([.. t["extension"]!.AsArray().Where(e => !((string?)e!["url"])!.EndsWith("/delegate", StringComparison.Ordinal)).Select(e => e!.DeepClone())]);

        var asked = await AskAsync(made);
        Assert.Equal("Practitioner/karel.janssens", (string?)asked.Json!["owner"]!["reference"]); // until she does
        Assert.NotNull(Asked(asked));
        Assert.Equal(422, (await PutAsync(tom, asked.Json, Drop)).Code);
        var kept = await PutAsync(sofie, asked.Json, Drop);
        Assert.Equal((200, "Practitioner/karel.janssens"), (kept.Code, (string?)kept.Json!["owner"]!["reference"]));
        Assert.Null(Asked(kept));
        var again = await AskAsync(kept.Json);
        var taken = await PutAsync(sofie, again.Json!, t => t["owner"] = JsonNode.Parse("""{ "reference": "Practitioner/sofie.maes" }"""));
        Assert.Equal((200, "Practitioner/sofie.maes"), (taken.Code, (string?)taken.Json!["owner"]!["reference"]));
        Assert.Null(Asked(taken));
    }

    [Fact]
    public async Task With_tasks_come_patient_owner_and_requester_each_once_and_what_else_is_asked_is_refused_or_warned_of()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var kind = "inc-" + Guid.NewGuid();
        foreach (var owner in new[] { "Practitioner/sofie.maes", "Practitioner/sofie.maes", "Practitioner/pieter.wouters" })
        {
            var task = Task("Labo", owner);
            task["code"] = JsonNode.Parse($$"""{ "coding": [{ "system": "urn:kind", "code": "{{kind}}" }] }""");
            Assert.Equal(201, (await karel.PostAsync("Task", task)).Code);
        }

        var search = $"Task?patient=maria-verhoeven&code=urn:kind|{kind}";
        var bundle = await karel.GetAsync(search + "&_include=Task:patient&_include=Task:owner&_include=Task:requester:Practitioner");
        Assert.Equal((200, 3), (bundle.Code, (int?)bundle.Json!["total"]));
        Assert.Equal(["Patient/maria-verhoeven", "Practitioner/karel.janssens", "Practitioner/pieter.wouters", "Practitioner/sofie.maes"],
            bundle.Entries.Where(e => (string?)e!["search"]!["mode"] == "include").Select(e => $"{e!["resource"]!["resourceType"]}/{e["resource"]!["id"]}").Order(StringComparer.Ordinal));
        Assert.Contains("_include=Task%3Aowner", bundle.Link("self"), StringComparison.Ordinal);
        Assert.All(bundle.Entries, e => Assert.EndsWith($"/{e!["resource"]!["resourceType"]}/{e["resource"]!["id"]}", (string?)e["fullUrl"], StringComparison.Ordinal));

        // the next page brings what its own matches name
        var first = await karel.GetAsync(search + "&_count=2&_sort=owner&_include=Task:owner");
        var second = await karel.GetAsync(first.Link("next")!.Split("/fhir/")[1]);
        Assert.Equal(["Task", "Practitioner"], second.Resources.Select(r => (string?)r["resourceType"]));
        Assert.Equal("sofie.maes", (string?)second.Resources.Last()["id"]);

        foreach (var unknown in new[] { "_include=Task:encounter", "_include=Observation:patient", "_include:iterate=Task:owner", "_include=*", "_revinclude=Provenance:target" })
        {
            Assert.Equal((400, "not-supported"), Pair(await karel.GetAsync($"{search}&{unknown}")));
            var lenient = await karel.GetAsync($"{search}&{unknown}", ("Prefer", "handling=lenient"));
            Assert.Equal("outcome", (string?)lenient.Entries[^1]!["search"]!["mode"]);
        }

        Assert.Empty((await (await portal.AsAsync("els.peeters")).GetAsync(search + "&_include=Task:patient")).Entries);
    }
}
