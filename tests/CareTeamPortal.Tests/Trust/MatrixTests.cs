using System.Globalization;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Admin;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Features.Rules;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Trust;

/// <summary>
/// access-matrix.md beside this file, walked through from end to end over HTTP and the hub, with every endpoint, page, hub method and FHIR interaction that
/// the running program has. What is not in the matrix fails here.
/// </summary>
public sealed partial class MatrixTests(TrustWorld world, ITestOutputHelper output) : IClassFixture<TrustWorld>
{
    private static readonly string[] Places = ["own", "foreign", "hidden"];

    private sealed record Row(string What, string Route, IReadOnlyList<string> Cells);

    private static IReadOnlyList<Row> ReadMatrix()
    {
        var lines = File.ReadAllLines(Path.Combine(SharedData.RepoRoot, "tests", "CareTeamPortal.Tests", "Trust", "access-matrix.md")).Where(l => l.StartsWith('|') && !l.StartsWith("|--", StringComparison.Ordinal) && !l.StartsWith("| what", StringComparison.Ordinal));
        return [.. lines.Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries)).Select(c => new Row(c[0].Trim('`'), c[1].Trim('`'), c[2..]))];
    }

    [Fact]
    public async Task Every_role_gets_at_every_endpoint_what_the_matrix_says()
    {
        var rows = ReadMatrix();
        Assert.Equal(rows.Count, rows.Select(r => r.What).Distinct(StringComparer.Ordinal).Count());
        var faults = new List<string>();
        var missing = Kinds().Select(k => k.What).Except(rows.Select(r => r.What), StringComparer.Ordinal).ToList();
        faults.AddRange(missing.Select(m => $"not in the matrix: {m}"));
        faults.AddRange(rows.Select(r => r.What).Except(Kinds().Select(k => k.What), StringComparer.Ordinal).Select(m => $"in the matrix, and not in the program: {m}"));
        var byName = rows.ToDictionary(r => r.What, StringComparer.Ordinal);
        var actual = new StringBuilder();
        foreach (var (what, route, ask) in Kinds())
        {
            var cells = new List<string>();
            foreach (var (role, user) in TrustWorld.Roles)
                cells.Add(await ask(user, faults));
            actual.Append(CultureInfo.InvariantCulture, $"| `{what}` | {(route.Length == 0 ? "" : $"`{route}`")} | {string.Join(" | ", cells)} |\n");
            if (!byName.TryGetValue(what, out var row))
                continue;
            if (row.Route != route)
                faults.Add($"{what}: the matrix says it is {row.Route}, it is {route}");
            for (var i = 0; i < cells.Count; i++)
            {
                if (row.Cells.ElementAtOrDefault(i) != cells[i])
                    faults.Add($"{what}, {TrustWorld.Roles[i].Role}: the matrix says {row.Cells.ElementAtOrDefault(i)}, it is {cells[i]}");
            }
        }

        output.WriteLine(actual.ToString());
        if (Environment.GetEnvironmentVariable("CARETEAM_MATRIX_OUT") is { Length: > 0 } path)
            await File.WriteAllTextAsync(path, actual.ToString());
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(60)));
    }

    [Fact]
    public void Every_use_case_needs_a_right_that_stands_in_the_matrix()
    {
        var rights = ReadMatrix().Select(r => r.What).Where(w => w.StartsWith("right ", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Needs().Select(n => "right " + n.Right).Except(rights, StringComparer.Ordinal));
        Assert.NotEmpty(Needs());
    }

    /// <summary>Use cases of a file with the right that each needs.</summary>
    private IEnumerable<(Type UseCase, CareAction Right)> Needs() => typeof(CareDesk).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, BaseType: { IsGenericType: true } b } && b.GetGenericTypeDefinition() == typeof(PatientUseCase<,>))
        .Select(t => (t, (CareAction)t.GetProperty("Needs", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(ActivatorUtilities.GetServiceOrCreateInstance(world.Services, t))!));

    private delegate Task<string> Ask(string? user, List<string> faults);

    private List<(string What, string Route, Ask Ask)>? _kinds;

    /// <summary>Everything that can be asked, as the running program has it.</summary>
    private List<(string What, string Route, Ask Ask)> Kinds() => _kinds ??= [.. Fhir(), .. Endpoints(), .. Hub(), .. Rights(), .. Lists()];

    // ---- FHIR: interactions of the CapabilityStatement ------------------------------------------------------------

    private IEnumerable<(string, string, Ask)> Fhir()
    {
        var statement = Statement();
        var rest = statement["rest"]![0]!;
        var byClass = rest["resource"]!.AsArray().SelectMany(r => r!["interaction"]!.AsArray().Select(i => (Class: ClassOf((string)r["type"]!), Type: (string)r["type"]!, Code: (string)i!["code"]!)))
            .Concat(rest["resource"]!.AsArray().SelectMany(r => (r!["operation"]?.AsArray() ?? []).Select(o => (Class: ClassOf((string)r["type"]!), Type: (string)r["type"]!, Code: "$" + (string)o!["name"]!))))
            .GroupBy(i => (i.Class, i.Code)).OrderBy(g => g.Key.Class, StringComparer.Ordinal).ThenBy(g => g.Key.Code, StringComparer.Ordinal);
        foreach (var group in byClass)
        {
            var types = group.Select(g => g.Type).ToList();
            if (group.Key.Code == "search-type")
            {
                yield return ($"FHIR {group.Key.Class} search by _id", "GET /fhir/{type}", (user, faults) => EachAsync(types, user, faults, SearchById));
                yield return ($"FHIR {group.Key.Class} _search", "POST /fhir/{type}/_search", (user, faults) => EachAsync(types, user, faults, PostSearch));
                if (group.Key.Class is not ("directory" or "PlanDefinition" or "Patient"))
                {
                    yield return ($"FHIR {group.Key.Class} search by patient", "GET /fhir/{type}", (user, faults) => EachAsync(types, user, faults, SearchByPatient));
                    yield return ($"FHIR {group.Key.Class} compartment", "GET /fhir/Patient/{id}/{type:regex(^[A-Z])}", (user, faults) => EachAsync(types, user, faults, Compartment));
                }
            }
            else
            {
                (string Route, Func<string, int, HttpRequestMessage?> Make) way = group.Key.Code switch
                {
                    "read" => ("GET /fhir/{type}/{id}", (t, p) => Get($"/fhir/{t}/{IdOf(t, p)}")),
                    "vread" => ("GET /fhir/{type}/{id}/_history/{version}", (t, p) => Get($"/fhir/{t}/{IdOf(t, p)}/_history/1")),
                    "history-instance" => ("GET /fhir/{type}/{id}/_history", (t, p) => Get($"/fhir/{t}/{IdOf(t, p)}/_history")),
                    "create" => ("POST /fhir/{type}", Create),
                    "update" => ("PUT /fhir/{type}/{id}", Update),
                    "$timeline" => ("GET /fhir/Patient/{id}/$timeline", (t, p) => Get($"/fhir/{t}/{IdOf(t, p)}/$timeline")),
                    _ => throw new InvalidOperationException($"an interaction that this test does not know: {group.Key}"),
                };
                yield return ($"FHIR {group.Key.Class} {group.Key.Code}", way.Route, (user, faults) => EachAsync(types, user, faults, way.Make));
            }
        }

        foreach (var code in rest["interaction"]!.AsArray().Select(i => (string)i!["code"]!))
            yield return ($"FHIR system {code}", "POST /fhir", (user, faults) => EachAsync(["Communication"], user, faults, (t, p) => p >= 2 ? null : Body(HttpMethod.Post, "/fhir",
                $$$"""{"resourceType":"Bundle","type":"{{{code}}}","entry":[{"resource":{{{TrustWorld.Resource(t, null, PatientOf(p))}}},"request":{"method":"POST","url":"{{{t}}}"}}]}""")));
        yield return ("FHIR metadata", "GET /fhir/metadata", (user, faults) => EachAsync(["-"], user, faults, (_, p) => p == 0 ? Get("/fhir/metadata") : null));
        yield return ("FHIR anything else", "* /fhir/{**rest}", (user, faults) => EachAsync(["Communication"], user, faults, (t, p) => new HttpRequestMessage(HttpMethod.Delete, $"/fhir/{t}/{IdOf(t, p)}")));
    }

    /// <summary>Types that the API treats alike. A type that is in none of these is one that nobody thought about.</summary>
    private static string ClassOf(string type) => type switch
    {
        "Patient" or "Communication" or "Observation" or "Task" or "Goal" or "ServiceRequest" or "DetectedIssue" or "Flag" or "AuditEvent" or "Binary" or "PlanDefinition" => type, // templates are published by who keeps them
        "CareTeam" or "RelatedPerson" => "team", // for everybody who is on it
        _ => TrustWorld.Personal.Contains(type) ? "clinical" : "directory",
    };

    private JsonObject Statement()
    {
        using var http = world.Portal.CreateClient();
        return JsonNode.Parse(http.GetStringAsync("/fhir/metadata").GetAwaiter().GetResult())!.AsObject();
    }

    // Place 0, 1, 2: own, foreign, hidden; 3: unknown. Ids are of equal length, so that answers can be compared byte by byte.
    private string IdOf(string type, int place) => type switch
    {
        "Patient" => PatientOf(place),
        "Binary" => world.Files[place switch { 1 => 2, 2 => 1, _ => place }],
        "AuditEvent" => world.Records[place switch { 3 => 2, 2 => 0, _ => place }],
        _ => TrustWorld.Id("ofhu"[place], type),
    };

    private static string PatientOf(int place) => (place switch { 1 => TrustWorld.Foreign, 3 => TrustWorld.Unknown, _ => TrustWorld.Own }).Value;

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static HttpRequestMessage Body(HttpMethod method, string path, string json) =>
        new(method, path) { Content = new StringContent(json, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")) };

    private HttpRequestMessage? SearchById(string type, int place) => type == "AuditEvent" ? place == 2 ? null : Get($"/fhir/AuditEvent?patient={PatientOf(place)}") : Get($"/fhir/{type}?_id={IdOf(type, place)}");

    private HttpRequestMessage? PostSearch(string type, int place) => type == "AuditEvent" && place == 2 ? null
        : new(HttpMethod.Post, $"/fhir/{type}/_search") { Content = new FormUrlEncodedContent([type == "AuditEvent" ? new("patient", PatientOf(place)) : new("_id", IdOf(type, place))]) };

    private HttpRequestMessage? SearchByPatient(string type, int place) => type == "AuditEvent" ? SearchById(type, place) : Get($"/fhir/{type}?patient={PatientOf(place)}&_id={IdOf(type, place)}");

    private HttpRequestMessage? Compartment(string type, int place) => type == "AuditEvent" ? place == 2 ? null : Get($"/fhir/Patient/{PatientOf(place)}/AuditEvent") : Get($"/fhir/Patient/{PatientOf(place)}/{type}?_id={IdOf(type, place)}");

    private static int _made;

    // An unknown patient is not tried: something about a file that is closed is refused, something about nobody is kept (decision 12).
    private HttpRequestMessage? Create(string type, int place)
    {
        if (type == "Patient")
            return place == 0 ? Body(HttpMethod.Post, "/fhir/Patient", $$"""{"resourceType":"Patient","name":[{"family":"Nieuw{{Interlocked.Increment(ref _made)}}"}]}""") : null;
        if (ClassOf(type) is "directory" or "PlanDefinition")
            return place == 0 ? Body(HttpMethod.Post, $"/fhir/{type}", $$"""{"resourceType":"{{type}}","language":"nl-{{Interlocked.Increment(ref _made)}}"}""") : null;
        return place >= 2 ? null : Body(HttpMethod.Post, $"/fhir/{type}", TrustWorld.Resource(type, null, PatientOf(place))
            .Replace("{\"resourceType\":\"QuestionnaireResponse\"", "{\"item\":[{\"linkId\":\"1\",\"answer\":[{\"valueString\":\"goed\"}]}],\"resourceType\":\"QuestionnaireResponse\"", StringComparison.Ordinal) // answers say what was answered
            .Replace("{\"text\":\"gewoon\"}", $"{{\"text\":\"gewoon {_made}\"}}", StringComparison.Ordinal) // the same alert twice would be one
            .Replace("{\"resourceType\"", $"{{\"language\":\"nl-{Interlocked.Increment(ref _made)}\",\"resourceType\"", StringComparison.Ordinal));
    }

    // A version that is none: who sees the resource hears 412, and nothing changes.
    private HttpRequestMessage Update(string type, int place)
    {
        var request = Body(HttpMethod.Put, $"/fhir/{type}/{IdOf(type, place)}", TrustWorld.Resource(type, IdOf(type, place), place is 1 or 3 ? TrustWorld.Own.Value : PatientOf(place)));
        request.Headers.TryAddWithoutValidation("If-Match", "W/\"99\"");
        return request;
    }

    /// <summary>One cell: what own, foreign and hidden answer, for all types of the class alike; what answers "not there" answers as an unknown id does, byte for byte.</summary>
    private async Task<string> EachAsync(IReadOnlyList<string> types, string? user, List<string> faults, Func<string, int, HttpRequestMessage?> make)
    {
        var http = (await ClientAsync(user)).Http;
        string? cell = null;
        foreach (var type in types)
        {
            var said = new List<string>();
            (string Said, string Whole)? unknown = null;
            for (var place = 3; place >= 0; place--)
            {
                if (make(type, place) is not { } request)
                {
                    said.Insert(0, place == 3 ? "" : "·");
                    continue;
                }

                var path = request.RequestUri!.OriginalString;
                var (word, whole) = await AnswerAsync(http, request, type, place);
                if (place == 3)
                    unknown = (word, whole);
                else if (word is "404" or "none" && unknown is { } other && (word != other.Said || whole != other.Whole))
                    faults.Add($"{user ?? "nobody"}, {path} ({Places[place]}) is told from an unknown id:\n{whole}\n{other.Whole}");
                said.Insert(0, place == 3 ? "" : word);
            }

            said.RemoveAt(3);
            var one = said.Distinct().Count() == 1 ? said[0] : string.Join(' ', said);
            if (cell is not null && cell != one)
                faults.Add($"{user ?? "nobody"}: {type} answers {one}, types before it {cell}");
            cell ??= one;
        }

        return cell!;
    }

    private async Task<(string Said, string Whole)> AnswerAsync(HttpClient http, HttpRequestMessage request, string type, int place)
    {
        using (request)
        {
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            var code = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
            var bundle = body.StartsWith('{') && answer.IsSuccessStatusCode && JsonNode.Parse(body) is JsonObject json && (string?)json["resourceType"] == "Bundle" ? json : null;
            var kind = (string?)bundle?["type"];
            var said = kind == "searchset" ? bundle!["entry"]?.AsArray().Count > 0 ? "found" : "none" : code;
            if (kind is "transaction-response" or "batch-response")
                said = string.Join('+', bundle!["entry"]!.AsArray().Select(e => ((string)e!["response"]!["status"]!)[..3]));
            return (said, Same(code + "\n" + Headers(answer) + "\n" + body, [IdOf(type == "-" ? "Patient" : type, place), PatientOf(place)]));
        }
    }

    private static string Headers(HttpResponseMessage answer) => string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Date" or "Set-Cookie"))
        .Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order(StringComparer.Ordinal));

    /// <summary>Without what is new in every answer, and without the id that was asked for.</summary>
    private static string Same(string text, IEnumerable<string> ids)
    {
        text = Nonce().Replace(text, "nonce");
        text = Token().Replace(text, "token");
        foreach (var id in ids)
            text = text.Replace(id, "<id>", StringComparison.Ordinal);
        return text;
    }

    [GeneratedRegex("nonce[-=]\"?[A-Za-z0-9+/=]+\"?")]
    private static partial Regex Nonce();

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+")]
    private static partial Regex Token();

    private readonly Dictionary<string, Exchange.FhirClient> _clients = new(StringComparer.Ordinal);

    private async Task<Exchange.FhirClient> ClientAsync(string? user)
    {
        if (_clients.TryGetValue(user ?? "", out var client))
            return client;
        return _clients[user ?? ""] = user is null ? new(world.Portal.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false })) : await world.Portal.AsAsync(user);
    }

    // ---- other endpoints and pages: EndpointDataSource ---------------------------------------------------------------

    private IEnumerable<(string, string, Ask)> Endpoints()
    {
        _ = world.Portal.Server;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in world.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().OrderBy(e => e.RoutePattern.RawText, StringComparer.Ordinal))
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page)
            {
                if (seen.Add("page " + pattern))
                    yield return ("page " + pattern, Behind(page.Type), (user, faults) => EachAsync(["Patient"], user, faults, (_, p) => Page(pattern, p)));
                continue;
            }

            if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            {
                if (seen.Add("files of wwwroot"))
                    yield return ("files of wwwroot", "", (user, faults) => EachAsync(["-"], user, faults, (_, p) => p == 0 ? Get("/favicon.svg") : null));
                continue;
            }

            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])
            {
                var name = $"{method} {pattern}";
                if (pattern.StartsWith("/fhir", StringComparison.Ordinal) || pattern.StartsWith("/hubs/", StringComparison.Ordinal))
                {
                    if (!Fhir().Concat(Hub()).Any(f => f.Item2 == name))
                        yield return (name, "", (_, _) => Task.FromResult("not walked"));
                    continue;
                }

                if (seen.Add(name))
                    yield return (name, "", (user, faults) => EndpointAsync(method, pattern, user, faults));
            }
        }
    }

    /// <summary>What a page asks of the features: the rights of the use cases that its class and the panels of its folder take in.</summary>
    private static string Behind(Type page) => page.Name;

    private static HttpRequestMessage? Page(string pattern, int place)
    {
        if (!pattern.Contains("{Id}", StringComparison.Ordinal))
            return place == 0 ? Get(pattern.Replace("{Number:int}", "1", StringComparison.Ordinal)) : null;
        return place == 2 ? null : Get(pattern.Replace("{Id}", PatientOf(place), StringComparison.Ordinal).Replace("{HandoffId}", "x", StringComparison.Ordinal).Replace("{TaskId}", "x", StringComparison.Ordinal).Replace("{Questionnaire}", "phq-2", StringComparison.Ordinal));
    }

    private Task<string> EndpointAsync(string method, string pattern, string? user, List<string> faults) => pattern switch
    {
        "/patients/{patient}/attachments/{id}" => EachAsync(["Binary"], user, faults, (t, p) => Get($"/patients/{PatientOf(p)}/attachments/{IdOf(t, p)}")),
        "/patients/{patient}/download" => EachAsync(["Patient"], user, faults, (_, p) => p == 2 ? null : Get($"/patients/{PatientOf(p)}/download")),
        "/drafts" => DraftsAsync(user, faults),
        _ => EachAsync(["-"], user, faults, (_, p) => p == 0 ? Plain(method, pattern) : null),
    };

    private static HttpRequestMessage Plain(string method, string pattern)
    {
        var request = new HttpRequestMessage(new HttpMethod(method == "*" ? "GET" : method), Parameter().Replace(pattern, "x"));
        if (request.Method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent([new("user", "nobody.here")]);
        return request;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    /// <summary>With the page's own proof against forgery, as the page posts it.</summary>
    private async Task<string> DraftsAsync(string? user, List<string> faults)
    {
        var http = (await ClientAsync(user)).Http;
        using var page = await http.GetAsync("/");
        var token = Token().Match(await page.Content.ReadAsStringAsync()).Value;
        var cookie = page.Headers.TryGetValues("Set-Cookie", out var cookies) ? string.Join("; ", cookies.Select(c => c.Split(';')[0])) : "";
        return await EachAsync(["-"], user, faults, (_, p) =>
        {
            if (p == 2)
                return null;
            var request = new HttpRequestMessage(HttpMethod.Post, "/drafts") { Content = new StringContent($$"""[{"patient":"{{PatientOf(p)}}","slot":"note","text":"begonnen"}]""", Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("X-CSRF-TOKEN", token);
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
            return request;
        });
    }

    // ---- the hub -----------------------------------------------------------------------------------------------------

    private IEnumerable<(string, string, Ask)> Hub()
    {
        yield return ("hub negotiate", "* /hubs/patient/negotiate", (user, faults) => EachAsync(["-"], user, faults, (_, p) => p == 0 ? new(HttpMethod.Post, "/hubs/patient/negotiate?negotiateVersion=1") : null));
        foreach (var method in typeof(PatientHub).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(m => m.GetBaseDefinition().DeclaringType == typeof(PatientHub)))
        {
            yield return ($"hub {method.Name}", "* /hubs/patient", async (user, faults) =>
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                string? token = user is null ? null : (await ClientAsync(user)).Http.DefaultRequestHeaders.Authorization!.Parameter;
                HubTalk talk;
                try
                {
                    talk = await HubTalk.ConnectAsync(world.Portal, token, limit.Token);
                }
                catch (InvalidOperationException) when (user is null)
                {
                    return "401"; // the socket is refused
                }

                using (talk)
                {
                    string[] arguments = new string[method.GetParameters().Length];
                    async Task<string> SayAsync(int place)
                    {
                        arguments[0] = PatientOf(place);
                        var answer = (await talk.CallAsync(method.Name, limit.Token, arguments))!;
                        return answer["error"] is { } error ? (string)error! : "answered";
                    }

                    var (unknown, foreign, own) = (await SayAsync(3), await SayAsync(1), await SayAsync(0));
                    if (foreign != unknown)
                        faults.Add($"{user}: hub {method.Name} tells a foreign file ({foreign}) from an unknown one ({unknown})");
                    static string Short(string error) => error.Contains("not-found", StringComparison.Ordinal) ? "not-found" : error;
                    return own == foreign ? Short(own) : $"{Short(own)} {Short(foreign)} ·";
                }
            });
        }
    }

    // ---- behind the pages: rights in a file, lists across files -----------------------------------------------------

    private IEnumerable<(string, string, Ask)> Rights()
    {
        var desk = world.Services.GetRequiredService<CareDesk>();
        foreach (var right in Needs().GroupBy(n => n.Right).OrderBy(g => g.Key))
        {
            yield return ($"right {right.Key}", "", async (user, faults) =>
            {
                if (user is null)
                    return "·";
                async Task<string> OpenAsync(PatientId patient)
                {
                    try
                    {
                        await desk.OpenAsync(world.Actor(user), patient, right.Key, AccessSource.Page, CancellationToken.None);
                        return "open";
                    }
                    catch (PatientNotFound)
                    {
                        return "not-found";
                    }
                    catch (ActionRefused)
                    {
                        return "refused";
                    }
                }

                var (own, foreign, unknown) = (await OpenAsync(TrustWorld.Own), await OpenAsync(TrustWorld.Foreign), await OpenAsync(TrustWorld.Unknown));
                if (foreign != unknown)
                    faults.Add($"{user}: {right.Key} tells a foreign file from an unknown one");
                return own == foreign ? own : $"{own} {foreign} ·";
            });
        }
    }

    /// <summary>Lists of pages that are about no single file: whether they show something of the own file, of the foreign one, and of what is hidden.</summary>
    private IEnumerable<(string, string, Ask)> Lists()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var none = CancellationToken.None;
        T Get<T>() where T : class => world.Services.GetRequiredService<T>();
        (string Name, Func<Actor, Task<object?>> Read)[] lists =
        [
            ("patients", async a => await Get<ReadPatients>().RunAsync(a, new(Count: 200), none)),
            ("day of a professional", async a => await Get<ReadMyDay>().RunAsync(a, none)),
            ("day of patient and caregiver", async a => await Get<ReadHomeDay>().RunAsync(a, none)),
            ("worklist", async a => new object[] { await Get<ReadWorklist>().RunAsync(a, new(TaskList.Mine, new TaskFilter()), none), await Get<ReadWorklist>().RunAsync(a, new(TaskList.Queue, new TaskFilter()), none) }),
            ("notices", async a => await Get<ReadNotices>().RunAsync(a, 50, none)),
            ("hand-offs", async a => await Get<ReadHandoffs>().RunAsync(a, none)),
            ("population", async a => await Get<ReadPopulation>().RunAsync(a, new(PopulationQuery.Of(null, null, null, null, null, null)), none)),
            ("contests", async a => await Get<AnswerContests>().ReadAsync(a, false, now, none)),
            ("audit", async a => await Get<ReadAudit>().RunAsync(a, new(new CareTeamPortal.Platform.Data.AccessFilter(), Count: 1), AccessSource.Page, none)),
            ("opened in emergency", async a => await Get<ReviewBrokenGlass>().ReadAsync(a, false, none)),
            ("people", a => Task.FromResult<object?>(Get<ReadPeople>().Run(a, PeopleShown.Active, null))),
            ("rules", async a => await Get<ReadRules>().RunAsync(a, none)),
        ];
        foreach (var (name, read) in lists)
        {
            yield return ($"list {name}", "", async (user, _) =>
            {
                if (user is null)
                    return "·";
                if (await read(world.Actor(user)) is not { } answer)
                    return "closed";
                var text = JsonSerializer.Serialize(answer, answer.GetType());
                string Shows(string what) => text.Contains(what, StringComparison.Ordinal) ? "shows" : "-";
                // Which reminders wait depends on the hour of the day; whose they are does not.
                var own = name == "notices" ? "·" : Shows(TrustWorld.Own.Value);
                var cell = $"{own} {Shows(TrustWorld.Foreign.Value)} {Shows(TrustWorld.Secret)}";
                return cell is "- - -" or "· - -" ? "-" : cell;
            });
        }
    }
}
