using System.Globalization;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Alerts;

/// <summary>Makes or changes a measuring plan.</summary>
public sealed partial class MeasuringDialog
{
    private readonly TaskForm _often = new();
    private readonly string _new = Guid.CreateVersion7().ToString();
    private List<LimitForm> _rules = [];
    private HashSet<string> _by = [];
    private IReadOnlyList<TaskChoice> _team = [];
    private IReadOnlyList<TaskChoice> _owners = [];
    private string _loinc = MeasurementCatalogue.Weight.Loinc;
    private string? _problem;
    private bool _busy;
    private bool _stopping;

    [Parameter, EditorRequired] public PatientId Patient { get; set; }

    /// <summary>The plan to change; null for a new one.</summary>
    [Parameter] public MeasuringPlan? Plan { get; set; }

    /// <summary>What was done, as a sentence for a toast; null when nothing was.</summary>
    [Parameter] public EventCallback<string?> OnClosed { get; set; }

    [Inject] private SetMeasuringPlan Set { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private ILogger<MeasuringDialog> Log { get; set; } = default!;

    /// <summary>What can be measured by a plan, by name; a blood pressure is one.</summary>
    private static IEnumerable<(string Loinc, string Name)> Choices { get; } =
        [.. MeasurementCatalogue.All.Where(q => q.Key == q.Group || q.Group == MeasurementCatalogue.BloodPressureGroup).Where(q => q.Key != MeasurementCatalogue.Diastolic.Key)
            .Select(q => q.Key == MeasurementCatalogue.Systolic.Key ? (MeasurementCatalogue.BloodPressurePanel, MeasurementCatalogue.GroupName(q.Group)) : (q.Loinc, q.Name)).OrderBy(c => c.Item2, StringComparer.Create(BelgianTime.Culture, true))];

    private bool IsPressure => _loinc == MeasurementCatalogue.BloodPressurePanel;

    private string DefaultQuantity => IsPressure ? MeasurementCatalogue.Systolic.Key : MeasurementCatalogue.Find(_loinc) is { } quantity ? Measured.KeyOf(quantity) : "";

    private string? OnlyKey => IsPressure ? null : DefaultQuantity;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var me = await Current.RequireAsync();
        try
        {
            var team = await ReadTeam.RunAsync(me, Patient, new(), default);
            _owners = [.. TaskChoices.Of(team, me.Person, Audience.WholeTeam, People).Where(c => c.Party.Person is not { } person || People.Find(person) is { } row && SharingRules.AnswersForCare(row.Discipline))];
            _team = [.. team.Select(m => People.Find(m.Person)).OfType<Platform.Data.PersonRow>().Select(p => new TaskChoice("p:" + p.Id.Value, TaskParty.Of(p), p.DisplayName, "", p.Line))];
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problem = T["Refused"];
        }
        catch (System.Data.Common.DbException)
        {
            _problem = T["Failed"];
        }

        if (Plan is not { } plan)
            return;
        _loinc = plan.Loinc;
        _often.Choose(plan.Repeat);
        _by = [.. plan.By.Select(KeyOf).OfType<string>()];
        _rules = [.. plan.Rules.Select(r => LimitForm.From(r, KeyOf(r.Owner)))];
    }

    private string? KeyOf(TaskParty? party) => party is null ? null : _owners.Concat(_team).FirstOrDefault(c => c.Party.IsSame(party))?.Key;

    private void Choose(string? loinc)
    {
        _loinc = loinc ?? _loinc;
        foreach (var rule in _rules)
            rule.Quantity = DefaultQuantity;
    }

    private void Toggle(string key)
    {
        if (!_by.Remove(key))
            _by.Add(key);
    }

    private string Unit(LimitForm rule) => rule.InPercent && rule.Kind is ThresholdKind.Change or ThresholdKind.Baseline && rule.InPercent ? "%"
        : (Measured.QuantityOf(OnlyKey ?? rule.Quantity)?.Unit ?? "") + (rule.Kind == ThresholdKind.Trend ? T["Plan.PerWeek"] : "");

    private Task SaveAsync() => DoAsync(null);

    private Task StopAsync(string reason)
    {
        _stopping = false;
        return DoAsync(reason);
    }

    private async Task DoAsync(string? stopBecause)
    {
        if (_busy)
            return;
        var limits = _rules.ConvertAll(r => r.Threshold(OnlyKey));
        if (stopBecause is null && limits.Exists(l => l is not { IsSound: true }))
        {
            _problem = T["Plan.NotSound"];
            return;
        }

        (_busy, _problem) = (true, null);
        try
        {
            var result = await Set.RunAsync(await Current.RequireAsync(), Patient, new()
            {
                Id = Plan?.Id ?? _new, SeenVersion = Plan?.Version ?? 0, Loinc = _loinc, Repeat = _often.Rule, Goal = Plan?.Goal, StopBecause = stopBecause,
                By = [.. (Plan?.By ?? []).Where(p => KeyOf(p) is null), .. _team.Where(c => _by.Contains(c.Key)).Select(c => c.Party)],
                Rules = stopBecause is not null ? Plan!.Rules : [.. _rules.Zip(limits).Select(r => new AlertRule { Threshold = r.Second!, Owner = _owners.FirstOrDefault(c => c.Key == r.First.Owner)?.Party ?? r.First.KeptOwner, ToDo = r.First.ToDo, Source = r.First.Source, ToConfirm = r.First.ToConfirm })],
            }, default);
            _problem = result.Outcome == SetMeasuringPlan.Outcome.Done ? null : T[$"Plan.Outcome.{result.Outcome}"].Value;
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problem = RuleWords.With(T["Refused"], fault);
        }
        catch (System.Data.Common.DbException fault)
        {
            AlertsLog.NotWritten(Log, fault);
            _problem = T["Failed"];
        }

        _busy = false;
        if (_problem is null)
            await OnClosed.InvokeAsync(T[stopBecause is null ? "Plan.Saved" : "Plan.WasStopped"]);
    }

    /// <summary>One limit as it is being filled in.</summary>
    private sealed class LimitForm
    {
        private string _id = Guid.CreateVersion7().ToString();
        private DateTime _since;
        private bool _orEqual;

        public string Quantity { get; set; } = "";
        public ThresholdKind Kind { get; set; }
        public Side Side { get; set; }
        public string Limit { get; set; } = "";
        public bool InPercent { get; set; }
        public int Window { get; set; } = 3;
        public bool InHours { get; set; }
        public AlertSeverity Severity { get; set; } = AlertSeverity.Moderate;

        /// <summary>Key of who is chosen; empty for who is accountable.</summary>
        public string Owner { get; set; } = "";

        /// <summary>Who was named and is not among the choices any more.</summary>
        public TaskParty? KeptOwner { get; private set; }
        public string? ToDo { get; set; }
        public string? Source { get; set; }
        public bool ToConfirm { get; set; }

        public static LimitForm From(AlertRule rule, string? owner) => new()
        {
            _id = rule.Threshold.Id, _since = rule.Threshold.Since, _orEqual = rule.Threshold.OrEqual, Quantity = rule.Threshold.Quantity, Kind = rule.Threshold.Kind, Side = rule.Threshold.Side, Limit = rule.Threshold.Limit?.ToString("0.######", BelgianTime.Culture) ?? "",
            InPercent = rule.Threshold.InPercent, Window = rule.Threshold.Window?.Count ?? 3, InHours = rule.Threshold.Window?.InHours == true, Severity = rule.Threshold.Severity, Owner = owner ?? "", KeptOwner = owner is null ? rule.Owner : null,
            ToDo = rule.ToDo, Source = rule.Source, ToConfirm = rule.ToConfirm,
        };

        /// <summary>The limit as filled in; null while its number is none.</summary>
        /// <param name="key">The quantity of the plan, when it has only one.</param>
        public Threshold? Threshold(string? key)
        {
            decimal? limit = decimal.TryParse(Limit.Replace('.', ','), NumberStyles.Number & ~NumberStyles.AllowThousands, BelgianTime.Culture, out var number) ? number : null;
            if (Kind != ThresholdKind.Missing && limit is null)
                return null;
            return new()
            {
                Id = _id, Quantity = key ?? Quantity, Kind = Kind, Side = Side, Limit = Kind == ThresholdKind.Missing ? null : limit, OrEqual = _orEqual, InPercent = InPercent && Kind is ThresholdKind.Change or ThresholdKind.Baseline && InPercent,
                Window = Kind == ThresholdKind.Value ? null : new(Window, InHours), Severity = Severity, Since = _since,
            };
        }
    }
}
