using System.Text.Json;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>A questionnaire as somebody is about to fill it in.</summary>
/// <param name="Asked">The task that asks for it and that this person sees; null when none does.</param>
/// <param name="Draft">What was answered before and not sent.</param>
/// <param name="MayFill">The rules let this person keep such answers.</param>
/// <param name="IsOwn">It is the person's own file.</param>
public sealed record QuestionnaireView(QuestionnaireForm Form, string PatientName, TaskView? Asked, IReadOnlyList<int?> Draft, bool MayFill, bool IsOwn, string? Accountable)
{
    /// <summary>The answers that are corrected; null when new ones are given.</summary>
    public GivenAnswers? Given { get; init; }
}

/// <summary>Answers that were sent before, for whoever sent them.</summary>
/// <param name="Id">FHIR id of the QuestionnaireResponse.</param>
/// <param name="Version">The version that is shown.</param>
public sealed record GivenAnswers(string Id, int Version, IReadOnlyList<int?> Answers, DateTime At);

/// <summary>Opens a questionnaire for somebody who fills it in: with the draft that lies there and the task that asks.</summary>
internal sealed class ReadQuestionnaire(CareDesk desk, PeopleDirectory people) : PatientUseCase<ReadQuestionnaire.Request, QuestionnaireView?>(desk)
{
    /// <param name="Questionnaire">Its id.</param>
    /// <param name="Correct">FHIR id of answers of one's own that are to be corrected; null: new ones are given.</param>
    internal sealed record Request(string Questionnaire, string? Correct = null);

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Read;

    /// <summary>Null when there is no such questionnaire.</summary>
    protected override Task<QuestionnaireView?> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        if (Questionnaires.Find(request.Questionnaire) is not { } form)
            return Task.FromResult<QuestionnaireView?>(null);
        return room.ReadAsync<QuestionnaireView?>((reader, _) =>
        {
            var session = reader.Session;
            var given = request.Correct is { } correct ? Given(session, room, form, correct) : null;
            if (request.Correct is not null && given is null)
                return ValueTask.FromResult<QuestionnaireView?>(null);
            var asked = TaskSql.AskingFor(session, room, "Questionnaire/" + form.Id, othersFirst: false);
            return ValueTask.FromResult<QuestionnaireView?>(new(form, OutcomeSql.NameOf(session, room.Patient),
                asked is null ? null : TaskView.From(asked, "", room.Actor.Person, people.Find(room.Actor.Person), people, room.Now),
                Drafted(form, DraftSql.Of(session, room).GetValueOrDefault(FillInQuestionnaire.SlotOf(form))),
                room.May(CareAction.Write) && room.Rules.MayWrite(room.Role, room.Actor.Line, form.Category), room.Actor.OwnFile == room.Patient,
                CareStore.Accountable(session, room.Patient) is { } accountable ? people.Find(accountable)?.DisplayName : null) { Given = given });
        }, ct);
    }

    /// <summary>Answers that this person typed and that still stand; null when there are none of that id.</summary>
    private static GivenAnswers? Given(DbSession session, PatientRoom room, QuestionnaireForm form, string id)
    {
        if (TimelineSql.One(session, room, "QuestionnaireResponse", id) is not { Retracted: false } entry || entry.AuthorId != room.Actor.Person || CareStore.Find(session, "QuestionnaireResponse", id) is not { } stored)
            return null;
        Platform.Fhir.ResourceReader.Read(CareStore.Json(session, stored), out var document);
        using (document)
            return ResponseFhir.Read(document.RootElement) is { } said && said.Form == form ? new(id, stored.Version, said.Answers, entry.Time) : null;
    }

    /// <summary>A draft can be written by a program: what is no list of possible answers counts as none.</summary>
    internal static IReadOnlyList<int?> Drafted(QuestionnaireForm form, string? text)
    {
        try
        {
            if (text is not null && JsonSerializer.Deserialize<int?[]>(text) is { } answers && answers.Length == form.Items.Count)
                return [.. answers.Select((a, i) => a is { } given && form.Items[i].Allows(given) ? a : null)];
        }
        catch (JsonException)
        {
            // Begun anew.
        }

        return new int?[form.Items.Count];
    }
}
