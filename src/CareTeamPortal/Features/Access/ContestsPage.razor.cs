using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Access;

/// <summary>What patients contested, and the officers' answers. Nothing of a file stands here. For anybody else the page does not exist.</summary>
public sealed partial class ContestsPage
{
    private readonly Dictionary<long, string> _answers = [];
    private IReadOnlyList<AnswerContests.Waiting>? _waiting;
    private IReadOnlyList<AnswerContests.Waiting> _answered = [];
    private LiveList? _live;
    private Actor? _me;
    private string? _told;
    private bool _toldBad;
    private bool _closed;
    private bool _failed;
    private bool _busy;

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private LiveFeed Feed { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private AnswerContests Contests { get; set; } = default!;

    /// <summary>The place in the main menu, for officers.</summary>
    internal static NavEntry Nav { get; } = new() { Href = "/contests", Icon = "flag", Order = 45, Text = () => AccessWords.Get("Officers.Nav"), For = (person, _) => person.Discipline == Discipline.GovernanceOfficer, Badge = typeof(ContestCount) };

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _live = new LiveList(Feed, Clock, () => Task.CompletedTask, BeatAsync);
        await ReadAsync();
    }

    private async Task<bool> BeatAsync(CancellationToken ct)
    {
        if (!_closed && !_failed && await Contests.CountAsync(_me!, ct) != _waiting?.Count)
            await InvokeAsync(ReadAsync);
        return false;
    }

    private async Task ReadAsync()
    {
        _failed = false;
        try
        {
            var waiting = await Contests.ReadAsync(_me!, answered: false, Now, _live!.Gone);
            _closed = waiting is null;
            if (_closed)
                return;
            _answered = await Contests.ReadAsync(_me!, answered: true, Now, _live.Gone) ?? [];
            _waiting = waiting;
            StateHasChanged();
        }
        catch (System.Data.Common.DbException)
        {
            _failed = true;
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(long key)
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            var outcome = await Contests.AnswerAsync(_me!, key, _answers.GetValueOrDefault(key, ""), _live!.Gone);
            (_told, _toldBad) = outcome switch
            {
                AnswerContests.Outcome.Answered => (T["Officers.Sent"].Value, false),
                AnswerContests.Outcome.NoWords => (T["Officers.NoWordsAnswer"], true),
                _ => (T["Officers.NotYours"], true),
            };
            if (outcome == AnswerContests.Outcome.NoWords)
                return;
            _answers.Remove(key);
            await ReadAsync();
        }
        catch (System.Data.Common.DbException)
        {
            (_told, _toldBad) = ($"{T["Error"]} {T["Error.More"]}", true); // what was typed stays
        }
        finally
        {
            _busy = false;
        }
    }

    private string Day(DateTime at) => BelgianTime.Day(BelgianTime.DayOf(at), BelgianTime.DayOf(Now));

    private string Line(Look look) => $"{BelgianTime.Moment(look.At, Now)}: {AccessWords.What(look)}, {AccessWords.Source(look.Source)} ({(look.Why.Relation is { } relation ? AccessWords.Relation(relation) : AccessWords.Why(look))}{(look.Why.RuleVersion is { } version ? ", " + T["Rules", version] : null)})";

    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
            await _live.DisposeAsync();
    }
}
