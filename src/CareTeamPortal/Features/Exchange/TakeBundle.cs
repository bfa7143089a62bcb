using System.Text.Json;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Exchange;

/// <summary>
/// Takes a Bundle or a single resource in by the rules of import (identity, versions, what is kept as it came): a transaction all or nothing, a batch and a collection entry by entry.
/// The caller gets on the team of a patient that is new.
/// </summary>
internal sealed class TakeBundle(CareDatabase database, Filing filing, TakeIn takeIn, RuleBook rules, TimeProvider clock)
{
    /// <summary>One entry as it was asked, and what became of it.</summary>
    private sealed class Slot(string place, string? method, string? url, string? fullUrl)
    {
        public string Place { get; } = place;
        public string? Method { get; } = method;
        public string? Url { get; } = url;
        public string? FullUrl { get; } = fullUrl;
        public string? IfNoneExist { get; init; }
        public byte[] Json { get; init; } = [];
        public FhirAnswer? Answer { get; set; }
    }

    /// <summary>Takes in a Bundle, one resource, or NDJSON.</summary>
    /// <param name="bytes">The body as it came.</param>
    /// <param name="actor">The caller.</param>
    /// <param name="read">Answers a GET that stands in a batch or transaction.</param>
    /// <param name="baseUrl">Address of the service, ending in <c>/fhir</c>.</param>
    public async Task<FhirAnswer> RunAsync(byte[] bytes, Actor actor, Func<string, CancellationToken, Task<FhirAnswer>> read, string baseUrl, CancellationToken ct)
    {
        using var stream = new MemoryStream(bytes);
        var input = new FhirInput(new FhirInputLimits { KeepBundle = true });
        var slots = new List<Slot>();
        Slot? whole = null;
        await foreach (var item in input.ReadAsync(stream, ct))
        {
            if (item.Error is not null) slots.Add(new Slot(item.Place, item.Method, item.Url, item.FullUrl) { Answer = FhirAnswer.Refuse(400, FhirIssue.Error("structure", item.Place.Length == 0 ? item.Error : $"{item.Place}: {item.Error}", Expression(item.Place))) });
            else if (item.Place.Length == 0) whole = new Slot("", null, null, null) { Json = item.Json.ToArray() };
            else slots.Add(new Slot(item.Place, item.Method, item.Url, item.FullUrl) { Json = item.Json.ToArray(), IfNoneExist = item.IfNoneExist });
        }
        if (!input.IsBundle && !input.IsNdjson)
        {
            // One resource on its own: taken in like one of a file.
            if (whole is null) return slots is [{ Answer: { } refused }, ..] ? refused : FhirAnswer.Refuse(400, FhirIssue.Error("structure", "This is not FHIR."));
            return await RunOneAsync(whole.Json, actor, ct);
        }
        if (input.IsBundle && input.BundleType is not ("transaction" or "batch" or "collection" or "document" or "message" or "searchset" or "history"))
            return FhirAnswer.Refuse(400, FhirIssue.Error(input.BundleType is null ? "required" : "not-supported", "The type of the Bundle is transaction, batch, collection, document, message, searchset or history.", "Bundle.type"));
        var transaction = input.BundleType == "transaction";
        if (whole is not null) slots.Add(whole);

        var fullUrls = await MapAsync(slots, actor, transaction, ct);
        if (transaction && slots.FirstOrDefault(s => s.Answer is { Status: >= 400 }) is { } bad) return Undone(bad);
        var book = new ReferenceBook(database, fullUrls, SightOf(actor));
        var ready = new List<Ready>();
        foreach (var slot in slots)
        {
            if (slot.Answer is not null || slot.Method is "GET" or "HEAD") continue;
            // A request that would write, with nothing to write.
            slot.Answer = slot.Json.Length == 0 && slot.Method is (null or "POST" or "PUT") ? FhirAnswer.Refuse(400, FhirIssue.Error("required", $"{slot.Place} has no resource.", Expression(slot.Place))) : await PrepareAsync(slot, actor, book, ready, transaction, ct);
            if (transaction && slot.Answer is { Status: >= 400 }) return Undone(slot);
        }

        IReadOnlyList<TakenItem> taken;
        try
        {
            var authority = new IntakeAuthority(actor, [actor.Person], "created", AccessSource.Fhir);
            taken = ready.Count == 0 ? [] : await takeIn.RunAsync(ready, authority, allOrNothing: transaction, ct);
        }
        catch (TakeInRefused refused)
        {
            return Undone(slots.First(s => s.Place == refused.Item.Place), refused.Item);
        }
        var byPlace = taken.ToDictionary(t => t.Place, StringComparer.Ordinal);
        foreach (var slot in slots)
        {
            if (slot.Method is "GET" or "HEAD" && slot.Answer is null) slot.Answer = await read(slot.Url ?? "", ct);
            else if (slot.Answer is null && byPlace.TryGetValue(slot.Place, out var item)) slot.Answer = AnswerOf(item);
        }
        return Respond(slots, transaction, baseUrl);
    }

    /// <summary>Takes in one resource of a type that has no rules of its own here, by the rules of import.</summary>
    public async Task<FhirAnswer> RunOneAsync(byte[] json, Actor actor, CancellationToken ct)
    {
        var slot = new Slot("", "POST", null, null) { Json = json };
        var ready = new List<Ready>();
        if (await PrepareAsync(slot, actor, new ReferenceBook(database, null, SightOf(actor)), ready, transaction: false, ct) is { } refusal) return refusal;
        var taken = await takeIn.RunAsync(ready, new IntakeAuthority(actor, [actor.Person], "created", AccessSource.Fhir), allOrNothing: false, ct);
        var answer = AnswerOf(taken[0]);
        if (answer.Status >= 400) return answer;
        using var session = await database.RentAsync(ct);
        var stored = CareStore.Find(session, answer.Type!, answer.Id!)!;
        return FhirAnswer.Resource(answer.Status, stored.Type, stored.Id, stored.Version, stored.LastUpdated, CareStore.Json(session, stored), written: true);
    }

    /// <summary>Full URL to Type/id of all entries; entries whose If-None-Exist finds something are answered by that.</summary>
    private async Task<Dictionary<string, string>> MapAsync(List<Slot> slots, Actor actor, bool transaction, CancellationToken ct)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var slot in slots)
        {
            if (slot.Answer is not null || slot.Json.Length == 0) continue;
            ResourceFacts facts;
            try
            {
                facts = ResourceReader.Read(slot.Json);
            }
            catch (FhirFormatException fault)
            {
                slot.Answer = FhirAnswer.Refuse(400, FhirIssue.Error("structure", fault.Reason, $"Bundle.{slot.Place}.resource{(fault.Place.Length > 0 ? " " + fault.Place : "")}"));
                if (transaction) return map;
                continue;
            }
            var target = $"{facts.Type}/{ResourceReader.IdentityOf(facts, slot.FullUrl)}";
            if (slot.IfNoneExist is { Length: > 0 } condition && await ExistingAsync(facts.Type, condition, actor, ct) is { } existing)
            {
                slot.Answer = existing;
                if (existing.Status == 200) target = $"{existing.Type}/{existing.Id}";
            }
            if (slot.FullUrl is not null && !map.TryAdd(slot.FullUrl, target) && map[slot.FullUrl] != target)
                slot.Answer ??= FhirAnswer.Refuse(400, FhirIssue.Error("duplicate", "Two entries have the same fullUrl.", $"Bundle.{slot.Place}.fullUrl"));
        }
        return map;
    }

    /// <summary>What If-None-Exist finds among what the caller may see: null when nothing, else 200 with its id, or why it cannot be answered.</summary>
    public async Task<FhirAnswer?> ExistingAsync(string type, string condition, Actor actor, CancellationToken ct)
    {
        SearchQuery query;
        try
        {
            query = SearchParameters.Read(type, FhirRequest.Parameters(condition.TrimStart('?')), lenient: false);
        }
        catch (FhirSearchException fault)
        {
            return FhirAnswer.Refuse(400, fault.Issue);
        }
        if (query.Identifiers.Count == 0 && query.Ids is null) return FhirAnswer.Refuse(412, FhirIssue.Error("not-supported", "If-None-Exist in a Bundle names an identifier or _id."));
        using var session = await database.RentAsync(ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var found = (CreateResource.Ids(session, query) ?? []).Select(id => CareStore.Find(session, type, id)).OfType<StoredResource>()
            .Where(s => TakeIn.Sees(session, rules.Current, actor, s, now) && (type != "Patient" || NationalNumber.MayAsk(rules.Current, actor, s.Id, query.Identifiers.SelectMany(i => i).Select(i => i.System)))).Take(2).ToList();
        return found.Count switch
        {
            0 => null,
            1 => new FhirAnswer(200, default) { Type = type, Id = found[0].Id, Version = found[0].Version, LastModified = found[0].LastUpdated },
            _ => FhirAnswer.Refuse(412, FhirIssue.Error("multiple-matches", "If-None-Exist matches more than one resource.")),
        };
    }

    /// <summary>References of a person reach what that person sees: neither a name nor a match may come out of a closed file.</summary>
    private ReferenceSight SightOf(Actor actor) => new(
        (session, stored) => TakeIn.Sees(session, rules.Current, actor, stored, clock.GetUtcNow().UtcDateTime),
        (patient, system) => NationalNumber.MayAsk(rules.Current, actor, patient, [system]));

    /// <summary>Makes an entry ready; null when it is, else why not.</summary>
    private async Task<FhirAnswer?> PrepareAsync(Slot slot, Actor actor, ReferenceBook book, List<Ready> ready, bool transaction, CancellationToken ct)
    {
        var place = Expression(slot.Place);
        if (slot.Method is not (null or "POST" or "PUT")) return FhirAnswer.Refuse(405, FhirIssue.Error("not-supported", "Nothing is deleted or patched here; POST, PUT and GET stand in a Bundle.", place is null ? null : place + ".request.method"));
        try
        {
            var json = slot.Json;
            using (var document = JsonDocument.Parse(json))
            {
                // A message without a sender is the caller's own; one that names a sender is kept as it came.
                if (slot.Method is "POST" && document.RootElement.Text("resourceType"u8) == "Communication" && !document.RootElement.TryGetProperty("sender"u8, out _) && document.RootElement.Child("meta"u8) is null or { ValueKind: JsonValueKind.Object })
                    json = AsOwn(document.RootElement, actor, await SentBeforeAsync(document.RootElement, slot.FullUrl, actor, ct));
                // What is not asked yet is its writer's alone: a draft Task that names no requester is the caller's.
                else if (slot.Method is "POST" && document.RootElement.Text("resourceType"u8) == "Task" && document.RootElement.Text("status"u8) == "draft" && !document.RootElement.TryGetProperty("requester"u8, out _))
                    json = NativeJson.Replace(document.RootElement, "requester", writer =>
                    {
                        writer.WritePropertyName("requester"u8);
                        NativeJson.Reference(writer, actor.Reference, actor.DisplayName);
                    });
            }
            var prepared = filing.Prepare(json, slot.FullUrl, "fhir", book.NameOf);
            if (slot.Method == "PUT" && slot.Url is { } url && url.IndexOf('?') < 0 && url.TrimStart('/') != $"{prepared.Resource.Type}/{prepared.Resource.Id}")
                return FhirAnswer.Refuse(400, FhirIssue.Error("value", "request.url names another resource than the entry holds.", place is null ? null : place + ".request.url"));
            if (transaction && prepared.Facts.References.FirstOrDefault(r => book.MatchesOf(r) is not (null or 1)) is { } unmet)
            {
                // FHIR R4, transaction rules: a conditional reference that matches none or several ends the transaction.
                var many = book.MatchesOf(unmet) > 1;
                return FhirAnswer.Refuse(412, FhirIssue.Error(many ? "multiple-matches" : "not-found", $"The conditional reference in {prepared.Resource.Type}.{unmet.Path} matches {(many ? "more than one resource" : "nothing")}.", place is null ? null : $"{place}.resource.{unmet.Path}"));
            }
            book.Meet(prepared);
            ready.Add(new Ready(slot.Place, prepared, book.PatientOf(prepared), prepared.PatientDisplay, null, book.BelongingTo(prepared.Facts)));
            return null;
        }
        catch (FhirFormatException fault)
        {
            return FhirAnswer.Refuse(400, FhirIssue.Error("structure", fault.Message, place));
        }
    }

    /// <summary>
    /// The caller's own message: their name on it, and the moment it came when it states none, or it would be on no timeline.
    /// Sent again under the same name it keeps the moment of the first time, so that a repeated request changes nothing.
    /// </summary>
    private byte[] AsOwn(JsonElement root, Actor actor, string? before) => NativeJson.Replace(root, "sender", json =>
    {
        json.WritePropertyName("sender"u8);
        NativeJson.Reference(json, actor.Reference, actor.DisplayName);
        if (!root.TryGetProperty("sent"u8, out _) && !root.TryGetProperty("received"u8, out _))
            json.WriteString("sent"u8, before ?? FhirDates.BelgianDateTime(clock.UtcMicroseconds()));
    });

    private async Task<string?> SentBeforeAsync(JsonElement root, string? fullUrl, Actor actor, CancellationToken ct)
    {
        if ((root.Text("id"u8) ?? ResourceReader.UuidOf(fullUrl)) is not { } id) return null;
        using var session = await database.RentAsync(ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var stored = CareStore.Find(session, "Communication", id);
        if (stored is not null && !TakeIn.Sees(session, rules.Current, actor, stored, now)) stored = CareStore.Find(session, "Communication", TakeIn.OwnId(session, rules.Current, actor, "Communication", id, now));
        if (stored is null) return null;
        using var document = JsonDocument.Parse(CareStore.Json(session, stored));
        return document.RootElement.Text("sent"u8);
    }

    private static FhirAnswer AnswerOf(TakenItem item) => item.Outcome switch
    {
        Taken.Refused => Refusal(item),
        Taken.Created or Taken.KeptApart => new FhirAnswer(201, default) { Type = item.Type, Id = item.Id, Version = item.Version, Written = true, Issues = Notes(item) },
        _ => new FhirAnswer(200, default) { Type = item.Type, Id = item.Id, Version = item.Version, Written = true, Issues = Notes(item) },
    };

    /// <summary>A place in a Bundle as an expression; a line of NDJSON is none.</summary>
    private static string? Expression(string place) => place.StartsWith("entry[", StringComparison.Ordinal) ? $"Bundle.{place}" : null;

    private static FhirAnswer Refusal(TakenItem item) =>
        item.Reason == "not-found" ? FhirAnswer.NotFound()
        : item.Reason is { } reason && reason.StartsWith("forbidden: ", StringComparison.Ordinal) ? FhirAnswer.Refuse(403, FhirIssue.Error("forbidden", reason[11..], Expression(item.Place)))
        : FhirAnswer.Refuse(422, FhirIssue.Error("processing", item.Reason ?? "was not taken", Expression(item.Place)));

    private static List<FhirIssue> Notes(TakenItem item)
    {
        var notes = item.Oddities.Take(5).Select(o => FhirIssue.Warning("value", $"Kept, but odd: {o}")).ToList();
        if (item.Reason is not null) notes.Insert(0, FhirIssue.Warning("duplicate", item.Reason));
        return notes;
    }

    /// <summary>A transaction of which one entry failed: nothing happened, and this says why.</summary>
    private static FhirAnswer Undone(Slot slot, TakenItem? item = null)
    {
        var answer = item is null ? slot.Answer! : Refusal(item);
        return FhirAnswer.Refuse(answer.Status, [FhirIssue.Error("processing", $"Nothing of this transaction was kept, because of {slot.Place}."), .. answer.Issues]);
    }

    private static FhirAnswer Respond(List<Slot> slots, bool transaction, string baseUrl)
    {
        using var bundle = new BundleWriter(transaction ? "transaction-response" : "batch-response");
        foreach (var slot in slots)
        {
            var answer = slot.Answer ?? FhirAnswer.Refuse(500, FhirIssue.Error("exception", "This entry was not answered."));
            var location = answer is { Type: { } type, Id: { } id, Status: 200 or 201 } ? $"{baseUrl}/{type}/{id}/_history/{answer.Version}" : null;
            bundle.Response(answer.Status, location, answer.Version, answer.LastModified, slot.Method == "GET" && answer.Status == 200 ? answer.Body.Span : default, [.. answer.Issues]);
        }
        return new FhirAnswer(200, bundle.Finish());
    }
}
