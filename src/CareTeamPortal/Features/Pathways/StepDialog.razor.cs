using System.Globalization;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>One step of a template as it is being filled in; what is wrong stands under the field while one types.</summary>
public sealed partial class StepDialog
{
    private readonly TaskForm _often = new();
    private List<LimitForm> _limits = [];
    private string _phase = "";
    private StepKind _kind;
    private string _title = "";
    private string? _detail;
    private string _role = "";
    private string _toRole = "";
    private string? _scope;
    private string _questionnaire = "";
    private string _loinc = "";
    private bool _inHours;
    private int? _due;
    private int? _until;
    private string _checks = "";
    private string _goal = "";
    private string _source = "";
    private TaskPriority _priority;
    private bool _optional;
    private bool _professionals;
    private bool _toConfirm;
    private bool _worse;
    private string _worseTo = "";
    private string _worseAsks = "";
    private string _worseTells = "";

    /// <summary>The template that it is a step of.</summary>
    [Parameter, EditorRequired] public PathwayTemplate Template { get; set; } = default!;

    /// <summary>Id of its phase.</summary>
    [Parameter, EditorRequired] public string Phase { get; set; } = "";
    [Parameter, EditorRequired] public TemplateStep Step { get; set; } = default!;
    [Parameter] public bool IsNew { get; set; }

    /// <summary>The phase and the step as filled in.</summary>
    [Parameter] public EventCallback<(string Phase, TemplateStep Step)> OnKeep { get; set; }
    [Parameter] public EventCallback OnClosed { get; set; }

    private IReadOnlyList<string> Keys => _loinc.Length == 0 ? [] : Measured.KeysOf(_loinc);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        (_phase, _kind, _title, _detail, _role, _toRole, _scope) = (Phase, Step.Kind, Step.Title, Step.Detail, Step.Role, Step.ToRole ?? "", Step.Scope);
        (_questionnaire, _loinc, _goal, _source, _priority) = (Step.Questionnaire ?? "", Step.Loinc ?? "", Step.Goal ?? "", Step.Source ?? "", Step.Priority);
        (_inHours, _due, _until) = (Step.Due.Hours is not null, Step.Due.Hours ?? Step.Due.Day, Step.RepeatUntilDay);
        (_optional, _professionals, _toConfirm, _checks) = (Step.IsOptional, Step.ForProfessionals, Step.ToConfirm, string.Join('\n', Step.Checklist));
        (_worse, _worseTo, _worseAsks, _worseTells) = (Step.Worse is not null, Step.Worse?.Contact ?? "", Step.Worse?.Questionnaire ?? "", Step.Worse?.Step ?? "");
        _often.Choose(Step.Repeat);
        _limits = [.. Step.Limits.Select(LimitForm.From)];
    }

    private void Measure(string? loinc)
    {
        _loinc = loinc ?? "";
        foreach (var limit in _limits.Where(l => !Keys.Contains(l.Quantity)))
            limit.Quantity = Keys.Count > 0 ? Keys[0] : limit.Quantity;
    }

    private void AddLimit() => _limits.Add(new() { Id = TemplateEditPage.NewId("grens"), Quantity = Keys[0] });

    /// <summary>The step as it is filled in: what does not belong to its kind is left out.</summary>
    private TemplateStep Form() => Step with
    {
        Kind = _kind,
        Title = _title,
        Detail = string.IsNullOrWhiteSpace(_detail) ? null : _detail,
        Role = _role,
        Due = _inHours ? new(0, _due ?? 0) : new(_due ?? -1), // an empty day is no day, and that is said
        Repeat = _kind is StepKind.Handoff or StepKind.Information ? null : _often.Rule,
        RepeatUntilDay = _kind is StepKind.Handoff or StepKind.Information || _often.Rule is null ? null : _until,
        Checklist = _kind == StepKind.Task ? TaskForm.Lines(_checks) : [],
        IsOptional = _optional,
        Priority = _priority,
        ForProfessionals = _professionals,
        Goal = _goal.Length == 0 ? null : _goal,
        Source = _source.Length == 0 ? null : _source,
        ToConfirm = _toConfirm,
        Worse = _worse ? new(_worseTo.Length == 0 ? null : _worseTo, _worseAsks.Length == 0 ? null : _worseAsks, _worseTells.Length == 0 ? null : _worseTells) : null,
        Loinc = _kind is StepKind.Task or StepKind.Measuring && _loinc.Length > 0 ? _loinc : null,
        Limits = _kind == StepKind.Measuring ? [.. _limits.Select(l => l.Limit())] : [],
        ToRole = _kind == StepKind.Handoff && _toRole.Length > 0 ? _toRole : null,
        Scope = _kind == StepKind.Handoff && !string.IsNullOrWhiteSpace(_scope) ? _scope : null,
        Questionnaire = _kind == StepKind.Questionnaire && _questionnaire.Length > 0 ? _questionnaire : null,
    };

    private IReadOnlyList<TemplateProblem> Problems(TemplateStep step) => [.. ValidateTemplate.Problems(TemplateEditPage.With(Template, _phase, step)).Where(p => p.Step == step.Id)];

    private string? Invalid(IReadOnlyList<TemplateProblem> problems, TemplateField field) => FieldFault.Of(problems, field, _phase, Step.Id, null).Any() ? "true" : null;

    /// <summary>One limit as it is being filled in.</summary>
    private sealed class LimitForm
    {
        public string Id { get; set; } = "";
        public string Quantity { get; set; } = "";
        public ThresholdKind Kind { get; set; }
        public Side Side { get; set; }
        public string Amount { get; set; } = "";
        public bool OrEqual { get; set; }
        public bool InPercent { get; set; }
        public int? Window { get; set; } = 3;
        public bool InHours { get; set; }
        public AlertSeverity Severity { get; set; } = AlertSeverity.Moderate;
        public string Role { get; set; } = "";
        public string? ToDo { get; set; }
        public string Source { get; set; } = "";
        public bool ToConfirm { get; set; }

        public string Unit => InPercent && Kind is ThresholdKind.Change or ThresholdKind.Baseline && InPercent ? "%" : (Measured.QuantityOf(Quantity)?.Unit ?? "") + (Kind == ThresholdKind.Trend ? AlertWords.Get("Plan.PerWeek") : "");

        public static LimitForm From(TemplateLimit l) => new()
        {
            Id = l.Id, Quantity = l.Quantity, Kind = l.Kind, Side = l.Side, Amount = l.Limit?.ToString("0.######", BelgianTime.Culture) ?? "", OrEqual = l.OrEqual, InPercent = l.InPercent, Window = l.Window?.Count ?? 3, InHours = l.Window?.InHours == true,
            Severity = l.Severity, Role = l.Role ?? "", ToDo = l.ToDo, Source = l.Source ?? "", ToConfirm = l.ToConfirm,
        };

        public TemplateLimit Limit() => new()
        {
            Id = Id, Quantity = Quantity, Kind = Kind, Side = Side,
            Limit = Kind != ThresholdKind.Missing && decimal.TryParse(Amount.Replace('.', ','), NumberStyles.Number & ~NumberStyles.AllowThousands, BelgianTime.Culture, out var number) ? number : null,
            OrEqual = OrEqual && Kind != ThresholdKind.Missing, InPercent = InPercent && Kind is ThresholdKind.Change or ThresholdKind.Baseline && InPercent, Window = Kind == ThresholdKind.Value || Window is not > 0 ? null : new(Window.Value, InHours),
            Severity = Severity, Role = Role.Length == 0 ? null : Role, ToDo = string.IsNullOrWhiteSpace(ToDo) ? null : ToDo, Source = Source.Length == 0 ? null : Source, ToConfirm = ToConfirm,
        };
    }
}
