using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Platform.Fhir;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Fhir;

public sealed class ResourceReaderTests(ITestOutputHelper log)
{
    private static ResourceFacts Read(string json) => ResourceReader.Read(FhirText.Utf8(json));

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("5", "is not a JSON object")]
    [InlineData("\"a\"", "is not a JSON object")]
    [InlineData("{\"id\":\"a\"}", "has no resourceType, so it is not FHIR")]
    [InlineData("{\"resourceType\":null}", "is not a string")]
    [InlineData("{\"resourceType\":\"patient\"}", "is not a resource type of FHIR R4")]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"a b\"}", "is not a FHIR id (1 to 64 of A-Z a-z 0-9 - .)")]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"\"}", "is not a FHIR id (1 to 64 of A-Z a-z 0-9 - .)")]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":7}", "is not a FHIR id (1 to 64 of A-Z a-z 0-9 - .)")]
    [InlineData("{\"resourceType\":\"Patient\",\"meta\":[]}", "is not an object")]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"a\",\"id\":\"b\"}", "a property stands twice in one object")]
    [InlineData("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"a\",\"fam\\u0069ly\":\"b\"}]}", "a property stands twice in one object")]
    [InlineData("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"\\ud800\"}]}", "holds half of a surrogate pair")]
    [InlineData("{\"resourceType\":\"Patient\",\"\\udc00\":1}", "holds half of a surrogate pair")]
    [InlineData("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"a\\u0000\"}]}", "holds a NUL character")]
    [InlineData("{\"resourceType\":\"Patient\"} {}", "is not legal JSON or is nested too deep")]
    public void What_is_not_FHIR_is_refused_with_a_reason(string json, string reason)
    {
        var refused = Assert.Throws<FhirFormatException>(() => Read(json));
        if (reason.Length > 0) Assert.Equal(reason, refused.Reason);
    }

    [Fact]
    public void A_property_that_stands_twice_is_found_among_many_and_behind_an_escape_and_its_place_is_said()
    {
        string Many(int n) => "{\"resourceType\":\"Basic\",\n\"a\":{" + string.Join(",", Enumerable.Range(0, n).Select(i => $"\"p{i}\":1")) + "}}";
        for (var n = 1; n < 200; n += 13)
        {
            Assert.Equal("Basic", Read(Many(n)).Type);
            Assert.Equal("a property stands twice in one object", Assert.Throws<FhirFormatException>(() => Read(Many(n).Replace("}}", $",\"p{n / 2}\":2}}}}", StringComparison.Ordinal))).Reason);
        }

        Assert.Equal("line 2, byte 13 of the line", Assert.Throws<FhirFormatException>(() => Read("{\"resourceType\":\"Basic\",\n\"a\":1,\"b\":2, \"a\":3}")).Place);
        Assert.Equal("Basic", Read("""{"resourceType":"Basic","x":{"a":1},"y":{"a":1,"\u0062":2,"c":{"b":1}}}""").Type);
        // A million names cost no more than their number.
        Assert.Equal("Basic", Read(Many(1_000_000)).Type);
    }

    [Fact]
    public void Depth_is_counted_from_the_resource()
    {
        string Nested(int n) => "{\"resourceType\":\"Basic\",\"a\":" + new string('[', n) + new string(']', n) + "}";
        Assert.Equal("Basic", Read(Nested(63)).Type);
        Assert.Throws<FhirFormatException>(() => Read(Nested(64)));
    }

    [Fact]
    public void Broken_UTF8_and_depth_are_refused()
    {
        var bytes = FhirText.Utf8("""{"resourceType":"Patient","name":[{"family":"aXb"}]}""");
        bytes[Array.IndexOf(bytes, (byte)'X')] = 0xC3;
        Assert.Equal("is not valid UTF-8", Assert.Throws<FhirFormatException>(() => ResourceReader.Read(bytes)).Reason);
        Assert.Throws<FhirFormatException>(() => Read("""{"resourceType":"Patient","a":""" + new string('[', 70) + new string(']', 70) + "}"));
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Patient/a"}}""", "Patient/a")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Group/a"}}""", null)]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"urn:uuid:x"}}""", "urn:uuid:x")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"https://x.example/fhir/Patient/a/_history/2"}}""", "https://x.example/fhir/Patient/a/_history/2")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Patient?identifier=a|b"}}""", "Patient?identifier=a|b")]
    [InlineData("""{"resourceType":"Observation","contained":[{"resourceType":"Device","id":"d"}],"subject":{"reference":"#d"}}""", null)]
    [InlineData("""{"resourceType":"Observation","contained":[{"resourceType":"Patient","id":"d"}],"subject":{"reference":"#d"}}""", "#d")]
    [InlineData("""{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/a"}}""", "Patient/a")]
    [InlineData("""{"resourceType":"Coverage","beneficiary":{"reference":"Patient/a"}}""", "Patient/a")]
    [InlineData("""{"resourceType":"Task","for":{"reference":"Patient/a"}}""", "Patient/a")]
    [InlineData("""{"resourceType":"Appointment","participant":[{"actor":{"reference":"Practitioner/b"}},{"actor":{"reference":"Patient/a"}}]}""", "Patient/a")]
    [InlineData("""{"resourceType":"Provenance","target":[{"reference":"Observation/b"},{"reference":"Patient/a"}]}""", "Patient/a")]
    [InlineData("""{"resourceType":"AuditEvent","agent":[{"who":{"reference":"Practitioner/b"}}],"entity":[{"what":{"reference":"Patient/a"}}]}""", "Patient/a")]
    [InlineData("""{"resourceType":"Account","subject":[{"reference":"Patient/a"}]}""", "Patient/a")]
    [InlineData("""{"resourceType":"Practitioner","id":"x"}""", null)]
    public void The_patient_compartment_follows_the_type(string json, string? patient) => Assert.Equal(patient, Read(json).Patient?.Literal);

    [Fact]
    public void References_are_found_wherever_they_stand_with_their_path()
    {
        var facts = Read("""
            {"resourceType":"Appointment","contained":[{"resourceType":"Location","id":"l","managingOrganization":{"reference":"Organization/o"}}],
             "extension":[{"url":"u","valueReference":{"reference":"Task/t","display":"say \"t\""}}],
             "participant":[{"actor":{"reference":"#l"}},{"actor":{"type":"Practitioner","identifier":{"system":"s","value":"v"}}}],
             "identifier":[{"system":"s","value":"not a reference"}]}
            """);
        Assert.Equal(
            ["contained.managingOrganization Organization/o ", "extension.valueReference Task/t say \"t\"", "participant.actor #l ", "participant.actor s|v "],
            facts.References.Select(r => $"{r.Path} {r.Literal ?? $"{r.Identifier?.System}|{r.Identifier?.Code}"} {r.Display}"));
    }

    [Fact]
    public void Oddities_are_kept_and_named_without_the_value()
    {
        var facts = Read("""
            {"resourceType":"Patient","identifier":[{"system":"https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/ssin","value":"00000000001"}],"gender":"M","birthDate":"1960-02-31",
             "managingOrganization":{"reference":"#gone"},"generalPractitioner":[{"reference":"bare-id"}]}
            """);
        Assert.Equal(
            ["birthDate: not a date that can be", "gender: not a code of its value set", "generalPractitioner: is neither Type/id nor a URL", "identifier: the check digits of this INSZ do not fit", "managingOrganization: points to a contained resource that is not there"],
            facts.Oddities.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("85073003328", true)]
    [InlineData("17073003384", true)]
    [InlineData("85073003329", false)]
    [InlineData("8507300332", false)]
    public void An_INSZ_is_checked_for_both_centuries(string number, bool valid) => Assert.Equal(valid, BelgianNumbers.IsInsz(number));

    [Fact]
    public void Equal_content_has_an_equal_hash()
    {
        var hash = Read("""{"resourceType":"Patient","id":"a","name":[{"family":"\u00e9t\u00e9"}],"x":1.0}""").Hash;
        Assert.Equal(hash, Read("""{ "resourceType" : "Patient", "id":"a", "meta": {"versionId":"4", "lastUpdated":"2020-01-01T00:00:00Z"},"name":[ {"family":"été"} ],"x":1.0}""").Hash);
        Assert.NotEqual(hash, Read("""{"resourceType":"Patient","id":"a","name":[{"family":"été"}],"x":1.00}""").Hash);
        Assert.NotEqual(hash, Read("""{"resourceType":"Patient","id":"a","meta":{"source":"#x"},"name":[{"family":"été"}],"x":1.0}""").Hash);
        Assert.NotEqual(hash, Read("""{"id":"a","resourceType":"Patient","name":[{"family":"été"}],"x":1.0}""").Hash);
    }

    [Theory]
    [InlineData("2015", "2014-12-31T23:00:00Z", "2015-12-31T23:00:00Z", DatePrecision.Year)]
    [InlineData("2015-02", "2015-01-31T23:00:00Z", "2015-02-28T23:00:00Z", DatePrecision.Month)]
    [InlineData("2015-07-01", "2015-06-30T22:00:00Z", "2015-07-01T22:00:00Z", DatePrecision.Day)]
    [InlineData("2015-02-07T13:28:17-05:00", "2015-02-07T18:28:17Z", "2015-02-07T18:28:17Z", DatePrecision.Instant)]
    [InlineData("2015-02-07T13:28:17.239+02:00", "2015-02-07T11:28:17.239Z", "2015-02-07T11:28:17.239Z", DatePrecision.Instant)]
    [InlineData("2015-07-07T13:28:00", "2015-07-07T11:28:00Z", "2015-07-07T11:28:00Z", DatePrecision.Instant)]
    public void Dates_keep_their_precision_on_the_Belgian_clock(string text, string start, string end, DatePrecision precision)
    {
        var date = FhirDates.Parse(text);
        Assert.Equal(new FhirDate(Utc(start), Utc(end), precision), date);

        static DateTime Utc(string s) => DateTimeOffset.Parse(s, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("2015-13")]
    [InlineData("2015-02-29")]
    [InlineData("2015-02-07T25:00:00Z")]
    [InlineData("2015-02-07T10:00:00+99:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("2015-02-07T10:00:00.Z")]
    [InlineData("20150207")]
    [InlineData("2015-02-07 10:00")]
    public void What_cannot_be_a_date_is_none(string text) => Assert.Null(FhirDates.Parse(text));

    [Fact]
    public void A_patient_is_read_with_the_Belgian_number()
    {
        ResourceReader.Read(FhirText.Utf8("""
            {"resourceType":"Patient","identifier":[{"system":"urn:x","value":"1"},{"system":"https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/ssin","value":"85073003328"}],
             "name":[{"use":"old","family":"Vroeger"},{"use":"official","family":"Peeters","given":["Jan","Piet"]}],"birthDate":"1985-07","gender":"male","deceasedDateTime":"2020-01-02",
             "address":[{"use":"home","line":["Kerkstraat 1"],"city":"Gent"}],"telecom":[{"system":"email","value":"x@example.org"},{"system":"phone","value":"09 000 00 00"},{"system":"phone","use":"mobile","value":"0470 00 00 00"}],
             "generalPractitioner":[{"reference":"Practitioner/els"}]}
            """), out var document);
        using var _ = document;
        var patient = PatientReader.Read(document.RootElement);
        Assert.Equal(("Peeters", "Jan Piet", "Jan Piet Peeters"), (patient.FamilyName, patient.GivenName, patient.DisplayName));
        Assert.Equal((new DateOnly(1985, 7, 1), DatePrecision.Month), (patient.BirthDate!.Value, patient.BirthDatePrecision));
        Assert.Equal(("85073003328", "Gent", "Kerkstraat 1", "0470 00 00 00"), (patient.Insz, patient.City, patient.AddressLine, patient.Phone));
        Assert.True(patient.Deceased);
        Assert.Equal("Practitioner/els", patient.GeneralPractitioners.Single().Literal);
    }

    [Fact]
    public void The_splice_changes_only_id_and_meta_for_random_shapes()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var json = RandomResource(random);
            var output = new ArrayBufferWriter<byte>();
            MetaSplice.Write(FhirText.Utf8(json), "new-id", 3, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), output);
            var before = JsonNode.Parse(json)!.AsObject();
            var after = JsonNode.Parse(output.WrittenSpan)!.AsObject();
            Assert.Equal("new-id", (string?)after["id"]);
            Assert.Equal("3", (string?)after["meta"]!["versionId"]);
            foreach (var side in (JsonObject[])[before, after])
            {
                side.Remove("id");
                var meta = side["meta"]?.AsObject();
                meta?.Remove("versionId");
                meta?.Remove("lastUpdated");
                if (meta is { Count: 0 }) side.Remove("meta");
            }
            Assert.True(JsonNode.DeepEquals(before, after), json);
            Assert.Equal("new-id", ResourceReader.Read(output.WrittenMemory).Id);
        }
    }

    private static string RandomResource(Random random)
    {
        var members = new List<string> { "\"resourceType\":\"Basic\"" };
        if (random.Next(2) == 0) members.Add("\"id\" : \"old\"");
        if (random.Next(3) > 0)
        {
            string[] parts = ["\"versionId\":\"9\"", "\"lastUpdated\":\"2020-01-01T00:00:00Z\"", "\"profile\":[\"a\",\"}\"]", "\"tag\":[{\"code\":\"\\\"\"}]", "\"source\":\"meta\""];
            members.Add("\"meta\":{" + string.Join(" , ", parts.Where(_ => random.Next(2) == 0)) + "}");
        }
        if (random.Next(2) == 0) members.Add("\"text\":{\"div\":\"{\\\"id\\\":1} é \\\\\"}");
        if (random.Next(2) == 0) members.Add("\"extension\":[{\"id\":\"inner\",\"meta\":{\"versionId\":\"x\"}}]");
        if (random.Next(2) == 0) members.Add("\"n\":1.50e+3");
        var order = members.ToArray();
        random.Shuffle(order);
        return (random.Next(2) == 0 ? "  {\n" : "{") + string.Join(random.Next(2) == 0 ? " ,\n " : ",", order) + " }";
    }

    [Fact]
    public void An_outcome_says_severity_code_reason_and_place()
    {
        var json = Encoding.UTF8.GetString(OperationOutcomes.Write(FhirIssue.Error("value", "not <ok>", "Observation.value"), FhirIssue.Warning("informational", "x")));
        var issues = JsonNode.Parse(json)!["issue"]!.AsArray();
        Assert.Equal(2, issues.Count);
        Assert.Equal(("error", "value", "not <ok>", "Observation.value"), ((string?)issues[0]!["severity"], (string?)issues[0]!["code"], (string?)issues[0]!["diagnostics"], (string?)issues[0]!["expression"]![0]));
        Assert.DoesNotContain('<', json);
    }
}
