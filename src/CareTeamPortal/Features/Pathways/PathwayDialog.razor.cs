using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Asks what a change of a pathway needs: a phase, a step, a reason.</summary>
public sealed partial class PathwayDialog
{
    private readonly string _newId = Guid.CreateVersion7().ToString();
    private readonly HashSet<string> _stops = [];
    private IReadOnlyList<ReadTeam.Member> _members = [];
    private IReadOnlyList<TaskChoice> _team = [];
    private IReadOnlyList<VersionLine>? _compare;
    private Actor? _me;
    private string _phase = "";
    private string _chosen = "";
    private string _owner = "";
    private string _title = "";
    private string _old = "";
    private string _new = "";
    private string _why = "";
    private DateTime? _day;
    private DeviationKind _kind = DeviationKind.Delay;
    private DeviationReason _reason = DeviationReason.Condition;
    private string? _problem;
    private bool _met;
    private bool _inside;
    private bool _completed = true;
    private bool _busy;

    [Parameter, EditorRequired] public PatientId Patient { get; set; }
    [Parameter, EditorRequired] public PathwayView View { get; set; } = default!;
    [Parameter, EditorRequired] public PathwayAsk Ask { get; set; }

    /// <summary>The step that it is about, when one was chosen.</summary>
    [Parameter] public StepView? Step { get; set; }

    /// <summary>What was done, as a sentence for a toast; null when nothing was.</summary>
    [Parameter] public EventCallback<string?> OnClosed { get; set; }

    [Inject] private MovePhase Move { get; set; } = default!;
    [Inject] private DeviateStep Deviate { get; set; } = default!;
    [Inject] private AddStep Add { get; set; } = default!;
    [Inject] private EndPathway End { get; set; } = default!;
    [Inject] private TakeNewVersion Take { get; set; } = default!;
    [Inject] private ReadNewVersion ReadVersion { get; set; } = default!;
    [Inject] private ReadTeam ReadTeam { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private ILogger<PathwayDialog> Log { get; set; } = default!;

    private PhaseView? Now => View.Phases.FirstOrDefault(p => p.Phase.IsCurrent);

    private List<StepView> Open => [.. Now?.Steps.Where(s => !s.IsThrough) ?? []];

    /// <summary>The hand-off that waits for an answer and that the chosen step was made for.</summary>
    private StepHandoff? Offered => View.Steps.FirstOrDefault(s => s.Step.Id == _chosen)?.Handoff is { } handoff && handoff.State.IsAsked() ? handoff : null;

    private string? Exit => Now?.Phase.Exit;

    private List<StepView> Ends => [.. View.Steps.Where(s => s.State is StepState.Open or StepState.Waiting or StepState.Offered or StepState.Running && s.AlsoFor.Count == 0)];

    private bool IsNext => Now is { } now && View.Phases.ToList().IndexOf(now) is var i && i + 1 < View.Phases.Count && View.Phases[i + 1].Phase.Id == _phase;

    private bool ByCriteria => IsNext && Open.Count == 0 && (Exit is null || _met);

    private DeviationKind[] Kinds => View.Steps.FirstOrDefault(s => s.Step.Id == _chosen)?.Step.Kind == StepKind.Handoff ? [DeviationKind.Delay, DeviationKind.Outside, DeviationKind.Skip, DeviationKind.Other] : [DeviationKind.Delay, DeviationKind.Skip, DeviationKind.Other];

    private bool NeedsWhy => Ask switch
    {
        PathwayAsk.Move => !ByCriteria,
        PathwayAsk.Deviate => true,
        PathwayAsk.End => !_completed || View.Phases.Any(p => !p.IsThrough),
        _ => false,
    };

    private string Title => Ask == PathwayAsk.Deviate && Step is { } step ? T["Deviate.Of", step.Step.Title] : T[$"Dialog.{Ask}"];

    private static bool CanDeviate(StepView step) => step.State is not (StepState.Done or StepState.Skipped or StepState.Dropped);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _chosen = Step?.Step.Id ?? "";
        var at = Now is { } now ? View.Phases.ToList().IndexOf(now) : -1;
        _phase = Ask == PathwayAsk.Move ? View.Phases.ElementAtOrDefault(at + 1)?.Phase.Id ?? View.Phases[0].Phase.Id : Now?.Phase.Id ?? View.Phases[^1].Phase.Id;
        if (Exit is null)
            _met = true;
        try
        {
            if (Ask is PathwayAsk.Add or PathwayAsk.Again)
            {
                _members = await ReadTeam.RunAsync(_me, Patient, new(), default);
                Choices(Step?.Step.ForProfessionals == true);
            }

            if (Ask == PathwayAsk.Version)
                _compare = await ReadVersion.RunAsync(_me, Patient, new(View.Pathway.Id), default);
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problem = T["Refused"];
        }
        catch (System.Data.Common.DbException fault)
        {
            PathwaysLog.NotRead(Log, fault);
            _problem = T["Page.FailedMore"];
        }
    }

    private void Choices(bool inside)
    {
        _team = TaskChoices.Of(_members, _me!.Person, inside ? Audience.Professionals : Audience.WholeTeam, People);
        if (!_team.Any(c => c.Key == _owner))
            _owner = _team.FirstOrDefault()?.Key ?? "";
    }

    private void InsideAsync(ChangeEventArgs change)
    {
        _inside = change.Value is true;
        Choices(_inside);
    }

    private void Toggle(string step)
    {
        if (!_stops.Remove(step))
            _stops.Add(step);
    }

    private async Task SaveAsync()
    {
        if (_busy)
            return;
        _busy = true;
        _problem = null;
        try
        {
            var (id, seen) = (View.Pathway.Id, View.Pathway.Version);
            DateOnly? day = _day is { } d ? DateOnly.FromDateTime(d) : null;
            var owner = _team.FirstOrDefault(c => c.Key == _owner)?.Party;
            var outcome = Ask switch
            {
                PathwayAsk.Move => await Move.RunAsync(_me!, Patient, new(id, seen, _phase, _met, _reason, ByCriteria ? null : _why), default),
                PathwayAsk.Deviate => await Deviate.RunAsync(_me!, Patient, new(id, seen, _chosen.Length > 0 ? _chosen : null, _chosen.Length > 0 && Kinds.Contains(_kind) ? _kind : DeviationKind.Other, _reason, _why, day, _old, _new), default),
                PathwayAsk.End => await End.RunAsync(_me!, Patient, new(id, seen, _completed, _why, [.. _stops]), default),
                PathwayAsk.Version => await Take.RunAsync(_me!, Patient, new(id, seen, View.NewVersion ?? 0), default),
                _ => day is null ? PathwayOutcome.BadDay : owner is null ? PathwayOutcome.Nobody : await Add.RunAsync(_me!, Patient, new(id, seen, _newId, _phase, _title, owner, day.Value, _inside, null, Ask == PathwayAsk.Again ? Step!.Step.Id : null), default),
            };
            if (outcome == PathwayOutcome.Done)
                await OnClosed.InvokeAsync(T[$"Done.{Ask}"]);
            else
                _problem = T[$"Outcome.{outcome}"];
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problem = T["Refused"];
        }
        catch (System.Data.Common.DbException fault)
        {
            PathwaysLog.NotWritten(Log, fault);
            _problem = T["Page.FailedMore"];
        }
        finally
        {
            _busy = false;
        }
    }
}
