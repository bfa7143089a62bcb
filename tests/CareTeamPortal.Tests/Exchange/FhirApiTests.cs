using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CareTeamPortal.Tests.Exchange;

public sealed class FhirApiTests(FhirPortal portal) : IClassFixture<FhirPortal>
{
    private const string Maria = "Patient/maria-verhoeven";

    private static object Note(string text, string? system = null, string? value = null, bool confidential = false, object[]? recipient = null, object? sender = null) => new
    {
        resourceType = "Communication",
        meta = confidential ? new { security = new[] { new { system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code = "R" } } } : null,
        identifier = system is null ? null : new[] { new { system, value } },
        status = "completed",
        subject = new { reference = Maria },
        sender,
        recipient,
        payload = new[] { new { contentString = text } },
    }.Compact();

    private static object Pulse(int value) => new
    {
        resourceType = "Observation",
        status = "final",
        category = new[] { new { coding = new[] { new { system = "http://terminology.hl7.org/CodeSystem/observation-category", code = "vital-signs" } } } },
        code = new { coding = new[] { new { system = "http://loinc.org", code = "8867-4", display = "Heart rate" } } },
        subject = new { reference = Maria },
        effectiveDateTime = "2026-11-01T08:00:00+01:00",
        valueQuantity = new { value, unit = "/min", system = "http://unitsofmeasure.org", code = "/min" },
    };

    // ---- who may come in ---------------------------------------------------------------------------------------------

    [Fact]
    public async Task Metadata_is_open_and_everything_else_is_not()
    {
        var nobody = new FhirClient(portal.CreateClient());
        var statement = await nobody.GetAsync("metadata");
        Assert.Equal("CapabilityStatement", (string?)statement.Json!["resourceType"]);
        Assert.Equal("4.0.1", (string?)statement.Json["fhirVersion"]);
        foreach (var path in new[] { Maria, "Patient", "Observation?patient=maria-verhoeven", Maria + "/$timeline", "Nonsense/1" })
        {
            var reply = await nobody.GetAsync(path);
            Assert.Equal((401, "login"), (reply.Code, reply.Issue.Code));
            Assert.Contains(reply.Raw.Headers.WwwAuthenticate, h => h.Scheme == "Bearer");
        }
    }

    [Fact]
    public async Task A_page_of_another_origin_does_not_write_with_the_sessions_cookie()
    {
        using var browser = portal.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = true });
        var form = await browser.GetStringAsync("/sign-in");
        var proof = System.Text.RegularExpressions.Regex.Match(form, "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        using (var signedIn = await browser.PostAsync("/sign-in/demo", new FormUrlEncodedContent([new("__RequestVerificationToken", proof), new("user", "sofie.maes")])))
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);

        var theirs = await PostAsync(browser, "https://elsewhere.example");
        Assert.Equal((403, "forbidden"), (theirs.Code, theirs.Issue.Code));
        Assert.Equal(403, (await PostAsync(browser, "null")).Code);
        Assert.Equal(201, (await PostAsync(browser, "http://localhost")).Code);
        Assert.Equal(201, (await PostAsync(browser, null)).Code);
        Assert.Equal(201, (await PostAsync((await portal.AsAsync("sofie.maes")).Http, "https://elsewhere.example")).Code); // who sends a token means it

        static async Task<FhirReply> PostAsync(HttpClient http, string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Communication") { Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(Note("van een pagina")), Encoding.UTF8, "application/fhir+json") };
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            var answer = await http.SendAsync(request);
            return new(answer.StatusCode, answer, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task A_stranger_learns_nothing_that_somebody_who_asks_for_nonsense_does_not()
    {
        var els = await portal.AsAsync("els.peeters");
        var sofie = await portal.AsAsync("sofie.maes");
        var real = (string)(await sofie.GetAsync("Observation?patient=maria-verhoeven&_count=1")).Resources.Single()["id"]!;
        foreach (var (known, unknown) in new[] { (Maria, "Patient/nobody"), ($"Observation/{real}", "Observation/nothing"), (Maria + "/$timeline", "Patient/nobody/$timeline"), ($"Observation/{real}/_history", "Observation/nothing/_history") })
        {
            var (a, b) = (await els.GetAsync(known), await els.GetAsync(unknown));
            Assert.Equal(404, a.Code);
            Assert.Equal(b.Json!.ToJsonString(), a.Json!.ToJsonString());
        }
        var (found, none) = (await els.GetAsync("Observation?patient=maria-verhoeven"), await els.GetAsync("Observation?patient=nobody"));
        Assert.Empty(found.Entries);
        Assert.Equal((200, 0), (found.Code, (int)found.Json!["total"]!));
        Assert.Equal(none.Json!["total"]!.ToJsonString(), found.Json["total"]!.ToJsonString());
        Assert.Equal(404, (await els.PostAsync("Communication", Note("van buiten"))).Code);
        Assert.Empty((await els.GetAsync($"Observation?_id={real}")).Entries);
        Assert.DoesNotContain((await els.GetAsync("Patient?_count=500")).Resources, p => (string?)p["id"] == "maria-verhoeven");
    }

    [Fact]
    public async Task What_is_for_professionals_does_not_exist_for_the_caregiver_circle_and_the_patient()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var closed = await sofie.PostAsync("Communication", Note("alleen zorgverleners", confidential: true));
        var shared = await sofie.PostAsync("Communication", Note("met de patiënt", confidential: true, recipient: [new { reference = Maria }]));
        var open = await sofie.PostAsync("Communication", Note("voor iedereen"));
        Assert.Equal((201, 201, 201), (closed.Code, shared.Code, open.Code));
        string[] ids = [(string)closed.Json!["id"]!, (string)shared.Json!["id"]!, (string)open.Json!["id"]!];
        foreach (var (user, sees) in new[] { ("nadia.benali", new[] { true, true, true }), ("maria.verhoeven", [false, true, true]), ("an.desmedt", [false, false, true]), ("fatima.elidrissi", [false, false, true]) })
        {
            var client = await portal.AsAsync(user);
            for (var i = 0; i < ids.Length; i++)
            {
                Assert.Equal(sees[i] ? 200 : 404, (await client.GetAsync($"Communication/{ids[i]}")).Code);
                Assert.Equal(sees[i] ? 1 : 0, (await client.GetAsync($"Communication?_id={ids[i]}")).Entries.Count);
            }
            var search = (await client.GetAsync("Communication?patient=maria-verhoeven&_count=500")).Resources.Select(r => (string?)r["id"]).ToList();
            var timeline = (await client.GetAsync(Maria + "/$timeline?_count=500")).Resources.Select(r => (string?)r["id"]).ToList();
            for (var i = 0; i < ids.Length; i++)
            {
                Assert.Equal(sees[i], search.Contains(ids[i]));
                Assert.Equal(sees[i], timeline.Contains(ids[i]));
            }
        }
    }

    [Fact]
    public async Task The_national_number_is_left_out_for_roles_that_may_not_see_it()
    {
        var sofie = (await (await portal.AsAsync("sofie.maes")).GetAsync(Maria)).Json!.ToJsonString();
        var fatima = (await (await portal.AsAsync("fatima.elidrissi")).GetAsync(Maria)).Json!.ToJsonString();
        Assert.Contains("NamingSystem/ssin", sofie);
        Assert.DoesNotContain("NamingSystem/ssin", fatima);
        var an = (await portal.AsAsync("an.desmedt"));
        var number = JsonNode.Parse(sofie)!["identifier"]!.AsArray().First(i => ((string?)i!["system"])!.EndsWith("/ssin", StringComparison.Ordinal))!["value"]!;
        Assert.DoesNotContain((string)number!, (await an.GetAsync("Patient/maria-verhoeven")).Json!.ToJsonString());
        foreach (var guess in new[] { $"Patient?identifier={number}", $"Observation?patient.identifier={number}" })
            Assert.Empty((await an.GetAsync(guess)).Entries); // nor may she try numbers out
    }

    [Fact]
    public async Task The_patient_reads_who_opened_the_file_and_nobody_else_does()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        await sofie.GetAsync(Maria);
        var log = await (await portal.AsAsync("maria.verhoeven")).GetAsync("AuditEvent?patient=maria-verhoeven");
        Assert.Contains(log.Resources, e => (string?)e["agent"]![0]!["who"]!["reference"] == "Practitioner/sofie.maes");
        Assert.Equal((403, "forbidden"), ((await sofie.GetAsync("AuditEvent?patient=maria-verhoeven")).Code, (await sofie.GetAsync("AuditEvent?patient=maria-verhoeven")).Issue.Code));
        Assert.Equal(404, (await (await portal.AsAsync("els.peeters")).GetAsync("AuditEvent?patient=maria-verhoeven")).Code);
    }

    [Fact]
    public async Task The_access_log_says_who_for_what_by_which_rules_and_is_searched_by_agent_and_date_in_pages()
    {
        var (sofie, maria) = (await portal.AsAsync("sofie.maes"), await portal.AsAsync("maria.verhoeven"));
        await sofie.GetAsync(Maria);
        var mine = await maria.GetAsync("AuditEvent?patient=maria-verhoeven&agent=Practitioner/sofie.maes");
        Assert.All(mine.Resources, e => Assert.Equal("Practitioner/sofie.maes", (string?)e["agent"]![0]!["who"]!["reference"]));
        var read = mine.Resources.First(e => (string?)e["type"]!["code"] == "rest" && (string?)e["action"] == "R");
        Assert.Equal(("TREAT", "0", "Patient/maria-verhoeven"), ((string?)read["agent"]![0]!["purposeOfUse"]![0]!["coding"]![0]!["code"], (string?)read["outcome"], (string?)read["entity"]![0]!["what"]!["reference"]));
        Assert.StartsWith("https://careteamportal.example/fhir/sharing-rules/", (string?)read["agent"]![0]!["policy"]![0], StringComparison.Ordinal);
        Assert.Contains(read["entity"]![0]!["detail"]!.AsArray(), d => (string?)d!["type"] == "relation");

        var one = await maria.GetAsync($"AuditEvent/{read["id"]}");
        Assert.Equal((200, read.ToJsonString()), (one.Code, one.Json!.ToJsonString()));
        Assert.Equal(404, (await sofie.GetAsync($"AuditEvent/{read["id"]}")).Code);
        Assert.Equal(404, (await maria.GetAsync("AuditEvent/00000000000000000000000000000000")).Code);

        var first = await maria.GetAsync("AuditEvent?patient=maria-verhoeven&_count=1");
        var second = await maria.GetAsync(first.Json!["link"]!.AsArray().Single(l => (string?)l!["relation"] == "next")!["url"]!.ToString());
        Assert.Single(first.Resources);
        Assert.NotEqual((string?)first.Resources.Single()["id"], (string?)second.Resources.First()["id"]);
        Assert.Empty((await maria.GetAsync("AuditEvent?patient=maria-verhoeven&date=lt2001-01-01")).Resources);
        Assert.NotEmpty((await maria.GetAsync("AuditEvent?patient=maria-verhoeven&date=ge2001-01-01")).Resources);
        Assert.Empty((await maria.GetAsync("AuditEvent?patient=maria-verhoeven&agent=Practitioner/nobody")).Resources);
        Assert.True((int)(await maria.GetAsync("AuditEvent?patient=maria-verhoeven&_summary=count")).Json!["total"]! > 1);
        // An officer reads over all files, without whose they are and without what was in them.
        var piet = await portal.AsAsync("piet.claeys");
        var over = await piet.GetAsync("AuditEvent?agent=Practitioner/sofie.maes&_count=5");
        Assert.Equal(200, over.Code);
        Assert.NotEmpty(over.Resources);
        Assert.All(over.Resources, r => Assert.DoesNotContain("maria", r.ToJsonString(), StringComparison.OrdinalIgnoreCase));
        Assert.All(over.Resources, r => Assert.EndsWith("/file-mark", (string?)r["entity"]![0]!["what"]!["identifier"]!["system"], StringComparison.Ordinal));
        Assert.Equal(200, (await piet.GetAsync($"AuditEvent/{over.Resources.First()["id"]}")).Code);
        Assert.Equal(404, (await piet.GetAsync($"AuditEvent/{read["id"]}")).Code); // the patient's name for it
        Assert.NotEmpty((await piet.GetAsync(over.Link("next")!)).Resources);
        Assert.Equal(404, (await piet.GetAsync("Patient/maria-verhoeven")).Code);
        foreach (var wrong in new[] { "AuditEvent", "AuditEvent?agent=Practitioner/sofie.maes", "AuditEvent?patient=maria-verhoeven&_sort=date", "AuditEvent?patient=maria-verhoeven&code=x" })
            Assert.Equal(400, (await maria.GetAsync(wrong)).Code);
        var known = (await maria.GetAsync("metadata")).Json!["rest"]![0]!["resource"]!.AsArray().Single(r => (string?)r!["type"] == "AuditEvent")!;
        Assert.Equal(["patient", "date", "agent"], known["searchParam"]!.AsArray().Select(p => (string)p!["name"]!));
        Assert.Equal(["read", "search-type"], known["interaction"]!.AsArray().Select(i => (string)i!["code"]!));
    }

    // ---- create ------------------------------------------------------------------------------------------------------

    [Fact]
    public async Task A_note_is_created_read_and_on_the_timeline_with_the_caller_as_its_sender()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var created = await sofie.PostAsync("Communication", Note("Wonde ziet er **goed** uit 🙂 <b>", sender: new { reference = "Practitioner/karel.janssens" }));
        Assert.Equal((201, "W/\"1\""), (created.Code, created.ETag));
        Assert.Equal("Practitioner/sofie.maes", (string?)created.Json!["sender"]!["reference"]);
        var id = (string)created.Json["id"]!;
        Assert.EndsWith($"/fhir/Communication/{id}/_history/1", created.Raw.Headers.Location!.ToString());
        var read = await sofie.GetAsync($"Communication/{id}");
        Assert.Equal(created.Json.ToJsonString(), read.Json!.ToJsonString());
        Assert.Equal("application/fhir+json", read.Raw.Content.Headers.ContentType!.MediaType);
        Assert.Equal(id, (string?)(await sofie.GetAsync(Maria + "/$timeline?_count=500")).Resources.First(r => (string?)r["id"] == id)["id"]);
        Assert.Equal(HttpStatusCode.NotModified, (await sofie.GetAsync($"Communication/{id}", ("If-None-Match", "W/\"1\""))).Status);
    }

    [Fact]
    public async Task A_measurement_is_created_and_found_by_code_date_category_and_status()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var created = await sofie.PostAsync("Observation", Pulse(71));
        Assert.Equal(201, created.Code);
        Assert.Equal("Practitioner/sofie.maes", (string?)created.Json!["performer"]![0]!["reference"]);
        var id = (string?)created.Json["id"];
        foreach (var (query, found) in new[]
        {
            ("code=http://loinc.org|8867-4", true), ("code=8867-4", true), ("code=http://loinc.org|8480-6", false), ("code=|8867-4", false), ("code=x,8867-4", true),
            ("date=2026-11-01", true), ("date=ge2026-11-01&date=lt2026-11-02", true), ("date=gt2026-11-01", false), ("date=lt2026-11-01", false), ("date=2026", true), ("date=ne2026-11-01", false), ("date=sa2026-10-31", true), ("date=eb2026-11-01", false),
            ("date=2026-11-01T07:00:00Z", true), ("date=le2026-11-01T07:00:00Z", true), ("date=gt2026-11-01T08:00:00%2B01:00", false),
            ("category=vital-signs", true), ("category=laboratory", false), ("status=final", true), ("status=amended,final", true), ("status=amended", false), ("subject=Patient/maria-verhoeven", true),
            ("_lastUpdated=ge2026-01-01", true), ("_lastUpdated=lt2020-01-01", false),
        })
        {
            var reply = await sofie.GetAsync($"Observation?patient=Patient/maria-verhoeven&_count=500&{query}");
            Assert.True(reply.Code == 200, $"{query}: {reply.Code} {reply.Json}");
            Assert.True(found == reply.Resources.Any(r => (string?)r["id"] == id), query);
        }
    }

    [Theory]
    [InlineData("""{"resourceType":"Communication","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{"contentString":"x"}]}""", "required", "Communication.status")]
    [InlineData("""{"resourceType":"Communication","status":"done","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{"contentString":"x"}]}""", "code-invalid", "Communication.status")]
    [InlineData("""{"resourceType":"Communication","status":"completed","payload":[{"contentString":"x"}]}""", "required", "Communication.subject")]
    [InlineData("""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/maria-verhoeven"}}""", "required", "Communication.payload")]
    [InlineData("""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{"contentString":" "}]}""", "value", "Communication.payload[0].contentString")]
    [InlineData("""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{}]}""", "required", "Communication.payload[0]")]
    [InlineData("""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"payload":{"contentString":"x"}}""", "structure", "Communication.payload")]
    [InlineData("""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{"contentString":"x"}],"sent":"gisteren"}""", "value", "Communication.sent")]
    [InlineData("""{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{"contentString":"x"}],"extra":1}""", "structure", "Communication")]
    [InlineData("""{"resourceType":"Communication","meta":{"security":"R"},"status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{"contentString":"x"}]}""", "structure", "Communication.meta.security")]
    [InlineData("""{"resourceType":"Communication","meta":{"security":[{"display":"restricted"}]},"status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{"contentString":"x"}]}""", "structure", "Communication.meta.security")]
    [InlineData("""{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/maria-verhoeven"},"valueQuantity":{"value":1}}""", "required", "Observation.code")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/maria-verhoeven"}}""", "required", "Observation.value[x]")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/maria-verhoeven"},"valueQuantity":{"value":"1"}}""", "structure", "Observation.valueQuantity")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/maria-verhoeven"},"valueString":"a","valueInteger":1}""", "invalid", "Observation.value[x]")]
    public async Task What_may_not_be_written_is_refused_with_its_place(string json, string code, string expression)
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var reply = await sofie.PostAsync(json.Contains("\"Observation\"", StringComparison.Ordinal) ? "Observation" : "Communication", json);
        Assert.Equal((422, code, expression), (reply.Code, reply.Issue.Code, reply.Issue.Expression));
    }

    [Fact]
    public async Task What_is_not_FHIR_or_too_much_is_refused()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        Assert.Equal(400, (await sofie.PostAsync("Communication", "{")).Code);
        Assert.Equal(400, (await sofie.PostAsync("Communication", "{\"resourceType\":\"Communication\",\"status\":\"a\",\"status\":\"b\"}")).Code);
        Assert.Equal(400, (await sofie.PostAsync("Communication", "{\"resourceType\":\"Communication\",\"topic\":{\"text\":\"\\ud800\"}}")).Code);
        Assert.Equal(400, (await sofie.PostAsync("Communication", "{\"resourceType\":\"Communication\",\"a\":" + new string('[', 100) + new string(']', 100) + "}")).Code);
        Assert.Equal(400, (await sofie.PostAsync("Communication", Pulse(70))).Code);
        Assert.Equal(400, (await sofie.PostAsync("Communication", new ByteArrayContent([]) { Headers = { ContentType = new("application/fhir+json") } })).Code);
        Assert.Equal(415, (await sofie.PostAsync("Communication", new StringContent("<Communication/>", Encoding.UTF8, "application/fhir+xml"))).Code);
        Assert.Equal(413, (await sofie.PostAsync("Communication", Encoding.UTF8.GetBytes(new string(' ', 17 * 1024 * 1024)))).Code);
        Assert.Equal((422, "too-long"), ((await sofie.PostAsync("Communication", Note(new string('x', 60_000)))).Code, (await sofie.PostAsync("Communication", Note(new string('x', 60_000)))).Issue.Code));
        Assert.Equal(406, (await sofie.GetAsync(Maria, ("Accept", "application/fhir+xml"))).Code);
        Assert.Equal(406, (await sofie.GetAsync(Maria + "?_format=xml")).Code);
        Assert.Equal(405, (await sofie.SendAsync(HttpMethod.Delete, Maria, null)).Code);
        Assert.Equal(405, (await sofie.SendAsync(HttpMethod.Patch, Maria, "{}")).Code);
        Assert.Equal(404, (await sofie.GetAsync("Nonsense/1")).Code);
        Assert.Equal(404, (await sofie.GetAsync("Nonsense")).Code);
    }

    [Fact]
    public async Task If_None_Exist_writes_once_also_when_many_come_at_the_same_moment()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var value = Guid.NewGuid().ToString();
        var note = Note("eenmaal", "urn:test", value);
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => sofie.PostAsync("Communication", note, ("If-None-Exist", $"identifier=urn:test|{value}"))));
        Assert.Equal(1, replies.Count(r => r.Code == 201));
        Assert.Equal(15, replies.Count(r => r.Code == 200));
        Assert.Single(replies.Select(r => (string?)r.Json!["id"]).Distinct());
        Assert.Single((await sofie.GetAsync($"Communication?patient=maria-verhoeven&identifier=urn:test|{value}")).Entries);

        await sofie.PostAsync("Communication", note);
        Assert.Equal((412, "multiple-matches"), (await sofie.PostAsync("Communication", note, ("If-None-Exist", $"identifier=urn:test|{value}"))) is var r ? (r.Code, r.Issue.Code) : default);
    }

    [Fact]
    public async Task Prefer_return_minimal_answers_without_a_body()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var reply = await sofie.PostAsync("Communication", Note("kort"), ("Prefer", "return=minimal"));
        Assert.Equal((201, null), (reply.Code, reply.Json));
        Assert.NotNull(reply.Raw.Headers.Location);
        Assert.Equal("OperationOutcome", (string?)(await sofie.PostAsync("Communication", Note("kort"), ("Prefer", "return=OperationOutcome"))).Json!["resourceType"]);
    }

    [Fact]
    public async Task A_question_to_nobody_goes_to_who_is_accountable_and_an_answer_is_never_for_more_eyes()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var kind = new[] { new { coding = new[] { new { system = "https://careteamportal.example/fhir/CodeSystem/entry-kind", code = "question" } } } };
        var question = Note("Mag de dosis omhoog?", confidential: true).With("category", kind);
        var asked = await sofie.PostAsync("Communication", question);
        Assert.Equal((201, "Practitioner/karel.janssens"), (asked.Code, (string?)asked.Json!["recipient"]?[0]?["reference"]));
        Assert.Equal(422, (await sofie.PostAsync("Communication", question.With("recipient", new[] { new { reference = "Practitioner/els.peeters" } }))).Code);

        var karel = await portal.AsAsync("karel.janssens");
        var answer = await karel.PostAsync("Communication", Note("Ja, tot 40 mg.").With("inResponseTo", new[] { new { reference = $"Communication/{asked.Json["id"]}" } }));
        Assert.Equal((201, "R"), (answer.Code, (string?)answer.Json!["meta"]?["security"]?[0]?["code"]));
        Assert.Equal(404, (await (await portal.AsAsync("an.desmedt")).GetAsync($"Communication/{answer.Json["id"]}")).Code);
        Assert.Equal(422, (await (await portal.AsAsync("an.desmedt")).PostAsync("Communication", Note("?").With("inResponseTo", new[] { new { reference = $"Communication/{asked.Json["id"]}" } }))).Code);
    }

    // ---- update ------------------------------------------------------------------------------------------------------

    [Fact]
    public async Task An_update_needs_the_version_that_was_seen_and_keeps_the_one_before()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var first = await sofie.PostAsync("Communication", Note("eerste"));
        var id = (string)first.Json!["id"]!;
        var changed = first.Json.DeepClone();
        changed["payload"]![0]!["contentString"] = "verbeterd";
        Assert.Equal(428, (await sofie.PutAsync($"Communication/{id}", changed)).Code);
        Assert.Equal(412, (await sofie.PutAsync($"Communication/{id}", changed, ("If-Match", "W/\"7\""))).Code);
        var second = await sofie.PutAsync($"Communication/{id}", changed, ("If-Match", "W/\"1\""));
        Assert.Equal((200, "W/\"2\""), (second.Code, second.ETag));
        Assert.Equal(412, (await sofie.PutAsync($"Communication/{id}", changed, ("If-Match", "W/\"1\""))).Code);
        Assert.Equal("verbeterd", (string?)(await sofie.GetAsync($"Communication/{id}")).Json!["payload"]![0]!["contentString"]);
        Assert.Equal("eerste", (string?)(await sofie.GetAsync($"Communication/{id}/_history/1")).Json!["payload"]![0]!["contentString"]);
        var history = await sofie.GetAsync($"Communication/{id}/_history");
        Assert.Equal(["2", "1"], history.Resources.Select(r => (string?)r["meta"]!["versionId"]));

        var nadia = await portal.AsAsync("nadia.benali");
        Assert.Equal((403, "forbidden"), (await nadia.PutAsync($"Communication/{id}", changed, ("If-Match", "W/\"2\""))) is var r ? (r.Code, r.Issue.Code) : default);
        Assert.Equal(404, (await (await portal.AsAsync("els.peeters")).PutAsync($"Communication/{id}", changed, ("If-Match", "W/\"2\""))).Code);
        Assert.Equal(400, (await sofie.PutAsync($"Communication/{id}", changed.With("id", "other"), ("If-Match", "W/\"2\""))).Code);
        Assert.Equal(422, (await sofie.PutAsync($"Communication/{id}", changed.With("subject", new { reference = "Patient/somebody-else" }), ("If-Match", "W/\"2\""))).Code);

        var retracted = await sofie.PutAsync($"Communication/{id}", changed.With("status", "entered-in-error"), ("If-Match", "W/\"2\""));
        Assert.Equal(200, retracted.Code);
        Assert.Equal(422, (await sofie.PutAsync($"Communication/{id}", changed, ("If-Match", "W/\"3\""))).Code);
    }

    [Fact]
    public async Task Of_many_updates_of_one_version_exactly_one_wins()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var first = await sofie.PostAsync("Communication", Note("wedloop"));
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
        {
            var changed = first.Json!.DeepClone();
            changed["payload"]![0]!["contentString"] = $"schrijver {i}";
            return sofie.PutAsync($"Communication/{first.Json["id"]}", changed, ("If-Match", "W/\"1\""));
        }));
        Assert.Equal(1, replies.Count(r => r.Code == 200));
        Assert.All(replies.Where(r => r.Code != 200), r => Assert.Contains(r.Code, new[] { 409, 412 }));
    }

    // ---- search and paging -------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("Observation?patient=maria-verhoeven")]
    [InlineData("Observation?patient=maria-verhoeven&_sort=date")]
    [InlineData("Observation?patient=maria-verhoeven&_sort=-date&category=vital-signs")]
    [InlineData("Observation?patient=maria-verhoeven&_sort=_id")]
    [InlineData("Observation?patient=maria-verhoeven&_sort=-_lastUpdated")]
    [InlineData("Practitioner?")]
    public async Task Pages_give_everything_once_and_in_order(string search)
    {
        var nadia = await portal.AsAsync("nadia.benali");
        var all = (await nadia.GetAsync($"{search}&_count=500")).Resources.Select(r => (string)r["id"]!).ToList();
        var paged = new List<string>();
        var next = $"{search}&_count=3";
        while (next is not null)
        {
            var page = await nadia.GetAsync(next);
            Assert.InRange(page.Entries.Count, 0, 3);
            paged.AddRange(page.Resources.Select(r => (string)r["id"]!));
            next = page.Link("next");
            Assert.True(paged.Count <= all.Count);
        }
        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task The_timeline_pages_newest_first_and_after_gives_what_came_since()
    {
        var nadia = await portal.AsAsync("nadia.benali");
        var sofie = await portal.AsAsync("sofie.maes");
        var all = (await nadia.GetAsync(Maria + "/$timeline?_count=500")).Resources.Select(r => (string)r["id"]!).ToList();
        var first = await nadia.GetAsync(Maria + "/$timeline?_count=7");
        var paged = first.Resources.Select(r => (string)r["id"]!).ToList();
        for (var next = first.Link("next"); next is not null;)
        {
            var page = await nadia.GetAsync(next);
            paged.AddRange(page.Resources.Select(r => (string)r["id"]!));
            next = page.Link("next");
        }
        Assert.Equal(all, paged);

        var after = first.Link("after")!;
        Assert.Empty((await nadia.GetAsync(after)).Entries);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((string)(await sofie.PostAsync("Communication", Note($"nieuws {i}"))).Json!["id"]!);
        var news = new List<string>();
        for (var link = after + "&_count=2"; link is not null;)
        {
            var page = await nadia.GetAsync(link.Replace("_count=7&", "", StringComparison.Ordinal));
            news.AddRange(page.Resources.Select(r => (string)r["id"]!));
            link = page.Link("next");
        }
        Assert.Equal(ids, news);

        // A limited viewer's cursor does not move for what is not theirs.
        var an = await portal.AsAsync("an.desmedt");
        var mine = (await an.GetAsync(Maria + "/$timeline?_count=1")).Link("after")!;
        await sofie.PostAsync("Communication", Note("niet voor An", confidential: true));
        Assert.Equal(mine, (await an.GetAsync(Maria + "/$timeline?_count=1")).Link("after"));
        Assert.Empty((await an.GetAsync(mine)).Entries);
        Assert.Equal(400, (await an.GetAsync(Maria + "/$timeline?cursor=rubbish")).Code);
        Assert.Equal(400, (await an.GetAsync(Maria + "/$timeline?after=AAAA")).Code);
    }

    [Fact]
    public async Task A_search_that_cannot_be_answered_says_so()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        Assert.Equal((400, "required"), (await sofie.GetAsync("Observation")) is var a ? (a.Code, a.Issue.Code) : default);
        Assert.Equal((400, "not-supported"), (await sofie.GetAsync("Observation?patient=maria-verhoeven&value-quantity=5")) is var b ? (b.Code, b.Issue.Code) : default);
        var lenient = await sofie.GetAsync("Observation?patient=maria-verhoeven&value-quantity=5&_count=1", ("Prefer", "handling=lenient"));
        Assert.Equal("OperationOutcome", (string?)lenient.Resources.Last()["resourceType"]);
        Assert.DoesNotContain("value-quantity", lenient.Link("self"));
        foreach (var query in new[] { "date=gisteren", "date=xx2020", "_count=-1", "_sort=colour", "code:in=x", "status:missing=true", "_page=rubbish" })
            Assert.Equal(400, (await sofie.GetAsync($"Observation?patient=maria-verhoeven&{query}")).Code);
        Assert.Empty((await sofie.GetAsync("Observation?patient=maria-verhoeven&_count=0")).Entries);
        Assert.True((int)(await sofie.GetAsync("Observation?patient=maria-verhoeven&_summary=count")).Json!["total"]! > 0);
        Assert.True((int)(await sofie.GetAsync("Observation?patient=maria-verhoeven&_total=accurate&_count=1")).Json!["total"]! > 1);
    }

    [Fact]
    public async Task Patients_are_found_by_name_birth_date_and_number_among_ones_own()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var maria = (await sofie.GetAsync(Maria)).Json!;
        var number = (string)maria["identifier"]!.AsArray().First(i => ((string?)i!["system"])!.EndsWith("/ssin", StringComparison.Ordinal))!["value"]!;
        foreach (var query in new[] { "name=verhoeven", "family=VERHOE", "given=mari", $"birthdate={maria["birthDate"]}", "birthdate=lt2000-01-01", "gender=female", $"identifier=https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/ssin|{number}", "_id=maria-verhoeven" })
            Assert.Contains((await sofie.GetAsync($"Patient?_count=500&{query}")).Resources, p => (string?)p["id"] == "maria-verhoeven");
        foreach (var query in new[] { "name=xyz", "family=maria", "birthdate=gt2000-01-01", "gender=male", "identifier=12345", "_id=nobody" })
            Assert.DoesNotContain((await sofie.GetAsync($"Patient?_count=500&{query}")).Resources, p => (string?)p["id"] == "maria-verhoeven");

        var posted = await sofie.PostAsync("Patient/_search", new FormUrlEncodedContent([new("identifier", number), new("_count", "1")]));
        Assert.Equal("maria-verhoeven", (string?)posted.Resources.Single()["id"]);
        Assert.NotEmpty((await sofie.GetAsync($"Observation?patient.identifier={number}&_count=1")).Entries);

        // What was searched for does not stand in the address of the next page.
        var many = await sofie.PostAsync("Patient/_search", new FormUrlEncodedContent([new("birthdate", "lt2020-01-01"), new("_count", "1")]));
        Assert.DoesNotContain("2020", many.Link("next"));
        Assert.Single((await sofie.GetAsync(many.Link("next")!)).Entries);
        Assert.Equal(400, (await (await portal.AsAsync("karel.janssens")).GetAsync(many.Link("next")!)).Code);
    }

    // ---- bundles -----------------------------------------------------------------------------------------------------

    private static string Family(string id, string extra = "", string type = "transaction") => $$$"""
        {"resourceType":"Bundle","type":"{{{type}}}","entry":[
          {"fullUrl":"urn:uuid:{{{id}}}","resource":{"resourceType":"Patient","name":[{"family":"Nieuw","given":["Patiënt"]}],"birthDate":"1950-01-01"},"request":{"method":"POST","url":"Patient"}},
          {"resource":{"resourceType":"Observation","status":"final","code":{"text":"Gewicht {{{id}}}"},"subject":{"reference":"urn:uuid:{{{id}}}"},"effectiveDateTime":"2026-01-01","valueQuantity":{"value":70.50}},"request":{"method":"POST","url":"Observation"}}{{{extra}}}
        ]}
        """;

    [Fact]
    public async Task A_transaction_makes_a_patient_whose_team_the_caller_is_on()
    {
        var els = await portal.AsAsync("els.peeters");
        var id = Guid.NewGuid().ToString();
        var reply = await els.PostAsync("", Family(id));
        Assert.Equal((200, "transaction-response"), (reply.Code, (string?)reply.Json!["type"]));
        Assert.All(reply.Entries, e => Assert.Equal("201 Created", (string?)e!["response"]!["status"]));
        Assert.EndsWith($"/Patient/{id}/_history/1", (string?)reply.Entries[0]!["response"]!["location"]);
        var weight = (await els.GetAsync($"Observation?patient={id}")).Resources.Single();
        Assert.Equal("70.50", weight["valueQuantity"]!["value"]!.ToJsonString());
        Assert.Single((await els.GetAsync($"Patient/{id}/$timeline")).Entries);
        Assert.Equal(404, (await (await portal.AsAsync("sofie.maes")).GetAsync($"Patient/{id}")).Code);

        // The same again changes nothing.
        var again = await els.PostAsync("", Family(id));
        Assert.All(again.Entries, e => Assert.Equal("200 OK", (string?)e!["response"]!["status"]));
        Assert.Single((await els.GetAsync($"Patient/{id}/$timeline")).Entries);
    }

    [Fact]
    public async Task An_id_that_a_closed_file_holds_is_free_to_who_may_not_see_it()
    {
        var (els, sofie) = (await portal.AsAsync("els.peeters"), await portal.AsAsync("sofie.maes"));
        var (id, free) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        await els.PostAsync("", Family(id));
        string Plain(FhirReply reply) => System.Text.RegularExpressions.Regex.Replace(reply.Json!.ToJsonString(), "(Patient|Observation)/[^/]+/", "$1/*/").Replace(free, id, StringComparison.Ordinal);

        // Word for word what a free id answers, and the same at each repetition; only the place where it is kept is another.
        foreach (var type in new[] { "transaction", "batch" })
            Assert.Equal(Plain(await sofie.PostAsync("", Family(free, "", type))), Plain(await sofie.PostAsync("", Family(id, "", type))));
        var again = await sofie.PostAsync("", Family(id));
        var kept = ((string)again.Entries[0]!["response"]!["location"]!).Split('/')[^3];
        Assert.NotEqual(id, kept);
        Assert.Equal("200 OK", (string?)again.Entries[0]!["response"]!["status"]);
        Assert.Single((await sofie.GetAsync($"Patient/{kept}/$timeline")).Entries);

        // What comes later under that id is a version of hers, and never touches whose id it is.
        await sofie.PostAsync("", Family(id).Replace("\"birthDate\"", "\"gender\":\"female\",\"birthDate\"", StringComparison.Ordinal));
        Assert.Equal("female", (string?)(await sofie.GetAsync($"Patient/{kept}")).Json!["gender"]);
        Assert.Null((await els.GetAsync($"Patient/{id}")).Json!["gender"]);
        Assert.Single((await els.GetAsync($"Patient/{id}/_history")).Entries);
        Assert.Equal(404, (await sofie.GetAsync($"Patient/{id}")).Code);
    }

    [Theory]
    [InlineData("Practitioner?identifier=urn:nowhere|1", "not-found")]
    [InlineData("Practitioner?name=Janssens", "not-found")]
    [InlineData("Organization?identifier=urn:twice|1", "multiple-matches")]
    public async Task A_conditional_reference_that_matches_none_or_several_ends_a_transaction_and_is_kept_in_a_batch(string reference, string code)
    {
        var els = await portal.AsAsync("els.peeters");
        foreach (var n in new[] { "een", "twee" })
            await els.PostAsync("", $$$"""{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Organization","id":"twice-{{{n}}}","name":"{{{n}}}","identifier":[{"system":"urn:twice","value":"1"}]},"request":{"method":"POST","url":"Organization"}}]}""");
        var id = Guid.NewGuid().ToString();
        var extra = $$$""",{"resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:{{{id}}}"},"code":{"text":"x"},"recordedDate":"2026-01-01","recorder":{"reference":"{{{reference}}}"}},"request":{"method":"POST","url":"Condition"}}""";
        var refused = await els.PostAsync("", Family(id, extra));
        Assert.Equal(412, refused.Code);
        Assert.Contains(refused.Json!["issue"]!.AsArray(), i => (string?)i!["code"] == code && (string?)i["expression"]?[0] == "Bundle.entry[2].resource.recorder");
        Assert.Equal(404, (await els.GetAsync($"Patient/{id}")).Code);
        Assert.All((await els.PostAsync("", Family(id, extra, "batch"))).Entries, e => Assert.Equal("201 Created", (string?)e!["response"]!["status"]));
    }

    [Fact]
    public async Task A_transaction_with_one_bad_entry_changes_nothing_and_a_batch_keeps_the_good_ones()
    {
        var els = await portal.AsAsync("els.peeters");
        foreach (var bad in new[]
        {
            """,{"resource":{"resourceType":"Nonsense"},"request":{"method":"POST","url":"Nonsense"}}""", """,{"resource":{"resourceType":"Patient","id":"not an id"},"request":{"method":"POST","url":"Patient"}}""",
            """,{"request":{"method":"DELETE","url":"Patient/maria-verhoeven"}}""",
            """,{"resource":{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/maria-verhoeven"},"sent":"2026-01-01","sender":{"display":"x"},"payload":[{"contentString":"in een dossier dat niet van mij is"}]},"request":{"method":"POST","url":"Communication"}}""",
        })
        {
            var id = Guid.NewGuid().ToString();
            var refused = await els.PostAsync("", Family(id, bad));
            Assert.True(refused.Code is >= 400 and < 500, refused.Json!.ToJsonString());
            Assert.Equal(404, (await els.GetAsync($"Patient/{id}")).Code);

            var batch = await els.PostAsync("", Family(id, bad, "batch"));
            Assert.Equal((200, 3), (batch.Code, batch.Entries.Count));
            Assert.Equal(["201", "201"], batch.Entries.Take(2).Select(e => ((string)e!["response"]!["status"]!)[..3]));
            Assert.StartsWith("4", (string?)batch.Entries[2]!["response"]!["status"]);
            Assert.NotNull(batch.Entries[2]!["response"]!["outcome"]);
            Assert.Equal(200, (await els.GetAsync($"Patient/{id}")).Code);
        }
    }

    [Fact]
    public async Task Nobody_speaks_for_somebody_else_or_changes_their_words_through_a_bundle()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var karel = await portal.AsAsync("karel.janssens");
        string Bundle(JsonNode resource, string method, string url) => new JsonObject { ["resourceType"] = "Bundle", ["type"] = "batch", ["entry"] = new JsonArray(new JsonObject { ["resource"] = resource.DeepClone(), ["request"] = new JsonObject { ["method"] = method, ["url"] = url } }) }.ToJsonString();

        var forged = JsonNode.Parse("""{"resourceType":"Communication","status":"completed","sent":"2026-01-01","subject":{"reference":"Patient/maria-verhoeven"},"sender":{"reference":"Practitioner/karel.janssens"},"payload":[{"contentString":"nagemaakt"}]}""")!;
        Assert.StartsWith("403", (string?)(await sofie.PostAsync("", Bundle(forged, "POST", "Communication"))).Entries[0]!["response"]!["status"]);

        var written = (await karel.PostAsync("Communication", Note("van Karel"))).Json!;
        var stolen = written.DeepClone();
        stolen["payload"]![0]!["contentString"] = "van Sofie";
        stolen["sender"]!["reference"] = "Practitioner/sofie.maes";
        Assert.StartsWith("403", (string?)(await sofie.PostAsync("", Bundle(stolen, "PUT", $"Communication/{written["id"]}"))).Entries[0]!["response"]!["status"]);
        Assert.Equal("van Karel", (string?)(await karel.GetAsync($"Communication/{written["id"]}")).Json!["payload"]![0]!["contentString"]);

        var mine = JsonNode.Parse("""{"resourceType":"Communication","status":"completed","sent":"2026-01-01","subject":{"reference":"Patient/maria-verhoeven"},"payload":[{"contentString":"zonder afzender"}]}""")!;
        var created = await sofie.PostAsync("", Bundle(mine, "POST", "Communication"));
        var location = (string)created.Entries[0]!["response"]!["location"]!;
        Assert.Equal("Practitioner/sofie.maes", (string?)(await sofie.GetAsync(location)).Json!["sender"]!["reference"]);
    }

    [Fact]
    public async Task A_batch_answers_reads_and_searches_too()
    {
        var sofie = await portal.AsAsync("sofie.maes");
        var reply = await sofie.PostAsync("", """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/maria-verhoeven"}},{"request":{"method":"GET","url":"Observation?patient=maria-verhoeven&_count=2"}},{"request":{"method":"GET","url":"Patient/nobody"}}]}""");
        Assert.Equal(["200 OK", "200 OK", "404 Not Found"], reply.Entries.Select(e => (string?)e!["response"]!["status"]));
        Assert.Equal("maria-verhoeven", (string?)reply.Entries[0]!["resource"]!["id"]);
        Assert.Equal(2, reply.Entries[1]!["resource"]!["entry"]!.AsArray().Count);
    }

    [Fact]
    public async Task Conditional_create_in_a_transaction_finds_what_is_there()
    {
        var els = await portal.AsAsync("els.peeters");
        var value = Guid.NewGuid().ToString();
        string Bundle(int n) => $$$"""
            {"resourceType":"Bundle","type":"transaction","entry":[
              {"fullUrl":"urn:uuid:{{{value}}}","resource":{"resourceType":"Patient","identifier":[{"system":"urn:test","value":"{{{value}}}"}],"name":[{"family":"Voorwaarde {{{n}}}"}]},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=urn:test|{{{value}}}"}},
              {"resource":{"resourceType":"Observation","status":"final","code":{"text":"meting {{{n}}}"},"subject":{"reference":"urn:uuid:{{{value}}}"},"effectiveDateTime":"2026-01-0{{{n}}}","valueInteger":{{{n}}}},"request":{"method":"POST","url":"Observation"}}
            ]}
            """;
        Assert.Equal(["201 Created", "201 Created"], (await els.PostAsync("", Bundle(1))).Entries.Select(e => (string?)e!["response"]!["status"]));
        Assert.Equal(["200 OK", "201 Created"], (await els.PostAsync("", Bundle(2))).Entries.Select(e => (string?)e!["response"]!["status"]));
        Assert.Equal("Voorwaarde 1", (string?)(await els.GetAsync($"Patient?identifier=urn:test|{value}")).Resources.Single()["name"]![0]!["family"]);
        Assert.Equal(2, (await els.GetAsync($"Observation?patient={value}")).Entries.Count);
    }

    [SkippableFact]
    public async Task A_Synthea_bundle_comes_in_and_reads_back_as_it_was()
    {
        var file = Directory.EnumerateFiles(SharedData.Path("synthea")).OrderBy(f => new FileInfo(f).Length).First();
        var els = await portal.AsAsync("els.peeters");
        var source = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        var reply = await els.PostAsync("", await File.ReadAllBytesAsync(file));
        Assert.Equal(200, reply.Code);
        Assert.All(reply.Entries, e => Assert.Matches("^20[01]", (string?)e!["response"]!["status"]));
        foreach (var entry in source["entry"]!.AsArray())
        {
            var resource = entry!["resource"]!;
            var read = (await els.GetAsync($"{resource["resourceType"]}/{resource["id"]}")).Json!.AsObject();
            read.Remove("meta");
            var expected = resource.DeepClone().AsObject();
            expected.Remove("meta");
            Assert.True(JsonNode.DeepEquals(expected, read), $"{resource["resourceType"]}/{resource["id"]}");
        }
    }

    [Theory]
    [InlineData("""{"resourceType":"Nonsense"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"nonsense","entry":[]}""")]
    [InlineData("""{"resourceType":"Bundle"}""")]
    [InlineData("[]")]
    public async Task What_is_no_bundle_to_take_is_refused(string json) => Assert.Equal(400, (await (await portal.AsAsync("sofie.maes")).PostAsync("", json)).Code);

    [Fact]
    public async Task A_single_resource_and_NDJSON_come_in_at_the_same_address()
    {
        var els = await portal.AsAsync("els.peeters");
        var id = Guid.NewGuid().ToString();
        var one = await els.PostAsync("", $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"family":"Enkel"}]}""");
        Assert.Equal((201, id), (one.Code, (string?)one.Json!["id"]));

        var lines = new StringContent($$"""
            {"resourceType":"Condition","code":{"text":"a {{id}}"},"subject":{"reference":"Patient/{{id}}"},"onsetDateTime":"2020"}
            {"exportId":"no FHIR"}
            {"resourceType":"Condition","code":{"text":"b {{id}}"},"subject":{"reference":"Patient/{{id}}"},"onsetDateTime":"2021"}
            """, Encoding.UTF8, "application/fhir+ndjson");
        var reply = await els.PostAsync("", lines);
        Assert.Equal(["201 Created", "400 Bad Request", "201 Created"], reply.Entries.Select(e => (string?)e!["response"]!["status"]));
        Assert.StartsWith("line 2: ", (string?)reply.Entries[1]!["response"]!["outcome"]!["issue"]![0]!["diagnostics"]);
        Assert.Equal(2, (await els.GetAsync($"Condition?patient={id}")).Entries.Count);
    }

    [Fact]
    public async Task What_names_no_patient_belongs_to_whose_plan_it_is_part_of_but_only_if_the_caller_brought_it()
    {
        var els = await portal.AsAsync("els.peeters");
        var id = Guid.NewGuid().ToString();
        string Appointment(string n) => $$$"""{"resourceType":"Appointment","id":"{{{n}}}-{{{id}}}","status":"booked","description":"Afspraak","start":"2026-12-01T10:00:00Z","end":"2026-12-01T10:30:00Z","participant":[{"status":"accepted"}]}""";
        string Plan(string n) => $$$"""{"resourceType":"CarePlan","id":"plan-{{{n}}}-{{{id}}}","status":"active","intent":"plan","subject":{"reference":"Patient/{{{id}}}"},"period":{"start":"2026-11-01"},"activity":[{"reference":{"reference":"Appointment/{{{n}}}-{{{id}}}"}}]}""";
        Assert.Equal(201, (await els.PostAsync("", Appointment("eerst"))).Code);
        Assert.Equal(201, (await (await portal.AsAsync("karel.janssens")).PostAsync("", Appointment("karel"))).Code);
        Assert.Equal(201, (await els.PostAsync("", Plan("eerst"))).Code);
        Assert.Equal(201, (await els.PostAsync("", Plan("karel"))).Code);
        var reply = await els.PostAsync("", $$$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{{{Appointment("later")}}}},{"resource":{{{Plan("later")}}}}]}""");
        Assert.Equal(200, reply.Code);
        var timeline = (await els.GetAsync($"Patient/{id}/$timeline")).Resources.Select(r => (string)r["id"]!).Where(r => !r.StartsWith("plan", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal([$"eerst-{id}", $"later-{id}"], timeline);
        Assert.Equal(404, (await els.GetAsync($"Appointment/karel-{id}")).Code);
    }

    [Fact]
    public async Task Other_types_are_created_by_the_rules_of_import()
    {
        var karel = await portal.AsAsync("karel.janssens");
        var created = await karel.PostAsync("Condition", """{"resourceType":"Condition","code":{"text":"Gonartrose"},"subject":{"reference":"Patient/maria-verhoeven"},"onsetDateTime":"2020"}""");
        Assert.Equal((201, "W/\"1\""), (created.Code, created.ETag));
        Assert.Equal("Gonartrose", (string?)(await karel.GetAsync($"Condition/{created.Json!["id"]}")).Json!["code"]!["text"]);
        Assert.Equal(404, (await (await portal.AsAsync("els.peeters")).PostAsync("Condition", """{"resourceType":"Condition","code":{"text":"x"},"subject":{"reference":"Patient/maria-verhoeven"},"onsetDateTime":"2020"}""")).Code);
    }

    [Fact]
    public async Task A_patient_whom_only_references_name_is_read_as_they_call_them_by_who_may_open_the_file_until_a_Patient_comes()
    {
        var (karel, els) = (await portal.AsAsync("karel.janssens"), await portal.AsAsync("els.peeters"));
        var id = "ref-" + Guid.NewGuid().ToString("N")[..12];
        JsonObject Bundle(JsonNode resource) => new() { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = new JsonArray(new JsonObject { ["fullUrl"] = $"http://source.example/{resource["resourceType"]}/{resource["id"]}", ["resource"] = resource, ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"{resource["resourceType"]}/{resource["id"]}" } }) };
        var measured = JsonNode.Parse($$"""{ "resourceType": "Observation", "id": "o-{{id}}", "status": "final", "code": { "text": "Gewicht" }, "subject": { "reference": "Patient/{{id}}", "display": "Anna Peeters" }, "effectiveDateTime": "2026-11-01", "valueString": "70" }""")!;
        Assert.Equal(200, (await karel.PostAsync("", Bundle(measured))).Code);
        Assert.Single((await karel.GetAsync($"Patient/{id}/$timeline")).Entries);

        var named = await karel.GetAsync($"Patient/{id}");
        Assert.Equal((200, id, "Anna Peeters", "SUBSETTED"), (named.Code, (string?)named.Json!["id"], (string?)named.Json["name"]![0]!["text"], (string?)named.Json["meta"]!["tag"]![0]!["code"]));
        Assert.Null(named.ETag);
        Assert.Equal(id, (string?)Assert.Single((await karel.GetAsync("Patient?name=anna peet")).Resources)["id"]);
        Assert.Equal("Anna Peeters", (string?)(await karel.GetAsync($"Observation?patient={id}&_include=Observation:patient")).Resources.Last()["name"]![0]!["text"]);
        Assert.Equal(404, (await karel.GetAsync($"Patient/{id}/_history")).Code);
        foreach (var stranger in new[] { $"Patient/{id}", $"Patient/{id}/$timeline", "Patient/nobody-at-all" })
            Assert.Equal(404, (await els.GetAsync(stranger)).Code);

        Assert.Equal(200, (await karel.PostAsync("", Bundle(JsonNode.Parse($$"""{ "resourceType": "Patient", "id": "{{id}}", "name": [{ "family": "Peeters", "given": ["Anna"] }] }""")!))).Code);
        var whole = await karel.GetAsync($"Patient/{id}");
        Assert.Equal(("Peeters", "W/\"1\""), ((string?)whole.Json!["name"]![0]!["family"], whole.ETag));
    }
}

/// <summary>Changes to JSON in tests.</summary>
internal static class JsonEdits
{
    /// <summary>Without the properties that are null.</summary>
    public static JsonNode Compact(this object value)
    {
        var node = System.Text.Json.JsonSerializer.SerializeToNode(value)!.AsObject();
        foreach (var name in node.Where(p => p.Value is null).Select(p => p.Key).ToList()) node.Remove(name);
        return node;
    }

    /// <summary>A copy with one property set.</summary>
    public static JsonNode With(this object value, string name, object set)
    {
        var node = (value as JsonNode)?.DeepClone() ?? System.Text.Json.JsonSerializer.SerializeToNode(value)!;
        node[name] = System.Text.Json.JsonSerializer.SerializeToNode(set);
        return node;
    }
}
