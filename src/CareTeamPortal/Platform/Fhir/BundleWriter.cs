using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>Writes Bundles out of resources that are bytes already.</summary>
public sealed class BundleWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _resource = new(4 * 1024);
    private readonly Utf8JsonWriter _json;
    private bool _inEntries;

    /// <param name="type">searchset, history, transaction-response, batch-response.</param>
    public BundleWriter(string type)
    {
        _json = new Utf8JsonWriter(_output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _json.WriteStartObject();
        _json.WriteString("resourceType"u8, "Bundle"u8);
        _json.WriteString("type"u8, type);
    }

    /// <summary>Number of all matches; before links and entries.</summary>
    public void Total(int total) => _json.WriteNumber("total"u8, total);

    /// <summary>Links; before entries. FHIR JSON knows no empty arrays: without a link nothing is written.</summary>
    public void Links(params ReadOnlySpan<(string Relation, string? Url)> links)
    {
        if (links.IsEmpty) return;
        _json.WriteStartArray("link"u8);
        foreach (var (relation, url) in links)
        {
            if (url is null) continue;
            _json.WriteStartObject();
            _json.WriteString("relation"u8, relation);
            _json.WriteString("url"u8, url);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    /// <summary>One stored resource, with the server's id and meta put in.</summary>
    /// <param name="mode"><c>match</c>, <c>include</c>, <c>outcome</c>; null for none.</param>
    public void Resource(string fullUrl, ReadOnlySpan<byte> json, string id, int version, DateTime lastUpdated, string? mode)
    {
        BeginEntry(fullUrl);
        _resource.ResetWrittenCount();
        MetaSplice.Write(json, id, version, lastUpdated, _resource);
        _json.WritePropertyName("resource"u8);
        _json.WriteRawValue(_resource.WrittenSpan, skipInputValidation: true);
        if (mode is not null)
        {
            _json.WriteStartObject("search"u8);
            _json.WriteString("mode"u8, mode);
            _json.WriteEndObject();
        }
        _json.WriteEndObject();
    }

    /// <summary>A resource that has its id and meta already.</summary>
    public void Whole(string fullUrl, ReadOnlySpan<byte> resource, string mode)
    {
        BeginEntry(fullUrl);
        _json.WritePropertyName("resource"u8);
        _json.WriteRawValue(resource, skipInputValidation: true);
        _json.WriteStartObject("search"u8);
        _json.WriteString("mode"u8, mode);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>An entry that holds issues about the search itself.</summary>
    public void Outcome(params ReadOnlySpan<FhirIssue> issues)
    {
        BeginEntry(null);
        _json.WritePropertyName("resource"u8);
        OperationOutcomes.Write(_json, issues);
        _json.WriteStartObject("search"u8);
        _json.WriteString("mode"u8, "outcome"u8);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>What became of one entry of a transaction or batch.</summary>
    public void Response(int status, string? location, int? version, DateTime? lastModified, ReadOnlySpan<byte> resource, params ReadOnlySpan<FhirIssue> issues)
    {
        BeginEntry(null);
        if (!resource.IsEmpty)
        {
            _json.WritePropertyName("resource"u8);
            _json.WriteRawValue(resource, skipInputValidation: true);
        }
        _json.WriteStartObject("response"u8);
        _json.WriteString("status"u8, StatusLine(status));
        if (location is not null) _json.WriteString("location"u8, location);
        if (version is { } v) _json.WriteString("etag"u8, $"W/\"{v}\"");
        if (lastModified is { } at) _json.WriteString("lastModified"u8, FhirDates.Instant(at));
        if (!issues.IsEmpty)
        {
            _json.WritePropertyName("outcome"u8);
            OperationOutcomes.Write(_json, issues);
        }
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>One version in a history.</summary>
    public void Version(string fullUrl, ReadOnlySpan<byte> json, string id, string url, int version, DateTime lastUpdated)
    {
        BeginEntry(fullUrl);
        _resource.ResetWrittenCount();
        MetaSplice.Write(json, id, version, lastUpdated, _resource);
        _json.WritePropertyName("resource"u8);
        _json.WriteRawValue(_resource.WrittenSpan, skipInputValidation: true);
        _json.WriteStartObject("request"u8);
        _json.WriteString("method"u8, version == 1 ? "POST"u8 : "PUT"u8);
        _json.WriteString("url"u8, url);
        _json.WriteEndObject();
        _json.WriteStartObject("response"u8);
        _json.WriteString("status"u8, version == 1 ? "201 Created"u8 : "200 OK"u8);
        _json.WriteString("etag"u8, $"W/\"{version}\"");
        _json.WriteString("lastModified"u8, FhirDates.Instant(lastUpdated));
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>The Bundle's bytes; nothing can be added afterwards.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        if (_inEntries) _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        return _output.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();

    private void BeginEntry(string? fullUrl)
    {
        if (!_inEntries) _json.WriteStartArray("entry"u8);
        _inEntries = true;
        _json.WriteStartObject();
        if (fullUrl is not null) _json.WriteString("fullUrl"u8, fullUrl);
    }

    private static string StatusLine(int status) => status switch
    {
        200 => "200 OK", 201 => "201 Created", 204 => "204 No Content", 400 => "400 Bad Request", 403 => "403 Forbidden", 404 => "404 Not Found", 405 => "405 Method Not Allowed",
        409 => "409 Conflict", 412 => "412 Precondition Failed", 422 => "422 Unprocessable Entity", 428 => "428 Precondition Required", _ => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
