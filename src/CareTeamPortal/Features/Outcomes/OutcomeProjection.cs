using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>Keeps the row of every answered questionnaire of ours, whoever brings it: what plots and figures read.</summary>
internal sealed class OutcomeProjection : IProjection
{
    public string Type => "QuestionnaireResponse";

    public object? Read(FhirNode root, string id) => ResponseFhir.Read(root);

    /// <summary>Answers of a person finish a task and may be an alert: that happens where they are posted one by one, not in a Bundle.</summary>
    public string? Refuses(DbSession session, object read, bool isPresent, Actor by) => "forbidden: answers to a questionnaire of the portal are created one by one, POST QuestionnaireResponse";

    public void Put(DbSession session, PatientId patient, object read, EntryRow entry, DateTime now)
    {
        var response = (ResponseFacts)read;
        OutcomeSql.Put(session, entry.Retracted || response.Score is null ? null : new OutcomeRow
        {
            PatientId = patient, ResponseId = entry.ResourceId, Questionnaire = response.Form.Id, PathwayId = response.Pathway, Moment = response.Moment, Score = response.Score.Value, At = entry.Time,
            By = entry.AuthorId, ByDiscipline = entry.Discipline == Discipline.Unknown ? null : entry.Discipline, Line = response.Line ?? entry.Line, Audience = entry.Audience, Category = entry.Category,
        }, patient, entry.ResourceId);
    }
}
