using System.Text.Json;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>One questionnaire to fill in, a question at a time, with what was answered kept on the server from the first touch.</summary>
public sealed partial class QuestionnairePage
{
    private PatientId? _patient;
    private Actor? _me;
    private QuestionnaireView? _view;
    private FillInQuestionnaire.Filled? _filled;
    private ElementReference _heading;
    private int?[] _answers = [];
    private string _id = "";
    private string? _name;
    private string? _problem;
    private string? _shown;
    private int _at;
    private bool _onBehalf;
    private bool _closedToFamily;
    private bool _moved;
    private bool _busy;
    private bool _closed;
    private bool _failed;

    /// <summary>FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>Id of the questionnaire.</summary>
    [Parameter] public string Questionnaire { get; set; } = "";

    [Inject] private ReadQuestionnaire Read { get; set; } = default!;
    [Inject] private FillInQuestionnaire Fill { get; set; } = default!;
    [Inject] private SaveDraft SaveDraft { get; set; } = default!;
    [Inject] private ILogger<QuestionnairePage> Log { get; set; } = default!;

    private bool OnCheck => _view is { } view && _at >= view.Form.Items.Count;

    private string? Busy => _busy ? "true" : null;

    private bool IsAlarming => _view is { } view && FillInQuestionnaire.AsksAboutDeath(view.Form, _answers);

    /// <summary>What a family member or professional fills in may be the patient's answer or their own; about somebody's state it is always the patient's.</summary>
    private bool AsksWho => _view is { IsOwn: false, Form.Id: Questionnaires.Experience };

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown == $"{Id}/{Questionnaire}")
            return;
        _shown = $"{Id}/{Questionnaire}";
        (_view, _filled, _problem, _at, _closed) = (null, null, null, 0, false);
        _patient = PatientId.TryParse(Id);
        if (_patient is null || Questionnaires.Find(Questionnaire) is null)
        {
            _closed = true;
            return;
        }

        _me = await Current.RequireAsync();
        Follow(_patient.Value);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            var view = await Read.RunAsync(_me!, _patient!.Value, new(Questionnaire), Gone);
            if (view is null)
            {
                _closed = true;
                return;
            }

            _id = Guid.CreateVersion7(Clock.GetUtcNow()).ToString();
            _answers = [.. view.Draft];
            _at = Array.FindIndex(_answers, a => a is null) is >= 0 and var first ? first : view.Form.Items.Count;
            _onBehalf = !view.IsOwn && !view.Form.IsAboutCaregiver && (view.Form.Id != Questionnaires.Experience || _me!.Discipline != Discipline.InformalCaregiver);
            _view = view;
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (System.Data.Common.DbException fault)
        {
            OutcomesLog.NotRead(Log, fault);
            _failed = true;
        }
    }

    /// <summary>Who else filled it in meanwhile, or asked: the page says so.</summary>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        if (_view is null || await Read.RunAsync(_me!, _patient!.Value, new(Questionnaire), ct) is not { } now)
            return;
        _view = now;
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        (_closed, _view) = (true, null);
        StateHasChanged();
        return Task.CompletedTask;
    }

    private async Task ChooseAsync(int answer)
    {
        if (_busy || _view is not { } view || OnCheck || !view.Form.Items[_at].Allows(answer))
            return;
        _answers[_at] = answer;
        await KeepAsync();
        // A worrying answer stays in view with what to do now; any other leads on.
        if (!(IsAlarming && _at == view.Form.Items.Count - 1))
            await GoAsync(_at + 1);
    }

    private Task GoAsync(int at)
    {
        if (_view is not { } view || _busy)
            return Task.CompletedTask;
        _at = Math.Clamp(at, 0, view.Form.Items.Count);
        if (OnCheck && Array.FindIndex(_answers, a => a is null) is >= 0 and var missing)
            _at = missing;
        (_moved, _problem) = (true, null);
        return Task.CompletedTask;
    }

    /// <summary>The next question is read out, and the keyboard stands at it.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_moved || _heading.Context is null)
            return;
        _moved = false;
        await _heading.FocusAsync();
    }

    private async Task KeepAsync()
    {
        try
        {
            await SaveDraft.RunAsync(_me!, _patient!.Value, new(FillInQuestionnaire.SlotOf(_view!.Form), JsonSerializer.Serialize(_answers)), Gone);
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or ActionRefused)
        {
            OutcomesLog.NotRead(Log, fault); // the answers are still on the page, and sending says so when it fails
        }
    }

    private async Task SendAsync()
    {
        if (_busy || _view is not { } view)
            return;
        (_busy, _problem) = (true, null);
        try
        {
            switch (await Fill.RunAsync(_me!, _patient!.Value, new() { Id = _id, Questionnaire = view.Form.Id, Answers = _answers, OnBehalf = _onBehalf, ProfessionalsOnly = _closedToFamily }, Gone))
            {
                case FillInQuestionnaire.Filled filled:
                    (_filled, _moved) = (filled, true);
                    break;
                default:
                    _problem = T["Fill.Incomplete"];
                    break;
            }
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problem = RuleWords.With(T["Fill.Refused"], fault);
        }
        catch (System.Data.Common.DbException fault)
        {
            OutcomesLog.NotRead(Log, fault);
            _problem = T["Fill.NotSaved"];
        }
        finally
        {
            _busy = false;
        }
    }

    private string Asked(TaskView task) =>
        task.Requester is { Length: > 0 } who ? T["Fill.Asked", who, task.DueAt is { } due ? T["Due.By", BelgianTime.Moment(due, Clock.GetUtcNow().UtcDateTime)].Value : BelgianTime.Moment(task.AuthoredOn, Clock.GetUtcNow().UtcDateTime)].Value : "";

    private static string Said(FormItem item, int? answer) => answer is not { } given ? "" : item.Options.Count > 0 ? item.Options[given].Text : given.ToString(BelgianTime.Culture);
}
