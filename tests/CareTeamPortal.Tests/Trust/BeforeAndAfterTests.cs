using System.Globalization;
using System.Net.Http.Headers;
using CareTeamPortal.Tests.Exchange;

namespace CareTeamPortal.Tests.Trust;

/// <summary>
/// The running program, asked over HTTP by limited roles before and after something came in that they may not see: bytes, status, entity tags and other headers are the
/// same, whatever the search asks to include, revinclude, summarise, count or sort.
/// </summary>
public sealed class BeforeAndAfterTests(TrustWorld world) : IClassFixture<TrustWorld>
{
    private static readonly string[] Types = ["Communication", "Observation", "Task", "Condition", "DocumentReference", "Encounter", "Appointment", "CareTeam", "Provenance", "Goal", "CarePlan", "QuestionnaireResponse", "ServiceRequest", "DetectedIssue", "GuidanceResponse", "Flag"];

    private static readonly string[] Asked = ["", "&_include=*", "&_include=Communication:sender&_include=Task:owner&_include=Observation:performer", "&_revinclude=Provenance:target&_revinclude=Communication:based-on", "&_revinclude=*",
        "&_summary=count", "&_summary=true", "&_total=accurate", "&_count=1", "&_sort=-_lastUpdated", "&_elements=id"];

    private static IEnumerable<string> Questions()
    {
        foreach (var type in Types)
        {
            foreach (var asked in Asked)
                yield return $"/fhir/{type}?patient={TrustWorld.Own}{asked}";
            yield return $"/fhir/Patient/{TrustWorld.Own}/{type}";
        }

        foreach (var asked in Asked)
            yield return $"/fhir/Patient?_id={TrustWorld.Own}{asked}";
        yield return $"/fhir/Patient/{TrustWorld.Own}";
        yield return $"/fhir/Patient/{TrustWorld.Own}/$timeline";
        yield return $"/fhir/Patient/{TrustWorld.Own}/$timeline?_count=3";
        yield return $"/fhir/Patient/{TrustWorld.Own}/_history";
        yield return $"/patients/{TrustWorld.Own}/download";
        yield return "/population/export";
        yield return "/pathways";
        yield return "/figures";
        foreach (var page in new[] { "", "/access", "/coordination", "/print", "/tasks", "/measurements", "/lanes", "/team", "/plan", "/pathways", "/pathways/start", "/outcomes", "/questionnaires/ervaring" })
            yield return $"/patients/{TrustWorld.Own}{page}";
    }

    private static async Task<Dictionary<string, string>> AskAsync(FhirClient client)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var question in Questions())
        {
            using var answer = await client.Http.GetAsync(question);
            var headers = answer.Headers.Concat<KeyValuePair<string, IEnumerable<string>>>(answer.Content.Headers).Where(h => h.Key is not ("Date" or "Set-Cookie" or "Content-Security-Policy")).Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order(StringComparer.Ordinal);
            answers[question] = Plain($"{((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)}\n{string.Join('\n', headers)}\n{await answer.Content.ReadAsStringAsync()}");
        }

        return answers;
    }

    // What is new in every answer: proofs against forgery, nonces, the moment of the answer itself.
    private static string Plain(string text) => System.Text.RegularExpressions.Regex.Replace(text, "Component-State:[^>]*|CfDJ8[A-Za-z0-9_+/=-]+|\"descriptor\":\"[^\"]*\"|CfDJ8[A-Za-z0-9_-]+|nonce=\"[^\"]*\"|\"timestamp\":\"[^\"]*\"|Content-Length: \\d+", "~");

    [Theory]
    [InlineData("pieter.wouters", "PSY", false)]
    [InlineData("joke.hermans", "HIV", false)]
    [InlineData("an.desmedt", "PSY", true)]
    [InlineData("fatima.elidrissi", "SUD", true)]
    [InlineData("ilse.baert", "PSY", false)]
    public async Task Nothing_that_a_limited_role_asks_over_HTTP_changes_when_something_hidden_comes_in(string user, string label, bool confidential)
    {
        var client = await world.Portal.AsAsync(user);
        await AskAsync(client);
        var before = await AskAsync(client);
        string Of(string type, string tie, string members) => $$$"""
            {"resourceType":"{{{type}}}","id":"na-{{{user.Replace('.', '-')}}}-{{{type.ToLowerInvariant()}}}","meta":{"security":[{"code":"{{{(confidential ? "R" : label)}}}"}]},"{{{tie}}}":{"reference":"Patient/{{{TrustWorld.Own}}}"},{{{members}}}}
            """;
        await world.TakeAsync([],
            Of("Communication", "subject", "\"status\":\"completed\",\"sent\":\"2026-11-20T08:00:00Z\",\"sender\":{\"reference\":\"Practitioner/nadia.benali\"},\"recipient\":[{\"reference\":\"Practitioner/pieter.wouters\"}],\"payload\":[{\"contentString\":\"verborgen\"}]"),
            Of("Observation", "subject", "\"status\":\"final\",\"code\":{\"text\":\"verborgen\"},\"effectiveDateTime\":\"2026-11-20T08:00:00Z\",\"valueQuantity\":{\"value\":9,\"unit\":\"/min\"}"),
            Of("Task", "for", "\"status\":\"requested\",\"intent\":\"order\",\"description\":\"verborgen\",\"authoredOn\":\"2026-11-20T08:00:00Z\",\"owner\":{\"reference\":\"Practitioner/pieter.wouters\"}"),
            Of("Condition", "subject", "\"code\":{\"text\":\"verborgen\"},\"recordedDate\":\"2026-11-20\""),
            Of("DocumentReference", "subject", "\"status\":\"current\",\"date\":\"2026-11-20T08:00:00Z\",\"content\":[{\"attachment\":{\"title\":\"verborgen\"}}]"),
            Of("Goal", "subject", "\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"verborgen\"},\"startDate\":\"2026-11-20\""),
            Of("CarePlan", "subject", "\"status\":\"active\",\"intent\":\"plan\",\"title\":\"verborgen\",\"period\":{\"start\":\"2026-11-20\"}"),
            Of("QuestionnaireResponse", "subject", "\"questionnaire\":\"https://careteamportal.example/fhir/Questionnaire/pijn-nrs\",\"status\":\"completed\",\"authored\":\"2026-11-20T08:00:00Z\",\"item\":[{\"linkId\":\"1\",\"answer\":[{\"valueInteger\":3}]}]"),
            Of("ServiceRequest", "subject", "\"status\":\"active\",\"intent\":\"plan\",\"code\":{\"text\":\"verborgen\"}"),
            Of("DetectedIssue", "patient", "\"status\":\"final\",\"code\":{\"text\":\"verborgen\"},\"identifiedDateTime\":\"2026-11-20T08:00:00Z\""),
            Of("GuidanceResponse", "subject", "\"status\":\"success\",\"moduleUri\":\"urn:x\",\"occurrenceDateTime\":\"2026-11-20T08:00:00Z\""),
            Of("CareTeam", "subject", "\"name\":\"verborgen\""));
        var after = await AskAsync(client);
        foreach (var (question, answer) in before)
            Assert.True(answer == after[question], $"{user}: {question} differs\n{Around(answer, after[question])}");
        Assert.Contains(before.Values, a => a.StartsWith("200", StringComparison.Ordinal));
    }

    private static string Around(string one, string other)
    {
        var at = one.Zip(other).TakeWhile(c => c.First == c.Second).Count();
        string From(string text) => text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)];
        return $"{From(one)}\n---\n{From(other)}";
    }
}
