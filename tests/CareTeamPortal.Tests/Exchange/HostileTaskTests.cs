using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Exchange;

/// <summary>Tasks and hand-offs as nobody should send them: each is taken whole or refused with a reason, never a fault and never half.</summary>
public sealed class HostileTaskTests(FhirPortal portal, ITestOutputHelper output) : IClassFixture<FhirPortal>
{
    private const string Part = "https://careteamportal.example/fhir/CodeSystem/task-part";

    private static JsonObject Task() => JsonNode.Parse("""{ "resourceType": "Task", "status": "requested", "intent": "order", "description": "Bloedname", "for": { "reference": "Patient/maria-verhoeven" }, "owner": { "reference": "Practitioner/sofie.maes" } }""")!.AsObject();

    private static JsonObject Input(string part, string name, JsonNode value) => new() { ["type"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Part, ["code"] = part }) }, [name] = value };

    private static JsonObject Handoff()
    {
        var task = Task();
        task["code"] = JsonNode.Parse("""{ "coding": [{ "system": "https://careteamportal.example/fhir/CodeSystem/task-kind", "code": "handoff" }] }""");
        task["input"] = new JsonArray(Input("patient-summary", "valueString", "Stabiel."), Input("scope", "valueString", "Deel " + Guid.NewGuid()));
        return task;
    }

    private static JsonObject Period(string end) => new() { ["period"] = new JsonObject { ["end"] = end } };

    private static readonly string Long = new('x', 10_000);

    public static TheoryData<string> Cases => [.. Hostile.Keys];

    private static readonly Dictionary<string, (Func<JsonObject> Make, int Code, string? Expression)> Hostile = new(StringComparer.Ordinal)
    {
        ["title of 10,000"] = (() => With(Task(), t => t["description"] = Long), 422, "Task.description"),
        ["detail of 100,000"] = (() => With(Task(), t => t["note"] = new JsonArray(new JsonObject { ["text"] = string.Concat(Enumerable.Repeat(Long, 10)) })), 422, "Task.note"),
        ["1,000 lines"] = (() => With(Task(), t => t["input"] = new JsonArray([.. Enumerable.Range(0, 1_000).Select(i => (JsonNode)Input("checklist-item", "valueString", $"stap {i}"))])), 422, "Task.input"),
        ["a line of 10,000"] = (() => With(Task(), t => t["input"] = new JsonArray(Input("checklist-item", "valueString", Long))), 422, "Task.input"),
        ["only invisible"] = (() => With(Task(), t => t["description"] = "\u200b\u202e\u2066 "), 422, "Task.description"),
        ["right to left"] = (() => With(Task(), t => t["description"] = "Bel \u202e0123 arts\u202c nu"), 201, null),
        ["zalgo"] = (() => With(Task(), t => t["description"] = "Z" + string.Concat(Enumerable.Repeat("\u0301", 150))), 201, null),
        ["markup"] = (() => With(Task(), t => t["description"] = "<script>alert(1)</script>{{7*7}}'; DROP TABLE \"Tasks\"; --"), 201, null),
        ["year 1"] = (() => With(Task(), t => t["restriction"] = Period("0001-01-01")), 422, "Task.restriction.period.end"),
        ["year 9999"] = (() => With(Task(), t => t["restriction"] = Period("9999-12-31")), 0, null),
        ["last second"] = (() => With(Task(), t => t["restriction"] = Period("9999-12-31T23:59:59.9999999+00:00")), 0, null),
        ["last second, west"] = (() => With(Task(), t => t["restriction"] = Period("9999-12-31T23:59:59-12:00")), 0, null),
        ["no date"] = (() => With(Task(), t => t["restriction"] = Period("2026-13-45")), 0, null),
        ["asked in year 1"] = (() => With(Task(), t => t["authoredOn"] = "0001-01-01T00:00:00+14:00"), 0, null),
        ["accept by 9999"] = (() => With(Task(), t => t["extension"] = new JsonArray(new JsonObject { ["url"] = "https://careteamportal.example/fhir/StructureDefinition/accept-by", ["valueDateTime"] = "9999-12-31T23:59:59Z" })), 0, null),
        ["repeat of a thousand months at the end"] = (() => With(Task(), t => (t["restriction"], t["extension"]) = (Period("9999-11-30T08:00:00Z"), Repeat(1000, "mo"))), 0, null),
        ["repeat of half a day"] = (() => With(Task(), t => (t["restriction"], t["extension"]) = (Period("2099-11-30T08:00:00Z"), Repeat(0.5m, "d"))), 0, null),
        ["repeat of minus one"] = (() => With(Task(), t => (t["restriction"], t["extension"]) = (Period("2099-11-30T08:00:00Z"), Repeat(-1, "wk"))), 0, null),
        ["owner of another file"] = (() => With(Task(), t => t["owner"] = new JsonObject { ["reference"] = "Patient/jozef-dierickx" }), 422, "Task.owner"),
        ["owner is a path"] = (() => With(Task(), t => t["owner"] = new JsonObject { ["reference"] = "Practitioner/../../etc/passwd" }), 422, "Task.owner"),
        ["owner by a role that is none"] = (() => With(Task(), t => t["owner"] = new JsonObject { ["identifier"] = new JsonObject { ["system"] = "https://careteamportal.example/fhir/NamingSystem/team-role", ["value"] = "999" } }), 422, "Task.owner"),
        ["owner is a number"] = (() => With(Task(), t => t["owner"] = 5), 0, null),
        ["focus elsewhere"] = (() => With(Task(), t => t["focus"] = new JsonObject { ["reference"] = "Communication/not-there" }), 422, null),
        ["attachment elsewhere"] = (() => With(Task(), t => t["input"] = new JsonArray(Input("attachment", "valueReference", new JsonObject { ["reference"] = "Binary/not-there" }))), 0, null),
        ["status of nothing"] = (() => With(Task(), t => t["status"] = "finished"), 422, "Task.status"),
        ["patient of nothing"] = (() => With(Task(), t => t["for"] = new JsonObject { ["reference"] = "Patient/" + new string('9', 300) }), 0, null),
        ["patient is null"] = (() => With(Task(), t => t["for"] = null), 0, null),
        ["reason of 10,000"] = (() => With(Task(), t => t["statusReason"] = new JsonObject { ["text"] = Long }), 0, null),
        ["hand-off with a scope of 10,000"] = (() => With(Handoff(), t => t["input"]!.AsArray().Add(Input("scope", "valueString", Long))), 0, null),
        ["hand-off with only a long scope"] = (() => With(Handoff(), t => t["input"] = new JsonArray(Input("patient-summary", "valueString", "Stabiel."), Input("scope", "valueString", Long))), 422, null),
        ["hand-off with a summary of a million"] = (() => With(Handoff(), t => t["input"] = new JsonArray(Input("patient-summary", "valueString", string.Concat(Enumerable.Repeat(Long, 100))))), 422, null),
        ["hand-off with 5,000 actions"] = (() => With(Handoff(), t => { for (var i = 0; i < 5_000; i++) t["input"]!.AsArray().Add(Input("action", "valueString", $"actie {i}")); }), 422, null),
        ["hand-off with tasks that are not there"] = (() => With(Handoff(), t => t["input"]!.AsArray().Add(Input("task", "valueReference", new JsonObject { ["reference"] = "Task/nope" }))), 422, null),
        ["hand-off that ended in year 1"] = (() => With(Handoff(), t => t["input"]!.AsArray().Add(Input("scope-until", "valueDateTime", "0001-01-01"))), 422, null),
        ["hand-off until 9999"] = (() => With(Handoff(), t => t["input"]!.AsArray().Add(Input("scope-until", "valueDateTime", "9999-12-31T23:59:59Z"))), 0, null),
        ["hand-off with an if and no then"] = (() => With(Handoff(), t => t["input"]!.AsArray().Add(Input("contingency-if", "valueString", "koorts"))), 0, null),
    };

    private static JsonArray Repeat(decimal period, string unit) => [new JsonObject { ["url"] = "https://careteamportal.example/fhir/StructureDefinition/task-repeat", ["valueTiming"] = new JsonObject { ["repeat"] = new JsonObject { ["frequency"] = 1, ["period"] = period, ["periodUnit"] = unit } } }];

    private static JsonObject With(JsonObject task, Action<JsonObject> change)
    {
        change(task);
        return task;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_hostile_task_is_taken_whole_or_refused_with_a_reason(string name)
    {
        var (karel, sofie) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"));
        var (make, code, expression) = Hostile[name];
        var answer = await karel.PostAsync("Task", make());
        output.WriteLine($"{name}: {answer.Code} {answer.Issue} {(string?)answer.Json?["issue"]?[0]?["diagnostics"]}");
        Assert.InRange(answer.Code, 200, 499);
        if (code != 0)
            Assert.Equal(code, answer.Code);
        if (expression is not null)
            Assert.Equal(expression, answer.Issue.Expression);
        if (answer.Code >= 400)
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)answer.Json!["issue"]![0]!["diagnostics"]));
            return;
        }

        // What was taken can be read, listed, changed and closed by everyone concerned.
        var id = (string)answer.Json!["id"]!;
        Assert.Equal(200, (await sofie.GetAsync($"Task/{id}")).Code);
        Assert.InRange((await sofie.GetAsync("Task?patient=maria-verhoeven&_count=200&_sort=-_lastUpdated")).Code, 200, 200);
        Assert.Equal(200, (await sofie.GetAsync("Patient/maria-verhoeven/$timeline?_count=20")).Code);
        var next = answer.Json.DeepClone().AsObject();
        next["status"] = "cancelled";
        next["statusReason"] = new JsonObject { ["text"] = "test" };
        Assert.InRange((await karel.PutAsync($"Task/{id}", next, ("If-Match", answer.ETag ?? "W/\"1\""))).Code, 200, 299);
    }

    [Theory]
    [InlineData("""{"resourceType":"Task","status":"requested","intent":"order","description":"half \ud800 teken","for":{"reference":"Patient/maria-verhoeven"}}""")]
    [InlineData("""{"resourceType":"Task","status":"requested","intent":"order","description":"x","note":[{"text":"\udfff"}],"for":{"reference":"Patient/maria-verhoeven"}}""")]
    [InlineData("""{"resourceType":"Task","status":"requested","intent":"order","description":"x","owner":{"reference":"Practitioner/\ud800"},"for":{"reference":"Patient/maria-verhoeven"}}""")]
    [InlineData("""{"resourceType":"Task","status":"requested","intent":"order","description":"\u0000","for":{"reference":"Patient/maria-verhoeven"}}""")]
    [InlineData("""{"resourceType":"Task","status":"requested","status":"draft","intent":"order","description":"x","for":{"reference":"Patient/maria-verhoeven"}}""")]
    [InlineData("""{"resourceType":"Task","status":["requested"],"intent":"order","description":{"a":1},"for":"Patient/maria-verhoeven"}""")]
    [InlineData("""{"resourceType":"Task","input":[{"type":{"coding":[{"system":"https://careteamportal.example/fhir/CodeSystem/task-part","code":"checklist-item"}]},"valueString":"\ud83d"}],"status":"requested","intent":"order","description":"x","for":{"reference":"Patient/maria-verhoeven"}}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("\"Task\"")]
    public async Task Broken_text_is_answered(string json)
    {
        var karel = await portal.AsAsync("karel.janssens");
        var answer = await karel.PostAsync("Task", Encoding.UTF8.GetBytes(json));
        output.WriteLine($"{answer.Code} {(string?)answer.Json?["issue"]?[0]?["diagnostics"]}");
        Assert.InRange(answer.Code, 200, 499);
        if (answer.Code < 300)
            Assert.Equal(200, (await karel.GetAsync($"Task/{(string)answer.Json!["id"]!}")).Code);
    }

    [Theory]
    [InlineData("W/\"-1\"")]
    [InlineData("W/\"0\"")]
    [InlineData("W/\"99999999999999999999\"")]
    [InlineData("W/\"2147483647\"")]
    [InlineData("*")]
    [InlineData("\"een\"")]
    public async Task A_strange_version_changes_nothing(string version)
    {
        var karel = await portal.AsAsync("karel.janssens");
        var made = (await karel.PostAsync("Task", Task())).Json!.AsObject();
        var next = made.DeepClone().AsObject();
        next["status"] = "cancelled";
        next["statusReason"] = new JsonObject { ["text"] = "x" };
        var answer = await karel.PutAsync($"Task/{made["id"]}", next, ("If-Match", version));
        output.WriteLine($"{answer.Code}");
        Assert.InRange(answer.Code, 400, 499);
        Assert.Equal("requested", (string?)(await karel.GetAsync($"Task/{made["id"]}")).Json!["status"]);
    }

    [Theory]
    [InlineData("owner=%00")]
    [InlineData("owner=Practitioner/%ED%A0%80")]
    [InlineData("owner=Practitioner/sofie.maes&period=ge0001")]
    [InlineData("patient=maria-verhoeven&period=le9999-12-31T23:59:59Z")]
    [InlineData("patient=maria-verhoeven&period=ge99999")]
    [InlineData("patient=maria-verhoeven&status=%27%20OR%201=1")]
    [InlineData("patient=maria-verhoeven&priority=hoog")]
    [InlineData("patient=maria-verhoeven&_count=-5")]
    [InlineData("patient=maria-verhoeven&_count=99999999999")]
    [InlineData("patient=maria-verhoeven&_sort=;")]
    [InlineData("patient=maria-verhoeven&code=|||")]
    public async Task A_strange_search_is_answered(string query)
    {
        var answer = await (await portal.AsAsync("sofie.maes")).GetAsync("Task?" + query);
        output.WriteLine($"{query}: {answer.Code}");
        Assert.InRange(answer.Code, 200, 499);
    }

    [Fact]
    public async Task A_long_reason_question_or_read_back_is_refused_and_not_cut()
    {
        var (karel, sofie) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"));
        async Task<FhirReply> PutAsync(FhirClient who, JsonNode task, Action<JsonObject> change)
        {
            var next = task.DeepClone().AsObject();
            change(next);
            return await who.PutAsync($"Task/{task["id"]}", next, ("If-Match", $"W/\"{task["meta"]!["versionId"]}\""));
        }

        var made = (await karel.PostAsync("Task", Task())).Json!;
        var refused = await PutAsync(sofie, made, t => (t["status"], t["statusReason"]) = ("rejected", new JsonObject { ["text"] = Long }));
        Assert.Equal((422, "too-long"), (refused.Code, refused.Issue.Code));
        Assert.Equal("requested", (string?)(await karel.GetAsync($"Task/{made["id"]}")).Json!["status"]);

        Assert.Equal((422, "too-long"), ((await PutAsync(karel, made, t => t["note"] = new JsonArray(new JsonObject { ["text"] = string.Concat(Enumerable.Repeat(Long, 2)) }))) is var r ? (r.Code, r.Issue.Code) : default));
        Assert.Equal(422, (await PutAsync(karel, made, t => t["description"] = Long)).Code);

        var tom = await portal.AsAsync("tom.lenaerts");
        var offered = (await tom.PostAsync("Task", Handoff())).Json!;
        Assert.Equal((422, "too-long"), (await PutAsync(sofie, offered, t => t["input"]!.AsArray().Add(Input("clarification-question", "valueString", Long))) is var q ? (q.Code, q.Issue.Code) : default));
        Assert.Equal((422, "too-long"), (await PutAsync(sofie, offered, t => (t["status"], t["output"]) = ("accepted", new JsonArray(Input("read-back", "valueString", string.Concat(Enumerable.Repeat(Long, 5)))))) is var b ? (b.Code, b.Issue.Code) : default));
    }

    [Fact]
    public async Task The_checklist_of_an_update_is_kept()
    {
        var (karel, sofie) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("sofie.maes"));
        var made = (await karel.PostAsync("Task", With(Task(), t => t["input"] = new JsonArray(Input("checklist-item", "valueString", "Handen wassen"), Input("checklist-item", "valueString", "Verband"))))).Json!.AsObject();
        var next = made.DeepClone().AsObject();
        next["input"]![0]!["extension"] = new JsonArray(new JsonObject { ["url"] = "https://careteamportal.example/fhir/StructureDefinition/done-at", ["valueDateTime"] = "2001-01-01T00:00:00Z" });
        var ticked = await sofie.PutAsync($"Task/{made["id"]}", next, ("If-Match", "W/\"1\""));
        Assert.Equal(200, ticked.Code);
        var extension = ticked.Json!["input"]![0]!["extension"]!.AsArray();
        Assert.Contains(extension, e => (string?)e!["valueString"] == "Sofie Maes");
        Assert.DoesNotContain(extension, e => ((string?)e!["valueDateTime"])?.StartsWith("2001", StringComparison.Ordinal) == true); // when it was ticked off is not the caller's to say

        next = ticked.Json.DeepClone().AsObject();
        next["input"]!.AsArray().Add(Input("checklist-item", "valueString", "Foto"));
        var longer = await karel.PutAsync($"Task/{made["id"]}", next, ("If-Match", "W/\"2\""));
        Assert.Equal((200, 3), (longer.Code, longer.Json!["input"]!.AsArray().Count));
    }
}
