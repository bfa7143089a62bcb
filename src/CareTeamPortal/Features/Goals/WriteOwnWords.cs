using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Goals;

/// <summary>
/// Writes down what matters to the patient, in the patient's own words. Each saying is a note of its own, so that the earlier ones stay; whoever else writes it down is
/// named as that.
/// </summary>
internal sealed class WriteOwnWords(CareDesk desk, Filing filing, GoalFiling goals) : PatientUseCase<WriteOwnWords.Request, GoalOutcome>(desk)
{
    /// <summary>Longest saying, in UTF-16 units; more is refused, nothing is cut off.</summary>
    internal const int LongestWords = 2_000;

    /// <param name="Id">Chosen by the page when the text was begun: sending it twice writes it once. A guid.</param>
    /// <param name="Seen">The saying that stood there when the person began, <c>Communication/x</c>; null when there was none.</param>
    internal sealed record Request(string Id, string Words, string? Seen);

    protected override CareAction Needs => CareAction.Write;

    protected override async Task<GoalOutcome> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (request.Words.Length > LongestWords)
            return GoalOutcome.TooLong;
        var words = SafeText.Lines(request.Words, LongestWords).Trim();
        if (words.Length == 0)
            return GoalOutcome.NothingSaid;
        if (!Guid.TryParse(request.Id, out var guid))
            throw new ArgumentException("The id of a note is a guid.", nameof(request));
        return await room.CommitAsync((writer, _) =>
        {
            var session = writer.Session;
            if (!GoalFiling.ActorOf(session, room).MayAdd)
                throw room.Refusal(CareAction.Write, InformationCategory.Goals);
            if (CareStore.Find(session, "Communication", guid.ToString()) is { } present)
                return ValueTask.FromResult(present.Patient == room.Patient ? GoalOutcome.Done : GoalOutcome.NotFound); // sent twice: the first one stands
            if (OwnWords.Newest(session, room)?.Reference != request.Seen)
                return ValueTask.FromResult(GoalOutcome.ChangedMeanwhile);
            var patient = goals.PatientOf(session, room);
            var prepared = filing.Prepare(CommunicationJson.Write(new CommunicationDraft
            {
                Kind = EntryKind.Note, Patient = room.Patient, Sent = room.Now, Sender = room.Actor.Reference, SenderDisplay = room.Actor.DisplayName, Line = room.Actor.Line, Text = words, Title = OwnWords.Topic,
                SaidBy = room.Purpose == AccessPurpose.OwnFile ? null : new FhirReference("extension", $"Patient/{room.Patient}", null, "Patient", patient.Display),
            }), "urn:uuid:" + guid, "portal");
            writer.RequireWrite(prepared.Resource.Category);
            writer.Topics = Topics.Timeline;
            CareStore.Insert(session, prepared.Resource, room.Patient, null, room.Now);
            filing.PutEntry(session, room.Patient, prepared, 1, writer.NextCursor, room.Now, null, room.Actor.Person);
            writer.Record(CareAction.Write, $"Communication/{guid}/_history/1");
            return ValueTask.FromResult(GoalOutcome.Done);
        }, ct);
    }
}

/// <summary>One saying of what matters to the patient.</summary>
/// <param name="Reference"><c>Communication/x</c>.</param>
/// <param name="By">Who wrote it down.</param>
/// <param name="IsByPatient">The patient wrote it.</param>
public sealed record OwnSaying(string Reference, string Words, string? By, DateTime At, bool IsByPatient);

/// <summary>What the patient said matters, in the notes of a file.</summary>
internal static class OwnWords
{
    /// <summary>Topic of the note in which a patient says what matters: part of the record, so not translated.</summary>
    public const string Topic = "Wat is belangrijk voor mij";
    private const int MostKept = 50;

    /// <summary>All of it that the room may see, newest first.</summary>
    public static List<OwnSaying> All(DbSession session, PatientRoom room) => Read(session, room, MostKept);

    /// <summary>The saying that stands now.</summary>
    public static OwnSaying? Newest(DbSession session, PatientRoom room) => Read(session, room, MostKept).FirstOrDefault();

    /// <summary>May a note of this writer be the patient's words? Their own are; a professional or the family wrote them down.</summary>
    public static bool Counts(Discipline writer) => writer is Discipline.Patient or Discipline.InformalCaregiver || SharingRules.AnswersForCare(writer);

    private static List<OwnSaying> Read(DbSession session, PatientRoom room, int most) => [.. GoalSql.Titled(session, room, (int)EntryKind.Note, Topic, most).Where(e => Counts(e.Discipline) && !string.IsNullOrWhiteSpace(e.Text))
        .Select(e => new OwnSaying($"{e.ResourceType}/{e.ResourceId}", e.Text!, e.AuthorName, e.Time, e.Discipline == Discipline.Patient))];
}
