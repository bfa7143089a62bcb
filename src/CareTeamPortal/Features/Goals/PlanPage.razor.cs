using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Goals;

/// <summary>The plan of one patient: what matters first, goals with what serves them, then what waits for an answer and what is measured. Live.</summary>
public sealed partial class PlanPage
{
    private PlanOfPatient? _plan;
    private MeasuringView? _measuring;
    private AlertView? _answering;
    private MeasuringPlan? _measured;
    private (MeasuringPlan Plan, string Rule)? _keeps;
    private GoalForm? _goal;
    private (CareGoal? Goal, GoalState To) _moving;
    private bool _measures;
    private bool _writing;

    /// <summary>Which form of a goal stands open.</summary>
    private sealed record GoalForm(CareGoal? Goal, GoalKind Kind, string? Serves, bool MayChange);

    [Inject] private ReadPlan ReadPlan { get; set; } = default!;
    [Inject] private ReadMeasuring ReadMeasuring { get; set; } = default!;
    [Inject] private SettleServant Settle { get; set; } = default!;
    [Inject] private AnswerSuggestion AnswerSuggestion { get; set; } = default!;
    [Inject] private LinkTask Link { get; set; } = default!;
    [Inject] private AddNote Ask { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    private bool IsMine => Me?.OwnFile == Patient;

    /// <summary>The patient and who cares at home read it short and without the words of the trade.</summary>
    private bool Plain => Me?.IsLimited == true;

    /// <inheritdoc/>
    private protected override void Forget() => (_plan, _measuring, _answering, _goal, _measures, _writing, _moving) = (null, null, null, null, false, false, default);

    /// <inheritdoc/>
    private protected override async Task ReadAsync(CancellationToken ct) =>
        (_plan, _measuring) = (await ReadPlan.RunAsync(Me!, File, new(), ct), await ReadMeasuring.RunAsync(Me!, File, new(), ct));

    private void Add((GoalKind Kind, string? Serves) what) => _goal = new(null, what.Kind, what.Serves, true);

    private void Edit(GoalView goal) => _goal = new(goal.Goal, goal.Goal.Kind, goal.Goal.Serves, goal.MayChange);

    private async Task ToldAsync(string? told)
    {
        (_goal, _measures, _measured, _writing, _moving) = (null, false, null, false, default);
        if (told is null)
            return;
        Toasts.Show(told);
        await LoadAsync();
    }

    private async Task AnsweredAsync(bool answered)
    {
        _answering = null;
        if (answered)
            await LoadAsync();
    }

    /// <summary>One decision about one thing; null when done, else why not.</summary>
    private Task<string?> SettleAsync(ServantSettlement decision) => DoAsync(() => Settle.RunAsync(Me!, File, decision, Gone), T[$"Decide.Done.{decision.Decision}"]);

    private Task<string?> LinkAsync((TaskView Task, string? Goal) link) => DoAsync(async () => await Link.RunAsync(Me!, File, new(link.Task.Id, link.Goal, link.Task.Version), Gone) is var result and not TaskDone ? result : null, T["Orphans.Linked"]);

    /// <summary>Answers a proposal; a limit that is to be looked at again opens in its form.</summary>
    private async Task<string?> SuggestAsync((Suggestion About, bool Accept, string? Reason) answer)
    {
        var problem = await DoAsync(async () => await AnswerSuggestion.RunAsync(Me!, File, new(answer.About.Key, answer.Accept, answer.Reason), Gone) is var result and not AnswerSuggestion.Result.Done ? result : null, T[$"Suggest.Told.{answer.Accept}"]);
        if (problem is null && answer is { Accept: true, About: { Kind: SuggestionKind.ReviewLimit, Plan: { } plan } })
            (_measured, _measures) = (plan, true);
        StateHasChanged();
        return problem;
    }

    /// <summary>Asks who may decide, by a question that cannot get lost.</summary>
    private Task<string?> AskAsync((CareGoal Goal, PlanServant Servant) what) => DoAsync(async () => await Ask.RunAsync(Me!, File, new()
    {
        Id = Guid.CreateVersion7(Clock.GetUtcNow()).ToString(), Kind = EntryKind.Question, Text = T["Ask.Text", what.Goal.Words, what.Servant.Title], ReplyOwner = what.Servant.DecidesId,
        ReplyBy = AnswerBy(Now), Audience = what.Goal.Audience & (Me!.IsLimited ? Audience.WholeTeam : what.Goal.Audience),
    }, Gone) is AddNote.Written ? null : GoalOutcome.NotYours, T["Ask.Done", what.Servant.Decides ?? ""]);

    /// <summary>An answer is asked within three days.</summary>
    private static DateTime AnswerBy(DateTime now) => BelgianTime.ToUtc(BelgianTime.DayOf(now).AddDays(3), new TimeOnly(12, 0));

    private async Task<string?> DoAsync(Func<Task<object?>> act, string done)
    {
        string? problem;
        try
        {
            problem = await act() switch
            {
                null => null,
                TaskResult refused => TaskSentences.Why(refused, Now) ?? T["Refused"],
                SetMeasuringPlan.Outcome outcome => AlertWords.Get($"Plan.Outcome.{outcome}"),
                GoalOutcome outcome => T[$"Outcome.{outcome}"],
                AnswerSuggestion.Result result => T[$"Suggest.Result.{result}"],
                _ => T["Refused"],
            };
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused)
        {
            problem = RuleWords.With(T["Refused"], fault);
        }
        catch (System.Data.Common.DbException fault)
        {
            NotKept(fault);
            problem = T["Failed"];
        }

        if (problem is null)
            Toasts.Show(done);
        await LoadAsync();
        StateHasChanged(); // asked by a part of the page
        return problem;
    }
}
