using System.Text.Json.Nodes;

namespace CareTeamPortal.Tests.Exchange;

/// <summary>If-None-Exist, of everything that a person creates by the use cases of the pages.</summary>
public sealed class OnlyOnceTests(FhirPortal portal) : IClassFixture<FhirPortal>
{
    [Theory]
    [InlineData("Task", """ "status": "requested", "intent": "order", "description": "eenmaal", "for": { "reference": "Patient/maria-verhoeven" }, "owner": { "reference": "Practitioner/tom.lenaerts" } """)]
    [InlineData("Goal", """ "lifecycleStatus": "active", "description": { "text": "eenmaal" }, "subject": { "reference": "Patient/maria-verhoeven" } """)]
    [InlineData("QuestionnaireResponse", """ "questionnaire": "https://careteamportal.example/fhir/Questionnaire/pijn-nrs", "status": "completed", "subject": { "reference": "Patient/maria-verhoeven" }, "item": [{ "linkId": "1", "answer": [{ "valueInteger": 3 }] }] """)]
    public async Task Twenty_that_come_at_the_same_moment_make_one(string type, string members)
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var value = Guid.NewGuid().ToString();
        JsonNode New() => JsonNode.Parse($$"""{ "resourceType": "{{type}}", "identifier": {{(type == "QuestionnaireResponse" ? "" : "[")}}{ "system": "urn:test", "value": "{{value}}" }{{(type == "QuestionnaireResponse" ? "" : "]")}}, {{members}} }""")!;
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sofie.PostAsync(type, New(), ("If-None-Exist", $"patient=maria-verhoeven&identifier=urn:test|{value}"))));
        Assert.Equal((1, 19), (replies.Count(r => r.Code == 201), replies.Count(r => r.Code == 200)));
        Assert.Single(replies.Select(r => (string?)r.Json!["id"]).Distinct());
        Assert.Single((await sofie.GetAsync($"{type}?patient=maria-verhoeven&identifier=urn:test|{value}")).Entries);
        await sofie.PostAsync(type, New());
        Assert.Equal(412, (await sofie.PostAsync(type, New(), ("If-None-Exist", $"patient=maria-verhoeven&identifier=urn:test|{value}"))).Code);
    }
}
