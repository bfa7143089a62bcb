using System.Text.Json;
using System.Text.Json.Serialization;

namespace CareTeamPortal.Platform.Access;

/// <summary>A table of sharing rules that cannot be: says what is wrong, for who edits it.</summary>
public sealed class RuleDocumentException(string message) : Exception(message);

/// <summary>What can be wrong with a table.</summary>
public enum RuleFaultKind
{
    Numbers,
    TwiceTheSame,
    OpensNoFiles,
    HandsOnElsewhere,
    InvitesElsewhere,
    BelowTheFloor,
    CaseManagerWrites,
    PatientCutOff,
    LineMissing,
    NobodyInvites,
    NobodyHandsOn,
    ReadByNobody,
}

/// <summary>One thing that makes a table nonsense.</summary>
/// <param name="Line">The number of the line that it is about; null when it is about the whole.</param>
/// <param name="Words">For logs and programs; people read it in their own language.</param>
public sealed record RuleFault(RuleFaultKind Kind, int? Line, Discipline? Role, InformationCategory Category, string Words);

/// <summary>Reads and writes the table of sharing rules as JSON, and says what every table must hold.</summary>
public static class RuleDocuments
{
    /// <summary>What everyone who can be accountable for care reads, whatever else a table says: nobody can be responsible for what they cannot follow.</summary>
    public const InformationCategory Floor = InformationCategory.Administrative | InformationCategory.TeamAndAgenda | InformationCategory.Tasks;

    /// <summary>What a patient reads in the own file, whatever else a table says.</summary>
    public const InformationCategory PatientFloor = Floor | InformationCategory.Goals;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The table that comes with the program: version 1.</summary>
    public static string First()
    {
        using var stream = typeof(RuleDocuments).Assembly.GetManifestResourceStream("CareTeamPortal.Platform.Access.sharing-rules.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <exception cref="RuleDocumentException">The text is no table of sharing rules.</exception>
    public static RuleDocument Parse(string json)
    {
        Table table;
        try
        {
            table = JsonSerializer.Deserialize<Table>(json, Options) ?? throw new RuleDocumentException("The table is empty.");
        }
        catch (JsonException fault)
        {
            throw new RuleDocumentException($"The table cannot be read at {fault.Path ?? "the beginning"}.");
        }

        var document = new RuleDocument([.. (table.Lines ?? throw new RuleDocumentException("The table has no lines.")).Select(l => new RuleLine(l.Number, l.Role, LineOf(l.CareLine), Mask(l.Read), Mask(l.Write), Mask(l.HandOff), Mask(l.Invite)))], table.BasedOn);
        Check(document);
        return document;
    }

    /// <summary>The table as readable JSON.</summary>
    public static string Write(RuleDocument document) => JsonSerializer.Serialize(new Table([.. document.Lines.OrderBy(l => l.Number).Select(l => new Row(
        l.Number, l.Role, l.Line?.ToString() ?? "any", List(l.Read), List(l.Write), List(l.HandOff), List(l.Invite)))], document.BasedOn), Options) + "\n";

    /// <summary>The single categories of a mask, in the order of the table.</summary>
    public static IReadOnlyList<InformationCategory> List(InformationCategory mask) =>
        [.. Enum.GetValues<InformationCategory>().Where(c => System.Numerics.BitOperations.IsPow2((int)c) && (mask & c) != 0)];

    /// <exception cref="RuleDocumentException">It breaks what holds for every table.</exception>
    public static void Check(RuleDocument document)
    {
        if (Faults(document) is [var first, ..])
            throw new RuleDocumentException(first.Words);
    }

    /// <summary>All that makes a table nonsense; empty when it can decide.</summary>
    public static IReadOnlyList<RuleFault> Faults(RuleDocument document)
    {
        var faults = new List<RuleFault>();
        void Must(bool holds, RuleFaultKind kind, string words, RuleLine? line = null, Discipline? role = null, InformationCategory category = InformationCategory.None)
        {
            if (!holds)
                faults.Add(new(kind, line?.Number, role ?? line?.Role, category, words));
        }

        Must(document.Lines.All(l => l.Number > 0) && document.Lines.Select(l => l.Number).Distinct().Count() == document.Lines.Length, RuleFaultKind.Numbers, "Every line has a number of its own, from 1.");
        Must(document.Lines.Select(l => (l.Role, l.Line)).Distinct().Count() == document.Lines.Length, RuleFaultKind.TwiceTheSame, "A role has one line for a care line.");
        foreach (var line in document.Lines)
        {
            var kind = line.Role.Kind();
            Must(Enum.IsDefined(line.Role) && kind != RoleKind.None, RuleFaultKind.OpensNoFiles, $"Line {line.Number}: {line.Role} opens no files and cannot be given anything.", line);
            Must((line.HandOff & ~InformationCategory.Tasks) == 0 && (line.HandOff == 0 || kind == RoleKind.Professional), RuleFaultKind.HandsOnElsewhere, $"Line {line.Number}: handing on is a right of professionals, and stands with the tasks.", line);
            Must((line.Invite & ~InformationCategory.TeamAndAgenda) == 0, RuleFaultKind.InvitesElsewhere, $"Line {line.Number}: inviting stands with the team and agenda.", line);
            Must(kind != RoleKind.Professional || ((line.Read & Floor) == Floor && line.Write.HasFlag(InformationCategory.Tasks)), RuleFaultKind.BelowTheFloor,
                $"Line {line.Number}: who can be accountable for care always reads the administrative data, the team and the tasks, and works on tasks; or tasks would be with people who cannot see them.", line);
            Must(kind != RoleKind.Coordination || line.Write == InformationCategory.None, RuleFaultKind.CaseManagerWrites, $"Line {line.Number}: a case manager follows care and writes nothing in it.", line);
            Must(line.Role != Discipline.Patient || ((line.Read & PatientFloor) == PatientFloor && line.Write.HasFlag(InformationCategory.Goals)), RuleFaultKind.PatientCutOff,
                $"Line {line.Number}: the patient always reads who is on the team, what is done and the own goals in the own file, and writes the own goals.", line);
        }

        foreach (var role in Enum.GetValues<Discipline>().Where(r => r.Kind() is RoleKind.Professional or RoleKind.Patient))
            Must(document.Lines.Any(l => l.Role == role && l.Line is null), RuleFaultKind.LineMissing, $"{role} has no line for any care line: who has that role now would lose every file.", role: role);
        Must(document.Lines.Any(l => l.Invite != 0), RuleFaultKind.NobodyInvites, "Nobody could invite anybody.");
        Must(document.Lines.Any(l => l.HandOff != 0), RuleFaultKind.NobodyHandsOn, "Nobody could hand on responsibility or take it.");
        foreach (var category in List(InformationCategory.All))
            Must(document.Lines.Any(l => l.Role.Kind() == RoleKind.Professional && l.Read.HasFlag(category)), RuleFaultKind.ReadByNobody, $"No professional could read {category}: what is written there would help nobody.", category: category);
        return faults;
    }

    private static InformationCategory Mask(IReadOnlyList<InformationCategory>? categories) => (categories ?? []).Aggregate(InformationCategory.None, (mask, category) => mask | category) & InformationCategory.All;

    private static CareLine? LineOf(string text) => text == "any" ? null
        : Enum.TryParse<CareLine>(text, out var line) && Enum.IsDefined(line) && !char.IsAsciiDigit(text[0]) ? line : throw new RuleDocumentException($"There is no care line \"{text}\"; a line is for any, {string.Join(", ", Enum.GetNames<CareLine>())}.");

    private sealed record Table(IReadOnlyList<Row>? Lines, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? BasedOn = null);

    private sealed record Row(int Number, Discipline Role, string CareLine, IReadOnlyList<InformationCategory>? Read, IReadOnlyList<InformationCategory>? Write, IReadOnlyList<InformationCategory>? HandOff, IReadOnlyList<InformationCategory>? Invite);
}
