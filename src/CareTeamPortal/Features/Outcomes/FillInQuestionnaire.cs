using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>
/// Keeps the answers to a questionnaire: one QuestionnaireResponse, the task that asked for it finished, and an alert when an answer cannot wait, in one transaction.
/// </summary>
internal sealed class FillInQuestionnaire(CareDesk desk, Filing filing, TaskFiling tasks, RaiseReported alerts) : PatientUseCase<FillInQuestionnaire.Request, FillInQuestionnaire.Result>(desk)
{
    internal sealed record Request
    {
        /// <summary>Chosen by the page when it was opened: sending twice keeps it once. A guid.</summary>
        public required string Id { get; init; }

        /// <summary>Id of the questionnaire.</summary>
        public required string Questionnaire { get; init; }

        /// <summary>In the order of the questions: the place of the chosen option, or the number.</summary>
        public required IReadOnlyList<int?> Answers { get; init; }

        /// <summary>The patient answered, somebody else typed.</summary>
        public bool OnBehalf { get; init; }

        /// <summary>The patient keeps it to professionals and themselves.</summary>
        public bool ProfessionalsOnly { get; init; }

        /// <summary>When it was answered, UTC; null: now.</summary>
        public DateTime? At { get; init; }

        /// <summary>A name that a program gave it, <c>system</c> and <c>value</c>.</summary>
        public (string? System, string Value)? Identifier { get; init; }

        /// <summary>Looked at in the transaction that writes: when it says yes, nothing is written.</summary>
        public Func<RoomWriter, bool>? Unless { get; init; }
    }

    internal abstract record Result;

    /// <param name="Score">What it came to.</param>
    /// <param name="TaskDone">A task asked for it and is finished.</param>
    /// <param name="Warned">Whom the alert went to; empty when nobody is accountable, null when there was no reason for one.</param>
    internal sealed record Filled(OutcomeScore Score, bool TaskDone, string? Warned) : Result
    {
        /// <summary>What was kept.</summary>
        public byte[] Json { get; init; } = [];
        public DateTime KeptAt { get; init; }
    }

    /// <summary>There is no such questionnaire, or an answer is missing or not among the possible ones. Nothing was kept.</summary>
    internal sealed record Incomplete : Result;

    /// <summary>What was to be made only when nothing like it is there is there. Nothing was kept.</summary>
    internal sealed record ThereAlready : Result;

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Write;

    /// <inheritdoc/>
    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (!Guid.TryParse(request.Id, out var guid))
            throw new ArgumentException("The id of answers is a guid.", nameof(request));
        if (Questionnaires.Find(request.Questionnaire) is not { } form || OutcomeScore.Of(form, request.Answers) is not { } score)
            return Task.FromResult<Result>(new Incomplete());
        var id = guid.ToString();
        return room.CommitAsync<Result>((writer, _) =>
        {
            if (request.Unless?.Invoke(writer) == true)
                return ValueTask.FromResult<Result>(new ThereAlready());
            if (CareStore.Find(writer.Session, "QuestionnaireResponse", id) is { } present)
                return ValueTask.FromResult<Result>(present.Patient == room.Patient ? new Filled(score, false, null) : throw new ArgumentException("The id of new answers is taken.", nameof(request)));
            // Two may be asked the same: one's own answers are one's own task. What this person does not see did not ask them, and is not finished by them.
            var asking = TaskSql.AskingFor(writer.Session, room, "Questionnaire/" + form.Id, request.OnBehalf)?.Id;
            var step = asking is null ? null : OutcomeSql.StepOf(writer.Session, room, asking);
            var prepared = filing.Prepare(ResponseFhir.Write(new ResponseDraft
            {
                Form = form, Patient = room.Patient, Answers = request.Answers, Author = TaskParty.Of(room.Actor), At = request.At is { } at && at <= room.Now ? at : room.Now, Identifier = request.Identifier, Pathway = step?.Pathway, Moment = step is { Days: var days } ? MomentOf(days) : null,
                Source = request.OnBehalf && room.Actor.OwnFile != room.Patient ? ($"Patient/{room.Patient}", OutcomeSql.NameOf(writer.Session, room.Patient)) : null,
                Audience = AudienceFor(form, room, request.ProfessionalsOnly),
            }), "urn:uuid:" + id, "portal");
            writer.RequireWrite(prepared.Resource.Category);
            CareStore.Insert(writer.Session, prepared.Resource, room.Patient, null, room.Now);
            filing.PutEntry(writer.Session, room.Patient, prepared, 1, writer.NextCursor, room.Now, null, room.Actor.Person);
            TaskFiling.Audit(writer, TaskParty.Of(room.Actor), $"QuestionnaireResponse/{id}/_history/1");
            var done = asking is not null && Finish(writer, asking);
            var warned = Alarm(alerts, writer, form, request.Answers, score, prepared.Resource.Audience, prepared.Resource.Category, id);
            DraftSql.Keep(writer.Session, room, SlotOf(form), null);
            return ValueTask.FromResult<Result>(new Filled(score, done, warned) { Json = prepared.Resource.Json, KeptAt = room.Now });
        }, ct);
    }

    /// <summary>The field under which what is filled in is kept until it is sent.</summary>
    internal static string SlotOf(QuestionnaireForm form) => $"questionnaire:{form.Id}";

    /// <summary>For which of the three moments a step of a pathway stands: the nearest.</summary>
    internal static int MomentOf(int days) => days < 45 ? 0 : days < 135 ? 90 : 180;

    /// <summary>How heavy caring is tells of the caregiver, in another person's file: professionals alone. The patient may keep answers from the caregivers; otherwise the sharing rules decide.</summary>
    internal static Audience AudienceFor(QuestionnaireForm form, PatientRoom room, bool professionalsOnly) =>
        form.IsAboutCaregiver ? Audience.Professionals : !professionalsOnly ? Audience.WholeTeam : room.Actor.OwnFile == room.Patient ? Audience.ProfessionalsAndPatient : Audience.Professionals;

    /// <summary>What was asked is answered, whoever typed it: the task is done, also when it was somebody else's.</summary>
    private bool Finish(RoomWriter writer, string task)
    {
        if (tasks.FindAny(writer.Session, writer.Room.Patient, task) is not { Task: { IsOpen: true, State: not TaskState.Draft } open } stored)
            return false;
        var next = open with { State = TaskState.Completed, ClosedAt = writer.Room.Now, AcceptedAt = open.AcceptedAt ?? writer.Room.Now, Delegate = null, Reason = null };
        return tasks.Change(writer, stored, next, TaskParty.Of(writer.Room.Actor), new TaskStep(TaskState.Completed.Code(), TaskWords.Moved(next, TaskState.Completed))) is not null;
    }

    /// <summary>An answer that cannot wait goes to who is accountable and may read it, whatever the sum.</summary>
    internal static string? Alarm(RaiseReported alerts, RoomWriter writer, QuestionnaireForm form, IReadOnlyList<int?> answers, OutcomeScore score, Audience audience, InformationCategory category, string id)
    {
        var selfHarm = AsksAboutDeath(form, answers);
        if (!selfHarm && score.Weight != OutcomeWeight.Act)
            return null;
        var words = selfHarm ? OutcomeWords.Get("Alert.SelfHarm") : OutcomeWords.Get("Alert.High", OutcomeWords.Title(form, score));
        var detail = OutcomeWords.Get("Alert.Detail", OutcomeWords.Title(form, score), writer.Room.Actor.DisplayName);
        return alerts.Raise(writer, new ReportedAlert(selfHarm ? $"{form.Id}-9" : form.Id, words, detail, OutcomeWords.Get(selfHarm ? "Alert.SelfHarm.ToDo" : $"Alert.ToDo.{form.Id}"), selfHarm ? AlertSeverity.High : AlertSeverity.Moderate,
            audience, category, ($"QuestionnaireResponse/{id}", OutcomeWords.Title(form, score)))).Owner ?? "";
    }

    /// <summary>The ninth question of the PHQ-9 was answered with more than "not at all".</summary>
    internal static bool AsksAboutDeath(QuestionnaireForm form, IReadOnlyList<int?> answers) => form.Id == "phq-9" && answers.Count == 9 && answers[8] is > 0;
}

/// <summary>Corrects one's own answers, with a reason. What they were before is kept.</summary>
internal sealed class CorrectAnswers(CareDesk desk, Filing filing, RaiseReported alerts) : PatientUseCase<CorrectAnswers.Request, ChangeResult>(desk)
{
    /// <param name="Id">FHIR id of the QuestionnaireResponse.</param>
    /// <param name="Version">The version that the person saw.</param>
    /// <param name="Reason">Required.</param>
    internal sealed record Request(string Id, int Version, IReadOnlyList<int?> Answers, string Reason);

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Write;

    /// <inheritdoc/>
    protected override Task<ChangeResult> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var reason = Platform.Text.SafeText.Line(request.Reason, 400);
        if (reason.Length == 0)
            return Task.FromResult<ChangeResult>(new NothingSaid());
        return room.CommitAsync((writer, _) =>
        {
            (QuestionnaireForm Form, OutcomeScore Score, bool Worried)? said = null;
            var result = OwnEntry.Change(writer, filing, $"QuestionnaireResponse/{request.Id}", request.Version, root =>
            {
                if (Questionnaires.FindByCanonical(root.TryGetProperty("questionnaire", out var canonical) ? canonical.GetString() : null) is not { } form || OutcomeScore.Of(form, request.Answers) is not { } score)
                    return null;
                using var before = new Platform.Fhir.FhirDocument();
                Platform.Fhir.ContentScan.Run(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(root), before);
                said = (form, score, ResponseFhir.Read(before.RootElement) is { } was && (FillInQuestionnaire.AsksAboutDeath(form, was.Answers) || was.Score?.Weight == OutcomeWeight.Act));
                return ResponseFhir.Correct(root, form, request.Answers, reason);
            });
            // What worries only since it was corrected is told like an answer that worries at once.
            if (result is Changed && said is var (answered, total, worried) && !worried && CareStore.FindEntry(writer.Session, "QuestionnaireResponse", request.Id) is { } entry)
                FillInQuestionnaire.Alarm(alerts, writer, answered, request.Answers, total, entry.Audience, entry.Category, request.Id);
            return ValueTask.FromResult(result);
        }, ct);
    }
}
