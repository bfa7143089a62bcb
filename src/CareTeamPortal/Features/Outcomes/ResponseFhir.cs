using System.Text.Json;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>Answers to a questionnaire before they are FHIR.</summary>
public sealed record ResponseDraft
{
    public required QuestionnaireForm Form { get; init; }
    public required PatientId Patient { get; init; }

    /// <summary>In the order of the questions: the place of the option, or the number.</summary>
    public required IReadOnlyList<int?> Answers { get; init; }

    /// <summary>Who typed.</summary>
    public required TaskParty Author { get; init; }

    /// <summary>Who answered, when somebody else typed: a reference with its name.</summary>
    public (string Reference, string Display)? Source { get; init; }
    public required Audience Audience { get; init; }
    public required DateTime At { get; init; }

    /// <summary>Id of the pathway that asked, and for which moment.</summary>
    public string? Pathway { get; init; }
    public int? Moment { get; init; }

    /// <summary>A name that a program gave it.</summary>
    public (string? System, string Value)? Identifier { get; init; }
}

/// <summary>What a QuestionnaireResponse of ours says.</summary>
/// <param name="Answers">In the order of the questions; null where there is none.</param>
public sealed record ResponseFacts(QuestionnaireForm Form, IReadOnlyList<int?> Answers, OutcomeScore? Score, string? Pathway, int? Moment, CareLine? Line);

/// <summary>Something that makes answers unfit for their questionnaire.</summary>
/// <param name="Path">FHIR path.</param>
public sealed record ResponseFault(string Path, string Why);

/// <summary>Answers to and from FHIR R4 QuestionnaireResponse.</summary>
internal static class ResponseFhir
{
    /// <summary>New answers as a resource. The score is written beside them, so that who cannot count reads it.</summary>
    public static byte[] Write(ResponseDraft draft)
    {
        var root = new JsonObject { ["resourceType"] = "QuestionnaireResponse" };
        TaskFhir.WriteAudience(root, draft.Audience);
        TaskFhir.WriteSensitivity(root, draft.Form.Category);
        var extensions = new JsonArray();
        if (draft.Author.Line is { } line)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.CareLine, ["valueCode"] = PortalCodes.CodeOf(line) });
        if (draft.Audience == Audience.ProfessionalsAndPatient)
            extensions.Add(new JsonObject { ["url"] = PortalCodes.SharedWithPatient, ["valueBoolean"] = true });
        if (draft.Moment is { } moment)
            extensions.Add(new JsonObject { ["url"] = OutcomeCodes.Moment, ["valueInteger"] = moment });
        AddScore(extensions, draft.Form, draft.Answers);
        root["extension"] = extensions;
        if (draft.Identifier is var (system, value))
        {
            root["identifier"] = new JsonObject { ["value"] = value };
            if (system is not null)
                root["identifier"]!["system"] = system;
        }

        if (draft.Pathway is not null)
            root["basedOn"] = new JsonArray(new JsonObject { ["reference"] = $"CarePlan/{draft.Pathway}" });
        root["questionnaire"] = draft.Form.Canonical;
        root["status"] = "completed";
        root["subject"] = new JsonObject { ["reference"] = $"Patient/{draft.Patient}" };
        root["authored"] = FhirDates.BelgianDateTime(draft.At);
        root["author"] = TaskFhir.Reference(draft.Author);
        root["source"] = draft.Source is var (reference, display) ? new JsonObject { ["reference"] = reference, ["display"] = display } : TaskFhir.Reference(draft.Author);
        root["item"] = Items(draft.Form, draft.Answers);
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    /// <summary>The same answers, corrected, with the reason.</summary>
    public static byte[] Correct(JsonElement present, QuestionnaireForm form, IReadOnlyList<int?> answers, string reason)
    {
        var root = JsonObject.Create(present)!;
        var extensions = new JsonArray();
        foreach (var extension in root["extension"] as JsonArray ?? [])
        {
            if (extension?["url"]?.GetValue<string>() is not (OutcomeCodes.Words or OutcomeCodes.Score))
                extensions.Add(extension!.DeepClone());
        }

        AddScore(extensions, form, answers);
        extensions.Add(new JsonObject { ["url"] = OutcomeCodes.Correction, ["valueString"] = reason });
        root["extension"] = extensions;
        root["status"] = "amended";
        root["item"] = Items(form, answers);
        return JsonSerializer.SerializeToUtf8Bytes(root, TaskFhir.Relaxed);
    }

    private static void AddScore(JsonArray extensions, QuestionnaireForm form, IReadOnlyList<int?> answers)
    {
        if (OutcomeScore.Of(form, answers) is not { } score)
            return;
        extensions.Add(new JsonObject { ["url"] = OutcomeCodes.Words, ["valueString"] = OutcomeWords.Title(form, score) });
        extensions.Add(new JsonObject { ["url"] = OutcomeCodes.Score, ["valueQuantity"] = new JsonObject { ["value"] = score.Value, ["unit"] = "{score}", ["system"] = PortalCodes.Ucum, ["code"] = "{score}" } });
    }

    private static JsonArray Items(QuestionnaireForm form, IReadOnlyList<int?> answers) => new([.. form.Items.Select((item, i) => (item, answer: answers[i])).Where(a => a.answer is not null).Select(a =>
    {
        var value = a.item.Options.Count > 0 && a.item.Options[a.answer!.Value] is var option
            ? new JsonObject { ["valueCoding"] = new JsonObject { ["system"] = option.System, ["code"] = option.Code, ["display"] = option.Text } }
            : new JsonObject { ["valueInteger"] = a.answer };
        return (JsonNode)new JsonObject { ["linkId"] = a.item.LinkId, ["text"] = a.item.Text, ["answer"] = new JsonArray(value) };
    })]);

    /// <summary>What a QuestionnaireResponse says; null when it answers none of our questionnaires. The score is counted anew: what a sender says of it is not believed.</summary>
    public static ResponseFacts? Read(FhirNode root)
    {
        if (root.Child("questionnaire"u8) is not { ValueKind: JsonValueKind.String } canonical || Questionnaires.FindByCanonical(canonical.GetString()) is not { } form)
            return null;
        var answers = new int?[form.Items.Count];
        foreach (var item in root.Each("item"u8))
        {
            var place = PlaceOf(form, item.Text("linkId"u8));
            if (place >= 0 && item.Each("answer"u8).Select(a => (FhirNode?)a).FirstOrDefault() is { } answer)
                answers[place] = Answer(form.Items[place], answer.Child("valueInteger"u8) is { } n && n.TryGetDecimal(out var number) && decimal.IsInteger(number) && decimal.Abs(number) <= 1_000_000 ? (int)number : null, answer.Child("valueCoding"u8)?.Text("code"u8));
        }

        var moment = TimelineFhir.Extension(root, OutcomeCodes.Moment)?.Child("valueInteger"u8) is { } days && days.TryGetDecimal(out var day) && day is 0 or 90 or 180 ? (int)day : (int?)null;
        var pathway = root.Each("basedOn"u8).Select(r => r.Text("reference"u8)).FirstOrDefault(r => r?.StartsWith("CarePlan/", StringComparison.Ordinal) == true)?["CarePlan/".Length..];
        return new(form, answers, root.Text("status"u8) is "completed" or "amended" ? OutcomeScore.Of(form, answers) : null, pathway is { Length: <= 64 } ? pathway : null, moment, LineOf(form, answers));
    }

    /// <summary>What is wrong with answers that a program sends; nothing when a person could have given them here.</summary>
    public static List<ResponseFault> Check(JsonElement root)
    {
        var faults = new List<ResponseFault>();
        if (Questionnaires.FindByCanonical(root.Text("questionnaire"u8)) is not { } form)
            return [new("QuestionnaireResponse.questionnaire", "Name a questionnaire of this portal by its canonical address; GET Questionnaire lists them.")];
        if (root.Text("questionnaire"u8)!.Split('|') is [_, var version] && version != form.Version)
            faults.Add(new("QuestionnaireResponse.questionnaire", $"The version in use is {form.Version}."));
        if (root.Text("status"u8) != "completed")
            faults.Add(new("QuestionnaireResponse.status", "New answers are completed; a draft is kept by who fills it in."));
        var answered = new bool[form.Items.Count];
        var index = 0;
        foreach (var item in root.Each("item"u8))
        {
            var path = $"QuestionnaireResponse.item[{index++}]";
            var place = PlaceOf(form, item.Text("linkId"u8));
            if (place < 0)
            {
                faults.Add(new(path + ".linkId", "The questionnaire has no such question."));
                continue;
            }

            if (answered[place])
                faults.Add(new(path, "The question is answered twice."));
            answered[place] = true;
            if (item.Child("item"u8) is not null)
                faults.Add(new(path + ".item", "The questionnaire has no questions within questions."));
            var answers = item.Each("answer"u8).ToList();
            if (answers.Count != 1)
            {
                faults.Add(new(path + ".answer", "A question has exactly one answer."));
                continue;
            }

            var question = form.Items[place];
            var number = answers[0].Child("valueInteger"u8) is { ValueKind: JsonValueKind.Number } n && n.TryGetInt32(out var given) ? given : (int?)null;
            var coding = answers[0].Child("valueCoding"u8);
            if (question.Options.Count > 0 && coding is null)
                faults.Add(new(path + ".answer[0]", "The answer is a valueCoding, one of the answerOptions."));
            else if (question.Options.Count == 0 && number is null)
                faults.Add(new(path + ".answer[0]", "The answer is a valueInteger."));
            else if (Answer(question, number, coding?.Text("code"u8)) is null)
                faults.Add(new(path + ".answer[0]", question.Options.Count > 0 ? "The code is not one of the answerOptions." : $"The number is from {question.Lowest} to {question.Highest}."));
        }

        for (var i = 0; i < form.Items.Count; i++)
        {
            if (!answered[i])
                faults.Add(new("QuestionnaireResponse.item", $"Question {form.Items[i].LinkId} is required and has no answer."));
        }

        return faults;
    }

    private static int PlaceOf(QuestionnaireForm form, string? linkId)
    {
        for (var i = 0; i < form.Items.Count; i++)
        {
            if (form.Items[i].LinkId == linkId)
                return i;
        }

        return -1;
    }

    private static int? Answer(FormItem item, int? number, string? code)
    {
        if (item.Options.Count == 0)
            return number is { } given && item.Allows(given) ? given : null;
        for (var i = 0; i < item.Options.Count; i++)
        {
            if (item.Options[i].Code == code)
                return i;
        }

        return null;
    }

    private static CareLine? LineOf(QuestionnaireForm form, IReadOnlyList<int?> answers) =>
        PlaceOf(form, Questionnaires.ContactLine) is >= 0 and var place && answers[place] is { } chosen ? form.Items[place].Options[chosen].Code switch { "0" => CareLine.Home, "1" => CareLine.First, "2" => CareLine.Second, _ => CareLine.Support } : null;
}
