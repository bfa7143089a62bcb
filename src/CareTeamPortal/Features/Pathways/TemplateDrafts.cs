using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Pathways;

/// <summary>What is being written of a template and nobody can start yet.</summary>
/// <param name="Template">Under the id and the number that it gets when it is published.</param>
/// <param name="Stored">By which whoever writes says which text they saw.</param>
/// <param name="BeganFrom">The published version that it changes; 0 for a template that is new.</param>
public sealed record TemplateDraft(PathwayTemplate Template, int Stored, int BeganFrom, DateTime At, string? By);

/// <summary>What became of something that was done with a template.</summary>
public abstract record TemplateResult
{
    /// <summary>It is done.</summary>
    /// <param name="Number">Of a draft: its stored version; of a publication: the version of the template.</param>
    public sealed record Done(string Id, int Number) : TemplateResult;

    /// <summary>Only who keeps the templates does this.</summary>
    public sealed record NotYours : TemplateResult;

    /// <summary>It is not there any more, or not as it was seen.</summary>
    public sealed record ChangedMeanwhile : TemplateResult;

    /// <summary>Another version was published since the draft was begun.</summary>
    public sealed record Stale(int Current) : TemplateResult;

    /// <summary>It says the same as the version in force.</summary>
    public sealed record NothingChanges : TemplateResult;

    /// <summary>More than can be kept, even as a draft.</summary>
    public sealed record TooLarge : TemplateResult;

    /// <summary>It needs a reason in words, of at most so many characters.</summary>
    public sealed record NeedsReason(int Most) : TemplateResult;

    /// <summary>It cannot be started as it stands.</summary>
    public sealed record Faulty(IReadOnlyList<TemplateProblem> Problems) : TemplateResult;
}

/// <summary>Who keeps the templates, and how a draft is kept beside what is in force: a PlanDefinition of its own.</summary>
internal static class TemplateDrafts
{
    public const int LongestReason = SafeText.ReasonLength;

    /// <summary>Most bytes of a draft: three times the longest template that can be published in practice.</summary>
    public const int LargestDraft = 1_000_000;

    /// <summary>Governance officers and administrators keep the templates (product.md); no clinical content is in them.</summary>
    public static bool MayWrite(Actor actor) => actor.Discipline == Discipline.GovernanceOfficer || actor.IsAdministrator;

    public static string IdOf(string template) => template + TemplateLibrary.DraftSuffix;

    /// <summary>The draft of a template; null when nobody is writing one.</summary>
    public static TemplateDraft? Find(DbSession session, string template) =>
        TemplateSql.Present(session, TemplateLibrary.Type, IdOf(template)) is { } present ? Of(present, template) : null;

    /// <summary>The draft as it is stored; null when it was published or put aside.</summary>
    public static TemplateDraft? Of(DefinitionVersion stored, string template)
    {
        var root = JsonNode.Parse(stored.Json)!;
        if (root["status"]?.ToString() != "draft" || TemplateFhir.Read(stored.Json) is not { } read)
            return null;
        return new(read with { Id = template }, stored.Version, Number(root, TemplateCodes.BeganFrom) ?? 0, stored.At, Editor(root));
    }

    /// <summary>The bytes of a draft.</summary>
    /// <param name="basis">The version that it changes, or the draft as it stood: what the portal does not know of it comes along.</param>
    public static byte[] Write(PathwayTemplate template, byte[]? basis, int beganFrom, Actor by)
    {
        var root = TemplateFhir.Node(template with { Status = TemplateStatus.Draft, Version = beganFrom + 1 }, basis);
        root["id"] = IdOf(template.Id);
        root["url"] = root["url"]?.ToString() is { } url && basis is not null && beganFrom > 0 ? url : TemplateCodes.Canonical + template.Id;
        Mark(root, [TemplateCodes.File, TemplateCodes.Reason, TemplateCodes.BeganFrom], new JsonObject { ["url"] = TemplateCodes.BeganFrom, ["valueInteger"] = beganFrom });
        root["editor"] = new JsonArray(new JsonObject { ["name"] = by.DisplayName });
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>The bytes of a version that is published from a draft.</summary>
    public static byte[] Publish(PathwayTemplate template, byte[] draft, string reason, Actor by, DateTime now)
    {
        var root = TemplateFhir.Node(template with { Status = TemplateStatus.Active }, draft);
        root["id"] = template.Id;
        Mark(root, [TemplateCodes.File, TemplateCodes.Reason, TemplateCodes.BeganFrom], new JsonObject { ["url"] = TemplateCodes.Reason, ["valueString"] = reason });
        Sign(root, by, now);
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>The same version with another status, and why.</summary>
    public static byte[] WithStatus(byte[] json, string status, string? reason, Actor by, DateTime now)
    {
        var root = (JsonObject)JsonNode.Parse(json)!;
        root["status"] = status;
        if (reason is not null)
        {
            Mark(root, [TemplateCodes.File, TemplateCodes.Reason], new JsonObject { ["url"] = TemplateCodes.Reason, ["valueString"] = reason });
            Sign(root, by, now);
        }

        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>Who published a version, when and why; what the program brought has none of these.</summary>
    public static (string? By, string? Reason) Signature(byte[] json)
    {
        var root = JsonNode.Parse(json)!;
        return (Editor(root), (root["extension"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(e => e["url"]?.ToString() == TemplateCodes.Reason)?["valueString"]?.ToString());
    }

    /// <summary>Texts as they are kept: nothing in them hides, reorders or breaks what stands around it; what is empty is not there. Nothing is cut: what is too long is a problem that is shown.</summary>
    public static PathwayTemplate Clean(PathwayTemplate template)
    {
        const int Any = LargestDraft;
        static string Line(string? text) => SafeText.Line(text, Any);
        static string? LineOrNull(string? text) => SafeText.Line(text, Any) is { Length: > 0 } line ? line : null;
        static string? Lines(string? text) => SafeText.Lines(text ?? "", Any).Trim() is { Length: > 0 } lines ? lines : null;
        return template with
        {
            Title = Line(template.Title),
            Purpose = Lines(template.Purpose),
            Sources = [.. template.Sources.Select(s => s with { Label = Line(s.Label), Url = LineOrNull(s.Url) })],
            Roles = [.. template.Roles.Select(r => r with { Title = Line(r.Title), Disciplines = [.. r.Disciplines.Distinct()] })],
            Goals = [.. template.Goals.Select(g => g with { Text = Line(g.Text), Target = LineOrNull(g.Target) })],
            Phases = [.. template.Phases.Select(p => p with
            {
                Title = Line(p.Title), Entry = Lines(p.Entry), Exit = Lines(p.Exit),
                Steps = [.. p.Steps.Select(s => s with
                {
                    Title = Line(s.Title), Detail = Lines(s.Detail), Scope = LineOrNull(s.Scope), Checklist = [.. s.Checklist.Select(Line).Where(c => c.Length > 0)], Repeat = s.Repeat is { } r ? r with { Until = null } : null,
                    Limits = [.. s.Limits.Select(l => l with { ToDo = Lines(l.ToDo) })],
                })],
            })],
        };
    }

    private static void Mark(JsonObject root, string[] instead, JsonObject mark)
    {
        var extensions = new JsonArray([.. (root["extension"] as JsonArray ?? []).Where(e => !instead.Contains(e?["url"]?.ToString())).Select(e => e!.DeepClone()), mark]);
        root["extension"] = extensions;
    }

    private static void Sign(JsonObject root, Actor by, DateTime now)
    {
        root["date"] = Platform.Fhir.FhirDates.BelgianDateTime(now);
        root["editor"] = new JsonArray(new JsonObject { ["name"] = by.DisplayName });
    }

    private static string? Editor(JsonNode root) => (root["editor"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault()?["name"]?.ToString();

    private static int? Number(JsonNode root, string url) =>
        (root["extension"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(e => e["url"]?.ToString() == url)?["valueInteger"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    /// <summary>Puts bytes in the place of what is stored under an id, or stores the first; false when another was first.</summary>
    public static bool Put(DbSession session, Filing filing, string id, int seen, byte[] json, PersonId by, DateTime now)
    {
        var prepared = filing.Prepare(json, null, TemplateSql.Portal).Resource;
        if (CareStore.Find(session, TemplateLibrary.Type, id) is not { } stored)
        {
            if (seen != 0)
                return false;
            // Over FHIR only who began a draft reads it: what is published is everyone's, what is being written is not.
            CareStore.Insert(session, prepared, null, TemplateLibrary.IsDraft(id) ? by : null, now);
            return true;
        }

        return stored.Version == seen && CareStore.Replace(session, stored, prepared, null, by, now);
    }

    /// <summary>An id that a title gives and nothing has yet.</summary>
    public static string NewId(DbSession session, string title)
    {
        var folded = NameFolding.Fold(title);
        var slug = new string([.. folded.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        slug = string.Join('-', slug.Split('-', StringSplitOptions.RemoveEmptyEntries));
        slug = slug.Length == 0 ? "sjabloon" : slug[..Math.Min(slug.Length, 40)].Trim('-');
        for (var n = 1; ; n++)
        {
            var id = n == 1 ? slug : string.Create(CultureInfo.InvariantCulture, $"{slug}-{n}");
            if (CareStore.Find(session, TemplateLibrary.Type, id) is null && CareStore.Find(session, TemplateLibrary.Type, IdOf(id)) is null)
                return id;
        }
    }
}
