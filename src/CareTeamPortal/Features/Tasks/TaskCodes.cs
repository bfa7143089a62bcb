using CareTeamPortal.Features.Timeline;

namespace CareTeamPortal.Features.Tasks;

/// <summary>Systems, extensions and codes of tasks and hand-offs in FHIR.</summary>
public static class TaskCodes
{
    /// <summary>FHIR request-priority, by <see cref="TaskPriority"/>.</summary>
    internal static readonly string[] Priorities = ["routine", "urgent", "asap", "stat"];

    /// <summary>Code of a hand-off in <see cref="PortalCodes.TaskKind"/>.</summary>
    public const string Handoff = "handoff";
    public const string HandoffStatus = PortalCodes.Base + "CodeSystem/handoff-status";

    /// <summary>Type of an input or output of ours.</summary>
    public const string Part = PortalCodes.Base + "CodeSystem/task-part";

    public const string AcceptBy = PortalCodes.Base + "StructureDefinition/accept-by";
    public const string AcceptedAt = PortalCodes.Base + "StructureDefinition/accepted-at";
    public const string Repeat = PortalCodes.Base + "StructureDefinition/task-repeat";
    public const string SeriesStart = PortalCodes.Base + "StructureDefinition/series-start";
    public const string NextIsMade = PortalCodes.Base + "StructureDefinition/next-is-made";
    public const string Delegate = PortalCodes.Base + "StructureDefinition/delegate";
    public const string DoneAt = PortalCodes.Base + "StructureDefinition/done-at";
    public const string DoneBy = PortalCodes.Base + "StructureDefinition/done-by";
    public const string By = PortalCodes.Base + "StructureDefinition/said-by";
    public const string At = PortalCodes.Base + "StructureDefinition/said-at";

    /// <summary>Of a task that was dropped before it was asked: it stays its requester's alone.</summary>
    public const string NeverAsked = PortalCodes.NeverAsked;
    public const string NewOwner = PortalCodes.Base + "StructureDefinition/new-owner";

    /// <summary>Identifier of a role in the team; the value is the name of the discipline.</summary>
    public const string Role = PortalCodes.TeamRole;

    /// <summary>Identifier of an organisation's queue; the value is its name.</summary>
    public const string Queue = PortalCodes.Base + "NamingSystem/organisation-queue";

    /// <summary>The parts, as codes of <see cref="Part"/>.</summary>
    public static class Parts
    {
        public const string Checklist = "checklist-item";
        public const string Attachment = "attachment";
        public const string Protocol = "protocol";
        public const string Scope = "scope";
        public const string ScopeUntil = "scope-until";
        public const string Severity = "illness-severity";
        public const string Summary = "patient-summary";
        public const string Action = "action";
        public const string If = "contingency-if";
        public const string Then = "contingency-then";
        public const string Identification = "identification";
        public const string Situation = "situation";
        public const string Background = "background";
        public const string Assessment = "assessment";
        public const string Recommendation = "recommendation";
        public const string Task = "task";
        public const string SeverityNote = "severity-note";
        public const string Source = "source";
        public const string Gap = "gap";
        public const string Tells = "tells";
        public const string SecondReceiver = "second-receiver";
        public const string MovesCoordinator = "moves-coordinator";
        public const string Question = "clarification-question";
        public const string Answer = "clarification-answer";
        public const string ReadBack = "read-back";

        /// <summary>By whoever accepts: what was recorded until then has been read (valueDateTime).</summary>
        public const string Acknowledged = "acknowledged-until";
    }
}
