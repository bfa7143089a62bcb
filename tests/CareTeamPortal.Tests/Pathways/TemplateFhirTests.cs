using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Pathways;

/// <summary>Templates as PlanDefinition and back, and what comes with the program.</summary>
public sealed class TemplateFhirTests(ITestOutputHelper output)
{
    public static TheoryData<string> Shipped => [.. SeedTemplates.Files().Select(f => f.Name)];

    [Fact]
    public void Any_template_comes_back_from_its_PlanDefinition_as_it_was()
    {
        var dice = new Dice(output);
        for (var n = 0; n < 300; n++)
        {
            var template = RandomTemplate(dice);
            Assert.Equal(Said(template), Said(TemplateFhir.Read(TemplateFhir.Write(template, null))!));
        }
    }

    [Fact]
    public void Any_template_can_take_the_place_of_any_other_without_a_trace_of_it()
    {
        var dice = new Dice(output);
        for (var n = 0; n < 200; n++)
        {
            var (before, after) = (RandomTemplate(dice), RandomTemplate(dice));
            Assert.Equal(Said(after), Said(TemplateFhir.Read(TemplateFhir.Write(after, TemplateFhir.Write(before, null)))!));
        }
    }

    [Fact]
    public void What_the_portal_does_not_know_of_a_PlanDefinition_stays_when_it_is_changed()
    {
        var foreign = """
            {"resourceType":"PlanDefinition","id":"elders","url":"https://elders.example/PlanDefinition/x","status":"active","title":"Van elders","publisher":"Elders","jurisdiction":[{"text":"BE"}],
             "relatedArtifact":[{"type":"documentation","display":"bijlage"}],"extension":[{"url":"https://elders.example/e","valueString":"iets"}],
             "goal":[{"id":"g","description":{"text":"doel","coding":[{"system":"s","code":"c"}]},"priority":{"text":"hoog"}}],
             "action":[{"id":"p1","prefix":"A","title":"Begin","timingRange":{"low":{"value":2,"code":"d"},"high":{"value":9,"code":"d"}},"condition":[{"kind":"applicability","expression":{"language":"text/cql","expression":"true"}}],
               "action":[{"id":"s1","title":"Stap","trigger":[{"type":"named-event","name":"x"}],"relatedAction":[{"actionId":"p1","relationship":"after-start","offsetDuration":{"value":1,"code":"wk"}},{"actionId":"s2","relationship":"concurrent"}],
                 "timingTiming":{"code":{"text":"zoals het uitkomt"}},"participant":[{"type":"device"}],"code":[{"text":"eigen code"}],"action":[{"title":"nog dieper"}]},{"title":"Zonder id"}]}]}
            """u8.ToArray();
        var read = TemplateFhir.Read(foreign)!;
        Assert.Equal(9, read.Phases[0].Steps[0].Due.Day); // a week after the second day
        Assert.Equal("fase-1-stap-2", read.Phases[0].Steps[1].Id);

        var phase = read.Phases[0];
        var changed = read with { Title = "Hier aangepast", Phases = [phase with { Steps = [phase.Steps[0] with { Title = "Andere stap", Role = "arts" }, phase.Steps[1]] }] };
        var node = JsonNode.Parse(TemplateFhir.Write(changed, foreign))!;
        Assert.Equal("Hier aangepast", (string?)node["title"]);
        Assert.Equal("https://elders.example/PlanDefinition/x", (string?)node["url"]);
        Assert.Equal("Elders", (string?)node["publisher"]);
        Assert.Equal("bijlage", (string?)node["relatedArtifact"]![0]!["display"]);
        Assert.Equal("iets", (string?)node["extension"]![0]!["valueString"]);
        Assert.Equal("hoog", (string?)node["goal"]![0]!["priority"]!["text"]);
        Assert.Equal("c", (string?)node["goal"]![0]!["description"]!["coding"]![0]!["code"]);
        Assert.Equal("text/cql", (string?)node["action"]![0]!["condition"]![0]!["expression"]!["language"]);
        var step = node["action"]![0]!["action"]![0]!;
        Assert.Equal("Andere stap", (string?)step["title"]);
        Assert.Equal("x", (string?)step["trigger"]![0]!["name"]);
        Assert.Equal("concurrent", (string?)step["relatedAction"]![0]!["relationship"]);
        Assert.Equal("zoals het uitkomt", (string?)step["timingTiming"]!["code"]!["text"]);
        Assert.Equal("device", (string?)step["participant"]![0]!["type"]);
        Assert.Equal("eigen code", (string?)step["code"]![0]!["text"]);
        Assert.Equal("nog dieper", (string?)step["action"]![0]!["title"]);
        Assert.Equal(Said(changed), Said(TemplateFhir.Read(JsonSerializer.SerializeToUtf8Bytes(node))!));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_template_that_comes_with_the_program_has_no_problem_and_names_only_what_it_has(string file)
    {
        var json = SeedTemplates.Files().Single(f => f.Name == file).Json;
        var template = TemplateFhir.Read(json)!;
        Assert.Equal($"{template.Id}.json", file);
        Assert.Equal(TemplateStatus.Active, template.Status);
        Assert.Empty(ValidateTemplate.Problems(template).Select(p => $"{TemplateWords.Place(p, template)}: {TemplateWords.What(p)} {TemplateWords.Mend(p)}"));
        Assert.NotEmpty(template.Sources);
        Assert.NotEmpty(template.Goals);
        Assert.All(template.Phases, p => Assert.True(p is { Entry: not null, Exit: not null }));
        foreach (var kind in Enum.GetValues<StepKind>())
            Assert.Contains(template.Steps, s => s.Step.Kind == kind);
        // A number says where it comes from, or that it has to be confirmed.
        Assert.All(template.Steps.SelectMany(s => s.Step.Limits), l => Assert.True(l.Source is not null || l.ToConfirm, l.Id));
        Assert.Contains(template.Steps, s => s.Step.Kind == StepKind.Information && s.Step.Detail!.Contains("112", StringComparison.Ordinal));
        Assert.Equal(TemplateFhir.Text(template, null), Encoding.UTF8.GetString(json)); // the file is written as the portal writes it
    }

    [Fact]
    public void Each_fault_has_words_for_what_is_wrong_and_how_to_mend_it()
    {
        foreach (var fault in Enum.GetValues<TemplateFault>())
        {
            var problem = new TemplateProblem(fault, TemplateField.Whole, null, null, null, ["een", "twee", "drie"]);
            Assert.NotEqual("Fault." + fault, TemplateWords.What(problem));
            Assert.NotEqual("Mend." + fault, TemplateWords.Mend(problem));
        }

        foreach (var field in Enum.GetValues<TemplateField>())
            Assert.NotEqual("Field." + field, TemplateWords.Get("Field." + field));
    }

    [Fact]
    public void A_problem_says_phase_step_and_how_to_mend_it()
    {
        var template = TemplateFhir.Read(SeedTemplates.Files().Single(f => f.Name == "hartfalen-na-ontslag.json").Json)!;
        var phase = template.Phases[0];
        var broken = template with { Phases = [phase with { Steps = [phase.Steps[0] with { Due = new(40), Role = "niemand" }, .. phase.Steps.Skip(1)] }, .. template.Phases.Skip(1)] };
        Assert.Equal(
            ["Fase Ontslag, stap Streefgewicht bepalen en doorgeven, wie: Deze rol bestaat niet in het sjabloon. Kies een rol uit de lijst, of voeg de rol toe.",
             "Fase Ontslag, stap Streefgewicht bepalen en doorgeven, wanneer: Dag 40 valt na het einde van de fase (dag 1). Kies een dag tot 1, of zet de stap in een latere fase."],
            ValidateTemplate.Problems(broken).Select(p => $"{TemplateWords.Place(p, broken)}: {TemplateWords.What(p)} {TemplateWords.Mend(p)}"));
    }

    /// <summary>All that a template says, to compare by.</summary>
    internal static string Said(PathwayTemplate template) => JsonSerializer.Serialize(template with { }, Options);

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    private static readonly string[] SomeWords = ["Bloedname", "a \"b\" <c>&amp;", "é 😀 漢", "  wit  ", "regel 1\nregel 2", "x", "{0}", "–"];

    /// <summary>A template of any shape, sense or not: what is saved as a draft need not be right.</summary>
    internal static PathwayTemplate RandomTemplate(Dice dice)
    {
        string? Maybe() => dice.OneIn(3) ? null : dice.Of(SomeWords);
        string Word() => dice.OneIn(9) ? "" : dice.Of(SomeWords);
        List<T> Some<T>(int most, Func<int, T> make) => [.. Enumerable.Range(0, dice.Next(most + 1)).Select(make)];
        string? Named(string kind) => dice.OneIn(3) ? null : $"{kind}-{dice.Next(3)}";
        var quantities = MeasurementCatalogue.All.Select(Measured.KeyOf).Distinct().ToList();
        RepeatRule? Repeat() => dice.OneIn(2) ? null : dice.Next(3) switch { 0 => new(dice.Next(9) + 1, RepeatUnit.Day, []), 1 => new(dice.Next(4) + 1, RepeatUnit.Week, Some(3, d => (DayOfWeek)d)), _ => RepeatRule.Monthly(dice.Next(6) + 1) };
        TemplateLimit Limit(int l) => new()
        {
            Id = $"grens-{l}", Quantity = dice.Of(quantities), Kind = (ThresholdKind)dice.Next(6), Side = (Side)dice.Next(2), Limit = dice.OneIn(4) ? null : dice.Next(4000) / 10m, OrEqual = dice.OneIn(2), InPercent = dice.OneIn(3),
            Window = dice.OneIn(2) ? null : new Window(dice.Next(90) + 1, dice.OneIn(2)), Severity = (AlertSeverity)dice.Next(3), Role = Named("rol"), ToDo = Maybe(), Source = Named("bron"), ToConfirm = dice.OneIn(2),
        };
        TemplateStep Step(int p, int s)
        {
            var repeat = Repeat();
            return new()
            {
                Id = $"stap-{p}-{s}", Kind = (StepKind)dice.Next(5), Title = Word(), Detail = Maybe(), Role = Named("rol") ?? "", Due = dice.OneIn(4) ? new(0, dice.Next(200)) : new(dice.Next(400)), Repeat = repeat,
                RepeatUntilDay = repeat is null || dice.OneIn(2) ? null : dice.Next(500), Checklist = Some(4, _ => dice.Of(SomeWords)), IsOptional = dice.OneIn(2), Priority = (TaskPriority)dice.Next(4), ForProfessionals = dice.OneIn(2),
                Goal = Named("doel"), Source = Named("bron"), ToConfirm = dice.OneIn(2), Loinc = dice.OneIn(2) ? null : dice.Of(MeasurementCatalogue.All.ToList()).Loinc, Limits = Some(3, Limit), ToRole = Named("rol"), Scope = Maybe(),
                Questionnaire = dice.OneIn(2) ? null : dice.Of(ValidateTemplate.Questionnaires),
            };
        }

        return new PathwayTemplate
        {
            Id = "sjabloon", Version = dice.Next(9) + 1, Title = Word(), Purpose = Maybe(), Status = (TemplateStatus)dice.Next(3),
            Sources = Some(3, s => new TemplateSource($"bron-{s}", Word(), Maybe())),
            Roles = Some(3, r => new TemplateRole($"rol-{r}", Word(), Some(3, _ => (Discipline)(dice.Next(17) + 1)))),
            Goals = Some(3, g => new TemplateGoal($"doel-{g}", Word(), dice.OneIn(2) ? null : dice.Of(quantities), Maybe())),
            Phases = Some(4, p => new TemplatePhase { Id = $"fase-{p}", Title = Word(), FromDay = dice.Next(60), UntilDay = dice.OneIn(4) ? null : dice.Next(400), Entry = Maybe(), Exit = Maybe(), Steps = Some(5, s => Step(p, s)) }),
        };
    }
}
