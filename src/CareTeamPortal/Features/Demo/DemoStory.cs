using System.Text.Json.Nodes;
using CareTeamPortal.Features.Tasks;
using Parts = CareTeamPortal.Features.Tasks.TaskCodes.Parts;

namespace CareTeamPortal.Features.Demo;

/// <summary>The parts of a demo hand-off (I-PASS), beside its summary.</summary>
/// <param name="Severity">Code: stable, watcher, unstable.</param>
/// <param name="Why">Why that severity.</param>
/// <param name="Scope">The part of care; null: all of it.</param>
internal sealed record DemoStory(string Severity, string Why, string? Scope)
{
    /// <summary>Last day of the part, and its hour.</summary>
    public (int Day, string At)? Until { get; init; }
    public string? Situation { get; init; }
    public IReadOnlyList<(string If, string Then)> Ifs { get; init; } = [];

    /// <summary>Tasks that travel along; with a name, to that person and not to the receiver.</summary>
    public IReadOnlyList<(string Id, string Title, string? To)> Tasks { get; init; } = [];
    public IReadOnlyList<(string By, int Day, string At, string Question, string Answerer, int AnswerDay, string AnswerAt, string Answer)> Questions { get; init; } = [];

    /// <summary>As inputs of the Task.</summary>
    public JsonArray Inputs(string summary, Func<int, string, JsonNode> stamp, Func<string, DemoPerson> person, Func<DemoPerson, JsonNode> reference)
    {
        var inputs = new JsonArray();
        static JsonObject Part(string part, string value, JsonNode node) => new() { ["type"] = DemoJson.Concept(TaskCodes.Part, part, null), [value] = node };
        static JsonObject Said(JsonObject part, string by, JsonNode at)
        {
            part["extension"] = new JsonArray(new JsonObject { ["url"] = TaskCodes.By, ["valueString"] = by }, new JsonObject { ["url"] = TaskCodes.At, ["valueDateTime"] = at });
            return part;
        }

        inputs.Add(Part(Parts.Protocol, "valueCode", "ipass"));
        if (Scope is not null)
            inputs.Add(Part(Parts.Scope, "valueString", Scope));
        if (Until is { } until)
            inputs.Add(Part(Parts.ScopeUntil, "valueDateTime", stamp(until.Day, until.At)));
        inputs.Add(Part(Parts.Severity, "valueCode", Severity));
        inputs.Add(Part(Parts.SeverityNote, "valueString", Why));
        inputs.Add(Part(Parts.Summary, "valueString", summary));
        foreach (var (condition, action) in Ifs)
        {
            inputs.Add(Part(Parts.If, "valueString", condition));
            inputs.Add(Part(Parts.Then, "valueString", action));
        }

        if (Situation is not null)
            inputs.Add(Part(Parts.Situation, "valueString", Situation));
        foreach (var (id, title, to) in Tasks)
        {
            var part = Part(Parts.Task, "valueReference", new JsonObject { ["reference"] = $"Task/{id}", ["display"] = title });
            if (to is not null)
                part["extension"] = new JsonArray(new JsonObject { ["url"] = TaskCodes.NewOwner, ["valueReference"] = reference(person(to)) });
            inputs.Add(part);
        }

        foreach (var said in Questions)
        {
            inputs.Add(Said(Part(Parts.Question, "valueString", said.Question), person(said.By).DisplayName, stamp(said.Day, said.At)));
            inputs.Add(Said(Part(Parts.Answer, "valueString", said.Answer), person(said.Answerer).DisplayName, stamp(said.AnswerDay, said.AnswerAt)));
        }

        return inputs;
    }
}
