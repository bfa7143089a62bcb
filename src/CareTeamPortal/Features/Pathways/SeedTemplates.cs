using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Pathways;

/// <summary>
/// Keeps the templates that come with the program (Templates/*.json). A newer file becomes a new version, unless people of the portal changed the template since:
/// what they decided stands.
/// </summary>
internal sealed class SeedTemplates(CareDesk desk, Filing filing)
{
    private const string Folder = "CareTeamPortal.Features.Pathways.Templates.";
    private const string KeptBy = "templates-kept-by";

    /// <summary>The files as they stand in the program, by name.</summary>
    internal static IEnumerable<(string Name, byte[] Json)> Files() => OwnFiles.In(Folder);

    /// <summary>Keeps them all. What this very program has kept here before, it need not read at every start.</summary>
    public Task RunAsync(CancellationToken ct) => OwnFiles.KeepAsync(desk, KeptBy, async () =>
    {
        foreach (var (name, json) in Files())
        {
            var template = TemplateFhir.Read(json) ?? throw new InvalidOperationException($"{name} is no PlanDefinition");
            await PutAsync(template, json, ct);
        }
    }, ct);

    /// <summary>Keeps one file; false when what stands there stays.</summary>
    internal Task<bool> PutAsync(PathwayTemplate template, byte[] json, CancellationToken ct) => desk.KeepOwnAsync(Actor.Portal, (session, _, now) =>
    {
        var stored = CareStore.Find(session, TemplateLibrary.Type, template.Id);
        if (stored is null)
        {
            CareStore.Insert(session, Prepare(Marked(json, template.Version, template.Version)), null, null, now);
            return true;
        }

        // Under a name that the program takes later, somebody may have sent a resource before: it stays as an older version.
        if (!TemplateSql.IsKept(session, TemplateLibrary.Type, template.Id))
        {
            if (stored.Patient is not null || stored.BroughtBy is not null)
                return false;
            TemplateSql.Keep(session, TemplateLibrary.Type, template.Id);
            return CareStore.Replace(session, stored, Prepare(Marked(json, template.Version, template.Version)), null, null, now);
        }

        var present = CareStore.Json(session, stored);
        if (FileOf(present) is not { } file || file >= template.Version)
            return false;
        var next = TemplateFhir.Read(present)!.Version + 1;
        return CareStore.Replace(session, stored, Prepare(Marked(json, Math.Max(next, template.Version), template.Version)), null, null, now);
    }, ct);

    /// <summary>The version of the file that a resource came from; null when people of the portal wrote it.</summary>
    internal static int? FileOf(byte[] json) =>
        (JsonNode.Parse(json)?["extension"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(e => e["url"]?.ToString() == TemplateCodes.File)?["valueInteger"] is JsonValue value && value.TryGetValue<int>(out var file) ? file : null;

    private static byte[] Marked(byte[] json, int version, int file)
    {
        var root = (JsonObject)JsonNode.Parse(json)!;
        root["version"] = version.ToString(CultureInfo.InvariantCulture);
        var mark = new JsonObject { ["url"] = TemplateCodes.File, ["valueInteger"] = file };
        if (root["extension"] is JsonArray extensions)
            extensions.Add(mark);
        else
            root["extension"] = new JsonArray(mark);
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    private FiledResource Prepare(byte[] json) => filing.Prepare(json, null, TemplateSql.Portal).Resource;
}
