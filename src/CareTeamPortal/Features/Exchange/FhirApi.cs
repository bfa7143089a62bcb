using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using Microsoft.AspNetCore.DataProtection;

namespace CareTeamPortal.Features.Exchange;

/// <summary>The FHIR interactions for one caller, apart from HTTP. Every clinical byte comes through the desk.</summary>
internal sealed class FhirApi(
    CareDesk desk, PeopleDirectory people, ReadResource readResource, SearchFile searchFile, ReadFhirTimeline timeline, ReadAccessLog accessLog, ReadAudit audit, ReadAttachment readAttachment,
    ReadNamedPatient readNamedPatient, CreateResource createResource, CreateAnswers createAnswers, UpdateResource updateResource, TaskExchange taskExchange, GoalExchange goalExchange, RequestExchange requestExchange, AlertExchange alertExchange, PathwayExchange pathwayExchange, TemplateExchange templateExchange, TakeBundle takeBundle, IDataProtectionProvider protection, CursorCodec cursors, RuleBook rules, TimeProvider clock)
{
    private readonly IDataProtector _pages = protection.CreateProtector("fhir-search-page");

    // ---- read --------------------------------------------------------------------------------------------------------

    /// <summary>read, vread and history-instance.</summary>
    /// <param name="version">A version; null for the present one.</param>
    /// <param name="history">All versions as a history Bundle.</param>
    public async Task<FhirAnswer> ReadAsync(Actor actor, string type, string id, int? version, bool history, string baseUrl, CancellationToken ct)
    {
        if (!FhirTypes.IsKnown(type) || !ResourceReader.IsId(id)) return FhirAnswer.NotFound();
        if (type == "AuditEvent") return version is null or 1 && !history ? await AuditEventAsync(actor, id, ct) : FhirAnswer.NotFound();
        if (type == "Binary" && await BinaryAsync(actor, id, ct) is { } binary) return binary;
        var versions = await VersionsAsync(actor, type, id, history || version is not null, ct);
        if (versions is null) return version is null && !history && (Person(type, id) ?? await NamedPatientAsync(actor, type, id, ct)) is { } known ? known : FhirAnswer.NotFound();
        if (history)
        {
            using var bundle = new BundleWriter("history");
            bundle.Total(versions.Count);
            bundle.Links(("self", $"{baseUrl}/{type}/{id}/_history"));
            foreach (var v in versions) bundle.Version($"{baseUrl}/{type}/{id}", v.Json, id, $"{type}/{id}", v.Version, v.LastUpdated);
            return new FhirAnswer(200, bundle.Finish());
        }
        var row = version is null ? versions[0] : versions.FirstOrDefault(v => v.Version == version);
        return row is null ? FhirAnswer.NotFound() : FhirAnswer.Resource(200, type, id, row.Version, row.LastUpdated, row.Json);
    }

    private async Task<IReadOnlyList<FhirRow>?> VersionsAsync(Actor actor, string type, string id, bool older, CancellationToken ct)
    {
        var stored = await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(CareStore.Find(session, type, id)), ct);
        if (stored is null) return null;
        if (stored.Patient is { } patient)
            return (await readResource.RunAsync(actor, patient, new ReadResource.Request(type, id, older), ct, AccessSource.Fhir))?.Versions;
        if (stored.BroughtBy is { } by ? by != actor.Person : TakeIn.IsPersonal(type)) return null;
        return await desk.ReadAcrossAsync<IReadOnlyList<FhirRow>>(actor, (session, _, _, _) =>
            // Of the common directory the versions are told of what the portal keeps itself: what somebody brought was perhaps about somebody before.
            ValueTask.FromResult<IReadOnlyList<FhirRow>>([new FhirRow(stored.Key, type, id, stored.Version, stored.LastUpdated, CareStore.Json(session, stored), 0),
                .. older && TemplateSql.IsKept(session, type, id) ? TemplateSql.Older(session, type, id).Select(v => new FhirRow(stored.Key, type, id, v.Version, v.At, v.Json, 0)) : []]), ct);
    }

    /// <summary>People of the portal are readable where entries name them, though nobody sent a resource for them.</summary>
    private FhirAnswer? Person(string type, string id)
    {
        if (type is not ("Practitioner" or "RelatedPerson") || people.Find(new PersonId(id)) is not { } person || person.FhirType != type || type == "RelatedPerson") return null;
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, type);
            json.WriteString("id"u8, id);
            json.WriteBoolean("active"u8, true);
            json.WriteStartArray("name"u8);
            json.WriteStartObject();
            json.WriteString("text"u8, person.DisplayName);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return new FhirAnswer(200, output.WrittenMemory) { Type = type, Id = id };
    }

    /// <summary>A patient whom only references name has a file and a timeline, so there is a Patient too: what the references say.</summary>
    private async Task<FhirAnswer?> NamedPatientAsync(Actor actor, string type, string id, CancellationToken ct)
    {
        if (type != "Patient" || PatientId.TryParse(id) is not { } patient || await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(CareStore.FindPatient(session, patient)), ct) is not (true, false)) return null;
        try
        {
            return await readNamedPatient.RunAsync(actor, patient, new(), ct, AccessSource.Fhir) is { } json ? new FhirAnswer(200, json) { Type = type, Id = id } : null;
        }
        catch (PatientNotFound)
        {
            return null;
        }
    }

    /// <summary>A file that came with an entry, for whoever may see the entry.</summary>
    private async Task<FhirAnswer?> BinaryAsync(Actor actor, string id, CancellationToken ct)
    {
        var patient = await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(session.Sql("SELECT \"PatientId\" FROM \"Attachments\" WHERE \"Id\" = @p0").With(id).Text()), ct);
        if (patient is null) return null;
        var content = await readAttachment.RunAsync(actor, new PatientId(patient), new ReadAttachment.Request(id), ct, AccessSource.Fhir);
        return content is null ? FhirAnswer.NotFound() : new FhirAnswer(200, content.Bytes) { Type = "Binary", Id = id, ContentType = content.ContentType };
    }

    // ---- search ------------------------------------------------------------------------------------------------------

    /// <summary>search-type.</summary>
    public async Task<FhirAnswer> SearchAsync(Actor actor, string type, IReadOnlyList<KeyValuePair<string, string>> parameters, bool lenient, string baseUrl, CancellationToken ct)
    {
        if (!FhirTypes.IsKnown(type)) return FhirAnswer.NotFound();
        byte[]? place = null;
        if (parameters.FirstOrDefault(p => p.Key == "_page").Value is { } page)
        {
            if (OpenPage(page, actor) is not var (asked, where)) return FhirAnswer.Refuse(400, FhirIssue.Error("value", "This page link is not one of ours for you."));
            parameters = FhirRequest.Parameters(asked);
            place = where;
            lenient = true;
        }
        SearchQuery query;
        try
        {
            if (type == "AuditEvent") return await AccessLogAsync(actor, parameters, place, lenient, baseUrl, ct);
            query = SearchParameters.Read(type, parameters, lenient);
        }
        catch (FhirSearchException fault)
        {
            return FhirAnswer.Refuse(400, fault.Issue);
        }
        if (query.Identifiers.Any(any => any.Any(t => t.Code is null)) || query.PatientIdentifiers?.Any(t => t.Code is null) == true)
            return FhirAnswer.Refuse(400, FhirIssue.Error("not-supported", "An identifier is searched by its value: system|value or value."));
        if (type == "Patient") return await PatientsAsync(actor, query, place, baseUrl, ct);
        if (!TakeIn.IsPersonal(type) && query.Includes.Count > 0) return FhirAnswer.Refuse(400, FhirIssue.Error("not-supported", $"Nothing comes along with {type}."));
        if (!TakeIn.IsPersonal(type)) return await DirectoryAsync(actor, query, place, baseUrl, ct);
        if (query.IsUnbound) return FhirAnswer.Refuse(400, FhirIssue.Error("required", $"A search for {type} names a patient, an _id or an identifier.", $"{type}.patient"));
        return await ClinicalAsync(actor, query, place, baseUrl, ct);
    }

    private async Task<FhirAnswer> ClinicalAsync(Actor actor, SearchQuery query, byte[]? place, string baseUrl, CancellationToken ct)
    {
        var (ids, patients) = await desk.ReadAcrossAsync(actor, (session, _, reach, _) =>
        {
            var found = CreateResource.Ids(session, query);
            var named = query.Patients;
            if (query.Tasks is { } asked)
            {
                // Whose tasks: the rows tell the ids, and the files when none is named; each file is opened below as for any search.
                var tasks = TaskSql.Ids(session, WorklistSql.ViewerByRow(actor.Person, reach, clock.GetUtcNow().UtcDateTime), asked, named);
                found = found is null ? [.. tasks.Select(t => t.Id)] : [.. found.Intersect(tasks.Select(t => t.Id))];
                named ??= [.. tasks.Select(t => t.Patient.Value).Distinct()];
            }
            if (query.PatientIdentifiers is { } identifiers)
            {
                var byNumber = FhirSql.IdsByIdentifier(session, "Patient", [identifiers]).Where(id => NationalNumber.MayAsk(rules.Current, actor, id, identifiers.Select(i => i.System))).ToList();
                named = named is null ? [.. byNumber] : [.. named.Intersect(byNumber)];
            }
            named ??= [.. (found ?? []).Select(id => CareStore.Find(session, query.Type, id)?.Patient?.Value).OfType<string>().Distinct()];
            return ValueTask.FromResult((found, named));
        }, ct);

        if (patients.Count > (query.Tasks is null ? 20 : 200)) return FhirAnswer.Refuse(400, FhirIssue.Error("too-costly", query.Tasks is null ? "At most 20 patients in one search." : "These tasks are of more than 200 patients: narrow the search by status, patient or period."));
        var after = FhirPlace.From(place);
        var rows = new List<FhirRow>();
        var more = false;
        int? total = 0;
        foreach (var patient in patients)
        {
            if (PatientId.TryParse(patient) is not { } file) continue;
            SearchFile.Page page;
            try
            {
                page = await searchFile.RunAsync(actor, file, new SearchFile.Request(query, ids, after), ct, AccessSource.Fhir);
            }
            catch (PatientNotFound)
            {
                // A file that is not open holds nothing for this caller, like one that does not exist.
                continue;
            }
            rows.AddRange(page.Rows);
            more |= page.More;
            total += page.Total;
        }
        if (patients.Count > 1)
        {
            rows = query.Descending ? [.. rows.OrderByDescending(r => r.Place)] : [.. rows.OrderBy(r => r.Place)];
            more |= rows.Count > query.Count;
            if (rows.Count > query.Count) rows.RemoveRange(query.Count, rows.Count - query.Count);
        }
        return SearchSet(actor, query, rows, more ? rows[^1].Place.ToBytes() : null, total, baseUrl, await IncludedAsync(actor, query, rows, baseUrl, ct));
    }

    /// <summary>What the matches refer to and comes along, each once and as far as the caller may read it; what is not open stays away, like what does not exist.</summary>
    private async Task<IReadOnlyList<FhirAnswer>> IncludedAsync(Actor actor, SearchQuery query, IReadOnlyList<FhirRow> rows, string baseUrl, CancellationToken ct)
    {
        var found = new List<FhirAnswer>();
        if (query.Includes.Count == 0) return found;
        var named = new HashSet<(string Type, string Id)>();
        foreach (var row in rows)
        {
            var facts = ResourceReader.Read(row.Json, out var document);
            using (document)
            {
                foreach (var include in query.Includes)
                {
                    var reference = include switch { "patient" => facts.Patient?.Literal, "owner" => document.RootElement.Child("owner"u8)?.Text("reference"u8), _ => document.RootElement.Child("requester"u8)?.Text("reference"u8) };
                    if (reference is null) continue;
                    if (reference.StartsWith(baseUrl + "/", StringComparison.Ordinal)) reference = reference[(baseUrl.Length + 1)..];
                    if (reference.Split('/') is not [var type, var id] || !named.Add((type, id))) continue;
                    try
                    {
                        if (await ReadAsync(actor, type, id, null, history: false, baseUrl, ct) is { Status: 200, ContentType: null } one) found.Add(one with { Type = type, Id = id });
                    }
                    catch (Exception closed) when (closed is PatientNotFound or ActionRefused)
                    {
                        // Named by an open task, itself not open to the caller.
                    }
                }
            }
        }
        return found;
    }

    private async Task<FhirAnswer> DirectoryAsync(Actor actor, SearchQuery query, byte[]? place, string baseUrl, CancellationToken ct)
    {
        var after = FhirPlace.From(place);
        var (rows, more) = await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(FhirSql.Directory(session, query, CreateResource.Ids(session, query), after, query.CountOnly ? int.MaxValue : query.Count)), ct);
        int? total = after is null && !more ? rows.Count : null;
        return SearchSet(actor, query, query.CountOnly ? [] : rows, more ? rows[^1].Place.ToBytes() : null, total, baseUrl);
    }

    private async Task<FhirAnswer> PatientsAsync(Actor actor, SearchQuery query, byte[]? place, string baseUrl, CancellationToken ct)
    {
        (string, string)? after = null;
        if (place is not null && Encoding.UTF8.GetString(place).Split('\n') is [var sortName, var lastId]) after = (sortName, lastId);
        var most = query.CountOnly ? int.MaxValue : query.Count + 1;
        var hits = await desk.ReadAcrossAsync(actor, (session, _, _, _) =>
        {
            var ids = CreateResource.Ids(session, query);
            var names = query.Names.Select(n => (n.Where, Beginnings: n.Beginnings.Select(NameFolding.Fold).Where(f => f.Length > 0).ToList())).ToList();
            return ValueTask.FromResult(FhirSql.PatientsOf(session, actor.Person, clock.GetUtcNow().UtcDateTime, after).Where(p => Matches(p, query, ids, names) && NationalNumber.MayAsk(rules.Current, actor, p.Id.Value, query.Identifiers.SelectMany(i => i).Select(i => i.System))).Take(most).ToList());
        }, ct);
        if (query.CountOnly) return SearchSet(actor, query, [], null, hits.Count, baseUrl);
        var more = hits.Count > query.Count;
        if (more) hits.RemoveAt(query.Count);
        var rows = new List<FhirRow>();
        foreach (var hit in hits)
        {
            try
            {
                // Handing out demographics is an opening of the file, and is recorded as one.
                if (!hit.HasResource)
                {
                    if (query.LastUpdated.Count == 0 && await readNamedPatient.RunAsync(actor, hit.Id, new(), ct, AccessSource.Fhir) is { } named) rows.Add(new FhirRow(0, "Patient", hit.Id.Value, 0, default, named, 0));
                }
                else if (await readResource.RunAsync(actor, hit.Id, new ReadResource.Request("Patient", hit.Id.Value), ct, AccessSource.Fhir) is { Versions: [var row, ..] }
                    && query.LastUpdated.All(any => any.Any(c => c.Holds(row.LastUpdated, row.LastUpdated)))) rows.Add(row);
            }
            catch (PatientNotFound)
            {
                // The right ended between the list and the file.
            }
        }
        return SearchSet(actor, query, rows, more ? Encoding.UTF8.GetBytes($"{hits[^1].SortName}\n{hits[^1].Id}") : null, after is null && !more ? rows.Count : null, baseUrl);
    }

    private static bool Matches(in FhirSql.PatientHit patient, SearchQuery query, IReadOnlyCollection<string>? ids, List<(string Where, List<string> Beginnings)> names)
    {
        if (ids is not null && !ids.Contains(patient.Id.Value)) return false;
        foreach (var any in query.Genders)
            if (patient.Gender is not { } gender || !any.Contains(gender, StringComparer.Ordinal)) return false;
        foreach (var any in query.BirthDates)
        {
            if (patient.BirthDate is not { } birth) return false;
            var text = birth.ToString(patient.Precision switch { DatePrecision.Year => "yyyy", DatePrecision.Month => "yyyy-MM", _ => "yyyy-MM-dd" }, CultureInfo.InvariantCulture);
            if (FhirDates.Parse(text) is not { } range || !any.Any(c => c.Holds(range.Start, range.End))) return false;
        }
        foreach (var (where, beginnings) in names)
        {
            var folded = NameFolding.Fold(where switch { "family" => patient.FamilyName, "given" => patient.GivenName, _ => $"{patient.FamilyName} {patient.GivenName} {patient.DisplayName}" });
            if (!beginnings.Any(b => folded.StartsWith(b, StringComparison.Ordinal) || folded.Contains(" " + b, StringComparison.Ordinal))) return false;
        }
        return true;
    }

    private async Task<FhirAnswer> AccessLogAsync(Actor actor, IReadOnlyList<KeyValuePair<string, string>> parameters, byte[]? place, bool lenient, string baseUrl, CancellationToken ct)
    {
        var query = SearchParameters.Read("AuditEvent", parameters, lenient);
        if (ReadAudit.May(actor)) return await AuditAsync(actor, query, place, baseUrl, ct);
        if (query.Patients is not [var one] || PatientId.TryParse(one) is not { } patient) return FhirAnswer.Refuse(400, FhirIssue.Error("required", "A search for AuditEvent names one patient.", "AuditEvent.patient"));
        if (!query.Descending) return FhirAnswer.Refuse(400, FhirIssue.Error("not-supported", "AuditEvents come newest first: _sort=-date."));
        AccessPlace? before = place is { Length: 16 } ? new(new DateTime(BinaryPrimitives.ReadInt64BigEndian(place), DateTimeKind.Utc), BinaryPrimitives.ReadInt64BigEndian(place.AsSpan(8))) : null;
        var page = await accessLog.RunAsync(actor, patient, new ReadAccessLog.Request(before, query.Count, query.Agents, query.Dates, CountOnly: query.CountOnly), ct, AccessSource.Fhir);
        var next = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(next, page.Next?.At.Ticks ?? 0);
        BinaryPrimitives.WriteInt64BigEndian(next.AsSpan(8), page.Next?.Key ?? 0);
        return SearchSet(actor, query, [.. page.Events.Select(e => new FhirRow(0, "AuditEvent", e.Id, 1, e.At, e.Json, 0))], page.Next is null ? null : next, page.Total, baseUrl);
    }

    /// <summary>What a governance officer reads: over all files or of one, without whose they are (<see cref="ReadAudit"/>).</summary>
    private async Task<FhirAnswer> AuditAsync(Actor actor, SearchQuery query, byte[]? place, string baseUrl, CancellationToken ct)
    {
        if (!query.Descending) return FhirAnswer.Refuse(400, FhirIssue.Error("not-supported", "AuditEvents come newest first: _sort=-date."));
        if (query.CountOnly) return FhirAnswer.Refuse(400, FhirIssue.Error("not-supported", "How many AuditEvents there are over files is not counted."));
        PatientId? file = null;
        if (query.Patients is { } patients && (patients is not [var one] || (file = PatientId.TryParse(one)) is null)) return FhirAnswer.Refuse(400, FhirIssue.Error("value", "Name one patient, or none.", "AuditEvent.patient"));
        var who = query.Agents?.Select(a => people.FindByReference(a)?.Id).OfType<PersonId>().ToList();
        if (who is { Count: > 1 }) return FhirAnswer.Refuse(400, FhirIssue.Error("not-supported", "Name one agent.", "AuditEvent.agent"));
        var (from, until) = ReadAccessLog.Bounds(query.Dates);
        long? before = place is { Length: 16 } ? BinaryPrimitives.ReadInt64BigEndian(place.AsSpan(8)) : null;
        var page = who is { Count: 0 } ? new ReadAudit.Page([], null) : (await audit.RunAsync(actor, new(new AccessFilter(who?[0], null, from, until), file, before, query.Count), AccessSource.Fhir, ct))!;
        var next = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(next.AsSpan(8), page.Next ?? 0);
        var events = page.Lines.Where(l => query.Dates.All(any => any.Any(d => d.Holds(l.At, l.At)))).Select(l => new FhirRow(0, "AuditEvent", l.Id, 1, l.At, AuditEventJson.Write(l.Source, new PatientId(l.Row.PatientId), people, l.Mark ?? "-"), 0));
        return SearchSet(actor, query, [.. events], page.Next is null ? null : next, null, baseUrl);
    }

    /// <summary>One AuditEvent. Its id opens only with the file that it is about, so only files whose log the caller may read are tried.</summary>
    private async Task<FhirAnswer> AuditEventAsync(Actor actor, string id, CancellationToken ct)
    {
        if (ReadAudit.May(actor))
            return await audit.RunAsync(actor, new(new AccessFilter(), Id: id), AccessSource.Fhir, ct) is { Lines: [var line] } ? FhirAnswer.Resource(200, "AuditEvent", line.Id, 1, line.At, AuditEventJson.Write(line.Source, new PatientId(line.Row.PatientId), people, line.Mark ?? "-")) : FhirAnswer.NotFound();
        foreach (var patient in await desk.ReadAcrossAsync(actor, (session, who, _, _) => ValueTask.FromResult(AccessLogs.Of(session, who, clock.GetUtcNow().UtcDateTime)), ct))
        {
            try
            {
                if (cursors.RevealId(patient, id) is not null && await accessLog.RunAsync(actor, patient, new ReadAccessLog.Request(Id: id), ct, AccessSource.Fhir) is { Events: [var found] })
                    return FhirAnswer.Resource(200, "AuditEvent", found.Id, 1, found.At, found.Json);
            }
            catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
            {
                // Not theirs to read: like an id that nobody has.
            }
        }
        return FhirAnswer.NotFound();
    }

    private FhirAnswer SearchSet(Actor actor, SearchQuery query, IReadOnlyList<FhirRow> rows, byte[]? next, int? total, string baseUrl, IReadOnlyList<FhirAnswer>? included = null)
    {
        using var bundle = new BundleWriter("searchset");
        if (total is { } known) bundle.Total(known);
        var used = string.Join('&', query.Used.Select(u => $"{Uri.EscapeDataString(u.Key)}={Uri.EscapeDataString(u.Value)}"));
        bundle.Links(("self", $"{baseUrl}/{query.Type}{(used.Length > 0 ? "?" + used : "")}"), ("next", next is null ? null : $"{baseUrl}/{query.Type}?_page={HidePage(used, next, actor)}"));
        foreach (var row in rows)
        {
            if (row.Version == 0) bundle.Whole($"{baseUrl}/{row.Type}/{row.Id}", row.Json, "match"); // nobody wrote it
            else bundle.Resource($"{baseUrl}/{row.Type}/{row.Id}", row.Json, row.Id, row.Version, row.LastUpdated, "match");
        }
        foreach (var answer in included ?? []) bundle.Whole($"{baseUrl}/{answer.Type}/{answer.Id}", answer.Body.Span, "include");
        if (query.Ignored.Count > 0) bundle.Outcome([.. query.Ignored.Select(i => FhirIssue.Warning("not-supported", $"{i} was left out: {query.Type} cannot be searched by it."))]);
        return new FhirAnswer(200, bundle.Finish());
    }

    /// <summary>The query and the place where the page ended, unreadable: names and numbers that were searched for stay out of URLs.</summary>
    private string HidePage(string used, byte[] place, Actor actor) => _pages.Protect($"{actor.Person}\n{Convert.ToBase64String(place)}\n{used}");

    private (string Used, byte[] Place)? OpenPage(string page, Actor actor)
    {
        try
        {
            return _pages.Unprotect(page).Split('\n', 3) is [var person, var place, var used] && person == actor.Person.Value ? (used, Convert.FromBase64String(place)) : null;
        }
        catch (Exception fault) when (fault is System.Security.Cryptography.CryptographicException or FormatException)
        {
            return null;
        }
    }

    // ---- timeline ----------------------------------------------------------------------------------------------------

    /// <summary><c>Patient/{id}/$timeline</c>.</summary>
    public async Task<FhirAnswer> TimelineAsync(Actor actor, string id, IReadOnlyList<KeyValuePair<string, string>> parameters, string baseUrl, CancellationToken ct)
    {
        if (PatientId.TryParse(id) is not { } patient) return FhirAnswer.NotFound();
        string? cursor = null, after = null;
        var count = SearchQuery.DefaultCount;
        foreach (var (name, value) in parameters)
        {
            if (name == "cursor") cursor = value;
            else if (name == "after") after = value;
            else if (name == "_count" && (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1)) return FhirAnswer.Refuse(400, FhirIssue.Error("value", "_count is a number from 1."));
        }
        if (cursor is not null && after is not null) return FhirAnswer.Refuse(400, FhirIssue.Error("invalid", "Either cursor or after, not both."));
        count = Math.Min(count, SearchQuery.MostCount);
        var page = await timeline.RunAsync(actor, patient, new ReadFhirTimeline.Request(cursor, after, count), ct, AccessSource.Fhir);
        if (page.BadCursor) return FhirAnswer.Refuse(400, FhirIssue.Error("value", "This cursor is not one of this timeline."));
        var self = $"{baseUrl}/Patient/{id}/$timeline?_count={count}";
        return new FhirAnswer(200, TimelineBundle.Write(baseUrl, page.Entries,
            ("self", cursor is not null ? $"{self}&cursor={Uri.EscapeDataString(cursor)}" : after is not null ? $"{self}&after={Uri.EscapeDataString(after)}" : self),
            ("next", page.Next is null ? null : $"{self}&{(after is null ? "cursor" : "after")}={page.Next}"),
            ("after", page.News is null ? null : $"{self}&after={page.News}")));
    }

    // ---- write -------------------------------------------------------------------------------------------------------

    /// <summary>create, conditional with <paramref name="ifNoneExist"/>.</summary>
    public async Task<FhirAnswer> CreateAsync(Actor actor, string type, byte[] body, string? ifNoneExist, CancellationToken ct)
    {
        if (!FhirTypes.IsKnown(type) || type is "Bundle" or "OperationOutcome" or "Parameters" or "AuditEvent" or "Binary") return FhirAnswer.Refuse(405, FhirIssue.Error("not-supported", "Resources of this type are not created one by one here."));
        var facts = ReadBody(body, type, out var document, out var refusal);
        if (facts is null) return refusal!;
        using (document)
        {
            SearchQuery? asked = null;
            OnlyOnce? condition = null;
            if (ifNoneExist is not null)
            {
                try
                {
                    asked = SearchParameters.Read(type, FhirRequest.Parameters(ifNoneExist.TrimStart('?')), lenient: false);
                }
                catch (FhirSearchException fault)
                {
                    return FhirAnswer.Refuse(400, fault.Issue);
                }
                if (asked.Used.Count == 0) return FhirAnswer.Refuse(400, FhirIssue.Error("value", "If-None-Exist says by what to look."));
                condition = new OnlyOnce(type, asked with { Count = 2, CountOnly = false });
            }
            if (type == "PlanDefinition") return await PresentAsync(actor, type, ifNoneExist, ct) ?? await templateExchange.CreateAsync(actor, body, document!.RootElement, ct);
            if (type == "QuestionnaireResponse" && !CreateAnswers.HasAnswers(document!.RootElement))
                return FhirAnswer.Refuse(422, FhirIssue.Error("required", "Answers say what was answered: item with answer. What another source keeps without them comes in with a Bundle.", "QuestionnaireResponse.item"));
            if (type == "QuestionnaireResponse" && CreateAnswers.IsOurs(document!.RootElement))
                return await PresentAsync(actor, type, ifNoneExist, ct) ?? await createAnswers.RunAsync(actor, document.RootElement, await SubjectAsync(actor, facts, ct), condition, ct);
            if (type == "CarePlan" && PathwayExchange.IsOurs(document!.RootElement))
                return await SubjectAsync(actor, facts, ct) is { } whose ? await pathwayExchange.CreateAsync(actor, whose, document.RootElement, condition, ct)
                    : facts.Patient is null ? FhirAnswer.Refuse(422, FhirIssue.Error("required", "The patient is named by Patient/id, or by the national number as identifier.", "CarePlan.subject")) : FhirAnswer.NotFound();
            if (type == "CarePlan" && await UnknownAsync(actor, document!.RootElement, ct) is { } unknown)
                return FhirAnswer.Refuse(422, FhirIssue.Error("not-found", "Nothing here has this canonical address: search PlanDefinition by url. A plan of another source comes in with a Bundle.", $"CarePlan.instantiatesCanonical[{unknown}]"));
            if (!NativeRules.Creates(document!.RootElement, type)) return await TakeOneAsync(actor, type, body, ifNoneExist, ct);
            if (NativeRules.Check(document!.RootElement, type) is { Count: > 0 } issues) return FhirAnswer.Refuse(422, [.. issues]);
            if (await SubjectAsync(actor, facts, ct) is not { } patient)
                return facts.Patient is null ? FhirAnswer.Refuse(422, FhirIssue.Error("required", "The patient is named by Patient/id, or by the national number as identifier.", NativeRules.PatientElement(type))) : FhirAnswer.NotFound();
            if (type == "ServiceRequest") return await requestExchange.CreateAsync(actor, patient, document.RootElement, condition, ct);
            if (type == "DetectedIssue") return await alertExchange.IssueAsync(actor, patient, document.RootElement, condition, ct);
            if (type == "Flag") return await alertExchange.FlagAsync(actor, patient, document.RootElement, condition, ct);
            if (type == "Task") return await taskExchange.CreateAsync(actor, patient, body, condition, ct);
            if (type == "Goal") return await goalExchange.CreateAsync(actor, patient, body, condition, ct);
            return await createResource.RunAsync(actor, patient, new CreateResource.Request(document.RootElement, type, condition), ct, AccessSource.Fhir);
        }
    }

    /// <summary>The place of the first definition that a plan follows and that nobody knows here; null when all are known.</summary>
    private Task<int?> UnknownAsync(Actor actor, JsonElement root, CancellationToken ct) => desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(
        root.Each("instantiatesCanonical"u8).Select(c => c.ValueKind == JsonValueKind.String ? c.GetString()!.Split('|', 2)[0] : "").Index()
            .Where(c => !new[] { "PlanDefinition", "Questionnaire" }.Any(type => FhirSql.Directory(session, SearchParameters.Read(type, [new("url", c.Item), new("_count", "1")], lenient: true), null, null, 1).Rows.Count > 0)).Select(c => (int?)c.Index).FirstOrDefault()), ct);

    private async Task<FhirAnswer> TakeOneAsync(Actor actor, string type, byte[] body, string? ifNoneExist, CancellationToken ct) =>
        await PresentAsync(actor, type, ifNoneExist, ct) ?? await takeBundle.RunOneAsync(body, actor, ct);

    /// <summary>What answers a conditional create: the one that is there, or why it cannot be looked for; null when nothing hinders.</summary>
    private async Task<FhirAnswer?> PresentAsync(Actor actor, string type, string? ifNoneExist, CancellationToken ct)
    {
        if (ifNoneExist is null || await takeBundle.ExistingAsync(type, ifNoneExist, actor, ct) is not { } found) return null;
        return found.Status == 200 ? await ReadAsync(actor, type, found.Id!, null, history: false, "", ct) with { Written = true } : found;
    }

    /// <summary>update. The version that was seen is required.</summary>
    public async Task<FhirAnswer> UpdateAsync(Actor actor, string type, string id, byte[] body, int? seen, CancellationToken ct)
    {
        if (!NativeRules.Updates(type)) return FhirAnswer.Refuse(405, FhirIssue.Error("not-supported", "Communication, Observation, Task and Goal are updated, a DetectedIssue answered and a PlanDefinition published one by one; other types come in as new versions in a Bundle."));
        var facts = ReadBody(body, type, out var document, out var refusal);
        if (facts is null) return refusal!;
        using (document)
        {
            if (type == "PlanDefinition") return await templateExchange.UpdateAsync(actor, id, body, document!.RootElement, seen, ct);
            var stored = await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(CareStore.Find(session, type, id)), ct);
            if (stored?.Patient is not { } patient) return FhirAnswer.NotFound();

            // Whether it is there for the caller comes first: no other answer may tell that it exists.
            if (await readResource.RunAsync(actor, patient, new ReadResource.Request(type, id), ct, AccessSource.Fhir) is null) return FhirAnswer.NotFound();
            if (facts.Id != id) return FhirAnswer.Refuse(400, FhirIssue.Error("value", "The id in the body is the id in the address.", $"{type}.id"));
            if (seen is null) return FhirAnswer.Refuse(428, FhirIssue.Error("required", "If-Match is required to update: W/\"version\"."));
            if (NativeRules.Check(document!.RootElement, type) is { Count: > 0 } issues) return FhirAnswer.Refuse(422, [.. issues]);
            if (await SubjectAsync(actor, facts, ct) != patient) return FhirAnswer.Refuse(422, FhirIssue.Error("business-rule", "The patient stays who it was.", NativeRules.PatientElement(type)));
            if (type == "DetectedIssue") return await alertExchange.UpdateAsync(actor, patient, id, document.RootElement, seen.Value, ct);
            if (type == "Task") return await taskExchange.UpdateAsync(actor, patient, id, body, seen.Value, ct);
            if (type == "Goal") return await goalExchange.UpdateAsync(actor, patient, id, body, seen.Value, ct);
            return await updateResource.RunAsync(actor, patient, new UpdateResource.Request(document.RootElement, type, id, seen.Value), ct, AccessSource.Fhir);
        }
    }

    /// <summary>A Bundle posted to the service itself.</summary>
    public Task<FhirAnswer> BundleAsync(Actor actor, byte[] body, string baseUrl, CancellationToken ct) => takeBundle.RunAsync(body, actor, (url, token) => GetAsync(actor, url, baseUrl, token), baseUrl, ct);

    /// <summary>A GET that stands in a batch.</summary>
    private async Task<FhirAnswer> GetAsync(Actor actor, string url, string baseUrl, CancellationToken ct)
    {
        if (url.StartsWith(baseUrl + "/", StringComparison.Ordinal)) url = url[(baseUrl.Length + 1)..];
        var mark = url.IndexOf('?', StringComparison.Ordinal);
        var (path, parameters) = mark < 0 ? (url, []) : (url[..mark], FhirRequest.Parameters(url[mark..]));
        try
        {
            return path.Trim('/').Split('/') switch
            {
                [var type] => await SearchAsync(actor, type, parameters, lenient: false, baseUrl, ct),
                [var type, var id] => await ReadAsync(actor, type, id, null, history: false, baseUrl, ct),
                ["Patient", var id, "$timeline"] => await TimelineAsync(actor, id, parameters, baseUrl, ct),
                ["Patient", var id, [>= 'A' and <= 'Z', ..] type] => await SearchAsync(actor, type, [new("patient", id), .. parameters], lenient: false, baseUrl, ct),
                [var type, var id, "_history"] => await ReadAsync(actor, type, id, null, history: true, baseUrl, ct),
                [var type, var id, "_history", var v] when int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var version) => await ReadAsync(actor, type, id, version, history: false, baseUrl, ct),
                _ => FhirAnswer.NotFound(),
            };
        }
        catch (PatientNotFound)
        {
            return FhirAnswer.NotFound();
        }
        catch (ActionRefused refused)
        {
            return FhirEndpoints.Forbidden(refused);
        }
    }

    private static ResourceFacts? ReadBody(byte[] body, string type, out JsonDocument? document, out FhirAnswer? refusal)
    {
        document = null;
        refusal = null;
        try
        {
            var facts = ResourceReader.Read(body);
            if (facts.Type == type)
            {
                document = JsonDocument.Parse(body.AsMemory(body.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
                return facts;
            }
            refusal = FhirAnswer.Refuse(400, FhirIssue.Error("value", $"The body is a {facts.Type}, the address says {type}.", "resourceType"));
        }
        catch (FhirFormatException fault)
        {
            refusal = FhirAnswer.Refuse(400, FhirIssue.Error("structure", fault.Reason, fault.Place.Length > 0 ? fault.Place : null));
        }
        return null;
    }

    /// <summary>The patient that subject names: by id, or by an identifier that exactly one open file has.</summary>
    private async Task<PatientId?> SubjectAsync(Actor actor, ResourceFacts facts, CancellationToken ct)
    {
        if (facts.Patient is not { } reference) return null;
        if (reference.Literal is { } literal)
        {
            var parts = literal.Split('/');
            return parts.Length >= 2 && parts[^2] == "Patient" ? PatientId.TryParse(parts[^1]) : null;
        }
        if (reference.Identifier is not { } identifier) return null;
        var found = await desk.ReadAcrossAsync(actor, (session, _, _, _) => ValueTask.FromResult(
            CareStore.FindByIdentifier(session, "Patient", identifier.System, identifier.Code).Where(id => NationalNumber.MayAsk(rules.Current, actor, id, [identifier.System]) && GrantSql.Find(session, new PatientId(id), actor.Person, clock.GetUtcNow().UtcDateTime) is not null).ToList()), ct);
        return found.Count == 1 ? new PatientId(found[0]) : null;
    }
}
