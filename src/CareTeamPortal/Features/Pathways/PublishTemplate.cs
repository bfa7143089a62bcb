using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Pathways;

/// <summary>A draft becomes the next version of a template, with a reason. Pathways that run stay as they were started.</summary>
internal sealed class PublishTemplate(CareDesk desk, Filing filing, TemplateLibrary library)
{
    /// <param name="seen">The stored version of the draft that the person saw.</param>
    public async Task<TemplateResult> RunAsync(Actor actor, string id, int seen, string reason, CancellationToken ct)
    {
        if (!TemplateDrafts.MayWrite(actor))
            return new TemplateResult.NotYours();
        if (SafeText.IsBlank(reason) || reason.Length > TemplateDrafts.LongestReason)
            return new TemplateResult.NeedsReason(TemplateDrafts.LongestReason);
        var why = SafeText.Lines(reason, TemplateDrafts.LongestReason).Trim();
        return await desk.KeepOwnAsync<TemplateResult>(actor, (session, _, now) =>
        {
            var draftId = TemplateDrafts.IdOf(id);
            if (TemplateSql.Present(session, TemplateLibrary.Type, draftId) is not { } stored || TemplateDrafts.Of(stored, id) is not { } draft || draft.Stored != seen)
                return new TemplateResult.ChangedMeanwhile();
            var inForce = library.Find(session, id, null);
            if ((inForce?.Version ?? 0) != draft.BeganFrom)
                return new TemplateResult.Stale(inForce?.Version ?? 0);
            if (ValidateTemplate.Problems(draft.Template) is { Count: > 0 } problems)
                return new TemplateResult.Faulty(problems);
            if (inForce is not null && CompareTemplates.Between(inForce, draft.Template with { Status = TemplateStatus.Active }).Count == 0)
                return new TemplateResult.NothingChanges();
            var next = draft.Template with { Version = draft.BeganFrom + 1 };
            var present = CareStore.Find(session, TemplateLibrary.Type, id);
            if (!TemplateDrafts.Put(session, filing, id, present?.Version ?? 0, TemplateDrafts.Publish(next, stored.Json, why, actor, now), actor.Person, now)
                || !TemplateDrafts.Put(session, filing, draftId, seen, TemplateDrafts.WithStatus(stored.Json, "retired", null, actor, now), actor.Person, now))
                return new TemplateResult.ChangedMeanwhile();
            TemplateSql.Record(session, actor.Person, $"PlanDefinition/{id}/_history/{(present?.Version ?? 0) + 1}", now);
            return new TemplateResult.Done(id, next.Version);
        }, ct);
    }
}

/// <summary>Takes a template out of use, or brings it back: nobody starts one that is retired; what runs goes on.</summary>
internal sealed class RetireTemplate(CareDesk desk, Filing filing, TemplateLibrary library)
{
    /// <param name="version">The version that the person saw.</param>
    /// <param name="retire">False: it comes back into use.</param>
    public async Task<TemplateResult> RunAsync(Actor actor, string id, int version, bool retire, string reason, CancellationToken ct)
    {
        if (!TemplateDrafts.MayWrite(actor))
            return new TemplateResult.NotYours();
        if (SafeText.IsBlank(reason) || reason.Length > TemplateDrafts.LongestReason)
            return new TemplateResult.NeedsReason(TemplateDrafts.LongestReason);
        var why = SafeText.Lines(reason, TemplateDrafts.LongestReason).Trim();
        return await desk.KeepOwnAsync<TemplateResult>(actor, (session, _, now) =>
        {
            if (library.Find(session, id, null) is not { } template || template.Version != version || (template.Status == TemplateStatus.Retired) == retire || TemplateSql.Present(session, TemplateLibrary.Type, id) is not { } stored
                || !TemplateDrafts.Put(session, filing, id, stored.Version, TemplateDrafts.WithStatus(stored.Json, retire ? "retired" : "active", why, actor, now), actor.Person, now))
                return new TemplateResult.ChangedMeanwhile();
            TemplateSql.Record(session, actor.Person, $"PlanDefinition/{id}/_history/{stored.Version + 1}", now);
            return new TemplateResult.Done(id, version);
        }, ct);
    }
}
