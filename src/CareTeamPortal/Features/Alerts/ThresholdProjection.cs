using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.SignIn;

namespace CareTeamPortal.Features.Alerts;

/// <summary>Keeps the rows of the limits of every measuring plan, whoever brings it. A ServiceRequest that is no measuring plan has none.</summary>
internal sealed class ThresholdProjection(PeopleDirectory people) : IProjection
{
    public string Type => "ServiceRequest";

    public object? Read(FhirNode root, string id) => MeasuringPlanFhir.Read(root, default, id, 0, people.FindByReference);

    /// <summary>Who may set limits is decided where plans are set; a Bundle of a person brings none.</summary>
    public string? Refuses(DbSession session, object read, bool isPresent, Actor by) =>
        SharingRules.AnswersForCare(by.Discipline) ? null : "forbidden: a measuring plan is set by a professional of the team";

    public void Put(DbSession session, PatientId patient, object read, EntryRow entry, DateTime now)
    {
        var plan = (MeasuringPlan)read;
        var rows = !plan.IsActive || entry.Retracted ? [] : plan.Rules.Select(r => Row(patient, entry, r.Threshold)).ToList();
        foreach (var row in rows.Where(r => r.Kind == (int)ThresholdKind.Missing))
            row.MissingAt = Judge.MissingFrom(plan.Rules.First(r => r.Threshold.Id == row.RuleId).Threshold, AlertSql.LastMeasured(session, patient, Measured.CodesOf(row.Quantity)));
        AlertSql.SetThresholds(session, patient, entry.ResourceId, rows);
        Pathways.StepProgress.Moved(session, patient, "ServiceRequest/" + entry.ResourceId);
    }

    private static ThresholdRow Row(PatientId patient, EntryRow entry, Threshold t) => new()
    {
        PatientId = patient, PlanId = entry.ResourceId, RuleId = t.Id, Version = entry.Version, Quantity = t.Quantity, Kind = (int)t.Kind, Side = (int)t.Side, Limit = t.Limit, OrEqual = t.OrEqual, InPercent = t.InPercent,
        WindowCount = t.Window?.Count, WindowInHours = t.Window?.InHours == true, Severity = (int)t.Severity, Since = t.Since,
    };

    /// <summary>The limit that a row stands for.</summary>
    public static Threshold Threshold(ThresholdRow row) => new()
    {
        Id = row.RuleId, Quantity = row.Quantity, Kind = (ThresholdKind)row.Kind, Side = (Side)row.Side, Limit = row.Limit, OrEqual = row.OrEqual, InPercent = row.InPercent,
        Window = row.WindowCount is { } count ? new(count, row.WindowInHours) : null, Severity = (AlertSeverity)row.Severity, Since = row.Since,
    };
}
