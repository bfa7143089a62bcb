using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Pathways;

/// <summary>Writes the draft of a template: each change is kept at once, checked, and shown as it will look.</summary>
public sealed partial class TemplateEditPage
{
    private readonly SemaphoreSlim _one = new(1, 1); // never disposed: a change that is under way when the page goes releases it afterwards
    private readonly HashSet<string> _opened = [];
    private PathwayTemplate? _t;
    private PathwayTemplate? _inForce;
    private IReadOnlyList<TemplateProblem> _problems = [];
    private IReadOnlyList<TemplateChange> _changes = [];
    private (string Phase, TemplateStep Step, bool IsNew)? _step;
    private string? _loadedFor;
    private int? _stale;
    private int _began;
    private int _seen;
    private DateTime? _savedAt;
    private bool _saving;
    private bool _conflict;
    private bool _publishing;
    private bool _dropping;
    private bool _mayWrite;
    private bool _loading = true;

    [Parameter] public string Id { get; set; } = "";

    [Inject] private ReadTemplate Read { get; set; } = default!;
    [Inject] private SaveTemplateDraft Save { get; set; } = default!;
    [Inject] private PublishTemplate Publish { get; set; } = default!;
    [Inject] private DropTemplateDraft Drop { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;

    /// <summary>Who can play a part: everyone in a team.</summary>
    private static readonly Discipline[] Playable =
        [.. Enum.GetValues<Discipline>().Where(d => d is not (Discipline.Unknown or Discipline.GovernanceOfficer or Discipline.Organisation or Discipline.CaseManager))];

    private string Status => _saving ? T["Edit.Saving"] : _savedAt is { } at ? T["Edit.Saved", BelgianTime.ToLocal(at).ToString("HH:mm:ss", BelgianTime.Culture)] : T["Edit.Unsaved"];

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_loadedFor != Id)
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        (_loading, _loadedFor, Problem, _conflict, _step) = (true, Id, null, false, null);
        await ReadAsync(async actor =>
        {
            var view = await Read.RunAsync(actor, Id, null, Gone);
            _mayWrite = view?.MayWrite == true || TemplateDrafts.MayWrite(actor);
            _inForce = view?.Shown?.Template;
            // Whoever comes here without a draft begins with what is in force; the first change makes the draft.
            _t = view?.Draft?.Template ?? _inForce;
            (_seen, _began) = view?.Draft is { } draft ? (draft.Stored, draft.BeganFrom) : (0, _inForce?.Version ?? 0);
            _stale = view?.Draft is not null && _began != (_inForce?.Version ?? 0) ? _inForce!.Version : null;
            _savedAt = null;
            Check();
        });
        _loading = false;
    }

    private void Check()
    {
        _problems = _t is null ? [] : ValidateTemplate.Problems(_t);
        _changes = _t is null || _inForce is null ? [] : CompareTemplates.Between(_inForce, _t with { Status = _inForce.Status });
    }

    /// <summary>What is wrong is not folded away, nor the phase that was just added.</summary>
    private bool IsOpen(TemplatePhase phase)
    {
        if (_problems.Any(p => p.Phase == phase.Id) || phase.Steps.Count == 0)
            _opened.Add(phase.Id); // and stays open when it is mended: somebody writes in it
        return _opened.Contains(phase.Id);
    }

    private string? Invalid(TemplateField field, string? phase = null) => FieldFault.Of(_problems, field, phase, null, null).Any() ? "true" : null;

    private string NameOf(string step) => _t!.Steps.FirstOrDefault(s => s.Step.Id == step).Step?.Title is { Length: > 0 } title ? title : T["Unnamed"];

    /// <summary>Changes the template on the page and keeps it in the draft. Changes wait for each other: a second one while the first is written goes on from it.</summary>
    private async Task ChangeAsync(Func<PathwayTemplate, PathwayTemplate> change, bool renew = false)
    {
        if (_t is null || !_mayWrite || _conflict)
            return;
        _t = change(_t);
        Check();
        await _one.WaitAsync(Gone);
        _saving = true;
        try
        {
            var result = await TryAsync(actor => Save.RunAsync(actor, new() { Id = Id, Seen = _seen, Template = _t, Renew = renew }, Gone));
            if (result is TemplateResult.Done(_, var stored))
            {
                (_seen, _savedAt) = (stored, Clock.GetUtcNow().UtcDateTime);
                if (renew)
                    (_began, _stale) = (_inForce!.Version, null);
            }
            else
            {
                _conflict = result is TemplateResult.ChangedMeanwhile;
            }
        }
        finally
        {
            _saving = false;
            _one.Release();
        }
    }

    private Task PhaseAsync(string id, Func<TemplatePhase, TemplatePhase> change) => ChangeAsync(t => t with { Phases = [.. t.Phases.Select(p => p.Id == id ? change(p) : p)] });

    private Task RoleAsync(string id, Func<TemplateRole, TemplateRole> change) => ChangeAsync(t => t with { Roles = [.. t.Roles.Select(r => r.Id == id ? change(r) : r)] });

    private Task GoalAsync(string id, Func<TemplateGoal, TemplateGoal> change) => ChangeAsync(t => t with { Goals = [.. t.Goals.Select(g => g.Id == id ? change(g) : g)] });

    private Task SourceAsync(string id, Func<TemplateSource, TemplateSource> change) => ChangeAsync(t => t with { Sources = [.. t.Sources.Select(s => s.Id == id ? change(s) : s)] });

    private Task AddPhaseAsync() => ChangeAsync(t =>
    {
        var from = t.Phases.Count == 0 ? 0 : (t.Phases[^1].UntilDay ?? t.Phases[^1].FromDay) + 1;
        var closed = t.Phases.Count > 0 && t.Phases[^1].UntilDay is null ? [.. t.Phases.SkipLast(1), t.Phases[^1] with { UntilDay = t.Phases[^1].FromDay }] : t.Phases;
        return t with { Phases = [.. closed, new TemplatePhase { Id = NewId("fase"), Title = "", FromDay = from }] };
    });

    private Task AddRoleAsync() => ChangeAsync(t => t with { Roles = [.. t.Roles, new(NewId("rol"), "", [])] });

    private Task AddGoalAsync() => ChangeAsync(t => t with { Goals = [.. t.Goals, new(NewId("doel"), "")] });

    private Task AddSourceAsync() => ChangeAsync(t => t with { Sources = [.. t.Sources, new(NewId("bron"), "")] });

    private Task AddDisciplineAsync(TemplateRole role, ChangeEventArgs e) =>
        Enum.TryParse<Discipline>(e.Value as string, out var discipline) && Playable.Contains(discipline) ? RoleAsync(role.Id, r => r with { Disciplines = [.. r.Disciplines.Append(discipline).Distinct()] }) : Task.CompletedTask;

    private Task MovePhaseAsync(int at, int by) => ChangeAsync(t => t with { Phases = Swapped(t.Phases, at, at + by) });

    private Task MoveStepAsync(string phase, int at, int by) => PhaseAsync(phase, p => p with { Steps = Swapped(p.Steps, at, at + by) });

    private static List<T> Swapped<T>(IReadOnlyList<T> items, int one, int other)
    {
        List<T> list = [.. items];
        if (one >= 0 && other >= 0 && one < list.Count && other < list.Count)
            (list[one], list[other]) = (list[other], list[one]);
        return list;
    }

    internal static string NewId(string kind) => $"{kind}-{Guid.NewGuid().ToString("N")[..10]}";

    private void Open(string phase, string step)
    {
        if (_t!.Steps.FirstOrDefault(s => s.Step.Id == step).Step is { } found)
            _step = (phase, found, false);
    }

    private void AddStep(TemplatePhase phase) =>
        _step = (phase.Id, new TemplateStep { Id = NewId("stap"), Kind = StepKind.Task, Title = "", Role = "", Due = new(phase.UntilDay ?? phase.FromDay) }, true);

    private Task KeepStepAsync((string Phase, TemplateStep Step) kept)
    {
        _step = null;
        return ChangeAsync(t => With(t, kept.Phase, kept.Step));
    }

    /// <summary>The template with a step as it is now: in its place, at the end of another phase, or new.</summary>
    internal static PathwayTemplate With(PathwayTemplate template, string phase, TemplateStep step) => template with
    {
        Phases = [.. template.Phases.Select(p => p.Id != phase ? p with { Steps = [.. p.Steps.Where(s => s.Id != step.Id)] }
            : p.Steps.Any(s => s.Id == step.Id) ? p with { Steps = [.. p.Steps.Select(s => s.Id == step.Id ? step : s)] } : p with { Steps = [.. p.Steps, step] })],
    };

    private Task RenewAsync() => ChangeAsync(t => t, renew: true);

    private void AskPublish()
    {
        if (_problems.Count > 0)
            Problem = T["Edit.Publish.Blocked"];
        else if (_seen == 0 || (_inForce is not null && _changes.Count == 0))
            Problem = T["Why.NothingChanges"];
        else if (_stale is null)
            _publishing = true;
    }

    private async Task PublishAsync(string reason)
    {
        _publishing = false;
        await StepAsync(async actor => await Publish.RunAsync(actor, Id, _seen, reason, Gone), number => T["Edit.Publish.Done", number]);
    }

    private async Task DropAsync()
    {
        _dropping = false;
        if (_seen == 0)
        {
            Nav.NavigateTo($"/pathways/templates/{Id}");
            return;
        }

        await StepAsync(actor => Drop.RunAsync(actor, Id, _seen, Gone), _ => T["Edit.Drop.Done"]);
    }

    private async Task StepAsync(Func<Actor, Task<TemplateResult>> step, Func<int, string> done)
    {
        if (IsBusy)
            return;
        await _one.WaitAsync(Gone);
        try
        {
            switch (await DoAsync(step))
            {
                case TemplateResult.Done(var id, var number):
                    Toasts.Show(done(number));
                    Nav.NavigateTo(_inForce is null && _dropping ? "/pathways" : $"/pathways/templates/{id}");
                    break;
                case TemplateResult.Stale(var current):
                    (_conflict, _stale) = (true, current);
                    break;
                case TemplateResult.ChangedMeanwhile when _seen != 0:
                    _conflict = true;
                    break;
                case not null when _seen == 0:
                    Problem = T["Why.NothingChanges"];
                    break;
            }
        }
        finally
        {
            _one.Release();
        }
    }
}
