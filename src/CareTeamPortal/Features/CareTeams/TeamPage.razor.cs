using CareTeamPortal.Features.Access;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>Who is on a patient's team, by care line; who coordinates; leaving. Live.</summary>
public sealed partial class TeamPage
{
    private IReadOnlyList<ReadTeam.Member>? _team;
    private ReadTeam.Member? _leaving;
    private ReadTeamRights.Result _rights = new(false, false);
    private ReadTeam.Member? _renewing;
    private ReadTeam.Member? _stopping;
    private bool _inviting;
    private string? _problem;
    private bool _manages;
    private ClosedCategory? _closedTeam;

    [Inject] private ReadTeam Read { get; set; } = default!;
    [Inject] private ReadTeamRights ReadRights { get; set; } = default!;
    [Inject] private RenewRelation Renew { get; set; } = default!;
    [Inject] private TakeInvitationBack TakeBack { get; set; } = default!;
    [Inject] private SetCoordinator Set { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    /// <inheritdoc/>
    private protected override void Forget() => (_team, _leaving, _renewing, _stopping, _inviting, _problem, _closedTeam, _rights, _manages) = (null, null, null, null, false, null, null, new(false, false), false);

    /// <inheritdoc/>
    private protected override async Task ReadAsync(CancellationToken ct)
    {
        _rights = await ReadRights.RunAsync(Me!, File, new(), ct);
        (_manages, _closedTeam) = (_rights.Manages, _rights.Closed);
        _team = await Read.RunAsync(Me!, File, new(Details: true), ct);
    }

    private bool HasMenu(ReadTeam.Member member) => member.Coming ? _rights.Invites : member.MayRenew
        || (_rights.Decides && member.Discipline != Discipline.Patient && member.Person != Me!.Person)
        || (_manages && (!member.IsCoordinator || member.Person != Me!.Person));

    private async Task InvitedAsync(string? done)
    {
        _inviting = false;
        if (done is null)
            return;
        Toasts.Show(done);
        await LoadAsync();
    }

    private Task TakeBackAsync(ReadTeam.Member coming) => DoAsync(async () =>
    {
        if (!await TakeBack.RunAsync(Me!, File, new(coming.Person), Gone))
            return T["Coming.Gone"];
        Toasts.Show(T["Coming.TakenBack", coming.Name]);
        return null;
    });

    /// <summary>Does one thing; why it was not done stands above the team.</summary>
    private async Task<bool> DoAsync(Func<Task<string?>> act)
    {
        _problem = null;
        try
        {
            _problem = await act();
        }
        catch (ActionRefused refused)
        {
            _problem = $"{T["NotAllowed"]} {RuleWords.Cite(refused.Rule)}";
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
            return false;
        }
        catch (System.Data.Common.DbException fault)
        {
            NotKept(fault);
            _problem = T["NotKept"];
        }

        var problem = _problem;
        await LoadAsync();
        _problem = problem;
        return problem is null;
    }

    private async Task StoppedAsync(bool ended)
    {
        var name = _stopping?.Name ?? "";
        _stopping = null;
        if (!ended)
            return;
        Toasts.Show(T["Stop.Done", name]);
        await LoadAsync();
    }

    private Task<bool> RenewAsync((RelationKind Kind, string Reason) ask) => _renewing is not { } member ? Task.FromResult(false) : DoAsync(async () =>
    {
        if (await Renew.RunAsync(Me!, File, new(member.Person, ask.Kind, ask.Reason), Gone) is not RenewRelation.Renewed)
            return T["Renew.NotPossible"];
        Toasts.Show(T["Renew.Done"]);
        return null;
    });

    private Task CoordinateAsync(PersonId? person) => DoAsync(async () => await Set.RunAsync(Me!, File, new(person), Gone) ? null : T["Coordinator.NotPossible"].Value);

    private void Leave(PersonId person)
    {
        _problem = null;
        _leaving = _team?.FirstOrDefault(m => m.Person == person);
    }

    private async Task ClosedAsync(bool left)
    {
        var me = _leaving?.Person == Me!.Person;
        var name = _leaving?.Name ?? "";
        _leaving = null;
        if (!left)
            return;
        Toasts.Show(me ? T["Leave.Done"] : T["End.Done", name]);
        if (me)
            Nav.NavigateTo("/");
        else
            await LoadAsync();
    }
}
