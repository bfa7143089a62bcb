using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>One answered questionnaire on a plot.</summary>
/// <param name="By">Who filled it in; null when only the source knows.</param>
/// <param name="Moment">0, 90 or 180 days after the start of a pathway; null outside one.</param>
public sealed record OutcomePoint(string Response, DateTime At, decimal Score, int? Moment, string? By, CareLine? Line)
{
    /// <summary>This person typed the answers, and so may correct them.</summary>
    public bool IsMine { get; init; }

    /// <summary>What it came to before, the newest correction first.</summary>
    public IReadOnlyList<OutcomeCorrection> Corrections { get; init; } = [];
}

/// <summary>Answers that were corrected.</summary>
/// <param name="Before">What they came to until then; null when only the source knows.</param>
/// <param name="Reason">Why.</param>
public sealed record OutcomeCorrection(DateTime At, decimal? Before, string? Reason);

/// <summary>What one questionnaire came to over time, oldest first.</summary>
public sealed record OutcomeSeries(QuestionnaireForm Form, int Highest, bool MoreIsBetter, IReadOnlyList<OutcomePoint> Points)
{
    /// <summary>The first answer at the start of a pathway, else the first of all: what a change is held against.</summary>
    public OutcomePoint Baseline => Points.LastOrDefault(p => p.Moment == 0) ?? Points[0];

    public OutcomePoint Last => Points[^1];

    /// <summary>The change in words; null while there is nothing to compare.</summary>
    public string? Change => Baseline == Last ? null : OutcomeWords.Change(Form.Id, Baseline.Score, Last.Score);
}

/// <summary>Experience of contacts with one care line, oldest first.</summary>
public sealed record LineExperience(CareLine? Line, IReadOnlyList<OutcomePoint> Points)
{
    public decimal Average => decimal.Round(Points.Average(p => p.Score), 1);
}

/// <summary>A questionnaire that was asked, or is.</summary>
/// <param name="Pathway">The pathway that asks.</param>
/// <param name="Moment">0, 90 or 180.</param>
public sealed record AskedOutcome(QuestionnaireForm Form, string Task, bool Open, bool Done, DateTime? DueAt, DateTime? ClosedAt, string? Pathway, int? Moment, bool IsLate);

/// <summary>How somebody is doing by what was filled in.</summary>
/// <param name="Due">Open tasks that ask for a questionnaire.</param>
/// <param name="MayFill">Questionnaires that this person may fill in here.</param>
/// <param name="Closed">Why nothing is shown for this reader; null when it is shared.</param>
public sealed record OutcomesView(IReadOnlyList<TaskView> Due, IReadOnlyList<AskedOutcome> Schedule, IReadOnlyList<OutcomeSeries> Series, IReadOnlyList<LineExperience> Experience, IReadOnlyList<QuestionnaireForm> MayFill, ClosedCategory? Closed)
{
    // Six months from now is no question for today: who answers early answers about something else.
    private static readonly TimeSpan Near = TimeSpan.FromDays(14);

    /// <summary>What is asked now: late, within two weeks, or without a date.</summary>
    public IReadOnlyList<TaskView> Soon(DateTime now) => [.. Due.Where(t => !(t.DueAt > now + Near))];

    /// <summary>What comes later.</summary>
    public IReadOnlyList<TaskView> Later(DateTime now) => [.. Due.Where(t => t.DueAt > now + Near)];
}

/// <summary>What was asked when, what is still due, and what came of it, as far as this person may see it.</summary>
internal sealed class ReadOutcomes(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadOutcomes.Request, OutcomesView>(desk)
{
    private const int Most = 500;
    private const int MostTasks = 200;

    internal sealed record Request;

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Read;

    /// <inheritdoc/>
    protected override Task<OutcomesView> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
    {
        var session = reader.Session;
        var rows = OutcomeSql.Of(session, room, Most).Where(o => o.Score is not null && Questionnaires.Find(o.Questionnaire) is not null).ToList();
        var series = rows.GroupBy(o => o.Questionnaire).Select(g => Questionnaires.Find(g.Key) is { } form && OutcomeScore.ScaleOf(g.Key) is var (highest, more) ? new OutcomeSeries(form, highest, more, [.. g.Select(o => Point(session, room, o))]) : null).OfType<OutcomeSeries>()
            .OrderBy(s => Questionnaires.All.Select((f, i) => (f, i)).First(f => f.f == s.Form).i).ToList();
        var experience = rows.Where(o => o.Questionnaire == Questionnaires.Experience).GroupBy(o => o.Line).Select(g => new LineExperience(g.Key, [.. g.Select(o => Point(session, room, o))])).OrderBy(e => e.Line ?? CareLine.Support).ToList();
        var asked = OutcomeSql.Asked(session, room, MostTasks).Select(a => Questionnaires.AskedBy(a.Focus) is not { } form ? null
            : new AskedOutcome(form, a.Task, a.Open, a.Status == (int)TaskState.Completed, a.DueAt, a.ClosedAt, a.Pathway, a.Days is { } days ? FillInQuestionnaire.MomentOf(days) : null, a.Open && a.DueAt < room.Now)).OfType<AskedOutcome>().ToList();
        var due = asked.Where(a => a.Open).Select(a => TaskSql.One(session, room, a.Task)).OfType<TaskRow>()
            .Select(t => TaskView.From(t, "", room.Actor.Person, people.Find(room.Actor.Person), people, room.Now)).ToList();
        var mayFill = room.May(CareAction.Write) ? Questionnaires.All.Where(f => room.Rules.MayWrite(room.Role, room.Actor.Line, f.Category) && (!f.IsAboutCaregiver || room.Actor.OwnFile != room.Patient)).ToList() : [];
        return ValueTask.FromResult(new OutcomesView(due, asked, series, experience, mayFill, ClosedCategory.In(room, InformationCategory.Outcomes)));
    }, ct);

    private OutcomePoint Point(DbSession session, PatientRoom room, OutcomeRow row) => new(row.ResponseId, row.At, row.Score!.Value, row.Moment, row.By is { } by ? people.Find(by)?.DisplayName : null, row.Line)
    {
        IsMine = row.By == room.Actor.Person && room.May(CareAction.Write),
        Corrections = CareStore.FindEntry(session, "QuestionnaireResponse", row.ResponseId) is { CorrectedAt: not null } ? Corrections(session, room, row.ResponseId) : [],
    };

    private static IReadOnlyList<OutcomeCorrection> Corrections(DbSession session, PatientRoom room, string id)
    {
        var versions = new List<(DateTime At, decimal? Score, IReadOnlyList<string> Reasons)>();
        if (FhirSql.One(session, room, "QuestionnaireResponse", id) is { } present)
            versions.Add(Said(present));
        versions.AddRange(FhirSql.OlderVersions(session, room, "QuestionnaireResponse", id).Select(Said)); // newest first; a version for fewer eyes stays with those
        return [.. versions.Zip(versions.Skip(1)).Select(v => new OutcomeCorrection(v.First.At, v.Second.Score, v.First.Reasons.Count > v.Second.Reasons.Count ? v.First.Reasons[^1] : null))];
    }

    private static (DateTime, decimal?, IReadOnlyList<string>) Said(FhirRow version)
    {
        Platform.Fhir.ResourceReader.Read(version.Json, out var document);
        using (document)
        {
            var root = document.RootElement;
            return (version.LastUpdated, ResponseFhir.Read(root)?.Score?.Value, [.. root.Each("extension"u8).Where(e => e.Text("url"u8) == OutcomeCodes.Correction).Select(e => e.Words("valueString"u8)).OfType<string>()]);
        }
    }
}
