using System.Globalization;
using System.Text.Json;

namespace CareTeamPortal.Platform.Fhir;

/// <summary>A search cannot be answered as it was asked; becomes a 400 with this issue.</summary>
public sealed class FhirSearchException(FhirIssue issue) : Exception(issue.Diagnostics)
{
    public FhirIssue Issue { get; } = issue;
}

/// <summary>One range of time that a resource must stand in some relation to.</summary>
/// <param name="Prefix">eq, ne, gt, lt, ge, le, sa, eb or ap.</param>
/// <param name="Start">First moment of the value, UTC.</param>
/// <param name="End">First moment after it.</param>
public readonly record struct DateCondition(string Prefix, DateTime Start, DateTime End)
{
    /// <summary>FHIR R4, search, 3.1.1.4.7: both sides are ranges. <paramref name="to"/> is exclusive; an instant lasts one tick here.</summary>
    public bool Holds(DateTime from, DateTime to)
    {
        if (to <= from) to = from < DateTime.MaxValue ? from.AddTicks(1) : from;
        return Prefix switch
        {
            "ne" => !(Start <= from && to <= End),
            "gt" => to > End,
            "lt" => from < Start,
            "ge" => to > End || Start <= from && to <= End,
            "le" => from < Start || Start <= from && to <= End,
            "sa" => from >= End,
            "eb" => to <= Start,
            "ap" => from < End && to > Start,
            _ => Start <= from && to <= End,
        };
    }
}

/// <summary>One token that a resource must carry: <c>system|code</c>, <c>|code</c> (no system), <c>system|</c> (any code) or <c>code</c> (any system).</summary>
/// <param name="System">Null: any. Empty: none.</param>
/// <param name="Code">Null: any.</param>
public readonly record struct TokenCondition(string? System, string? Code)
{
    public bool Holds(ReadOnlySpan<char> system, ReadOnlySpan<char> code) => (System is null || system.SequenceEqual(System)) && (Code is null || code.SequenceEqual(Code));
}

/// <summary>What only tasks are searched by.</summary>
/// <param name="Owners">References, <c>Practitioner/x</c>; any of them.</param>
/// <param name="Requesters">References; any of them.</param>
/// <param name="Priorities">FHIR codes; any of them.</param>
/// <param name="Periods">Conditions on executionPeriod: from when somebody took it on until it was closed.</param>
public sealed record TaskConditions(IReadOnlyList<string>? Owners = null, IReadOnlyList<string>? Requesters = null, IReadOnlyList<string>? Priorities = null, IReadOnlyList<IReadOnlyList<DateCondition>>? Periods = null)
{
    /// <summary>Names somebody.</summary>
    public bool IsBound => Owners is not null || Requesters is not null;
}

/// <summary>A search as asked, read and checked. Repeated parameters must all hold, values parted by commas are alternatives.</summary>
public sealed record SearchQuery
{
    public const int DefaultCount = 50;
    public const int MostCount = 500;

    /// <summary>Resource type.</summary>
    public required string Type { get; init; }
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Patient ids, from patient or subject. Empty: nothing can match (a reference to something else than a patient here).</summary>
    public IReadOnlyList<string>? Patients { get; init; }

    /// <summary>Patients by identifier (<c>patient.identifier</c>).</summary>
    public IReadOnlyList<TokenCondition>? PatientIdentifiers { get; init; }
    public IReadOnlyList<IReadOnlyList<TokenCondition>> Identifiers { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<DateCondition>> Dates { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<DateCondition>> LastUpdated { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<TokenCondition>> Codes { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<TokenCondition>> Categories { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<string>> Statuses { get; init; } = [];

    /// <summary>Canonical addresses of a definition.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Urls { get; init; } = [];

    /// <summary>What is asked of elements that no index holds.</summary>
    public IReadOnlyList<ContentCondition> Content { get; init; } = [];

    /// <summary>Who did it, as references: of an AuditEvent. Null: anybody.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>What a search for tasks asks besides; null when nothing.</summary>
    public TaskConditions? Tasks { get; init; }

    /// <summary>Folded beginnings of names that must occur: of any name, the family name, a given name.</summary>
    public IReadOnlyList<(string Where, IReadOnlyList<string> Beginnings)> Names { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<DateCondition>> BirthDates { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<string>> Genders { get; init; } = [];

    /// <summary><c>_lastUpdated</c>, <c>date</c>, <c>_id</c> or <c>family</c>.</summary>
    public string Sort { get; init; } = "_lastUpdated";
    public bool Descending { get; init; } = true;
    public int Count { get; init; } = DefaultCount;

    /// <summary>What is sorted by is a word, not a number.</summary>
    public bool SortsByWord => Sort is "_id" or "owner" or "requester" or "code";

    /// <summary>References of a match whose resources come along: <c>patient</c>, and of a Task <c>owner</c> and <c>requester</c>.</summary>
    public IReadOnlySet<string> Includes { get; init; } = new HashSet<string>();

    /// <summary>Only the number is asked for.</summary>
    public bool CountOnly { get; init; }

    /// <summary>The exact number is asked for beside the page.</summary>
    public bool Total { get; init; }

    /// <summary>What was understood, for the self link.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Used { get; init; } = [];

    /// <summary>Parameters that were left out (only when the client asked for lenient handling).</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>True when nothing narrows the search to somebody or something.</summary>
    public bool IsUnbound => Ids is null && Patients is null && PatientIdentifiers is null && Identifiers.Count == 0 && Tasks is not { IsBound: true };

    /// <summary>Whether a stored resource matches, by what is indexed of it.</summary>
    public bool Matches(string? status, string? tokens, DateTime? from, DateTime? to, DateTime lastUpdated)
    {
        foreach (var any in Statuses)
            if (status is null || !any.Contains(status, StringComparer.Ordinal)) return false;
        foreach (var any in LastUpdated)
            if (!any.Any(c => c.Holds(lastUpdated, lastUpdated))) return false;
        foreach (var any in Dates)
            if (from is not { } f || !any.Any(c => c.Holds(f, to ?? f))) return false;
        foreach (var any in Codes)
            if (!AnyToken(tokens, 'c', any)) return false;
        foreach (var any in Categories)
            if (!AnyToken(tokens, 'g', any)) return false;
        return true;
    }

    /// <summary>Whether the resource itself matches, in what is not indexed of it.</summary>
    public bool MatchesContent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Content.All(c => c.Holds(document.RootElement));
    }

    /// <summary>Looks through the store's token column: lines of <c>c:system|code</c> and <c>g:system|code</c>.</summary>
    private static bool AnyToken(string? tokens, char kind, IReadOnlyList<TokenCondition> any)
    {
        if (tokens is null) return false;
        foreach (var line in tokens.AsSpan().EnumerateLines())
        {
            if (line.Length < 3 || line[0] != kind || line[1] != ':') continue;

            // A system has no bar in it (it is a URI), a code may.
            var bar = line.IndexOf('|');
            var system = bar < 0 ? default : line[2..bar];
            var code = bar < 0 ? line[2..] : line[(bar + 1)..];
            foreach (var condition in any)
                if (condition.Holds(system, code)) return true;
        }
        return false;
    }
}

/// <summary>Reads search parameters. The tables here are also what the CapabilityStatement says.</summary>
public static class SearchParameters
{
    /// <summary>What every type can be searched by.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Documentation)> Common { get; } =
    [
        ("_id", "token", "Id of the resource"),
        ("_lastUpdated", "date", "When this version was stored; prefixes eq ne gt lt ge le sa eb ap"),
        ("identifier", "token", "Business identifier: system|value"),
    ];

    /// <summary>What clinical types can be searched by. A search needs patient, subject, _id or identifier.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Documentation)> Clinical { get; } =
    [
        ("patient", "reference", "The patient"),
        ("subject", "reference", "The patient, by the other name"),
        ("patient.identifier", "token", "The patient by identifier, such as the national number"),
        ("date", "date", "Clinical date of the type (Observation.effective, Communication.sent, Encounter.period, ...)"),
        ("code", "token", "What it is: code, type, medication, vaccine"),
        ("category", "token", "Category"),
        ("status", "token", "Status; of conditions and allergies the clinical status"),
    ];

    /// <summary>What a Patient can be searched by besides.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Documentation)> Patient { get; } =
    [
        ("name", "string", "Beginning of any part of the name; accents and case do not matter"),
        ("family", "string", "Beginning of the family name"),
        ("given", "string", "Beginning of a given name"),
        ("birthdate", "date", "Date of birth"),
        ("gender", "token", "Administrative gender"),
    ];

    /// <summary>What a definition (PlanDefinition, Questionnaire) can be searched by besides.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Documentation)> Definition { get; } =
    [
        ("url", "uri", "Its canonical address"),
        ("status", "token", "draft, active or retired"),
    ];

    /// <summary>Types with a canonical address that the portal keeps itself.</summary>
    public static bool IsDefinition(string type) => type is "PlanDefinition" or "Questionnaire";

    /// <summary>What the types of plans, requests, goals, answers and alerts can be searched by besides, and the element that it looks at.</summary>
    public static IReadOnlyList<(string Type, string Name, string Kind, string Path)> Besides { get; } =
    [
        ("CarePlan", "intent", "token", "intent"), ("CarePlan", "instantiates-canonical", "uri", "instantiatesCanonical"), ("CarePlan", "goal", "reference", "goal"), ("CarePlan", "care-team", "reference", "careTeam"), ("CarePlan", "condition", "reference", "addresses"),
        ("CarePlan", "part-of", "reference", "partOf"), ("CarePlan", "based-on", "reference", "basedOn"), ("CarePlan", "activity-reference", "reference", "activity.reference"), ("CarePlan", "activity-code", "token", "activity.detail.code"),
        ("Goal", "achievement-status", "token", "achievementStatus"), ("Goal", "target-date", "date", "target.dueDate"),
        ("ServiceRequest", "intent", "token", "intent"), ("ServiceRequest", "priority", "token", "priority"), ("ServiceRequest", "authored", "date", "authoredOn"), ("ServiceRequest", "requester", "reference", "requester"), ("ServiceRequest", "performer", "reference", "performer"),
        ("ServiceRequest", "based-on", "reference", "basedOn"), ("ServiceRequest", "replaces", "reference", "replaces"), ("ServiceRequest", "instantiates-canonical", "uri", "instantiatesCanonical"),
        ("QuestionnaireResponse", "questionnaire", "uri", "questionnaire"), ("QuestionnaireResponse", "author", "reference", "author"), ("QuestionnaireResponse", "source", "reference", "source"), ("QuestionnaireResponse", "based-on", "reference", "basedOn"),
        ("DetectedIssue", "author", "reference", "author"), ("DetectedIssue", "implicated", "reference", "implicated"),
        ("Flag", "author", "reference", "author"),
        ("Questionnaire", "title", "string", "title"), ("Questionnaire", "name", "string", "name"), ("Questionnaire", "version", "token", "version"), ("Questionnaire", "code", "token", "code"),
        ("PlanDefinition", "title", "string", "title"), ("PlanDefinition", "name", "string", "name"), ("PlanDefinition", "version", "token", "version"), ("PlanDefinition", "type", "token", "type"),
    ];

    /// <summary>What a Task can be searched by besides.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Documentation)> Task { get; } =
    [
        ("owner", "reference", "Who has it or is asked: Practitioner/id, RelatedPerson/id, Patient/id; names a search without a patient"),
        ("requester", "reference", "Who asked; names a search without a patient"),
        ("priority", "token", "routine, urgent, asap or stat"),
        ("period", "date", "From when somebody took it on until it was closed"),
    ];

    /// <summary>What can come along with the matches of a type, as <c>_include</c> names it.</summary>
    public static IReadOnlyList<string> IncludesOf(string type) => type switch
    {
        "Task" => ["patient", "subject", "owner", "requester"],
        "Patient" or "AuditEvent" => [],
        _ => ["patient", "subject"],
    };

    /// <summary>What an AuditEvent can be searched by, and nothing else.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Documentation)> AuditEvent { get; } =
    [
        ("patient", "reference", "The patient, always named by the patient and named proxies, who read who opened the file; governance officers read over all files, without whose they are"),
        ("date", "date", "When it was recorded; prefixes eq ne gt lt ge le sa eb ap"),
        ("agent", "reference", "Who did it: Practitioner/id, RelatedPerson/id, Patient/id"),
    ];

    /// <summary>Other names of <c>date</c>, <c>code</c> and <c>status</c> by type, as R4 defines them.</summary>
    public static IReadOnlyList<(string Type, string Name, string Means)> Aliases { get; } =
    [
        ("Communication", "sent", "date"), ("Condition", "onset-date", "date"), ("Condition", "clinical-status", "status"), ("AllergyIntolerance", "clinical-status", "status"),
        ("MedicationRequest", "authoredon", "date"), ("MedicationStatement", "effective", "date"), ("MedicationAdministration", "effective-time", "date"), ("MedicationDispense", "whenhandedover", "date"),
        ("Immunization", "vaccine-code", "code"), ("Encounter", "class", "code"), ("Encounter", "type", "code"), ("DocumentReference", "type", "code"), ("Composition", "type", "code"),
        ("DiagnosticReport", "issued", "date"), ("ImagingStudy", "started", "date"), ("Task", "authored-on", "date"), ("QuestionnaireResponse", "authored", "date"), ("ServiceRequest", "occurrence", "date"),
        ("DetectedIssue", "identified", "date"), ("Goal", "start-date", "date"), ("Goal", "lifecycle-status", "status"), ("Appointment", "service-type", "code"),
    ];

    private static readonly HashSet<string> ResultParameters = new(StringComparer.Ordinal)
    {
        "_format", "_pretty", "_summary", "_elements", "_total", "_count", "_sort", "_contained", "_containedType", "_page", "_cursor",
    };

    /// <summary>Reads a search.</summary>
    /// <param name="type">Resource type that is searched.</param>
    /// <param name="parameters">Names and values, decoded, in order.</param>
    /// <param name="lenient">Leave out what is not supported instead of refusing (Prefer: handling=lenient).</param>
    /// <exception cref="FhirSearchException">Something cannot be answered.</exception>
    public static SearchQuery Read(string type, IEnumerable<KeyValuePair<string, string>> parameters, bool lenient)
    {
        var query = new SearchQuery { Type = type };
        if (type == "Patient") query = query with { Sort = "family", Descending = false };
        var used = new List<KeyValuePair<string, string>>();
        var ignored = new List<string>();
        foreach (var (written, value) in parameters)
        {
            // A chain that names the type it goes through is the same chain.
            var name = written is "patient:Patient.identifier" or "subject:Patient.identifier" ? "patient.identifier" : written;
            var (bare, modifier) = name.IndexOf(':') is > 0 and var colon ? (name[..colon], name[(colon + 1)..]) : (name, null);
            if (bare is "_include" or "_revinclude")
            {
                if (bare == "_include" && modifier is null && Include(query, value) is { } with)
                {
                    query = with;
                    used.Add(new(name, value));
                }
                else if (lenient)
                {
                    ignored.Add(Safe(name));
                }
                else
                {
                    throw Refuse("not-supported", IncludesOf(type) is { Count: > 0 } known ? $"With {type} comes along, by _include: {string.Join(", ", known.Select(k => $"{type}:{k}"))}. Send Prefer: handling=lenient to leave this one out." : $"Nothing comes along with {type}. Send Prefer: handling=lenient to leave this out.");
                }
                continue;
            }
            if (ResultParameters.Contains(bare))
            {
                query = ResultParameter(query, bare, value);
                if (bare is "_count" or "_sort" or "_summary" or "_total") used.Add(new(name, value));
                continue;
            }
            if (value.Length == 0) continue;
            var means = Aliases.FirstOrDefault(a => a.Type == type && a.Name == bare).Means ?? bare;
            if (modifier is not null && !(type != "Patient" && means is "patient" or "subject" && modifier is "Patient") && !(means is "name" or "family" or "given" && modifier is "exact"))
                throw Refuse("not-supported", $"The modifier :{Safe(modifier)} is not supported on {Safe(bare)}.");
            var next = Filter(query, type, means, value);
            if (next is not null)
            {
                query = next;
                used.Add(new(name, value));
            }
            else if (lenient)
            {
                ignored.Add(Safe(bare));
            }
            else
            {
                throw Refuse("not-supported", $"{type} cannot be searched by {Safe(bare)}. Send Prefer: handling=lenient to leave it out.");
            }
        }
        return query with { Used = used, Ignored = ignored };
    }

    private static SearchQuery? Filter(SearchQuery query, string type, string name, string value)
    {
        if (type == "AuditEvent" && name is ("_id" or "_lastUpdated" or "identifier"))
            return null;
        switch (name)
        {
            case "_id":
                var ids = Parts(value).Where(id => ResourceReader.IsId(id)).ToList();
                return query with { Ids = query.Ids is { } before ? [.. before.Intersect(ids)] : ids };
            case "_lastUpdated":
                return query with { LastUpdated = [.. query.LastUpdated, DatesOf(value)] };
            case "identifier":
                return query with { Identifiers = [.. query.Identifiers, TokensOf(value)] };
        }
        if (type == "Patient")
            return name switch
            {
                "name" or "family" or "given" => query with { Names = [.. query.Names, (name, Parts(value))] },
                "birthdate" => query with { BirthDates = [.. query.BirthDates, DatesOf(value)] },
                "gender" => query with { Genders = [.. query.Genders, Parts(value)] },
                _ => null,
            };
        if (type == "Task")
        {
            var tasks = query.Tasks ?? new TaskConditions();
            switch (name)
            {
                case "owner": return query with { Tasks = tasks with { Owners = References(value) } };
                case "requester": return query with { Tasks = tasks with { Requesters = References(value) } };
                case "priority": return query with { Tasks = tasks with { Priorities = [.. TokensOf(value).Select(t => t.Code).OfType<string>()] } };
                case "period": return query with { Tasks = tasks with { Periods = [.. tasks.Periods ?? [], DatesOf(value)] } };
            }
        }
        if (type == "AuditEvent" && name is not ("patient" or "date"))
            return name == "agent" ? query with { Agents = query.Agents is { } before ? [.. before.Intersect(References(value))] : References(value) } : null;
        if (Besides.FirstOrDefault(b => b.Type == type && b.Name == name) is { Path: { } path } besides)
            return query with { Content = [.. query.Content, new ContentCondition(path, besides.Kind, besides.Kind == "token" ? TokensOf(value) : [], besides.Kind is "reference" ? References(value) : besides.Kind is "uri" or "string" ? Parts(value) : [], besides.Kind == "date" ? DatesOf(value) : [])] };
        switch (name)
        {
            case "url" when IsDefinition(type):
                return query with { Urls = [.. query.Urls, Parts(value)] };
            case "patient" or "subject":
                var patients = Parts(value).Select(PatientId).OfType<string>().ToList();
                return query with { Patients = query.Patients is { } before ? [.. before.Intersect(patients)] : patients };
            case "patient.identifier" or "subject.identifier":
                return query with { PatientIdentifiers = TokensOf(value) };
            case "date":
                return query with { Dates = [.. query.Dates, DatesOf(value)] };
            case "code":
                return query with { Codes = [.. query.Codes, TokensOf(value)] };
            case "category":
                return query with { Categories = [.. query.Categories, TokensOf(value)] };
            case "status":
                return query with { Statuses = [.. query.Statuses, [.. TokensOf(value).Select(t => t.Code).OfType<string>()]] };
            default:
                return null;
        }
    }

    /// <summary>The query with what <c>Type:name</c>, or <c>Type:name:Target</c>, brings along; null when that is not known.</summary>
    private static SearchQuery? Include(SearchQuery query, string value)
    {
        var parts = value.Split(':');
        if (parts.Length is not (2 or 3) || parts[0] != query.Type || !IncludesOf(query.Type).Contains(parts[1]))
            return null;
        var name = parts[1];
        if (parts.Length == 3 && !(name is "patient" or "subject" ? parts[2] == "Patient" : parts[2] is "Practitioner" or "PractitionerRole" or "Organization" or "RelatedPerson" or "Patient"))
            return null;
        var key = name == "subject" ? "patient" : name;
        return query with { Includes = new HashSet<string>(query.Includes) { key } };
    }

    /// <summary>References as they are stored; an address of this service is cut to type and id.</summary>
    private static List<string> References(string value) => [.. Parts(value).Select(r => r.Split('/') is [.., var type, var id] ? $"{type}/{id}" : r)];

    private static SearchQuery ResultParameter(SearchQuery query, string name, string value)
    {
        switch (name)
        {
            case "_count":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) throw Refuse("value", "_count is a number from 0.");
                return query with { Count = Math.Clamp(count, 0, SearchQuery.MostCount), CountOnly = query.CountOnly || count == 0 };
            case "_summary":
                return query with { CountOnly = query.CountOnly || value == "count" };
            case "_total":
                return query with { Total = value == "accurate" };
            case "_sort":
                // The first key decides; what is equal by it keeps a stable order of its own.
                var key = value.Split(',')[0].Trim();
                var descending = key.StartsWith('-');
                key = key.TrimStart('-');
                key = Aliases.FirstOrDefault(a => a.Type == query.Type && a.Name == key).Means ?? key;
                if (query.Type == "Patient") key = key is "name" or "given" ? "family" : key;
                var ofTask = query.Type == "Task";
                if (ofTask && key == "modified") key = "_lastUpdated";
                if (key is not ("_lastUpdated" or "_id") && !(ofTask && key is "period" or "priority" or "status" or "owner" or "requester" or "code") && key != (query.Type == "Patient" ? "family" : "date")) throw Refuse("not-supported", $"{query.Type} cannot be sorted by {Safe(key)}.");
                return query with { Sort = key, Descending = descending };
            default:
                return query;
        }
    }

    /// <summary>Alternatives parted by commas; <c>\,</c> is a comma.</summary>
    private static List<string> Parts(string value)
    {
        var parts = new List<string>();
        var now = new System.Text.StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is ',' or '$' or '|' or '\\')
            {
                // An escaped bar stays marked until the token is taken apart.
                if (value[i + 1] == '|') now.Append('\u0001');
                else now.Append(value[i + 1]);
                i++;
            }
            else if (value[i] == ',')
            {
                parts.Add(now.ToString());
                now.Clear();
            }
            else
            {
                now.Append(value[i]);
            }
        }
        parts.Add(now.ToString());
        if (parts.Count > 200) throw Refuse("too-costly", "At most 200 alternatives in one parameter.");
        return [.. parts.Select(p => p.Trim()).Where(p => p.Length > 0)];
    }

    private static List<TokenCondition> TokensOf(string value) => [.. Parts(value).Select(TokenOf)];

    private static TokenCondition TokenOf(string text)
    {
        var bar = text.IndexOf('|');
        var (system, code) = bar < 0 ? (null, text) : (text[..bar], text[(bar + 1)..]);
        return new TokenCondition(system, code.Length == 0 ? null : code.Replace('\u0001', '|'));
    }

    private static List<DateCondition> DatesOf(string value) => [.. Parts(value).Select(DateOf)];

    /// <summary>A date with an optional prefix. To the second it means that whole second.</summary>
    internal static DateCondition DateOf(string text)
    {
        var prefix = "eq";
        if (text.Length > 2 && char.IsAsciiLetterLower(text[0]))
        {
            prefix = text[..2];
            text = text[2..];
        }
        if (prefix is not ("eq" or "ne" or "gt" or "lt" or "ge" or "le" or "sa" or "eb" or "ap")) throw Refuse("value", "A date begins with a year or with one of eq ne gt lt ge le sa eb ap.");

        // A plus sign that was not encoded arrives as a space.
        if (FhirDates.Parse(text.Replace(' ', '+')) is not { } date) throw Refuse("value", "This is not a FHIR date.");
        var (start, end) = (date.Start, date.End);
        if (date.Precision == DatePrecision.Instant) end = text.Contains('.') ? start.AddTicks(1) : start.AddSeconds(1);
        if (prefix == "ap")
        {
            // A day each way for days, in the spirit of "the server may choose".
            var slack = date.Precision switch { DatePrecision.Year => TimeSpan.FromDays(36), DatePrecision.Month => TimeSpan.FromDays(3), DatePrecision.Day => TimeSpan.FromDays(1), _ => TimeSpan.FromMinutes(15) };
            start = start.Ticks > slack.Ticks ? start - slack : start;
            end += slack;
        }
        return new DateCondition(prefix, start, end);
    }

    /// <summary>The id in <c>Patient/x</c>, <c>x</c> or an absolute URL; null when it names something else.</summary>
    private static string? PatientId(string reference)
    {
        var slash = reference.LastIndexOf('/');
        var id = slash < 0 ? reference : reference[(slash + 1)..];
        if (!ResourceReader.IsId(id)) return null;
        if (slash < 0) return id;
        var type = reference[..slash];
        return type == "Patient" || type.EndsWith("/Patient", StringComparison.Ordinal) ? id : null;
    }

    private static FhirSearchException Refuse(string code, string diagnostics) => new(FhirIssue.Error(code, diagnostics));

    /// <summary>A name from the query, made harmless for an answer.</summary>
    private static string Safe(string name) => name.Length <= 60 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':') ? name : "this parameter";
}
