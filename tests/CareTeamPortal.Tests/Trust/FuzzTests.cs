using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Trust;

/// <summary>
/// Whatever comes in, no answer is a 500 and the portal goes on. Each group of endpoints gets three seconds;
/// <c>CARETEAM_FUZZ_SECONDS=60 dotnet test tests/CareTeamPortal.Tests --filter FuzzTests</c> gives each a minute. The seed is printed.
/// </summary>
public sealed class FuzzTests(TrustWorld world, ITestOutputHelper output) : IClassFixture<TrustWorld>
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("CARETEAM_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 3);

    private static readonly string[] Odd =
    [
        "", " ", ".", "..", "../..", "%00", "%2e%2e%2f", "%", "%zz", "\u202e", "🙂", "é", "e\u0301", "\ufffd", "%ED%A0%80", "NULL", "null", "undefined", "-1", "0", "1", "2147483648", "9223372036854775808", "1e309", "NaN", "'", "\"", "' OR 1=1 --", "<script>", "{}", "[]",
        "a|b", "|", "||", "http://x|y", "urn:uuid:", "Patient/", "Patient/maria-verhoeven", "Patient/maria-verhoeven/_history/1", "$timeline", "_history", "_search", "ge2026-13-45", "lt0000-00-00", "2026-02-30T25:61:61Z", "ne9999-12-31", "W/\"1\"", "\\", "\u0001", "CfDJ8AAAA", "AAAA", "====",
        new('a', 65), new('é', 300), new('9', 40), "true", "*", ";", ",", "a,b,,c", "&", "=", "\ud83d\ude42\u200d", "_count", "maria-verhoeven", "ergens-anders-x", "mo-communication", "mh-observation",
    ];

    private static readonly string[] Parameters =
    [
        "_id", "_count", "_page", "_sort", "_summary", "_include", "_revinclude", "_lastUpdated", "_elements", "_format", "_has", "_total", "_text", "_filter", "patient", "subject", "code", "date", "status", "category", "identifier", "name", "family", "given", "birthdate", "gender",
        "owner", "requester", "period", "cursor", "after", "patient.identifier", "patient:Patient", "code:not", "date:missing", "returnUrl", "user", "wrong", "region", "organisation", "pair", "show", "sort", "dir", "id", "negotiateVersion",
    ];

    private static readonly string[] Types = ["Patient", "Communication", "Observation", "Task", "AuditEvent", "Binary", "Condition", "Practitioner", "Organization", "Bundle", "Parameters", "patient", "Nothing", "CareTeam", "MedicationRequest"];

    private static readonly string?[] Users = [null, "karel.janssens", "an.desmedt", "maria.verhoeven", "els.peeters", "ilse.baert", "piet.claeys", "sofie.maes"];

    private static readonly string[] Methods = ["GET", "GET", "POST", "PUT", "HEAD", "OPTIONS", "PATCH", "DELETE", "QUERY"];

    private static readonly string[] Pages = ["", "patients", "patients/{0}", "patients/{0}/lanes", "patients/{0}/tasks", "patients/{0}/tasks/{0}", "patients/{0}/team", "patients/{0}/access", "patients/{0}/measurements", "patients/{0}/handoffs/{0}", "patients/{0}/handoffs/{0}/print", "patients/{0}/view-as", "patients/{0}/coordination", "patients/{0}/emergency", "worklist", "handoffs", "rules", "rules/{0}", "population", "admin", "account/sessions", "sign-in", "sign-in/prove", "absence", "{0}", "{0}/{0}"];

    private int _asked;

    [Theory]
    [InlineData("FHIR reads")]
    [InlineData("FHIR searches")]
    [InlineData("FHIR writes")]
    [InlineData("FHIR bundles")]
    [InlineData("pages")]
    [InlineData("sign-in")]
    [InlineData("drafts, attachments, export, health")]
    [InlineData("circuit and hub negotiation")]
    public async Task No_request_brings_the_portal_down(string group)
    {
        var dice = new Dice(output);
        var clients = new List<HttpClient>();
        foreach (var user in Users)
            clients.Add(user is null ? world.Portal.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false }) : (await world.Portal.AsAsync(user)).Http);
        var faults = new List<string>();
        var answers = new SortedDictionary<int, int>();
        var end = Environment.TickCount64 + (long)Lasts.TotalMilliseconds;
        while (Environment.TickCount64 < end && faults.Count < 10)
        {
            var (method, path, body, contentType) = Make(group, dice);
            if (!Uri.TryCreate("http://localhost/" + path.TrimStart('/'), UriKind.Absolute, out var address))
                continue;
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                if (contentType is not null)
                    request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }

            for (var n = dice.Next(4); n > 0; n--)
                request.Headers.TryAddWithoutValidation(dice.Of(["If-Match", "If-None-Match", "If-None-Exist", "Prefer", "Accept", "Accept-Language", "Accept-Encoding", "Range", "Origin", "Cookie", "X-CSRF-TOKEN", "X-Forwarded-For", "Content-Language", "Expect", "If-Modified-Since"]), Text(dice));
            var asked = $"{method} {path} {request.Headers.ToString().ReplaceLineEndings(" ")} {(body is null ? "" : Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(4_000, body.Length))))}";
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                using var answer = await dice.Of(clients).SendAsync(request, limit.Token);
                await answer.Content.ReadAsByteArrayAsync(limit.Token);
                answers[(int)answer.StatusCode] = answers.GetValueOrDefault((int)answer.StatusCode) + 1;
                if ((int)answer.StatusCode >= 500)
                    faults.Add($"{(int)answer.StatusCode}: {asked}");
            }
            catch (InvalidOperationException fault) when (fault.Message == "The path contains null characters.")
            {
                // The server of the tests throws where the real one answers 400.
            }
            catch (Exception fault)
            {
                faults.Add($"{fault.GetType().Name} {fault.Message}: {asked}");
            }

            _asked++;
        }

        output.WriteLine($"{group}: {_asked} requests; {string.Join(", ", answers.Select(a => $"{a.Key} x {a.Value}"))}");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(_asked > 0);
        await IsAliveAsync();
    }

    [Theory]
    [InlineData("transaction")]
    [InlineData("batch")]
    [InlineData("collection")]
    public async Task An_entry_that_asks_to_write_and_has_no_resource_is_the_senders_fault(string type)
    {
        var karel = await world.Portal.AsAsync("karel.janssens");
        var answer = await karel.PostAsync("", $$$"""{"resourceType":"Bundle","type":"{{{type}}}","entry":[{"fullUrl":[],"request":{"method":"POST","url":"Communication"}}]}""");
        Assert.Equal(400, type == "transaction" ? answer.Code : int.Parse(((string)answer.Json!["entry"]![0]!["response"]!["status"]!)[..3], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("{\"resourceType\":\"Communication\",\"status\":\"completed\",\"conte?tString\":\"x\"}")]
    [InlineData("{\"resourceType\":\"Communication\",\"payload\":{\"birth?Date\":[]},\"subject\":{\"reference\":\"Patient/maria-verhoeven\"}}")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":{\"resourceType\":\"Communication\",\"st?\":1},\"request\":{\"method\":\"POST\",\"u?l\":\"Communication\"}}]}")]
    public async Task Bytes_that_are_not_text_are_the_senders_fault_even_in_a_name(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xF5;
        using var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        Assert.Equal(400, (await (await world.Portal.AsAsync("karel.janssens")).PostAsync("", content)).Code);
    }

    [Fact]
    public async Task A_form_that_cannot_be_read_is_the_senders_fault()
    {
        using var form = new ByteArrayContent("x"u8.ToArray());
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data");
        Assert.Equal(400, (await (await world.Portal.AsAsync("karel.janssens")).PostAsync("Communication/_search", form)).Code);
    }

    [Fact]
    public async Task No_call_of_the_hub_ends_a_connection()
    {
        var dice = new Dice(output);
        var methods = typeof(PatientHub).GetMethods(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.DeclaredOnly).Select(m => m.Name).Append("Nothing").ToList();
        using var limit = new CancellationTokenSource(Lasts + TimeSpan.FromSeconds(30));
        using var talk = await HubTalk.ConnectAsync(world.Portal, await TokenAsync(), limit.Token);
        var end = Environment.TickCount64 + (long)Lasts.TotalMilliseconds;
        for (_asked = 0; Environment.TickCount64 < end; _asked++)
        {
            var arguments = Enumerable.Range(0, dice.Next(4)).Select(_ => dice.OneIn(5) ? null : Text(dice)).ToArray();
            Assert.True(await talk.CallAsync(dice.Of(methods), limit.Token, arguments) is not null, $"the server closed the connection after ({string.Join(", ", arguments)})");
        }

        output.WriteLine($"{_asked} calls");
        Assert.NotNull((await talk.CallAsync("Watch", limit.Token, TrustWorld.Own.Value, null))!["result"]);
    }

    [Fact]
    public async Task A_frame_that_is_none_leaves_the_connection_open_or_closes_it_cleanly()
    {
        var dice = new Dice(output);
        using var limit = new CancellationTokenSource(Lasts + TimeSpan.FromSeconds(60));
        var token = await TokenAsync();
        var (closed, survived) = (0, 0);
        var end = Environment.TickCount64 + (long)Lasts.TotalMilliseconds;
        while (Environment.TickCount64 < end)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            wait.CancelAfter(TimeSpan.FromSeconds(10));
            using var talk = await HubTalk.ConnectAsync(world.Portal, token, wait.Token);
            var frame = dice.Next(5) switch
            {
                0 => Text(dice),
                1 => Json(dice, 3).Replace("\"type\"", "\"kind\"", StringComparison.Ordinal), // a type of later protocols is passed over in silence
                2 => $$"""{"type":{{1 + dice.Next(9)}},"invocationId":"x","target":"Watch","arguments":{{Json(dice, 2)}}}""",
                3 => $$"""{"type":1,"target":"Watch","arguments":[{{new string('[', dice.Next(3000))}}]}""",
                _ => $$"""{"type":{{dice.Of(["\"1\"", "null", "1.5", "4", "5"])}},"streamIds":["a"],"invocationId":"x","target":"Watch","arguments":["maria-verhoeven",null]}""",
            };
            try
            {
                await talk.SendAsync(frame, wait.Token);
                if (talk.Socket.State == WebSocketState.Open && await talk.CallAsync("Unwatch", wait.Token, TrustWorld.Own.Value) is not null)
                    survived++;
                else
                    closed++;
            }
            catch (Exception fault) when (fault is WebSocketException or IOException or ObjectDisposedException)
            {
                closed++;
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"neither an answer nor the end after {frame[..Math.Min(300, frame.Length)]}");
            }
        }

        output.WriteLine($"{survived} connections went on, {closed} were closed");
        Assert.True(survived + closed > 0);
        using var after = await HubTalk.ConnectAsync(world.Portal, token, limit.Token);
        Assert.NotNull((await after.CallAsync("Watch", limit.Token, TrustWorld.Own.Value, null))!["result"]);
        await IsAliveAsync();
    }

    private async Task<string> TokenAsync() => (await world.Portal.AsAsync("karel.janssens")).Http.DefaultRequestHeaders.Authorization!.Parameter!;

    private async Task IsAliveAsync()
    {
        using var http = world.Portal.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
        var karel = await world.Portal.AsAsync("karel.janssens");
        karel.Http.DefaultRequestHeaders.Accept.Clear();
        Assert.Contains((await karel.GetAsync($"Patient/{TrustWorld.Own}")).Code, new[] { 200, 429 }); // 429: the limit held while it was fuzzed
    }

    private static (string Method, string Path, byte[]? Body, string? Type) Make(string group, Dice dice)
    {
        var method = dice.Of(Methods);
        var (type, id) = (dice.OneIn(8) ? Escaped(dice) : dice.Of(Types), Escaped(dice));
        const string fhir = "application/fhir+json";
        switch (group)
        {
            case "FHIR reads":
                return (dice.OneIn(3) ? method : "GET", "fhir/" + dice.Of([$"{type}/{id}", $"{type}/{id}/_history", $"{type}/{id}/_history/{Escaped(dice)}", $"Patient/{id}/$timeline{Query(dice)}", "Patient/maria-verhoeven/$timeline" + Query(dice), $"{type}/{id}/{Escaped(dice)}/{id}", "metadata" + Query(dice)]), null, null);
            case "FHIR searches":
                return dice.OneIn(4) ? ("POST", $"fhir/{type}/_search{Query(dice)}", Encoding.UTF8.GetBytes(Query(dice).TrimStart('?')), dice.Of(["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=nothing", "multipart/form-data; boundary=x", "multipart/form-data", fhir]))
                    : ("GET", dice.Of([$"fhir/{type}{Query(dice)}", $"fhir/{type}?patient=maria-verhoeven&{Query(dice).TrimStart('?')}", $"fhir/Patient/{id}/{type}{Query(dice)}"]), null, null);
            case "FHIR writes":
                return (dice.OneIn(2) ? "POST" : "PUT", dice.Of([$"fhir/{type}", $"fhir/{type}/{id}", $"fhir/Communication", "fhir/Task", "fhir/Observation", "fhir/Task/mo-task"]), Bytes(dice, dice.OneIn(2) ? Mutated(dice) : Json(dice, 5)), dice.OneIn(10) ? Text(dice) : fhir);
            case "FHIR bundles":
                var entries = string.Join(',', Enumerable.Range(0, dice.Next(4)).Select(_ => $$$"""{"fullUrl":{{{Json(dice, 1)}}},"resource":{{{(dice.OneIn(3) ? Json(dice, 3) : Mutated(dice))}}},"request":{"method":"{{{dice.Of(["POST", "PUT", "GET", "DELETE", "PATCH", ""])}}}","url":{{{String(dice.Of([dice.Of(Types), "Patient/maria-verhoeven", "Patient?identifier=x", Text(dice)]))}}}}}"""));
                return ("POST", "fhir", Bytes(dice, dice.OneIn(4) ? Json(dice, 5) : $$"""{"resourceType":"Bundle","type":"{{dice.Of(["transaction", "batch", "collection", "document", "message", ""])}}","entry":[{{entries}}]}"""), fhir);
            case "pages":
                return (dice.OneIn(4) ? method : "GET", string.Format(CultureInfo.InvariantCulture, dice.Of(Pages), id) + (dice.OneIn(2) ? Query(dice) : ""), dice.OneIn(6) ? Bytes(dice, Query(dice).TrimStart('?') + "&_handler=x") : null, "application/x-www-form-urlencoded");
            case "sign-in":
                return (dice.OneIn(3) ? method : "POST", dice.Of(["sign-in/demo", "sign-in/demo/token", "sign-in/again", "sign-in/session", "sign-out", "sign-in/prove", "sign-in/" + id]) + (dice.OneIn(2) ? Query(dice) : ""), Bytes(dice, Query(dice).TrimStart('?')), dice.Of([fhir, "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", Text(dice)]));
            case "circuit and hub negotiation":
                return (method, dice.Of(["_blazor", "_blazor/negotiate", "_blazor/disconnect", "_blazor/initializers", "_framework/opaque-redirect", "hubs/patient", "hubs/patient/negotiate", "hubs/patient/" + id, "hubs/"]) + Query(dice), dice.OneIn(2) ? Bytes(dice, Json(dice, 3)) : null, dice.Of(["application/json", "multipart/form-data; boundary=x", "text/plain"]));
            default:
                return dice.Next(4) switch
                {
                    0 => (dice.OneIn(3) ? method : "POST", "drafts", Bytes(dice, dice.OneIn(2) ? Json(dice, 4) : $$"""[{"patient":{{String(Text(dice))}},"slot":{{Json(dice, 1)}},"text":{{String(Text(dice))}}}]"""), dice.OneIn(5) ? Text(dice) : "application/json"),
                    1 => (dice.OneIn(3) ? method : "GET", $"patients/{dice.Of([id, "maria-verhoeven"])}/attachments/{Escaped(dice)}", null, null),
                    2 => (dice.OneIn(3) ? method : "GET", "population/export" + Query(dice), null, null),
                    _ => (dice.OneIn(3) ? method : "GET", dice.Of(["health/live", "health/ready", "health/" + id, "css/" + id, "js/" + id]) + Query(dice), null, null),
                };
        }
    }

    private static string Text(Dice dice) => dice.Next(4) switch
    {
        0 => dice.Of(Odd) + dice.Of(Odd),
        1 => string.Concat(Enumerable.Range(0, dice.Next(40)).Select(_ => (char)dice.Next(0xD7FF))),
        _ => dice.Of(Odd),
    };

    private static string Escaped(Dice dice) => dice.OneIn(4) ? dice.Of(Odd) : Uri.EscapeDataString(Text(dice));

    private static string Query(Dice dice) => "?" + string.Join('&', Enumerable.Range(0, dice.Next(5)).Select(_ => $"{(dice.OneIn(12) ? Escaped(dice) : dice.Of(Parameters))}{(dice.OneIn(10) ? ":" + Escaped(dice) : "")}={Escaped(dice)}"));

    private static string String(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    // Sometimes cut, sometimes with a byte that is no UTF-8.
    private static byte[] Bytes(Dice dice, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 0 && dice.OneIn(12))
            bytes = bytes[..dice.Next(bytes.Length)];
        if (bytes.Length > 0 && dice.OneIn(12))
            bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
        return bytes;
    }

    private static string Json(Dice dice, int depth) => dice.Next(depth > 0 ? 9 : 6) switch
    {
        0 => "null",
        1 => dice.Of(["0", "-1", "1e308", "1E-400", "123456789012345678901234567890", "0.1000"]),
        2 => dice.Of(["true", "false"]),
        3 => dice.OneIn(40) ? string.Concat(Enumerable.Repeat("[", 2_000)) + string.Concat(Enumerable.Repeat("]", 2_000)) : "[]",
        4 or 5 => String(Text(dice)),
        6 => "[" + string.Join(',', Enumerable.Range(0, dice.Next(4)).Select(_ => Json(dice, depth - 1))) + "]",
        _ => "{" + string.Join(',', Enumerable.Range(0, dice.Next(5)).Select(_ => $"{String(dice.OneIn(4) ? Text(dice) : dice.Of(Members))}:{Json(dice, depth - 1)}")) + "}",
    };

    private static readonly string[] Members = ["resourceType", "id", "meta", "status", "subject", "patient", "for", "code", "coding", "payload", "contentString", "extension", "contained", "reference", "identifier", "category", "valueQuantity", "component", "input", "output", "owner", "restriction", "period", "name", "birthDate", "entry", "type", "text", "div"];

    /// <summary>A resource that would be taken in, with one member made something else.</summary>
    private static string Mutated(Dice dice)
    {
        var root = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(TrustWorld.Resource(dice.Of(["Communication", "Task", "Observation", "Condition", "Appointment", "CareTeam", "DiagnosticReport"]), dice.OneIn(3) ? "mo-x" : null, TrustWorld.Own.Value))!;
        for (var n = dice.Next(3); n >= 0; n--)
        {
            System.Text.Json.Nodes.JsonNode? value;
            try
            {
                value = System.Text.Json.Nodes.JsonNode.Parse(Json(dice, 4));
            }
            catch (System.Text.Json.JsonException)
            {
                continue; // too deep for this parser
            }

            root[dice.Of(Members)] = value;
        }

        return root.ToJsonString(new() { MaxDepth = 5_000 });
    }
}
