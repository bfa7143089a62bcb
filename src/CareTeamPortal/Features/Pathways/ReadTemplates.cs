using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Pathways;

/// <summary>The templates as a list: everyone signed in reads what is published, who keeps the templates also what is being written.</summary>
internal sealed class ReadTemplates(CareDesk desk, TemplateLibrary library)
{
    /// <param name="Template">As published; of one that was never published: the draft.</param>
    /// <param name="At">When that version was published or last written.</param>
    /// <param name="HasDraft">Somebody is writing the next version.</param>
    internal sealed record Line(PathwayTemplate Template, DateTime At, bool HasDraft);

    internal sealed record View(IReadOnlyList<Line> Lines, bool MayWrite);

    public Task<View> RunAsync(Actor actor, CancellationToken ct) => desk.ReadForTheClockAsync(session =>
    {
        var officer = TemplateDrafts.MayWrite(actor);
        var drafts = !officer ? [] : TemplateSql.Kept(session, TemplateLibrary.Type).Where(k => TemplateLibrary.IsDraft(k.Id)).Select(k => TemplateDrafts.Find(session, k.Id[..^TemplateLibrary.DraftSuffix.Length])).OfType<TemplateDraft>().ToList();
        var lines = library.All(session).Select(t => new Line(t, library.Versions(session, t.Id)[0].Stored.At, drafts.Exists(d => d.Template.Id == t.Id))).ToList();
        lines.AddRange(drafts.Where(d => d.BeganFrom == 0).Select(d => new Line(d.Template, d.At, true)));
        return new View(lines, officer);
    }, ct);
}

/// <summary>One template: the version asked for, every published version, and what changed.</summary>
internal sealed class ReadTemplate(CareDesk desk, TemplateLibrary library)
{
    /// <param name="By">Who published it; null: it came with the program.</param>
    /// <param name="Reason">Why it was published.</param>
    internal sealed record Version(PathwayTemplate Template, DateTime At, string? By, string? Reason);

    /// <param name="Shown">The version asked for; null when the template has only a draft.</param>
    /// <param name="Changes">Between the version before and the one that is shown.</param>
    /// <param name="Standing">Who retired the template or brought it back last, and why; null when nobody did.</param>
    internal sealed record View(Version? Shown, IReadOnlyList<Version> Versions, IReadOnlyList<TemplateChange> Changes, TemplateDraft? Draft, bool MayWrite, Version? Standing);

    /// <param name="version">Null: the newest.</param>
    public Task<View?> RunAsync(Actor actor, string id, int? version, CancellationToken ct) => desk.ReadForTheClockAsync(session =>
    {
        var officer = TemplateDrafts.MayWrite(actor);
        var stored = library.Versions(session, id);
        List<Version> versions = [.. stored.Select(v => Of(v.Template, v.Stored))];
        var draft = officer && !TemplateLibrary.IsDraft(id) ? TemplateDrafts.Find(session, id) : null;
        if (versions.Count == 0 && draft is null)
            return null;
        var at = version is null ? 0 : versions.FindIndex(v => v.Template.Version == version);
        if (at < 0)
            return null;
        var newest = library.Find(session, id, null);
        // Being retired says so on the version that is in force.
        if (newest is not null && versions.Count > 0)
            versions[0] = versions[0] with { Template = versions[0].Template with { Status = newest.Status } };
        var present = TemplateSql.Present(session, TemplateLibrary.Type, id);
        var standing = present is not null && versions.Count > 0 && present.Version != stored[0].Stored.Version ? Of(newest!, present) : null;
        var shown = versions.Count == 0 ? null : versions[at];
        var before = at + 1 < versions.Count ? versions[at + 1] : null;
        return new View(shown, versions, before is null ? [] : CompareTemplates.Between(before.Template with { Status = shown!.Template.Status }, shown.Template), draft, officer, standing);
    }, ct);

    private static Version Of(PathwayTemplate template, DefinitionVersion stored)
    {
        var (by, reason) = TemplateDrafts.Signature(stored.Json);
        return new(template, stored.At, by, reason);
    }
}
