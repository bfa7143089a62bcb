using System.Globalization;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Goals;

/// <summary>Writes a goal, says it otherwise, or says how it goes.</summary>
public sealed partial class GoalDialog
{
    private readonly string _new = Guid.CreateVersion7().ToString();
    private IReadOnlyList<TaskChoice> _owners = [];
    private DateTimeField? _dueField;
    private TaskParty? _kept;
    private CareGoal? _newer;
    private string _words = "";
    private string _serves = "";
    private string _owner = "";
    private string _loinc = "";
    private string _target = "";
    private string _value = "";
    private string _high = "";
    private string _remark = "";
    private string? _foreign;
    private string? _problem;
    private TargetSide _side;
    private DateTime? _due;
    private Audience _audience = Audience.WholeTeam;
    private bool _proposal;
    private bool _busy;
    private int _seen;

    [Parameter, EditorRequired] public PatientId Patient { get; set; }

    /// <summary>The goal to change; null for a new one.</summary>
    [Parameter] public CareGoal? Goal { get; set; }
    [Parameter, EditorRequired] public GoalKind Kind { get; set; }

    /// <summary>The life goal that a new care goal serves.</summary>
    [Parameter] public string? Serves { get; set; }

    /// <summary>The open life goals.</summary>
    [Parameter] public IReadOnlyList<CareGoal> Life { get; set; } = [];

    /// <summary>The viewer is the patient.</summary>
    [Parameter] public bool IsMine { get; set; }

    /// <summary>The viewer may say it otherwise; if not, only how it goes.</summary>
    [Parameter] public bool MayChange { get; set; } = true;

    /// <summary>What was done, as a sentence for a toast; null when nothing was.</summary>
    [Parameter] public EventCallback<string?> OnClosed { get; set; }

    [Inject] private KeepGoal Keep { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;

    private string Unit => GoalMeasure.Find(_loinc)?.Unit is { Length: > 0 } unit ? unit : Goal?.Target?.Loinc == _loinc && Goal.Target.Unit is { } own ? own : "";

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _serves = Serves ?? "";
        if (Goal is { } goal)
            Fill(goal);
        if (Kind == GoalKind.Life)
            return;
        try
        {
            var me = await Current.RequireAsync();
            _owners = [.. TaskChoices.Of(await ReadTeam.RunAsync(me, Patient, new(), default), me.Person, Goal?.Audience ?? Audience.WholeTeam, People)];
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problem = T["Refused"];
        }
        catch (System.Data.Common.DbException)
        {
            _problem = T["Failed"];
        }

        if (Goal?.Owner is not { } owner)
            return;
        if (_owners.FirstOrDefault(c => c.Party.IsSame(owner)) is { } known)
            _owner = known.Key;
        else
            (_kept, _owner) = (owner, "kept");
    }

    private void Fill(CareGoal goal)
    {
        (_words, _seen, _serves) = (goal.Words, goal.Version, goal.Serves ?? "");
        if (goal.Target is not { } target)
            return;
        _due = target.Due?.ToDateTime(TimeOnly.MinValue);
        (_target, _side) = (target.IsMeasured ? "" : target.Words ?? "", target.Side);
        if (!target.IsMeasured)
            return;
        (_loinc, _value, _high) = (GoalMeasure.Find(target.Loinc!)?.Loinc ?? target.Loinc!, Text(target.Value), Text(target.High));
        if (GoalMeasure.Find(_loinc) is null)
            _foreign = _loinc;
    }

    private static string Text(decimal? value) => value?.ToString("0.######", BelgianTime.Culture) ?? "";

    private static decimal? Number(string text) =>
        decimal.TryParse(text.Trim().Replace('.', ','), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, BelgianTime.Culture, out var number) ? number : null;

    private GoalTarget? Target()
    {
        var due = _due is { } day ? DateOnly.FromDateTime(day) : (DateOnly?)null;
        if (_loinc.Length == 0)
            return string.IsNullOrWhiteSpace(_target) && due is null ? null : new() { Words = string.IsNullOrWhiteSpace(_target) ? null : _target, Due = due };
        // What the source called it stays with what only the source knows.
        var same = Goal?.Target is { } present && present.Loinc == _loinc ? present : null;
        return new() { Loinc = _loinc, Side = _side, Value = Number(_value), High = _side == TargetSide.Between ? Number(_high) : null, Due = due, Unit = same?.Unit, Words = same?.Words };
    }

    private async Task SaveAsync()
    {
        if (_busy)
            return;
        var target = MayChange ? Target() : Goal?.Target;
        if (_dueField?.IsWrong == true || target is { IsSound: false } or { Loinc: not null, Value: null })
        {
            _problem = T[_dueField?.IsWrong == true ? "Goal.DueWrong" : "Outcome.TargetNotSound"];
            return;
        }

        (_busy, _problem, _newer) = (true, null, null);
        try
        {
            var result = await Keep.RunAsync(await Current.RequireAsync(), Patient, new()
            {
                Id = Goal?.Id ?? _new, SeenVersion = _seen, Kind = Kind, Words = MayChange ? _words : null, Serves = MayChange ? (_serves.Length > 0 ? _serves : null) : Goal?.Serves, Target = target, Audience = _audience, IsProposal = _proposal,
                Owner = !MayChange || _owner == "kept" ? Goal?.Owner : _owners.FirstOrDefault(c => c.Key == _owner)?.Party, Remark = string.IsNullOrWhiteSpace(_remark) ? null : _remark,
            }, default);
            if (!result.IsDone)
                _problem = T[$"Outcome.{result.Outcome}"];
            if (result is { Outcome: GoalOutcome.ChangedMeanwhile, Goal: { } now })
                (_newer, _seen) = (now, now.Version); // what was typed stays; saving again is a choice
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problem = RuleWords.With(T["Refused"], fault);
        }
        catch (System.Data.Common.DbException)
        {
            _problem = T["Failed"];
        }

        _busy = false;
        if (_problem is null)
            await OnClosed.InvokeAsync(T["Goal.Saved"]);
    }
}
