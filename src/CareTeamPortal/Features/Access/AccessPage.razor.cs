using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// Who may see what, and who looked: the patient and a named proxy decide here; whoever else has the file open reads by what right. Live.
/// </summary>
public sealed partial class AccessPage
{
    private PatientId? _patient;
    private Actor? _me;
    private OwnAccessView? _own;
    private SharingView? _sharing;
    private RelationsView? _relations;
    private IReadOnlyList<ContestView>? _contests;
    private string? _name;
    private string? _told;
    private bool _toldBad;
    private bool _closed;
    private bool _failed;
    private bool _busy;

    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

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

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var patient = PatientId.TryParse(Id);
        if (patient is null)
        {
            _closed = true;
            return;
        }

        if (patient == _patient)
            return;
        (_patient, _own, _sharing, _closed, _told) = (patient, null, null, false, null);
        _me = await Current.RequireAsync();
        Follow(patient.Value);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            await ReadAsync(Gone);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
        catch (System.Data.Common.DbException)
        {
            _failed = true;
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var (me, file) = (_me!, _patient!.Value);
        var own = await ReadOwn.RunAsync(me, file, new(), ct);
        var relations = await ReadRelations.RunAsync(me, file, new(), ct);
        var sharing = own.Decides ? await ReadSharing.RunAsync(me, file, new(), ct) : null;
        var contests = sharing is null ? null : await ReadContests.RunAsync(me, file, new(), ct);
        (_own, _relations, _sharing, _contests) = (own, relations, sharing, contests);
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        try
        {
            await ReadAsync(ct);
        }
        catch (ActionRefused)
        {
            // A proxy who is none any more: the next reading says what is left.
            (_sharing, _contests) = (null, null);
        }

        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        _closed = true;
        StateHasChanged();
        return Task.CompletedTask;
    }

    private Task<bool> DecideAsync(SharingWish wish) => DoAsync(
        async () => await Decide.RunAsync(_me!, _patient!.Value, new(wish.Scope, wish.Permits, wish.Categories, wish.Organisation, wish.Person, wish.From, wish.Until), Gone),
        wish.From is { } from && from > Now ? T["Sharing.Dates.Done", BelgianTime.Day(BelgianTime.DayOf(from), BelgianTime.DayOf(Now))] : T["Sharing.Done"]);

    private Task<bool> WithdrawAsync(long key) => DoAsync(async () => await Withdraw.RunAsync(_me!, _patient!.Value, new(key), Gone), T["Sharing.Done"]);

    private Task<bool> EndAsync((PersonId Person, string Name) whom) => DoAsync(async () => await End.RunAsync(_me!, _patient!.Value, new(whom.Person, ForGood: false), Gone), T["End.Done", whom.Name]);

    private Task<bool> ExcludeAsync((PersonId Person, string Name, string? Reason) whom) =>
        DoAsync(async () => await End.RunAsync(_me!, _patient!.Value, new(whom.Person, ForGood: true, whom.Reason), Gone), T["Exclude.Done", whom.Name]);

    private Task<bool> SettleAsync(ContestView contest, bool forGood) =>
        DoAsync(async () => await Settle.RunAsync(_me!, _patient!.Value, new(contest.Key, forGood), Gone), forGood ? T["Contest.ForGood", contest.Name] : T["Contest.Lifted", contest.Name]);

    private Task<bool> ContestAsync((Look Look, string Words) ask) => DoAsync(async () => await Contest.RunAsync(_me!, _patient!.Value, new(ask.Look.Key, ask.Words), Gone) switch
    {
        ContestAccess.Contested => (true, T["Contest.Done", ask.Look.Name].Value),
        ContestAccess.Already { DueAt: var due } => (false, T["Contest.Already", BelgianTime.Day(BelgianTime.DayOf(due), BelgianTime.DayOf(Now))]),
        ContestAccess.NobodyLeftToAnswer => (false, T["Contest.NobodyLeft", ask.Look.Name]),
        ContestAccess.NotYours => (false, T["Sharing.NotYours"]),
        _ => (false, T["Contest.NotThere"]),
    });

    private Task<bool> RenewAsync(PersonId person, RelationKind kind, string reason) => DoAsync(async () => await Renew.RunAsync(_me!, _patient!.Value, new(person, kind, reason), Gone) switch
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
            await OnAdvancedAsync(Gone);
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
        catch (System.Data.Common.DbException)
        {
            (_told, _toldBad) = ($"{T["Error"]} {T["Error.More"]}", true);
            return false;
        }
        finally
        {
            _busy = false;
        }
    }
}
