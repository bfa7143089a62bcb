using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Pathways;

/// <summary>
/// Publishes a template that a program wrote outside the editor, in one step: a new one, or the next version of one that is there. The same rights, cleaning,
/// validation and reason as a draft that is published; what the portal does not know of the PlanDefinition is kept as it came.
/// </summary>
internal sealed class KeepTemplate(CareDesk desk, Filing filing, TemplateLibrary library)
{
    internal sealed record Request
    {
        /// <summary>The template; null makes a new one, under an id that its title gives.</summary>
        public string? Id { get; init; }

        /// <summary>The stored version that the program saw (its ETag).</summary>
        public int Seen { get; init; }

        /// <summary>The PlanDefinition.</summary>
        public required byte[] Json { get; init; }

        /// <summary>Why this version.</summary>
        public required string Reason { get; init; }
    }

    public async Task<TemplateResult> RunAsync(Actor actor, Request request, CancellationToken ct)
    {
        if (!TemplateDrafts.MayWrite(actor))
            return new TemplateResult.NotYours();
        if (SafeText.IsBlank(request.Reason) || request.Reason.Length > TemplateDrafts.LongestReason)
            return new TemplateResult.NeedsReason(TemplateDrafts.LongestReason);
        if (request.Json.Length > TemplateDrafts.LargestDraft)
            return new TemplateResult.TooLarge();
        if (request.Id is { } asked && TemplateLibrary.IsDraft(asked))
            return new TemplateResult.ChangedMeanwhile();
        var template = TemplateDrafts.Clean(Read(request.Json, request.Id)) with { Status = TemplateStatus.Active };
        if (ValidateTemplate.Problems(template) is { Count: > 0 } problems)
            return new TemplateResult.Faulty(problems);
        var why = SafeText.Lines(request.Reason, TemplateDrafts.LongestReason).Trim();
        return await desk.KeepOwnAsync<TemplateResult>(actor, (session, _, now) =>
        {
            var id = request.Id ?? TemplateDrafts.NewId(session, template.Title);
            var inForce = request.Id is null ? null : library.Find(session, id, null);
            var stored = request.Id is null ? null : TemplateSql.Present(session, TemplateLibrary.Type, id);
            if ((stored?.Version ?? 0) != request.Seen || request.Id is not null && inForce is null)
                return new TemplateResult.ChangedMeanwhile();
            if (inForce is { Status: TemplateStatus.Active } && CompareTemplates.Between(inForce, template with { Id = id }).Count == 0)
                return new TemplateResult.NothingChanges();
            var next = template with { Id = id, Version = (inForce?.Version ?? 0) + 1 };
            if (!TemplateDrafts.Put(session, filing, id, stored?.Version ?? 0, TemplateDrafts.Publish(next, WithId(request.Json, id), why, actor, now), actor.Person, now))
                return new TemplateResult.ChangedMeanwhile();
            TemplateSql.Record(session, actor.Person, $"PlanDefinition/{id}/_history/{(stored?.Version ?? 0) + 1}", now);
            return new TemplateResult.Done(id, next.Version);
        }, ct);
    }

    /// <summary>The template that a PlanDefinition says, whatever id it bears.</summary>
    /// <param name="id">Its id here; null: a new one has none yet.</param>
    internal static PathwayTemplate Read(byte[] json, string? id) => TemplateFhir.Read(WithId(json, id ?? "nieuw"))!;

    /// <summary>The PlanDefinition under the id and the address that it has here, without what only the store says of it.</summary>
    private static byte[] WithId(byte[] json, string id)
    {
        var root = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(json)!;
        root["id"] = id;
        root["url"] = TemplateCodes.Canonical + id;
        root.Remove("meta");
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(root, Tasks.TaskFhir.Relaxed);
    }
}
