using System.Buffers;
using CareTeamPortal.Platform.Fhir;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace CareTeamPortal.Features.Exchange;

/// <summary>What FHIR reads of an HTTP request: parameters, preferences, versions, bodies.</summary>
internal static class FhirRequest
{
    /// <summary>Largest single resource.</summary>
    public const int MostResourceBytes = 16 * 1024 * 1024;

    /// <summary>Largest Bundle.</summary>
    public const int MostBundleBytes = 64 * 1024 * 1024;

    /// <summary>Parameters of a query string or form, decoded, in order.</summary>
    public static List<KeyValuePair<string, string>> Parameters(string text)
    {
        var found = new List<KeyValuePair<string, string>>();
        foreach (var part in new QueryStringEnumerable(text)) found.Add(new(part.DecodeName().ToString(), part.DecodeValue().ToString()));
        return found;
    }

    /// <summary>Whether <c>Prefer</c> says this, as in <c>return=minimal</c>.</summary>
    public static bool Prefers(HttpRequest request, string preference) =>
        request.Headers["Prefer"].Any(h => h is not null && h.Split([',', ';']).Any(p => p.Trim().Equals(preference, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The version in <c>If-Match</c>; null when it is absent, -1 when it is no version.</summary>
    public static int? IfMatch(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString().Trim();
        if (text.Length == 0) return null;
        text = text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text;
        return int.TryParse(text.Trim('"'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : -1;
    }

    /// <summary>The body, or why it cannot be taken.</summary>
    public static async Task<(byte[]? Body, FhirAnswer? Refusal)> BodyAsync(HttpRequest request, int most, CancellationToken ct)
    {
        var type = request.ContentType is { } content ? content.Split(';')[0].Trim().ToLowerInvariant() : "";
        if (type is not ("application/fhir+json" or "application/json" or "application/json+fhir" or "text/json" or "application/fhir+ndjson" or "application/ndjson" or "application/x-ndjson"))
            return (null, FhirAnswer.Refuse(415, FhirIssue.Error("not-supported", "Send application/fhir+json.")));
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most;
        if (request.ContentLength > most) return (null, TooLarge(most));
        var output = new ArrayBufferWriter<byte>((int)Math.Min(request.ContentLength ?? 4096, most) + 1);
        while (true)
        {
            var n = await request.Body.ReadAsync(output.GetMemory(4096), ct);
            if (n == 0) break;
            output.Advance(n);
            if (output.WrittenCount > most) return (null, TooLarge(most));
        }
        return output.WrittenCount == 0
            ? (null, FhirAnswer.Refuse(400, FhirIssue.Error("required", "The body is empty.")))
            : (output.WrittenSpan.ToArray(), null);
    }

    private static FhirAnswer TooLarge(int most) => FhirAnswer.Refuse(413, FhirIssue.Error("too-long", $"The body is larger than {most / (1024 * 1024)} MB."));
}
