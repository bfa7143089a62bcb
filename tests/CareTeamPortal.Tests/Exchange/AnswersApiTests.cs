using System.Text.Json.Nodes;

namespace CareTeamPortal.Tests.Exchange;

/// <summary>Questionnaires and their answers, as a program reads and sends them.</summary>
public sealed class AnswersApiTests(FhirPortal portal) : IClassFixture<FhirPortal>
{
    private static JsonObject Answers(params (string LinkId, string Code)[] answers) => new()
    {
        ["resourceType"] = "QuestionnaireResponse", ["questionnaire"] = "https://careteamportal.example/fhir/Questionnaire/phq-2|1", ["status"] = "completed", ["subject"] = new JsonObject { ["reference"] = "Patient/maria-verhoeven" },
        ["item"] = new JsonArray([.. answers.Select(a => (JsonNode)new JsonObject { ["linkId"] = a.LinkId, ["answer"] = new JsonArray(new JsonObject { ["valueCoding"] = new JsonObject { ["system"] = "http://loinc.org", ["code"] = a.Code } }) })]),
    };

    [Fact]
    public async Task Questionnaires_are_read_and_searched()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var form = await sofie.GetAsync("Questionnaire/phq-9");
        Assert.Equal((200, "PHQ-9"), (form.Code, (string?)form.Json!["title"]));
        Assert.Contains((await sofie.GetAsync("Questionnaire?_count=50")).Resources, q => (string?)q["id"] == "who-5");
    }

    [Fact]
    public async Task Answers_that_fit_are_kept_scored_and_found_again()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var created = await sofie.PostAsync("QuestionnaireResponse", Answers(("1", "LA6571-9"), ("2", "LA6569-3")));
        Assert.Equal(201, created.Code);
        Assert.Contains(created.Json!["extension"]!.AsArray(), e => (string?)e!["valueString"] == "PHQ-2: 4 van 6");
        var id = (string)created.Json["id"]!;
        Assert.Equal(200, (await sofie.GetAsync($"QuestionnaireResponse/{id}")).Code);
        Assert.Contains((await sofie.GetAsync("QuestionnaireResponse?patient=maria-verhoeven")).Resources, r => (string?)r["id"] == id);
        var pieter = await portal.AsAsync("pieter.wouters");
        Assert.Equal(404, (await pieter.GetAsync($"QuestionnaireResponse/{id}")).Code);
        Assert.Equal(404, (await (await portal.AsAsync("els.peeters")).PostAsync("QuestionnaireResponse", Answers(("1", "LA6571-9"), ("2", "LA6569-3")))).Code);
    }

    [Fact]
    public async Task Answers_that_do_not_fit_are_refused_with_each_reason()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        foreach (var (body, words) in new[]
        {
            (Answers(("1", "LA6571-9")), "Question 2 is required"), (Answers(("1", "LA6571-9"), ("2", "nonsense")), "not one of the answerOptions"), (Answers(("1", "LA6571-9"), ("2", "LA6569-3"), ("7", "LA6569-3")), "no such question"),
            (Answers(("1", "LA6571-9"), ("1", "LA6571-9"), ("2", "LA6569-3")), "answered twice"),
        })
        {
            var refused = await sofie.PostAsync("QuestionnaireResponse", body);
            Assert.Equal(422, refused.Code);
            Assert.Contains(words, refused.Json!.ToJsonString(), StringComparison.Ordinal);
        }

        var draft = Answers(("1", "LA6571-9"), ("2", "LA6569-3"));
        draft["status"] = "in-progress";
        Assert.Equal(422, (await sofie.PostAsync("QuestionnaireResponse", draft)).Code);
    }

    [Fact]
    public async Task The_same_answers_sent_twice_under_one_name_are_kept_once()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var body = Answers(("1", "LA6568-5"), ("2", "LA6568-5"));
        body["identifier"] = new JsonObject { ["system"] = "urn:test", ["value"] = "answers-1" };
        var first = await sofie.PostAsync("QuestionnaireResponse", body, ("If-None-Exist", "identifier=urn:test|answers-1&patient=maria-verhoeven"));
        var second = await sofie.PostAsync("QuestionnaireResponse", body, ("If-None-Exist", "identifier=urn:test|answers-1&patient=maria-verhoeven"));
        Assert.Equal((201, 200), (first.Code, second.Code));
        Assert.Equal((string?)first.Json!["id"], (string?)second.Json!["id"]);
    }
}
