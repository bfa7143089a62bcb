using System.Security.Cryptography;
using System.Text;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Import;

/// <summary>What of the store the references of a person may reach.</summary>
/// <param name="Sees">Whether what is stored is there for that person.</param>
/// <param name="MayAsk">Whether this patient may be found by an identifier of this system.</param>
internal sealed record ReferenceSight(Func<DbSession, StoredResource, bool> Sees, Func<string, string?, bool> MayAsk);

/// <summary>
/// What the references of one input mean: full URLs of a Bundle, conditional searches, names of people and places that were seen.
/// Holds the names of the last few thousand only, so memory does not grow with the input.
/// </summary>
internal sealed class ReferenceBook(CareDatabase database, IReadOnlyDictionary<string, string>? fullUrls = null, ReferenceSight? sight = null)
{
    private const int MostNames = 5_000;

    private readonly Dictionary<string, Named> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);

    /// <summary>References that were met in this input and whose target was not (yet) seen in it, as <c>Type/id</c>.</summary>
    public IReadOnlyCollection<string> Wanted => _wanted;

    /// <summary><c>Type/id</c> of a reference; null when it cannot be told.</summary>
    public string? Resolve(FhirReference reference)
    {
        if (reference.Literal is not { Length: > 0 } literal || literal[0] == '#')
            return reference.Identifier is { } identifier && ResourceReader.TargetType(reference) is { } type ? ByIdentifier(type, identifier.System, identifier.Code) : null;
        if (fullUrls?.TryGetValue(literal, out var inside) == true)
            return inside;
        if (literal.StartsWith("urn:", StringComparison.OrdinalIgnoreCase))
            return null;
        if (literal.IndexOf('?', StringComparison.Ordinal) is > 0 and var query)
            return Conditional(literal[..query], literal[(query + 1)..]);
        var history = literal.IndexOf("/_history/", StringComparison.Ordinal);
        var parts = (history > 0 ? literal[..history] : literal).Split('/');
        return parts.Length >= 2 && FhirTypes.IsKnown(parts[^2]) && ResourceReader.IsId(parts[^1]) ? $"{parts[^2]}/{parts[^1]}" : null;
    }

    /// <summary>The patient that a resource belongs to, also one that it carries inside itself.</summary>
    public PatientId? PatientOf(Prepared prepared) => prepared.ContainedPatient is { } description ? Described(description) : PatientOf(prepared.Facts);

    private static PatientId Described(string description) => new("ref-" + ResourceReader.HashId(SHA256.HashData(Encoding.UTF8.GetBytes(description)))[..24]);

    /// <summary>The patient that a resource belongs to.</summary>
    public PatientId? PatientOf(ResourceFacts facts)
    {
        if (facts.Patient is not { } reference)
            return null;
        if (Resolve(reference) is { } resolved)
            return resolved.StartsWith("Patient/", StringComparison.Ordinal) ? PatientId.TryParse(resolved[8..]) : null;
        // A patient that is only described (an identifier, a urn that nothing in the input has): one file per description.
        var description = reference.Identifier is { } identifier ? $"{identifier.System}|{identifier.Code}" : reference.Literal is { Length: > 0 } literal && literal[0] != '#' ? literal : null;
        return description is null ? null : Described(description);
    }

    /// <summary>Elements through which a resource holds parts of itself: what a plan plans, what a report or a panel is made of, what a document says, the appointment that became a contact.</summary>
    private static readonly HashSet<string> PartOf = new(StringComparer.Ordinal)
    {
        "CarePlan.activity.reference", "CarePlan.activity.outcomeReference", "DiagnosticReport.result", "DiagnosticReport.media.link", "Observation.hasMember", "Composition.section.entry", "Encounter.appointment",
        "AppointmentResponse.appointment",
    };

    /// <summary>What is part of a resource, as <c>Type/id</c>.</summary>
    public IReadOnlyList<string> BelongingTo(ResourceFacts facts) =>
        [.. facts.References.Where(r => PartOf.Contains($"{facts.Type}.{r.Path}")).Select(Resolve).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Remembers a resource of the input: its name, and what it points at.</summary>
    public void Meet(Prepared prepared)
    {
        var key = $"{prepared.Resource.Type}/{prepared.Resource.Id}";
        _met.Add(key);
        _wanted.Remove(key);
        if (_met.Count > 50_000)
            _met.Clear();
        foreach (var reference in prepared.Facts.References)
        {
            if (Resolve(reference) is { } target && !_met.Contains(target) && _wanted.Count < 20_000)
                _wanted.Add(target);
        }

        if (prepared.Words is not null && prepared.Resource.Type is "Practitioner" or "PractitionerRole" or "Organization" or "RelatedPerson" or "Patient" or "Location" or "Medication" or "Device" or "HealthcareService")
            Remember(key, new Named(prepared.Words, null, Disciplines.LineOf(prepared), Disciplines.Of(prepared)));
        else if (prepared is { Resource.Type: "Encounter", Entry: { } contact })
            Remember(key, new Named(prepared.Source ?? prepared.Author?.Name, Line: contact.Line ?? prepared.Author?.Line));
    }

    /// <summary>What is known of whom or what a reference names; looks in the store when the input has not shown it.</summary>
    public Named? NameOf(FhirReference reference)
    {
        if (Resolve(reference) is not { } key)
            return null;
        if (_names.TryGetValue(key, out var named))
            return named;
        if (EntryReference.Split(key) is not var (type, id) || type is not ("Practitioner" or "PractitionerRole" or "Organization" or "RelatedPerson" or "Location" or "Medication" or "Device" or "HealthcareService" or "Encounter"))
            return null;
        using var session = database.RentAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (CareStore.Find(session, type, id) is { } stored && (sight is null || sight.Sees(session, stored)))
        {
            var facts = ResourceReader.Read(CareStore.Json(session, stored), out var document);
            using (document)
                named = type == "Encounter" ? Contact(document.RootElement, facts) : new Named(TimelineFhir.WordsOf(document.RootElement), null, Disciplines.LineOf(facts), Disciplines.Of(facts));
        }

        return Remember(key, named ?? new Named(null));
    }

    /// <summary>Where the contact took place that a resource belongs to: the source of what names nobody itself.</summary>
    public Named? ContextOf(ResourceFacts facts) =>
        facts.References.FirstOrDefault(r => r.Path is "encounter" or "context" || r.Path.EndsWith(".encounter", StringComparison.Ordinal)) is { } contact && NameOf(contact) is { Name: not null } named ? named : null;

    private static Named Contact(FhirNode encounter, ResourceFacts facts)
    {
        var contact = TimelineFhir.Describe(encounter, facts);
        return new Named(contact?.Source?.Display ?? contact?.Author?.Display, Line: contact?.Line);
    }

    private Named Remember(string key, Named named)
    {
        if (_names.Count > MostNames)
            _names.Clear();
        return _names[key] = named;
    }

    /// <summary>How many resources a conditional reference matches, counted to two; null when the reference is none, or is a full URL of the input.</summary>
    public int? MatchesOf(FhirReference reference)
    {
        if (reference.Literal is not { } literal || literal.IndexOf('?', StringComparison.Ordinal) is not (> 0 and var at) || !FhirTypes.IsKnown(literal[..at]) || fullUrls?.ContainsKey(literal) == true)
            return null;
        if (Token(literal[(at + 1)..]) is var (system, value))
            return Found(literal[..at], system, value).Count;
        if (Conditional(literal[..at], literal[(at + 1)..]) is not { } key || EntryReference.Split(key) is not var (type, id))
            return 0;
        using var session = database.RentAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return CareStore.Find(session, type, id) is { } stored && (sight is null || sight.Sees(session, stored)) ? 1 : 0;
    }

    private static (string? System, string Value)? Token(string query)
    {
        if (query.Split('&').FirstOrDefault(p => p.StartsWith("identifier=", StringComparison.Ordinal)) is not { } part)
            return null;
        var token = Uri.UnescapeDataString(part[11..]);
        var bar = token.IndexOf('|', StringComparison.Ordinal);
        return bar < 0 ? (null, token) : (token[..bar], token[(bar + 1)..]);
    }

    private string? Conditional(string type, string query)
    {
        if (Token(query) is var (system, value))
            return ByIdentifier(type, system, value);
        foreach (var part in query.Split('&'))
        {
            if (part.StartsWith("_id=", StringComparison.Ordinal))
                return $"{type}/{part[4..]}";
        }

        return null;
    }

    private string? ByIdentifier(string type, string? system, string value) => Found(type, system, value) is [var id] ? $"{type}/{id}" : null;

    private IReadOnlyList<string> Found(string type, string? system, string value)
    {
        using var session = database.RentAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return sight is null
            ? CareStore.FindByIdentifier(session, type, system, value, 2)
            : [.. CareStore.FindByIdentifier(session, type, system, value).Where(id => CareStore.Find(session, type, id) is { } stored && sight.Sees(session, stored) && (type != "Patient" || sight.MayAsk(id, system))).Take(2)];
    }
}
