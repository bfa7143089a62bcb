using System.Text.Json.Nodes;

namespace CareTeamPortal.Tests.Exchange;

/// <summary>Goals by FHIR: the same rules as on the page, and what we do not know stays as it came.</summary>
public sealed class GoalApiTests(FhirPortal portal) : IClassFixture<FhirPortal>
{
    private static JsonObject Goal(string words, string more = "") => JsonNode.Parse($$"""
        { "resourceType": "Goal", "lifecycleStatus": "active", "description": { "text": "{{words}}" }, "subject": { "reference": "Patient/maria-verhoeven" },
          "identifier": [{ "system": "urn:test", "value": "{{Guid.NewGuid()}}" }] {{more}} }
        """)!.AsObject();

    private static async Task<FhirReply> PutAsync(FhirClient client, JsonNode goal, Action<JsonObject> change, string? version = null)
    {
        var next = goal.DeepClone().AsObject();
        change(next);
        return await client.PutAsync($"Goal/{goal["id"]}", next, ("If-Match", $"W/\"{version ?? (string?)goal["meta"]!["versionId"]}\""));
    }

    [Fact]
    public async Task A_life_goal_is_the_patients_and_names_who_wrote_it_down()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var made = await sofie.PostAsync("Goal", Goal("Zelf koken", ""","category":[{"coding":[{"system":"https://careteamportal.example/fhir/CodeSystem/goal-kind","code":"life"}]}],"expressedBy":{"reference":"Practitioner/karel.janssens"},"note":[{"authorString":"Maria zelf","text":"gaat goed"}],"outcomeCode":[{"text":"x"}]"""));
        Assert.Equal((201, "Patient/maria-verhoeven"), (made.Code, (string?)made.Json!["expressedBy"]!["reference"]));
        Assert.Contains("written-down-by", made.Json.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("Practitioner/sofie.maes", "x"), ((string?)made.Json["note"]![0]!["authorReference"]!["reference"], (string?)made.Json["outcomeCode"]![0]!["text"]));
        Assert.Equal(403, (await PutAsync(await portal.AsAsync("karel.janssens"), made.Json, g => g["description"] = new JsonObject { ["text"] = "Laten koken" })).Code);
        var changed = await PutAsync(await portal.AsAsync("maria.verhoeven"), made.Json, g => g["description"] = new JsonObject { ["text"] = "Elke zondag zelf koken" });
        Assert.Equal((200, "Elke zondag zelf koken"), (changed.Code, (string?)changed.Json!["description"]!["text"]));
        Assert.Equal(412, (await PutAsync(sofie, made.Json, g => g["description"] = new JsonObject { ["text"] = "y" })).Code);
    }

    [Theory]
    [InlineData("an.desmedt", 403, "")]
    [InlineData("fatima.elidrissi", 403, "")]
    [InlineData("els.peeters", 404, "")]
    [InlineData("tom.lenaerts", 422, ""","target":[{"detailString":"zonder maat"}]""")]
    [InlineData("tom.lenaerts", 422, ""","target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"detailQuantity":{"value":1e300}}],"lifecycleStatusX":1""")]
    [InlineData("tom.lenaerts", 422, ""","extension":[{"url":"https://careteamportal.example/fhir/StructureDefinition/serves-goal","valueReference":{"reference":"Goal/elders"}}]""")]
    [InlineData("tom.lenaerts", 422, ""","extension":[{"url":"https://careteamportal.example/fhir/StructureDefinition/goal-owner","valueReference":{"reference":"Practitioner/els.peeters"}}]""")]
    public async Task What_may_not_be_written_is_refused_and_has_no_effect(string user, int code, string more)
    {
        var karel = await portal.AsAsync("karel.janssens");
        var words = "geweigerd " + Guid.NewGuid();
        Assert.Equal(code, (await (await portal.AsAsync(user)).PostAsync("Goal", Goal(words, more))).Code);
        Assert.DoesNotContain(words, (await karel.GetAsync("Goal?patient=maria-verhoeven&_count=200")).Json!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_goal_moves_with_a_reason_and_never_together_with_its_words()
    {
        var tom = await portal.AsAsync("tom.lenaerts");
        var made = await tom.PostAsync("Goal", Goal("Droog gewicht", ""","target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"detailQuantity":{"value":170,"comparator":"<=","unit":"lb","system":"http://unitsofmeasure.org","code":"[lb_av]"},"dueDate":"2026-12-24"}]"""));
        Assert.Equal((201, 170m, "[lb_av]"), (made.Code, (decimal)made.Json!["target"]![0]!["detailQuantity"]!["value"]!, (string?)made.Json["target"]![0]!["detailQuantity"]!["code"]));
        Assert.Equal(422, (await PutAsync(tom, made.Json, g => g["lifecycleStatus"] = "cancelled")).Code);
        Assert.Equal(422, (await PutAsync(tom, made.Json, g => (g["lifecycleStatus"], g["statusReason"], g["description"]) = ("cancelled", "ander plan", new JsonObject { ["text"] = "z" }))).Code);
        var moved = await PutAsync(tom, made.Json, g => (g["lifecycleStatus"], g["statusReason"]) = ("cancelled", "ander plan"));
        Assert.Equal((200, "cancelled", "ander plan"), (moved.Code, (string?)moved.Json!["lifecycleStatus"], (string?)moved.Json["statusReason"]));
        Assert.Equal(422, (await PutAsync(tom, moved.Json, g => (g["lifecycleStatus"], g["statusReason"]) = ("on-hold", "x"))).Code);
    }

    [Fact]
    public async Task If_None_Exist_writes_once_and_a_bundle_is_no_way_around_the_rules()
    {
        var (karel, an) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("an.desmedt"));
        var goal = Goal("Eén keer " + Guid.NewGuid());
        var condition = ("If-None-Exist", $"patient=maria-verhoeven&identifier=urn:test|{goal["identifier"]![0]!["value"]}");
        var first = await karel.PostAsync("Goal", goal.DeepClone(), condition);
        var second = await karel.PostAsync("Goal", goal.DeepClone(), condition);
        Assert.Equal((201, 200, (string?)first.Json!["id"]), (first.Code, second.Code, (string?)second.Json!["id"]));
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle", ["type"] = "transaction",
            ["entry"] = new JsonArray(new JsonObject { ["fullUrl"] = $"urn:uuid:{Guid.NewGuid()}", ["resource"] = Goal("In mama's naam", ",\"expressedBy\":{\"reference\":\"Patient/maria-verhoeven\"}"), ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Goal" } }),
        };
        Assert.Equal(403, (await an.PostAsync("", bundle)).Code);
        var statement = (await karel.GetAsync("metadata")).Json!;
        Assert.Contains("update", statement["rest"]![0]!["resource"]!.AsArray().Single(r => (string?)r!["type"] == "Goal")!["interaction"]!.ToJsonString(), StringComparison.Ordinal);
    }
}
