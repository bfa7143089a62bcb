using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>How much one input may ask of us.</summary>
public sealed record FhirInputLimits
{
    /// <summary>Largest single resource, NDJSON line or Bundle entry, in bytes.</summary>
    public int MaxResourceBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Largest Bundle that is kept whole when asked.</summary>
    public int MaxBundleBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>When true, a Bundle that is a record of its own (document, message, or of an unknown type) comes out as the last item, after its entries. Bundles that only carry (transaction, batch, collection, searchset, history, responses) never do.</summary>
    public bool KeepBundle { get; init; }

    /// <summary>Only what stands where is asked for: resources are checked and not taken apart.</summary>
    internal bool HeadsOnly { get; init; }
}

/// <summary>
/// Reads FHIR out of a stream, one resource at a time: a Bundle of any type, a single resource, or NDJSON, told apart by their bytes.
/// Memory holds one entry, not the file. One instance reads one stream once.
/// </summary>
/// <remarks>
/// The outer structure is followed by brackets and quotes only, so that a syntax error inside one entry costs that entry and not the rest.
/// Every entry is then read by a real JSON reader before it is given out.
/// </remarks>
public sealed class FhirInput(FhirInputLimits? limits = null)
{
    private readonly FhirInputLimits _limits = limits ?? new();

    // One for all resources of the input: each is valid until the next.
    private readonly FhirDocument _document = new();
    private ByteWindow _in = null!;
    private List<byte[]>? _kept;
    private long _keptBytes;
    private bool _keptTooLarge;

    /// <summary>The Bundle's type; null while it is not known (it may stand behind the entries) and for other input.</summary>
    public string? BundleType { get; private set; }

    /// <summary>True once the input has proved to be a Bundle.</summary>
    public bool IsBundle { get; private set; }

    /// <summary>True once the input has proved to be NDJSON.</summary>
    public bool IsNdjson { get; private set; }

    /// <summary>Bytes read so far, for progress.</summary>
    public long BytesRead => _in?.Total ?? 0;

    /// <summary>Bytes held right now, for the test that memory does not grow with the input.</summary>
    internal long HeldBytes => (_in?.Capacity ?? 0) + (_kept is null ? 0 : _keptBytes);

    /// <summary>First pass for references: full URL to <c>Type/id</c> of every entry, by the rule of <see cref="ResourceReader.IdentityOf"/>. Entries that are not FHIR are left out.</summary>
    public static async Task<Dictionary<string, string>> MapFullUrlsAsync(Stream stream, CancellationToken ct)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        var input = new FhirInput(new FhirInputLimits { HeadsOnly = true });
        await foreach (var item in input.ReadAsync(stream, ct))
        {
            if (item.FullUrl is null || item.Json.IsEmpty) continue;
            try
            {
                var (type, id) = input._head is { Type: not null } head ? head : Head(item.Json.Span);
                id ??= ResourceReader.UuidOf(item.FullUrl);
                if (id is null || !ResourceReader.IsId(id)) id = ResourceReader.IdentityOf(ResourceReader.Read(item.Json), item.FullUrl);
                map.TryAdd(item.FullUrl, $"{type}/{id}");
            }
            catch (Exception fault) when (fault is FhirFormatException or InvalidOperationException)
            {
                // Not FHIR, or an id that is not UTF-8: the reading proper says so.
            }
        }
        return map;
    }

    /// <summary>The items in the order of the input. Each item's bytes are valid until the next is asked for.</summary>
    public async IAsyncEnumerable<FhirItem> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken ct)
    {
        if (_in is not null) throw new InvalidOperationException("One FhirInput reads one stream once.");
        _in = new ByteWindow(stream);
        try
        {
            await _in.FillAsync(4, ct);
            if (_in.Rest.StartsWith("\uFEFF"u8)) _in.Advance(3);
            if (_in.Rest is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            {
                yield return Refused("", "is UTF-16; FHIR JSON is UTF-8");
                yield break;
            }
            if (await StartsAsLinesAsync(ct))
            {
                await foreach (var item in LinesAsync(ct)) yield return item;
                yield break;
            }
            if (!await SkipSpaceAsync(ct))
            {
                yield return Refused("", "is empty");
                yield break;
            }
            if (_in.Rest[0] != (byte)'{')
            {
                yield return Refused(Position(0), _in.Rest[0] == (byte)'[' ? "is a JSON array; FHIR is an object, a Bundle or NDJSON" : "is not JSON");
                yield break;
            }

            await foreach (var item in RootAsync(ct)) yield return item;
            if (_broken) yield break;

            if (!await SkipSpaceAsync(ct)) yield break;
            if (_in.Line == 1)
            {
                yield return Refused(Position(0), "text follows the end of the resource");
                yield break;
            }
            // The first line was a resource or a Bundle of its own: the rest is NDJSON.
            await foreach (var item in LinesAsync(ct)) yield return item;
        }
        finally
        {
            _in.Dispose();
            _document.Dispose();
        }
    }

    // ---- NDJSON ------------------------------------------------------------------------------------------------------

    private const int Peek = 1024 * 1024;

    /// <summary>
    /// Whether the input is NDJSON, told from its first two lines. A line that begins with a brace at its very start cannot continue a JSON text unless the line before
    /// ended in one of <c>[ , :</c>; this also finds NDJSON whose first line is broken.
    /// </summary>
    private async ValueTask<bool> StartsAsLinesAsync(CancellationToken ct)
    {
        var asked = 4096;
        while (true)
        {
            await _in.FillAsync(asked, ct);
            var verdict = LooksLikeLines(_in.Rest, _in.AtEnd);
            if (verdict is not null) return verdict.Value;
            if (_in.AtEnd || asked >= Peek) return false;
            asked *= 4;
        }
    }

    private static bool? LooksLikeLines(ReadOnlySpan<byte> text, bool atEnd)
    {
        var start = text.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0) return atEnd ? false : null;
        text = text[start..];
        var end = text.IndexOf((byte)'\n');
        if (end < 0) return atEnd ? false : null;
        var first = text[..end].TrimEnd(" \t\r"u8);
        var next = text[(end + 1)..];
        var second = next.IndexOfAnyExcept("\r\n"u8);
        if (second < 0) return atEnd ? false : null;
        if (next[second] != (byte)'{') return false;
        return first is not [.., (byte)'[' or (byte)',' or (byte)':'];
    }

    private async IAsyncEnumerable<FhirItem> LinesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        IsNdjson = true;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var line = _in.Line;
            var length = await LineAsync(ct);
            if (length == int.MinValue) yield break;
            var place = $"line {line}";
            if (length < 0)
            {
                yield return Refused(place, TooLarge);
                continue;
            }
            var text = _in.Memory(length);
            var from = text.Span.IndexOfAnyExcept(" \t\r\n"u8);
            if (from >= 0)
            {
                text = text[from..].TrimEnd(" \t\r\n"u8);
                yield return Resource(text, place);
            }
            _in.Advance(length);
        }
    }

    /// <summary>Bytes up to and including the next line break; -1 when the line is too long (it is then skipped already); int.MinValue at the end.</summary>
    private async ValueTask<int> LineAsync(CancellationToken ct)
    {
        var seen = 0;
        while (true)
        {
            var found = _in.Rest[seen..].IndexOf((byte)'\n');
            if (found >= 0) return seen + found + 1;
            seen = _in.Rest.Length;
            if (seen > _limits.MaxResourceBytes)
            {
                while (true)
                {
                    var at = _in.Rest.IndexOf((byte)'\n');
                    if (at >= 0)
                    {
                        _in.Advance(at + 1);
                        return -1;
                    }
                    _in.Advance(_in.Rest.Length);
                    if (!await _in.FillAsync(1, ct)) return -1;
                }
            }
            if (!await _in.FillAsync(seen + 1, ct)) return seen == 0 ? int.MinValue : seen;
        }
    }

    // ---- one JSON object: a resource or a Bundle ---------------------------------------------------------------------

    private bool _broken;
    private string TooLarge => $"is larger than {_limits.MaxResourceBytes / (1024 * 1024.0):0.##} MB";

    private async IAsyncEnumerable<FhirItem> RootAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // Until the root has proved to be a Bundle everything is held, because it may be a single resource. `at` is how far we have understood it.
        var at = 1;
        string? type = null;
        var afterValue = false;

        // An `entry` that was passed before the root said what it is: read again if it says Bundle.
        var passedEntryAt = -1;
        _kept = _limits.KeepBundle ? [] : null;

        while (true)
        {
            // The next name, or the end of the object.
            var (found, position) = await NextAsync(at, ct);
            if (!found)
            {
                yield return Break(position, "ends in the middle of an object");
                yield break;
            }
            at = position;
            var c = _in.Rest[at];
            if (c == (byte)'}') break;
            if (afterValue)
            {
                if (c != (byte)',')
                {
                    yield return Break(at, "a comma is missing");
                    yield break;
                }
                (found, at) = await NextAsync(at + 1, ct);
                c = found ? _in.Rest[at] : (byte)0;
            }
            if (c != (byte)'"')
            {
                yield return Break(at, "a property name is missing");
                yield break;
            }
            var nameAt = at;
            var nameEnd = await ValueEndAsync(at, _limits.MaxResourceBytes, ct);
            if (nameEnd < 0)
            {
                yield return Break(at, "a property name does not end");
                yield break;
            }
            var name = Unquote(_in.Rest[nameAt..nameEnd]);
            (found, at) = await NextAsync(nameEnd, ct);
            if (!found || _in.Rest[at] != (byte)':')
            {
                yield return Break(at, "a colon is missing");
                yield break;
            }
            (found, at) = await NextAsync(at + 1, ct);
            if (!found)
            {
                yield return Break(at, "ends in the middle of an object");
                yield break;
            }

            if (name == "entry" && _in.Rest[at] == (byte)'[' && (type is null or "Bundle") && (type == "Bundle" || await LooksLikeBundleEntriesAsync(at + 1, ct)))
            {
                IsBundle = true;
                Consume(at + 1);
                await foreach (var item in EntriesAsync(ct)) yield return item;
                if (_broken) yield break;
                at = 0;
                afterValue = true;
                continue;
            }

            if (name == "entry" && type == "Bundle") yield return Refused("entry", "is not an array");
            else if (name == "entry" && type is null && _in.Rest[at] == (byte)'[') passedEntryAt = at;

            var limit = _limits.MaxResourceBytes;
            var end = await ValueEndAsync(at, limit, ct);
            if (end == NeverEnds)
            {
                yield return Break(at, $"{Shown(name)} does not end");
                yield break;
            }
            if (end == TooLong || end > limit && !IsBundle && type != "Bundle")
            {
                yield return Break(at, TooLarge);
                yield break;
            }
            if (name == "resourceType" && _in.Rest[at] == (byte)'"')
            {
                type = Unquote(_in.Rest[at..end]);
                if (type == "Bundle") IsBundle = true;
            }
            else if (name == "type" && _in.Rest[at] == (byte)'"' && BundleType is null)
            {
                // Taken as the Bundle's type only if the root turns out to be one.
                _rootType = Unquote(_in.Rest[at..end]);
            }
            if (IsBundle) BundleType = _rootType;
            afterValue = true;
            at = end;
            if (type == "Bundle" && passedEntryAt >= 0)
            {
                Consume(passedEntryAt + 1);
                passedEntryAt = -1;
                await foreach (var item in EntriesAsync(ct)) yield return item;
                if (_broken) yield break;
                at = 0;
            }
            else if (IsBundle)
            {
                Consume(at);
                at = 0;
            }
        }

        if (IsBundle)
        {
            if (type != "Bundle") yield return Refused("", type is null ? "has no resourceType, so it is not FHIR" : "has entries like a Bundle but says to be another type");
            Consume(at + 1);
            if (Kept() is { } bundle) yield return new FhirItem(bundle, null, null, null, null, null, "", null);
            else if (_keptTooLarge && CarriesOnly is false) yield return Refused("", "this Bundle is too large to keep whole; its entries were read");
            yield break;
        }

        var json = _in.Memory(at + 1);
        yield return Resource(json, "");
        _in.Advance(at + 1);
    }

    private string? _rootType;

    /// <summary>True for Bundles that only carry; false for those that are records; null while the type is unknown.</summary>
    private bool? CarriesOnly => BundleType is null ? null : BundleType is "transaction" or "batch" or "collection" or "searchset" or "history" or "transaction-response" or "batch-response";

    /// <summary>Leaves bytes of a Bundle behind; keeps a copy while the Bundle may have to come out whole.</summary>
    private void Consume(int count)
    {
        if (_kept is not null)
        {
            _keptBytes += count;
            if (CarriesOnly == true) _kept = null;
            else if (_keptBytes > _limits.MaxBundleBytes)
            {
                _kept = null;
                _keptTooLarge = true;
            }
            else _kept.Add(_in.Rest[..count].ToArray());
        }
        _in.Advance(count);
    }

    private byte[]? Kept()
    {
        if (_kept is null || CarriesOnly == true) return null;
        var whole = new byte[_keptBytes];
        var at = 0;
        foreach (var part in _kept)
        {
            part.CopyTo(whole, at);
            at += part.Length;
        }
        _kept = null;
        return whole;
    }

    /// <summary>When entries come before resourceType: a Bundle's entry holds a resource, a request, a response or a full URL, a List's entry does not.</summary>
    private async ValueTask<bool> LooksLikeBundleEntriesAsync(int at, CancellationToken ct)
    {
        var (found, position) = await NextAsync(at, ct);
        if (!found || _in.Rest[position] != (byte)'{') return false;
        (found, position) = await NextAsync(position + 1, ct);
        if (!found || _in.Rest[position] != (byte)'"') return false;
        var end = await ValueEndAsync(position, 1024, ct);
        return end > 0 && Unquote(_in.Rest[position..end]) is "resource" or "fullUrl" or "request" or "response" or "search" or "link";
    }

    private async IAsyncEnumerable<FhirItem> EntriesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (var index = 0; ; index++)
        {
            ct.ThrowIfCancellationRequested();
            var place = $"entry[{index}]";
            var (found, at) = await NextAsync(0, ct);
            if (!found)
            {
                yield return Break(at, "ends in the middle of the entries", place);
                yield break;
            }
            if (_in.Rest[at] == (byte)']')
            {
                Consume(at + 1);
                yield break;
            }
            if (index > 0)
            {
                if (_in.Rest[at] != (byte)',')
                {
                    yield return Break(at, "a comma is missing", place);
                    yield break;
                }
                (found, at) = await NextAsync(at + 1, ct);
                if (!found)
                {
                    yield return Break(at, "ends in the middle of the entries", place);
                    yield break;
                }
            }
            Consume(at);
            var line = _in.Line;

            // Nearly every entry is small, whole and sound: one pass takes it apart. The others are followed by their brackets first.
            await _in.FillAsync(Ahead, ct);
            if (TakeEntry(_in.Memory(_in.Rest.Length), place, out var length) is { } sound)
            {
                yield return sound;
                Consume(length);
                continue;
            }

            // Room for what an entry has beside its resource.
            var end = await ValueEndAsync(0, (long)_limits.MaxResourceBytes + 64 * 1024, ct);
            if (end == NeverEnds)
            {
                yield return Break(0, "does not end", place);
                yield break;
            }
            if (end == TooLong)
            {
                _kept = null;
                _keptTooLarge = true;
                var followed = await SkipValueAsync(ct);
                yield return Refused($"{place}.resource, line {line}", TooLarge);
                if (followed) continue;
                yield return Break(0, "does not end", place);
                yield break;
            }
            if ((TakeEntry(_in.Memory(end), place, out _) ?? ReadEntry(_in.Memory(end), place, line)) is { } item) yield return item;
            Consume(end);
        }
    }

    /// <summary>How much is read ahead before an entry is tried: most are smaller.</summary>
    private const int Ahead = 16 * 1024;

    /// <summary>Type and id of the item given last, when only heads are asked for.</summary>
    private (string? Type, string? Id) _head;

    /// <summary>
    /// The entry that begins these bytes, in one pass: its members, and its resource taken apart. Null when anything about it is not as it should be or the bytes end before it does;
    /// then <see cref="ReadEntry"/> says what.
    /// </summary>
    private FhirItem? TakeEntry(ReadOnlyMemory<byte> bytes, string place, out int length)
    {
        length = 0;
        string? fullUrl = null, method = null, url = null, ifNoneExist = null, ifMatch = null;
        int from = -1, to = -1;
        var reader = new Utf8JsonReader(bytes.Span, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 1024 }));
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (true)
            {
                if (!reader.Read()) return null;
                if (reader.TokenType == JsonTokenType.EndObject) break;
                if (reader.ValueTextEquals("fullUrl"u8))
                {
                    if (!TakeText(ref reader, out fullUrl)) return null;
                }
                else if (reader.ValueTextEquals("resource"u8))
                {
                    if (!reader.Read() || from >= 0) return null;
                    from = (int)reader.TokenStartIndex;
                    if (!(_limits.HeadsOnly ? TakeHead(ref reader) : ContentScan.Run(bytes, ref reader, _document) && _document.TwiceAt < 0)) return null;
                    to = (int)reader.BytesConsumed;
                }
                else if (reader.ValueTextEquals("request"u8))
                {
                    if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
                    while (true)
                    {
                        if (!reader.Read()) return null;
                        if (reader.TokenType == JsonTokenType.EndObject) break;
                        var read = reader.ValueTextEquals("method"u8) ? TakeText(ref reader, out method)
                            : reader.ValueTextEquals("url"u8) ? TakeText(ref reader, out url)
                            : reader.ValueTextEquals("ifNoneExist"u8) ? TakeText(ref reader, out ifNoneExist)
                            : reader.ValueTextEquals("ifMatch"u8) ? TakeText(ref reader, out ifMatch)
                            : reader.TrySkip();
                        if (!read) return null;
                    }
                }
                else if (!reader.TrySkip())
                {
                    return null;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FhirFormatException)
        {
            return null;
        }
        if (from < 0 || to - from > _limits.MaxResourceBytes) return null;
        var resource = bytes[from..to];
        if (!_limits.HeadsOnly && !IsSound(resource.Span)) return null;
        length = (int)reader.BytesConsumed;
        return new FhirItem(resource, fullUrl, method, url, ifNoneExist, ifMatch, place, null) { Document = _limits.HeadsOnly ? null : _document };
    }

    /// <summary>Whether what was taken apart is a FHIR resource on the outside.</summary>
    private bool IsSound(ReadOnlySpan<byte> resource) =>
        System.Text.Unicode.Utf8.IsValid(resource) && _document.RootElement.TryGetProperty("resourceType"u8, out var type) && FhirTypes.IsKnown(type.ValueKind == JsonValueKind.String ? type.GetString() : null);

    /// <summary>Reads over a resource with an eye on its type and id.</summary>
    private bool TakeHead(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        var outside = reader.CurrentDepth;
        _head = default;
        while (reader.Read())
        {
            if (reader.CurrentDepth >= outside + ContentScan.MaxDepth) return false;
            if (reader.CurrentDepth == outside) return FhirTypes.IsKnown(_head.Type);
            if (reader.CurrentDepth != outside + 1 || reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("resourceType"u8))
            {
                if (!TakeText(ref reader, out var type)) return false;
                _head.Type = type;
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                if (!TakeText(ref reader, out var id)) return false;
                _head.Id = id;
            }
        }
        return false;
    }

    private static bool TakeText(ref Utf8JsonReader reader, out string? text)
    {
        text = null;
        if (!reader.Read()) return false;
        if (reader.TokenType != JsonTokenType.String) return reader.TrySkip();
        text = reader.GetString();
        return true;
    }

    /// <summary>A resource that stands alone or on a line.</summary>
    private FhirItem Resource(ReadOnlyMemory<byte> json, string place)
    {
        _head = default;
        if (!_limits.HeadsOnly && json.Length <= _limits.MaxResourceBytes)
        {
            try
            {
                ContentScan.Run(json, _document);
                if (_document.TwiceAt < 0 && IsSound(json.Span)) return new FhirItem(json, null, null, null, null, null, place, null) { Document = _document };
            }
            catch (FhirFormatException)
            {
                // Said below, with its place.
            }
        }
        return Check(json.Span) is { } reason ? Refused(place, reason) : new FhirItem(json, null, null, null, null, null, place, null);
    }

    /// <summary>One entry. Null when it holds only a response: then there is nothing to read, and nothing is wrong.</summary>
    private FhirItem? ReadEntry(ReadOnlyMemory<byte> entry, string place, long line)
    {
        _head = default;
        string? fullUrl = null, method = null, url = null, ifNoneExist = null, ifMatch = null;
        int from = -1, to = -1;
        bool response = false, isSound = false;
        var reader = new Utf8JsonReader(entry.Span, new JsonReaderOptions { MaxDepth = 1024 });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return Refused($"{place}, line {line}", "is not an object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("fullUrl"u8)) fullUrl = NextText(ref reader);
                else if (reader.ValueTextEquals("resource"u8))
                {
                    reader.Read();
                    from = (int)reader.TokenStartIndex;
                    isSound = SkipResource(ref reader);
                    to = (int)reader.BytesConsumed;
                }
                else if (reader.ValueTextEquals("request"u8))
                {
                    reader.Read();
                    if (reader.TokenType != JsonTokenType.StartObject)
                    {
                        reader.Skip();
                        continue;
                    }
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        if (reader.ValueTextEquals("method"u8)) method = NextText(ref reader);
                        else if (reader.ValueTextEquals("url"u8)) url = NextText(ref reader);
                        else if (reader.ValueTextEquals("ifNoneExist"u8)) ifNoneExist = NextText(ref reader);
                        else if (reader.ValueTextEquals("ifMatch"u8)) ifMatch = NextText(ref reader);
                        else reader.Skip();
                    }
                }
                else
                {
                    response |= reader.ValueTextEquals("response"u8);
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var where = e is JsonException json ? line + (json.LineNumber ?? 0) : line;
            return Refused($"{place}.resource, line {where}", e is JsonException ? "is not legal JSON" : "holds text that is not UTF-8");
        }
        if (from < 0)
        {
            if (method is not null) return new FhirItem(default, fullUrl, method, url, ifNoneExist, ifMatch, place, null);
            return response ? null : Refused($"{place}, line {line}", "has no resource");
        }
        var resource = entry[from..to];
        return !(isSound && resource.Length <= _limits.MaxResourceBytes && System.Text.Unicode.Utf8.IsValid(resource.Span)) && Check(resource.Span) is { } reason
            ? Refused($"{place}.resource, line {line}", reason, fullUrl)
            : new FhirItem(resource, fullUrl, method, url, ifNoneExist, ifMatch, place, null);
    }

    /// <summary>Reads over a resource. True when it is legal, not too deep and of a known type; if not, <see cref="Check"/> says what is wrong.</summary>
    private static bool SkipResource(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }
        var outside = reader.CurrentDepth;
        bool known = false, deep = false;
        while (reader.Read() && reader.CurrentDepth > outside)
        {
            if (reader.CurrentDepth >= outside + ContentScan.MaxDepth) deep = true;
            if (reader.CurrentDepth != outside + 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("resourceType"u8)) continue;
            reader.Read();
            known = reader.TokenType == JsonTokenType.String && FhirTypes.IsKnown(reader.GetString()!);
        }
        return known && !deep;
    }

    private static string? NextText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    // ---- checks ------------------------------------------------------------------------------------------------------

    /// <summary>Why a piece of JSON is not a FHIR resource, or null. Only the outside: <see cref="ResourceReader"/> looks deeper.</summary>
    private string? Check(ReadOnlySpan<byte> json)
    {
        if (json.Length > _limits.MaxResourceBytes) return TooLarge;
        // The reader of JSON reads over names and values that nobody asks for, whatever their bytes are.
        if (!System.Text.Unicode.Utf8.IsValid(json)) return "holds text that is not UTF-8";
        if (json.IsEmpty || json[0] != (byte)'{') return json.IsEmpty || !"[\"tfn-0123456789"u8.Contains(json[0]) ? "is not JSON" : "is not a JSON object";
        try
        {
            var (type, _) = Head(json);
            if (type is null) return "has no resourceType, so it is not FHIR";
            return FhirTypes.IsKnown(type) ? null : "resourceType is not a type of FHIR R4";
        }
        catch (JsonException e)
        {
            return $"is not legal JSON or is nested deeper than {ContentScan.MaxDepth} ({ContentScan.Where(e)})";
        }
        catch (InvalidOperationException)
        {
            return "holds text that is not UTF-8";
        }
    }

    /// <summary>Type and id of a resource, by reading all of it once.</summary>
    private static (string? Type, string? Id) Head(ReadOnlySpan<byte> json)
    {
        string? type = null, id = null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ContentScan.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("resourceType"u8)) type = NextText(ref reader) ?? "";
            else if (reader.ValueTextEquals("id"u8)) id = NextText(ref reader);
            else reader.Skip();
        }
        // Whatever follows the object is an error too.
        while (reader.Read()) { }
        return (type, id);
    }

    private static FhirItem Refused(string place, string reason, string? fullUrl = null) => new(default, fullUrl, null, null, null, null, place, reason);

    /// <summary>The end of what can be followed.</summary>
    private FhirItem Break(int at, string reason, string? place = null)
    {
        _broken = true;
        _kept = null;
        return Refused(place is null ? Position(at) : $"{place}, {Position(at)}", $"is not legal JSON: {reason}; what follows was not read");
    }

    private string Position(int at) => $"line {_in.LineAt(at)}, byte {_in.Offset + at}";

    private static string Shown(string name) => name.Length <= 40 && name.All(char.IsAsciiLetterOrDigit) ? $"the value of {name}" : "a value";

    private static string Unquote(ReadOnlySpan<byte> quoted)
    {
        try
        {
            var reader = new Utf8JsonReader(quoted);
            return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    // ---- following brackets ------------------------------------------------------------------------------------------

    private const int NeverEnds = -1;
    private const int TooLong = -2;
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> EndOfPrimitive = SearchValues.Create(",}] \t\r\n"u8);

    private async ValueTask<bool> SkipSpaceAsync(CancellationToken ct)
    {
        while (true)
        {
            var at = _in.Rest.IndexOfAnyExcept(" \t\r\n"u8);
            if (at >= 0)
            {
                _in.Advance(at);
                return true;
            }
            _in.Advance(_in.Rest.Length);
            if (!await _in.FillAsync(1, ct)) return false;
        }
    }

    /// <summary>Position of the next byte that is not white space, from <paramref name="at"/> on.</summary>
    private async ValueTask<(bool Found, int At)> NextAsync(int at, CancellationToken ct)
    {
        while (true)
        {
            if (at < _in.Rest.Length)
            {
                var found = _in.Rest[at..].IndexOfAnyExcept(" \t\r\n"u8);
                if (found >= 0) return (true, at + found);
            }
            var have = _in.Rest.Length;
            if (have > _limits.MaxResourceBytes * 2L || !await _in.FillAsync(Math.Max(at, have) + 1, ct)) return (false, _in.Rest.Length);
        }
    }

    /// <summary>Position behind the value that begins at <paramref name="at"/>, or <see cref="NeverEnds"/>, or <see cref="TooLong"/>.</summary>
    private async ValueTask<int> ValueEndAsync(int at, long limit, CancellationToken ct)
    {
        var follow = new Follow();
        var position = at;
        while (true)
        {
            position += follow.Run(_in.Rest[position..]);
            if (follow.Done) return position;
            if (position - at > limit) return TooLong;
            if (!await _in.FillAsync(position + 1, ct)) return follow.EndsWithInput ? position : NeverEnds;
        }
    }

    /// <summary>Leaves a value behind without holding it.</summary>
    private async ValueTask<bool> SkipValueAsync(CancellationToken ct)
    {
        var follow = new Follow();
        while (true)
        {
            _in.Advance(follow.Run(_in.Rest));
            if (follow.Done) return true;
            if (!await _in.FillAsync(1, ct)) return false;
        }
    }

    /// <summary>Follows one JSON value by quotes and brackets over any number of pieces.</summary>
    private struct Follow
    {
        private int _depth;
        private bool _started, _inString, _escape, _primitive;

        public bool Done { get; private set; }

        /// <summary>A number or a literal may end where the input ends.</summary>
        public readonly bool EndsWithInput => _started && _primitive;

        /// <summary>Takes as much of <paramref name="text"/> as belongs to the value; how many bytes.</summary>
        public int Run(ReadOnlySpan<byte> text)
        {
            var i = 0;
            if (!_started && text.Length > 0)
            {
                _started = true;
                _primitive = text[0] is not ((byte)'"' or (byte)'{' or (byte)'[');
            }
            if (_primitive)
            {
                var end = text.IndexOfAny(EndOfPrimitive);
                if (end < 0) return text.Length;
                Done = true;
                return end;
            }
            while (i < text.Length)
            {
                if (_inString)
                {
                    if (_escape)
                    {
                        _escape = false;
                        i++;
                        continue;
                    }
                    var quote = text[i..].IndexOfAny((byte)'"', (byte)'\\');
                    if (quote < 0) return text.Length;
                    i += quote + 1;
                    if (text[i - 1] == (byte)'\\')
                    {
                        _escape = true;
                        continue;
                    }
                    _inString = false;
                    if (_depth == 0)
                    {
                        Done = true;
                        return i;
                    }
                    continue;
                }
                var next = text[i..].IndexOfAny(Structure);
                if (next < 0) return text.Length;
                i += next + 1;
                switch (text[i - 1])
                {
                    case (byte)'"': _inString = true; break;
                    case (byte)'{' or (byte)'[': _depth++; break;
                    default:
                        if (--_depth > 0) break;
                        Done = true;
                        return i;
                }
            }
            return i;
        }
    }

    /// <summary>A window that slides over a stream: bytes that were read and not yet left behind.</summary>
    private sealed class ByteWindow(Stream stream) : IDisposable
    {
        private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        private int _start, _length;

        /// <summary>Line of the window's first byte, from 1.</summary>
        public long Line { get; private set; } = 1;

        /// <summary>Offset of the window's first byte in the stream.</summary>
        public long Offset { get; private set; }

        public long Total { get; private set; }

        public bool AtEnd { get; private set; }

        public int Capacity => _buffer.Length;

        public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _length);

        public ReadOnlyMemory<byte> Memory(int length) => _buffer.AsMemory(_start, length);

        public long LineAt(int at) => Line + Rest[..Math.Min(at, _length)].Count((byte)'\n');

        public void Advance(int count)
        {
            Line += Rest[..count].Count((byte)'\n');
            Offset += count;
            _start += count;
            _length -= count;
        }

        /// <summary>Reads on until the window holds at least <paramref name="wanted"/> bytes; false when the stream ends before.</summary>
        public async ValueTask<bool> FillAsync(int wanted, CancellationToken ct)
        {
            while (_length < wanted && !AtEnd)
            {
                if (_start + wanted > _buffer.Length || _start + _length == _buffer.Length) MakeRoom(wanted);
                var n = await stream.ReadAsync(_buffer.AsMemory(_start + _length), ct);
                if (n == 0) AtEnd = true;
                _length += n;
                Total += n;
            }
            return _length >= wanted;
        }

        private void MakeRoom(int wanted)
        {
            if (wanted <= _buffer.Length / 2)
            {
                Rest.CopyTo(_buffer);
            }
            else
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, wanted + 1));
                Rest.CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
            _start = 0;
        }

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }
}
