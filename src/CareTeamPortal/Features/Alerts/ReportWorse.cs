using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Alerts;

/// <summary>What "I feel worse" leads to, as a page shows it.</summary>
/// <param name="Contact">Who gets the report, by name; null: who is accountable.</param>
/// <param name="Questionnaire">What is asked next; null: nothing.</param>
/// <param name="Title">Of the text to read meanwhile.</param>
/// <param name="Text">Markdown.</param>
public sealed record WorseView(string? Contact, (string Id, string Title)? Questionnaire, string Title, string? Text);

/// <summary>Whether "I feel worse" is asked for in this file: a pathway that runs says so, because about one exacerbation in five shows in no measurement. Null: nothing asks for it, or not this person.</summary>
internal sealed class ReadWorse(CareDesk desk, TemplateLibrary library, PathwayFiling pathways) : PatientUseCase<ReadWorse.Request, WorseView?>(desk)
{
    internal sealed record Request;

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Read;

    /// <inheritdoc/>
    protected override Task<WorseView?> HandleAsync(PatientRoom room, Request request, CancellationToken ct) => room.ReadAsync((reader, _) =>
        ValueTask.FromResult(room.Actor.IsLimited && room.May(CareAction.Write) && Worse.In(reader.Session, room, library) is { } asked
            ? new WorseView(Worse.Contact(reader.Session, room, pathways, asked)?.Display, Questionnaires.Find(asked.To.Questionnaire) is { } form && room.Rules.MayWrite(room.Role, room.Actor.Line, form.Category) ? (form.Id, form.Title) : null, asked.Told.Title, asked.Told.Detail) : null), ct);
}

/// <summary>What became of "I feel worse".</summary>
public enum WorseOutcome
{
    /// <summary>Somebody has it before them now.</summary>
    Told,

    /// <summary>Nothing was written: this is danger to life, and nobody said yet that 112 knows.</summary>
    CallFirst,

    /// <summary>Nothing in this file asks for it.</summary>
    NotAsked,
}

/// <summary>Patient or family say that it goes worse, whatever the measurements are: an alert for whom the pathway names, else for who is accountable. Danger to life is never queued: 112 comes first.</summary>
internal sealed class ReportWorse(CareDesk desk, RaiseReported alerts, TemplateLibrary library, PathwayFiling pathways) : PatientUseCase<ReportWorse.Request, ReportWorse.Result>(desk)
{
    internal const int LongestWords = 1_000;

    /// <param name="Severe">No air at rest, blue lips, drowsy or confused.</param>
    /// <param name="Called">112 was called, or is not needed.</param>
    /// <param name="Words">In the person's own words; may be empty.</param>
    internal sealed record Request(bool Severe, bool Called, string Words);

    /// <param name="Owner">Whom the alert went to; null when nobody is accountable.</param>
    /// <param name="Id">FHIR id of the alert.</param>
    internal sealed record Result(WorseOutcome Outcome, string? Owner = null, string? Id = null);

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Write;

    /// <inheritdoc/>
    protected override Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var words = SafeText.Lines(request.Words, LongestWords).Trim();
        var severe = request.Severe || UrgentWords.Stand(words);
        if (severe && !request.Called)
            return Task.FromResult(new Result(WorseOutcome.CallFirst));
        return room.CommitAsync((writer, _) =>
        {
            if (!room.Actor.IsLimited || Worse.In(writer.Session, room, library) is not { } asked)
                return ValueTask.FromResult(new Result(WorseOutcome.NotAsked));
            writer.RequireWrite(InformationCategory.Notes);
            var own = room.Actor.OwnFile == room.Patient;
            var raised = alerts.Raise(writer, new ReportedAlert("worse", AlertWords.Get(severe ? "Worse.Severe.Words" : own ? "Worse.Words" : "Worse.Words.Other", room.Actor.DisplayName), words.Length > 0 ? $"“{words}”" : AlertWords.Get("Worse.NoWords"),
                AlertWords.Get(severe ? "Worse.Severe.ToDo" : "Worse.ToDo"), severe ? AlertSeverity.High : AlertSeverity.Moderate, Audience.WholeTeam, InformationCategory.Measurements, null) { Owner = Worse.Contact(writer.Session, room, pathways, asked) });
            return ValueTask.FromResult(new Result(WorseOutcome.Told, raised.Owner, raised.Id));
        }, ct);
    }
}
