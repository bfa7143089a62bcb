using System.Text;
using CareTeamPortal.Platform.Fhir;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Fhir;

public sealed class FhirInputTests(ITestOutputHelper log)
{
    private const string Patient = """{"resourceType":"Patient","id":"p"}""";

    [Fact]
    public async Task A_single_resource_is_one_item_with_its_own_bytes()
    {
        var (input, items) = await FhirText.ReadAll("\uFEFF\n " + Patient + "\n");
        var item = Assert.Single(items);
        Assert.Equal(Patient, Encoding.UTF8.GetString(item.Json.Span));
        Assert.False(input.IsBundle);
        Assert.False(input.IsNdjson);
    }

    [Fact]
    public async Task A_bundle_gives_its_entries_with_their_requests()
    {
        var (input, items) = await FhirText.ReadAll($$$$$"""
            {"resourceType":"Bundle","type":"transaction","entry":[
              {"fullUrl":"urn:uuid:1","resource":{{{{{Patient}}}}},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=a|b"}},
              {"request":{"method":"DELETE","url":"Patient/x"}},
              {"resource":{{{{{Patient}}}}},"request":{"ifMatch":"W/\"2\"","method":"PUT","url":"Patient/p"},"search":{"mode":"match"}}
            ]}
            """);
        Assert.Equal("transaction", input.BundleType);
        Assert.Equal(["entry[0]", "entry[1]", "entry[2]"], items.Select(i => i.Place));
        Assert.Equal(("urn:uuid:1", "POST", "Patient", "identifier=a|b"), (items[0].FullUrl, items[0].Method, items[0].Url, items[0].IfNoneExist));
        Assert.Equal(("DELETE", true, null), (items[1].Method, items[1].Json.IsEmpty, items[1].Error));
        Assert.Equal("W/\"2\"", items[2].IfMatch);
    }

    [Theory]
    [InlineData("""{"entry":[{"resource":@}],"type":"collection","resourceType":"Bundle"}""")]
    [InlineData("""{"entry":[{"extension":[],"resource":@}],"type":"collection","resourceType":"Bundle"}""")]
    [InlineData("""{"type":"collection","entry":[{"resource":@}],"resourceType":"Bundle","id":"b"}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":@}],"total":1,"type":"collection"}""")]
    public async Task The_order_of_a_bundles_properties_does_not_matter(string bundle)
    {
        var (input, items) = await FhirText.ReadAll(bundle.Replace("@", Patient, StringComparison.Ordinal));
        Assert.Equal(Patient, Encoding.UTF8.GetString(Assert.Single(items).Json.Span));
        Assert.Null(items[0].Error);
        Assert.Equal("collection", input.BundleType);
    }

    [Fact]
    public async Task A_list_has_entries_too_but_is_a_resource()
    {
        const string list = """{"entry":[{"item":{"display":"x"}}],"resourceType":"List","id":"l"}""";
        var (input, items) = await FhirText.ReadAll(list);
        Assert.Equal(list, Encoding.UTF8.GetString(Assert.Single(items).Json.Span));
        Assert.False(input.IsBundle);
    }

    [Fact]
    public async Task What_is_not_FHIR_in_a_bundle_is_named_and_the_rest_goes_on()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);
        var (_, items) = await FhirText.ReadAll($$$$$"""
            {"resourceType":"Bundle","type":"collection","entry":[
            {"resource":{"id":"no-type"}},
            {"resource":{"resourceType":"Nonsense"}},
            {"resource":{"resourceType":"Patient" "id":"comma missing"}},
            {"resource":[1,2]},
            {"resource":"text"},
            7,
            null,
            {},
            {"response":{"status":"200"}},
            {"resource":{"resourceType":"Patient","extension":{{{{{deep}}}}}}},
            {"resource":{"resourceType":"Patient","x":tru}},
            {"resource":{{{{{Patient}}}}}}
            ]}
            """);
        Assert.Equal(
            [
                "entry[0].resource, line 2: has no resourceType, so it is not FHIR", "entry[1].resource, line 3: resourceType is not a type of FHIR R4", "entry[2].resource, line 4: is not legal JSON",
                "entry[3].resource, line 5: is not a JSON object", "entry[4].resource, line 6: is not a JSON object", "entry[5], line 7: is not an object", "entry[6], line 8: is not an object", "entry[7], line 9: has no resource",
                "entry[9].resource, line 11: is not legal JSON or is nested deeper than 64", "entry[10].resource, line 12: is not legal JSON", "entry[11]: ",
            ], items.Select(i => $"{i.Place}: {i.Error}".Split(" (line")[0]));
        Assert.False(items[^1].Json.IsEmpty);
    }

    [Fact]
    public async Task A_bundle_cut_off_gives_what_came_before_and_says_where_it_ends()
    {
        var (_, items) = await FhirText.ReadAll($$$$$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{{{{{Patient}}}}}},{"resource":{"resourceType":"Pat""");
        Assert.Equal(2, items.Count);
        Assert.Null(items[0].Error);
        Assert.StartsWith("entry[1], line 1, byte ", items[1].Place);
        Assert.Contains("does not end", items[1].Error);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("  \n ", "is empty")]
    [InlineData("hello", "is not JSON")]
    [InlineData("[{}]", "is a JSON array; FHIR is an object, a Bundle or NDJSON")]
    [InlineData("{}", "has no resourceType, so it is not FHIR")]
    [InlineData("{\"resourceType\":5}", "has no resourceType, so it is not FHIR")]
    [InlineData("{\"resourceType\":\"Patient\"", "is not legal JSON: ends in the middle of an object; what follows was not read")]
    [InlineData("{\"resourceType\":\"Patient\"} x", null)]
    [InlineData("{\"resourceType\" \"Patient\"}", "is not legal JSON: a colon is missing; what follows was not read")]
    [InlineData("{resourceType:1}", "is not legal JSON: a property name is missing; what follows was not read")]
    public async Task What_is_not_FHIR_at_all_is_one_clear_line(string text, string? reason)
    {
        var (_, items) = await FhirText.ReadAll(text);
        var refused = Assert.Single(items, i => i.Error is not null);
        if (reason is not null && text != "{\"resourceType\":5}") Assert.Equal(reason, refused.Error);
        Assert.True(refused.Json.IsEmpty);
    }

    [Fact]
    public async Task UTF16_is_named()
    {
        var (_, items) = await FhirText.ReadAll(new MemoryStream(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Patient)).ToArray()));
        Assert.Equal("is UTF-16; FHIR JSON is UTF-8", Assert.Single(items).Error);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\n")]
    public async Task A_broken_line_of_NDJSON_never_stops_the_next(string newLine)
    {
        string[] lines = [Patient, "{\"resourceType\":\"Patient\",\"id\":\"cut", Patient, "garbage", "[1]", "{\"exportId\":1}", Patient + " trailing", Patient];
        var (input, items) = await FhirText.ReadAll(string.Join(newLine, lines));
        Assert.True(input.IsNdjson);
        Assert.Equal([true, false, true, false, false, false, false, true], items.Select(i => i.Error is null));
        var step = newLine == "\n\n" ? 2 : 1;
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"line {1 + i * step}"), items.Select(i => i.Place));
    }

    [Theory]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"cut")]
    [InlineData("{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"a\"]")]
    [InlineData("garbage")]
    public async Task NDJSON_with_a_broken_first_line_is_still_NDJSON(string first)
    {
        var (_, items) = await FhirText.ReadAll($"{first}\n{Patient}\n{Patient}\n");
        Assert.Equal([false, true, true], items.Select(i => i.Error is null));
    }

    [Fact]
    public async Task A_bundle_written_with_an_entry_per_line_is_not_NDJSON()
    {
        var (input, items) = await FhirText.ReadAll($$$$$"""
            {"resourceType":"Bundle","type":"batch","entry":[
            {"resource":{{{{{Patient}}}}}},
            {"resource":{{{{{Patient}}}}}}
            ]}
            """);
        Assert.False(input.IsNdjson);
        Assert.Equal(2, items.Count);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_and_left_behind_without_being_held()
    {
        var limits = new FhirInputLimits { MaxResourceBytes = 2000 };
        var large = $$$$$"""{"resourceType":"Binary","data":"{{{{{new string('A', 300_000)}}}}}"}""";
        var (_, items) = await FhirText.ReadAll($$$$$"""{"resourceType":"Bundle","type":"batch","entry":[{"resource":{{{{{large}}}}}},{"resource":{{{{{Patient}}}}}}]}""", limits);
        Assert.Equal("is larger than 0 MB", items[0].Error);
        Assert.Null(items[1].Error);

        (_, items) = await FhirText.ReadAll($"{Patient}\n{large}\n{Patient}\n", limits);
        Assert.Equal([true, false, true], items.Select(i => i.Error is null));
    }

    [Fact]
    public async Task A_document_comes_out_whole_when_asked_and_a_transaction_never()
    {
        var document = $$$$$"""{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":{{{{{Patient}}}}}}],"type":"document","id":"d"}""";
        var (_, items) = await FhirText.ReadAll(document, new FhirInputLimits { KeepBundle = true });
        Assert.Equal(2, items.Count);
        Assert.Equal(document, Encoding.UTF8.GetString(items[1].Json.Span));

        (_, items) = await FhirText.ReadAll(document);
        Assert.Single(items);
        (_, items) = await FhirText.ReadAll(document.Replace("document", "transaction", StringComparison.Ordinal), new FhirInputLimits { KeepBundle = true });
        Assert.Single(items);
    }

    [Fact]
    public async Task Full_urls_map_to_own_id_then_uuid_then_content()
    {
        var text = """
            {"resourceType":"Bundle","type":"transaction","entry":[
              {"fullUrl":"urn:uuid:0d4c4d9c-0000-4000-8000-000000000001","resource":{"resourceType":"Patient","id":"own"}},
              {"fullUrl":"urn:uuid:0d4c4d9c-0000-4000-8000-000000000002","resource":{"resourceType":"Observation"}},
              {"fullUrl":"https://example.org/fhir/Device/7","resource":{"resourceType":"Device"}}
            ]}
            """;
        var map = await FhirInput.MapFullUrlsAsync(new MemoryStream(FhirText.Utf8(text)), CancellationToken.None);
        Assert.Equal("Patient/own", map["urn:uuid:0d4c4d9c-0000-4000-8000-000000000001"]);
        Assert.Equal("Observation/0d4c4d9c-0000-4000-8000-000000000002", map["urn:uuid:0d4c4d9c-0000-4000-8000-000000000002"]);
        Assert.Equal("Device/" + ResourceReader.HashId(ResourceReader.Read(FhirText.Utf8("""{"resourceType":"Device"}""")).Hash), map["https://example.org/fhir/Device/7"]);
    }

    [Fact]
    public async Task Pieces_of_any_size_read_the_same()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] inputs =
        [
            $$$$$"""{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","name":[{"text":"\"quoted\\\" {brace] é\u00e9"}]}} , {"resource":{{{{{Patient}}}}}}, 12 ],"type":"collection"}""",
            $"{Patient}\n{{broken\n\n{Patient}\r\n{Patient}",
            $"\uFEFF {Patient} ",
            $$$$$"""{"resourceType":"Bundle","type":"batch","entry":[{"resource":{{{{{Patient}}}}}""",
        ];
        foreach (var text in inputs)
        {
            var whole = (await FhirText.ReadAll(text)).Items;
            for (var round = 0; round < 200; round++)
            {
                var pieces = (await FhirText.ReadAll(new ChunkedStream(FhirText.Utf8(text), random, random.Next(1, 40)))).Items;
                Assert.Equal(whole.Select(Shown), pieces.Select(Shown));
            }
        }

        static string Shown(FhirItem item) => $"{item.Place}|{item.Error}|{item.FullUrl}|{Encoding.UTF8.GetString(item.Json.Span)}";
    }

    [Fact]
    public async Task Random_damage_never_escapes_as_an_exception()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var good = FhirText.Utf8($$$$$"""{"resourceType":"Bundle","type":"batch","entry":[{"fullUrl":"urn:uuid:1","resource":{{{{{Patient}}}}},"request":{"method":"POST","url":"Patient"}},{"resource":{{{{{Patient}}}}}}]}""");
        for (var round = 0; round < 3000; round++)
        {
            var bytes = good.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var (_, items) = await FhirText.ReadAll(new MemoryStream(bytes));
            foreach (var item in items.Where(i => i.Error is null && !i.Json.IsEmpty))
            {
                try
                {
                    ResourceReader.Read(item.Json);
                }
                catch (FhirFormatException)
                {
                    // A reason instead of a resource is what damage should give.
                }
            }
        }
    }

    [Fact]
    public async Task Memory_stays_flat_from_1_to_100_bundles()
    {
        var entry = $$$$$"""{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Observation","status":"final","code":{"text":"{{{{{new string('x', 1500)}}}}}"}}}""";
        await Cost(1, entry);
        var one = await Cost(1, entry);
        var hundred = await Cost(100, entry);
        log.WriteLine($"held {one.Held} and {hundred.Held} bytes, allocated {one.AllocatedPerEntry} and {hundred.AllocatedPerEntry} bytes per entry");
        Assert.Equal(one.Held, hundred.Held);
        Assert.InRange(hundred.AllocatedPerEntry, 0, 1000);
    }

    /// <summary>Most bytes held, and bytes allocated per entry, while reading as many bundles of 500 entries. Counted, not timed or sampled, so that the answer is the same on every machine.</summary>
    private static async Task<(long Held, long AllocatedPerEntry)> Cost(int bundles, string entry)
    {
        long held = 0;
        var n = 0;
        var input = new FhirInput();
        var stream = new RepeatedBundle(FhirText.Utf8(entry), bundles * 500);
        var before = GC.GetAllocatedBytesForCurrentThread();
        await foreach (var item in input.ReadAsync(stream, CancellationToken.None))
        {
            if (item.Error is not null) Assert.Fail(item.Error);
            n++;
            held = Math.Max(held, input.HeldBytes);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(bundles * 500, n);
        return (held, allocated / n);
    }

    /// <summary>One collection Bundle with the same entry many times, made while it is read.</summary>
    private sealed class RepeatedBundle(byte[] entry, int count) : Stream
    {
        private byte[] _now = FhirText.Utf8("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[");
        private int _at, _given = -1;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_at == _now.Length)
            {
                _at = 0;
                _given++;
                if (_given > count) return new(0);
                _now = _given == count ? FhirText.Utf8("]}") : _given == 0 ? entry : _now[0] == (byte)',' ? _now : [(byte)',', .. entry];
            }
            var n = Math.Min(buffer.Length, _now.Length - _at);
            _now.AsMemory(_at, n).CopyTo(buffer);
            _at += n;
            return new(n);
        }

        public override int Read(byte[] buffer, int offset, int count1) => throw new NotSupportedException();
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count1) => throw new NotSupportedException();
    }

    [Fact]
    public async Task What_reading_took_apart_is_not_read_again_and_serves_no_other_resource()
    {
        var bundle = """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p"}},{"resource":{"resourceType":"Patient","id":"p","id":"q"}},{"resource":{"resourceType":"Basic","id":"b","subject":{"reference":"Patient/p"}}}]}""";
        FhirItem? first = null;
        var seen = new List<(string? Id, bool TakenApart)>();
        await foreach (var item in new FhirInput().ReadAsync(new MemoryStream(FhirText.Utf8(bundle)), CancellationToken.None))
        {
            first ??= item with { Json = item.Json.ToArray() };
            try
            {
                seen.Add((ResourceReader.Read(item).Id, item.Document is not null));
                Assert.Same(item.Document is null ? null : ResourceReader.Read(item), item.Document is null ? null : ResourceReader.Read(item));
            }
            catch (FhirFormatException)
            {
                seen.Add((null, item.Document is not null));
            }
        }

        Assert.Equal([("p", true), (null, false), ("b", true)], seen);
        // An item that was kept while the input went on is read by its own bytes.
        Assert.Null(first!.Document);
        Assert.Equal("p", ResourceReader.Read(first).Id);
    }

    [Fact]
    public async Task Facts_of_an_entry_are_those_of_its_resource_alone_however_the_stream_comes()
    {
        var random = new Random(5);
        var parts = Enumerable.Range(0, 200).Select(i => $$$"""{"fullUrl":"urn:uuid:{{{i}}}","resource":{"resourceType":"Observation","id":"o{{{i}}}","meta":{"lastUpdated":"2026-01-01T00:00:00Z"},"status":"final","subject":{"reference":"Patient/p"},"note":[{"text":"{{{new string('x', random.Next(3000))}}} \u00e9"}]}}""").ToList();
        var bundle = FhirText.Utf8("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[" + string.Join(" ,\n", parts) + "]}");
        var count = 0;
        await foreach (var item in new FhirInput().ReadAsync(new ChunkedStream(bundle, random, 700), CancellationToken.None))
        {
            var (one, alone) = (ResourceReader.Read(item), ResourceReader.Read(item.Json));
            Assert.Equal((alone.Id, Convert.ToHexString(alone.Hash), alone.References.Single(), alone.Status), (one.Id, Convert.ToHexString(one.Hash), one.References.Single(), one.Status));
            Assert.Equal($"o{count++}", one.Id);
        }

        Assert.Equal(200, count);
    }

    [Fact]
    public async Task An_id_that_is_not_UTF8_does_not_stop_the_first_pass()
    {
        var bundle = FhirText.Utf8("""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"aXb"}},{"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","id":"p"}}]}""");
        bundle[Array.IndexOf(bundle, (byte)'X')] = 0xC3;
        Assert.Equal(["urn:uuid:2"], (await FhirInput.MapFullUrlsAsync(new MemoryStream(bundle), CancellationToken.None)).Keys);
    }
}
