using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Features.Alerts;

/// <summary>A professional tells of something that somebody has to look at now: an alert for who is accountable, merged with the same of today. Danger to life is never queued.</summary>
internal sealed class RaiseAlert(CareDesk desk, RaiseReported alerts) : PatientUseCase<RaiseAlert.Request, RaiseAlert.Result>(desk)
{
    internal const int LongestWords = 200;
    internal const int LongestDetail = 2_000;

    internal sealed record Request
    {
        /// <summary>What was seen, in a line.</summary>
        public required string Words { get; init; }
        public string? Detail { get; init; }
        public AlertSeverity Severity { get; init; } = AlertSeverity.Moderate;
        public Audience Audience { get; init; } = Audience.WholeTeam;

        /// <summary>Labelled as mental or sexual health.</summary>
        public InformationCategory Protection { get; init; }

        /// <summary>The entry that shows it, <c>Type/id</c>.</summary>
        public string? Evidence { get; init; }

        /// <summary>112 was called, or is not needed.</summary>
        public bool Called { get; init; }

        /// <inheritdoc cref="ReportedAlert.Source"/>
        public JsonObject? Source { get; init; }

        /// <summary>Looked at in the transaction that writes: when it says yes, nothing is written.</summary>
        public Func<RoomWriter, bool>? Unless { get; init; }
    }

    /// <summary>What stands in the way.</summary>
    internal enum Problem
    {
        None = 0,
        NothingSaid = 1,
        TooLong = 2,

        /// <summary>It speaks of danger to life, and nobody said that 112 knows.</summary>
        CallFirst = 3,

        /// <summary>What it leans on is not in this file for the caller.</summary>
        NoEvidence = 4,

        /// <summary>The caller would not be able to read it.</summary>
        OutOfReach = 5,

        /// <summary>What was asked to be looked for is there; nothing was written.</summary>
        ThereAlready = 6,
    }

    internal sealed record Result(Problem Problem, RaisedAlert? Alert = null);

    /// <inheritdoc/>
    protected override CareAction Needs => CareAction.Write;

    /// <inheritdoc/>
    protected override async Task<Result> HandleAsync(PatientRoom room, Request request, CancellationToken ct)
    {
        var category = request.Protection == InformationCategory.None ? InformationCategory.Measurements : request.Protection;
        if (!SharingRules.AnswersForCare(room.Role))
            throw room.Refusal(CareAction.Write, category); // it asks somebody to act at once: family and aides have "I feel worse"
        var words = SafeText.Line(request.Words, LongestWords);
        var detail = SafeText.Lines(request.Detail ?? "", LongestDetail).Trim();
        if (words.Length == 0)
            return new(Problem.NothingSaid);
        if (request.Words.Trim().Length > LongestWords || request.Detail?.Length > LongestDetail)
            return new(Problem.TooLong);
        if (!request.Called && (UrgentWords.Stand(words) || UrgentWords.Stand(detail)))
            return new(Problem.CallFirst);
        if (!room.Reach.Sees(request.Audience, category))
            return new(Problem.OutOfReach);
        return await room.CommitAsync((writer, _) =>
        {
            writer.RequireWrite(category);
            if (request.Unless?.Invoke(writer) == true)
                return ValueTask.FromResult(new Result(Problem.ThereAlready));
            (string, string)? evidence = null;
            if (request.Evidence is { } reference)
            {
                if (EntryReference.Split(reference) is not var (type, id) || TimelineSql.One(writer.Session, room, type, id) is not { } shown)
                    return ValueTask.FromResult(new Result(Problem.NoEvidence));
                // It tells what it leans on: whoever does not see that reads only that there is something.
                evidence = (reference, (request.Audience & ~shown.Audience) == 0 && ClinicalCodes.Protected(shown.Category) == InformationCategory.None ? shown.Title : words);
            }

            return ValueTask.FromResult(new Result(Problem.None, alerts.Raise(writer, new ReportedAlert(KeyOf(words), words, detail, AlertWords.Get("Raised.ToDo", room.Actor.DisplayName), request.Severity, request.Audience, category, evidence) { Source = request.Source })));
        }, ct);
    }

    /// <summary>The same words are the same alert.</summary>
    private static string KeyOf(string words) => "said-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(NameFolding.Fold(words))).AsSpan(0, 12));
}

/// <summary>Alerts of the portal come of a limit or of somebody who tells it, with a task and an owner: a Bundle of a person brings none.</summary>
internal sealed class AlertBundleRule : IBundleRule
{
    /// <inheritdoc/>
    public string Type => "DetectedIssue";

    /// <inheritdoc/>
    public string? Refuses(Platform.Fhir.ResourceFacts facts, Actor by) =>
        facts.Codes.Any(c => c.System == AlertCodes.Alert) ? "forbidden: an alert of the portal is created one by one, POST DetectedIssue, so that somebody has it" : null;
}
