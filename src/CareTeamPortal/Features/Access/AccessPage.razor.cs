using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// Who may see what, and who looked: the patient and a named proxy decide here; whoever else has the file open reads by what right. Live.
/// </summary>
public sealed partial class AccessPage
{
    private OwnAccessView? _own;
    private SharingView? _sharing;
    private RelationsView? _relations;
    private IReadOnlyList<ContestView>? _contests;
    private string? _told;
    private bool _toldBad;
    private bool _busy;

    [Inject] private ReadOwnAccess ReadOwn { get; set; } = default!;
    [Inject] private ReadSharing ReadSharing { get; set; } = default!;
    [Inject] private ReadRelations ReadRelations { get; set; } = default!;
    [Inject] private ReadContests ReadContests { get; set; } = default!;
    [Inject] private DecideSharing Decide { get; set; } = default!;
    [Inject] private WithdrawDecision Withdraw { get; set; } = default!;
    [Inject] private EndRelation End { get; set; } = default!;
    [Inject] private RenewRelation Renew { get; set; } = default!;
    [Inject] private ContestAccess Contest { get; set; } = default!;
    [Inject] private SettleContest Settle { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    /// <inheritdoc/>
    private protected override void Forget() => (_own, _sharing, _relations, _contests, _told) = (null, null, null, null, null);

    /// <inheritdoc/>
    private protected override async Task ReadAsync(CancellationToken ct)
    {
        try
        {
            var own = await ReadOwn.RunAsync(Me!, File, new(), ct);
            var relations = await ReadRelations.RunAsync(Me!, File, new(), ct);
            var sharing = own.Decides ? await ReadSharing.RunAsync(Me!, File, new(), ct) : null;
            var contests = sharing is null ? null : await ReadContests.RunAsync(Me!, File, new(), ct);
            (_own, _relations, _sharing, _contests) = (own, relations, sharing, contests);
        }
        catch (ActionRefused)
        {
            // A proxy who is none any more: the next reading says what is left.
            (_sharing, _contests) = (null, null);
        }
    }

    private Task<bool> DecideAsync(SharingWish wish) => DoAsync(
        async () => await Decide.RunAsync(Me!, File, new(wish.Scope, wish.Permits, wish.Categories, wish.Organisation, wish.Person, wish.From, wish.Until), Gone),
        wish.From is { } from && from > Now ? T["Sharing.Dates.Done", BelgianTime.Day(BelgianTime.DayOf(from), BelgianTime.DayOf(Now))] : T["Sharing.Done"]);

    private Task<bool> WithdrawAsync(long key) => DoAsync(async () => await Withdraw.RunAsync(Me!, File, new(key), Gone), T["Sharing.Done"]);

    private Task<bool> EndAsync((PersonId Person, string Name) whom) => DoAsync(async () => await End.RunAsync(Me!, File, new(whom.Person, ForGood: false), Gone), T["End.Done", whom.Name]);

    private Task<bool> ExcludeAsync((PersonId Person, string Name, string? Reason) whom) =>
        DoAsync(async () => await End.RunAsync(Me!, File, new(whom.Person, ForGood: true, whom.Reason), Gone), T["Exclude.Done", whom.Name]);

    private Task<bool> SettleAsync(ContestView contest, bool forGood) =>
        DoAsync(async () => await Settle.RunAsync(Me!, File, new(contest.Key, forGood), Gone), forGood ? T["Contest.ForGood", contest.Name] : T["Contest.Lifted", contest.Name]);

    private Task<bool> ContestAsync((Look Look, string Words) ask) => DoAsync(async () => await Contest.RunAsync(Me!, File, new(ask.Look.Key, ask.Words), Gone) switch
    {
        ContestAccess.Contested => (true, T["Contest.Done", ask.Look.Name].Value),
        ContestAccess.Already { DueAt: var due } => (false, T["Contest.Already", BelgianTime.Day(BelgianTime.DayOf(due), BelgianTime.DayOf(Now))]),
        ContestAccess.NobodyLeftToAnswer => (false, T["Contest.NobodyLeft", ask.Look.Name]),
        ContestAccess.NotYours => (false, T["Sharing.NotYours"]),
        _ => (false, T["Contest.NotThere"]),
    });

    private Task<bool> RenewAsync(PersonId person, RelationKind kind, string reason) => DoAsync(async () => await Renew.RunAsync(Me!, File, new(person, kind, reason), Gone) switch
    {
        RenewRelation.Renewed { Until: { } until } => (true, T["Renew.Done", BelgianTime.Day(BelgianTime.DayOf(until), BelgianTime.DayOf(Now))].Value),
        RenewRelation.Renewed => (true, T["Renew.DoneNoEnd"]),
        RenewRelation.NoReason => (false, T["Renew.NoReason"]),
        RenewRelation.WrongKind => (false, T["Renew.WrongKind"]),
        _ => (false, T["Renew.NotYours"]),
    });

    private Task<bool> DoAsync(Func<Task<SharingResult>> act, string done) => DoAsync(async () => await act() switch
    {
        SharingResult.Decided => (true, done),
        SharingResult.NobodyLeft => (false, T["Sharing.NobodyLeft"].Value),
        SharingResult.NotYours => (false, T["Sharing.NotYours"]),
        SharingResult.NotThere => (false, T["Sharing.NotThere"]),
        _ => (false, T["Sharing.Incomplete"]),
    });

    /// <summary>One thing at a time; what came of it is said where everybody finds it.</summary>
    private async Task<bool> DoAsync(Func<Task<(bool Done, string Words)>> act)
    {
        if (_busy)
            return false;
        _busy = true;
        try
        {
            var (done, words) = await act();
            (_told, _toldBad) = (done ? null : words, !done);
            if (done)
                Toasts.Show(words);
            await LoadAsync();
            return done;
        }
        catch (ActionRefused)
        {
            (_told, _toldBad) = (T["Sharing.NotYours"], true);
            return false;
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
            return false;
        }
        catch (System.Data.Common.DbException fault)
        {
            NotKept(fault);
            (_told, _toldBad) = ($"{T["Error"]} {T["Error.More"]}", true);
            return false;
        }
        finally
        {
            _busy = false;
        }
    }
}
