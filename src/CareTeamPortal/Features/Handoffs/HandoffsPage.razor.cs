using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Handoffs;

/// <summary>The hand-offs of one person: what waits, what was asked of others, what they answer for, what is over.</summary>
public sealed partial class HandoffsPage
{
    private Actor? _me;
    private ReadHandoffs.Result? _lists;
    private LiveList? _live;
    private DateTime _readAt;
    private bool _failed;
    private bool _refused;

    [Inject] internal CurrentActor Current { get; set; } = default!;
    [Inject] internal LiveFeed Feed { get; set; } = default!;
    [Inject] internal TimeProvider Clock { get; set; } = default!;
    [Inject] internal ReadHandoffs Read { get; set; } = default!;
    [Inject] internal RuleBook Rules { get; set; } = default!;
    [Inject] private ILogger<HandoffsPage> Log { get; set; } = default!;

    /// <summary>The place in the main menu, for who can answer for care, with how many wait.</summary>
    internal static NavEntry Nav { get; } = new()
    {
        Href = "/handoffs", Icon = "handoff", Order = 20, GoKey = 'h', Text = () => HandoffWords.Get("Inbox.Nav"), For = static (person, rules) => rules.May(person, CareAction.HandOff), Badge = typeof(HandoffBadge),
    };

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        _refused = !Rules.Current.May(_me, CareAction.HandOff);
        if (_refused)
            return;
        _live = new LiveList(Feed, Clock, () => InvokeAsync(ReadAsync), _ => Task.FromResult(Clock.GetUtcNow().UtcDateTime - _readAt > TimeSpan.FromSeconds(30)), Topics.Tasks);
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            _readAt = Clock.GetUtcNow().UtcDateTime;
            _lists = await Read.RunAsync(_me!, _live!.Gone);
            _failed = false;
            _live.Follow(_lists.Follow);
            StateHasChanged();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException)
        {
            _failed = true;
            HandoffsLog.PageFailed(Log, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
            await _live.DisposeAsync();
    }
}
