using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Begins a draft of a template, or writes one anew. A draft may be unfinished; what is wrong with it stops its publication, not its keeping.</summary>
internal sealed class SaveTemplateDraft(CareDesk desk, Filing filing, TemplateLibrary library)
{
    internal sealed record Request
    {
        /// <summary>The template; null begins a new one, under an id that its title gives.</summary>
        public string? Id { get; init; }

        /// <summary>The stored version of the draft that the person saw; 0 begins one.</summary>
        public int Seen { get; init; }
        public required PathwayTemplate Template { get; init; }

        /// <summary>It goes on from the version that is in force now: the person saw what that one changed.</summary>
        public bool Renew { get; init; }
    }

    public async Task<TemplateResult> RunAsync(Actor actor, Request request, CancellationToken ct)
    {
        if (!TemplateDrafts.MayWrite(actor))
            return new TemplateResult.NotYours();
        if (request.Id is { } asked && (TemplateLibrary.IsDraft(asked) || asked.Length > ValidateTemplate.LongestId - TemplateLibrary.DraftSuffix.Length))
            return new TemplateResult.ChangedMeanwhile();
        if (IsTooLarge(request.Template))
            return new TemplateResult.TooLarge();
        var template = TemplateDrafts.Clean(request.Template);
        return await desk.KeepOwnAsync<TemplateResult>(actor, (session, _, now) =>
        {
            var id = request.Id ?? TemplateDrafts.NewId(session, template.Title);
            var inForce = library.Find(session, id, null);
            if (request.Id is not null && inForce is null && TemplateDrafts.Find(session, id) is null)
                return new TemplateResult.ChangedMeanwhile();
            var draftId = TemplateDrafts.IdOf(id);
            var stored = TemplateSql.Present(session, TemplateLibrary.Type, draftId);
            var draft = stored is null ? null : TemplateDrafts.Of(stored, id);
            // Two who begin at once: the second sees what the first began.
            if (draft is null ? request.Seen != 0 : draft.Stored != request.Seen)
                return new TemplateResult.ChangedMeanwhile();
            var began = draft is null || request.Renew ? inForce?.Version ?? 0 : draft.BeganFrom;
            var basis = draft is not null ? stored!.Json : inForce is null ? null : TemplateSql.Present(session, TemplateLibrary.Type, id)!.Json;
            var json = TemplateDrafts.Write(template with { Id = id }, basis, began, actor);
            if (json.Length > TemplateDrafts.LargestDraft)
                return new TemplateResult.TooLarge();
            if (!TemplateDrafts.Put(session, filing, draftId, stored?.Version ?? 0, json, actor.Person, now))
                return new TemplateResult.ChangedMeanwhile();
            if (draft is null || request.Renew)
                TemplateSql.Record(session, actor.Person, $"PlanDefinition/{draftId}/_history/{(stored?.Version ?? 0) + 1}", now);
            return new TemplateResult.Done(id, (stored?.Version ?? 0) + 1);
        }, ct);
    }

    /// <summary>Counts that no editor makes: they are refused before anything is written out.</summary>
    private static bool IsTooLarge(PathwayTemplate t) =>
        t.Phases.Count > 4 * ValidateTemplate.MostPhases || t.Roles.Count > 4 * ValidateTemplate.MostRoles || t.Goals.Count > 4 * ValidateTemplate.MostGoals || t.Sources.Count > 4 * ValidateTemplate.MostSources
        || t.Steps.Count() > 4 * ValidateTemplate.MostSteps || t.Steps.Any(s => s.Step.Checklist.Count > 400 || s.Step.Limits.Count > 100)
        || t.Steps.Sum(s => (s.Step.Detail?.Length ?? 0L) + s.Step.Title.Length + s.Step.Checklist.Sum(c => (long)c.Length)) + (t.Purpose?.Length ?? 0L) + t.Title.Length > TemplateDrafts.LargestDraft;
}

/// <summary>Puts a draft aside: it stays among the versions, and nobody goes on with it.</summary>
internal sealed class DropTemplateDraft(CareDesk desk, Filing filing)
{
    public async Task<TemplateResult> RunAsync(Actor actor, string id, int seen, CancellationToken ct)
    {
        if (!TemplateDrafts.MayWrite(actor))
            return new TemplateResult.NotYours();
        return await desk.KeepOwnAsync<TemplateResult>(actor, (session, _, now) =>
        {
            var draftId = TemplateDrafts.IdOf(id);
            if (TemplateSql.Present(session, TemplateLibrary.Type, draftId) is not { } stored || TemplateDrafts.Of(stored, id) is null || stored.Version != seen
                || !TemplateDrafts.Put(session, filing, draftId, seen, TemplateDrafts.WithStatus(stored.Json, "retired", null, actor, now), actor.Person, now))
                return new TemplateResult.ChangedMeanwhile();
            TemplateSql.Record(session, actor.Person, $"PlanDefinition/{draftId}/_history/{seen + 1}", now);
            return new TemplateResult.Done(id, seen + 1);
        }, ct);
    }
}
