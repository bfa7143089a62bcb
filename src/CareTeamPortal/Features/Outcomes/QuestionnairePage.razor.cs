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
    private QuestionnaireView? _view;
    private FillInQuestionnaire.Filled? _filled;
    private ElementReference _heading;
    private int?[] _answers = [];
    private string _id = "";
    private string? _problem;
    private string? _shown;
    private int _at;
    private string _reason = "";
    private bool _onBehalf;
    private bool _closedToFamily;
    private bool _isUnknown;
    private bool _moved;
    private bool _busy;

    /// <summary>Id of the questionnaire.</summary>
    [Parameter] public string Questionnaire { get; set; } = "";

    /// <summary>FHIR id of answers of one's own that are to be corrected; null: new ones are given.</summary>
    [SupplyParameterFromQuery(Name = "correct")] public string? Correct { get; set; }

    [Inject] private CorrectAnswers Corrected { get; set; } = default!;
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
    private protected override void Forget() => (_view, _filled, _problem, _at, _answers) = (null, null, null, 0, []);

    /// <summary>The first reading takes up what was begun; a later one says who filled it in meanwhile, or asked.</summary>
    private protected override async Task ReadAsync(CancellationToken ct)
    {
        _shown = $"{Questionnaire}/{Correct}";
        var view = Questionnaires.Find(Questionnaire) is null ? null : await Read.RunAsync(Me!, File, new(Questionnaire, Correct), ct);
        _isUnknown = view is null;
        if (view is not null && _view is null)
        {
            _id = Guid.CreateVersion7(Clock.GetUtcNow()).ToString();
            _answers = [.. view.Given?.Answers ?? view.Draft];
            _reason = "";
            _at = Array.FindIndex(_answers, a => a is null) is >= 0 and var first ? first : view.Form.Items.Count;
            _onBehalf = !view.IsOwn && !view.Form.IsAboutCaregiver && (view.Form.Id != Questionnaires.Experience || Me!.Discipline != Discipline.InformalCaregiver);
        }

        // Answers that are being corrected stay as they were opened: another version is told when they are sent.
        _view = view is null ? _view : _view?.Given is { } given ? view with { Given = given } : view;
    }

    /// <inheritdoc/>
    private protected override async Task OnAddressAsync()
    {
        if (_shown == $"{Questionnaire}/{Correct}")
            return;
        Forget();
        await LoadAsync();
    }

    private async Task ChooseAsync(int answer)
    {
        if (_busy || _view is not { } view || OnCheck || !view.Form.Items[_at].Allows(answer))
            return;
        _answers[_at] = answer;
        if (view.Given is null)
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
            await SaveDraft.RunAsync(Me!, File, new(FillInQuestionnaire.SlotOf(_view!.Form), JsonSerializer.Serialize(_answers)), Gone);
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
        if (view.Given is { } given)
            await CorrectAsync(view, given);
        else
            await KeepAsync(() => GiveAsync(view), "Fill.Refused");
    }

    private async Task GiveAsync(QuestionnaireView view)
    {
        if (await Fill.RunAsync(Me!, File, new() { Id = _id, Questionnaire = view.Form.Id, Answers = _answers, OnBehalf = _onBehalf, ProfessionalsOnly = _closedToFamily }, Gone) is FillInQuestionnaire.Filled filled)
            (_filled, _moved) = (filled, true);
        else
            _problem = T["Fill.Incomplete"];
    }

    private Task CorrectAsync(QuestionnaireView view, GivenAnswers given)
    {
        if (Platform.Text.SafeText.IsBlank(_reason))
        {
            _problem = T["Correct.NeedsReason"];
            return Task.CompletedTask;
        }

        return KeepAsync(async () =>
        {
            switch (await Corrected.RunAsync(Me!, File, new(given.Id, given.Version, _answers, _reason), Gone))
            {
                case Changed when OutcomeScore.Of(view.Form, _answers) is { } score:
                    (_filled, _moved) = (new(score, false, null), true);
                    break;
                case ChangedMeanwhile:
                    _problem = T["Correct.Meanwhile"];
                    break;
                default:
                    _problem = T["Correct.Refused"];
                    break;
            }
        }, "Correct.Refused");
    }

    /// <summary>Does the work once at a time; whatever hinders it is told, and what was answered stays on the page.</summary>
    private async Task KeepAsync(Func<Task> work, string refused)
    {
        (_busy, _problem) = (true, null);
        try
        {
            await work();
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            _problem = RuleWords.With(T[refused], fault);
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
