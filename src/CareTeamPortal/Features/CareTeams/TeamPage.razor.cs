using CareTeamPortal.Features.Access;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>Who is on a patient's team, by care line; who coordinates; leaving. Live.</summary>
public sealed partial class TeamPage
{
    private PatientId? _patient;
    private Actor? _me;
    private IReadOnlyList<ReadTeam.Member>? _team;
    private ReadTeam.Member? _leaving;
    private ReadTeamRights.Result _rights = new(false, false);
    private ReadTeam.Member? _renewing;
    private ReadTeam.Member? _stopping;
    private bool _inviting;
    private string? _name;
    private string? _problem;
    private bool _manages;
    private ClosedCategory? _closedTeam;
    private bool _closed;

    /// <summary>The FHIR id of the patient.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private ReadTeam Read { get; set; } = default!;
    [Inject] private ReadTeamRights ReadRights { get; set; } = default!;
    [Inject] private RenewRelation Renew { get; set; } = default!;
    [Inject] private TakeInvitationBack TakeBack { get; set; } = default!;
    [Inject] private SetCoordinator Set { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
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
        (_patient, _team, _closed, _problem) = (patient, null, false, null);
        _me = await Current.RequireAsync();
        Follow(patient.Value);
        try
        {
            await ReadAsync(Gone);
        }
        catch (PatientNotFound)
        {
            _closed = true;
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAdvancedAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnClosedAsync()
    {
        _closed = true;
        StateHasChanged();
        return Task.CompletedTask;
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        _rights = await ReadRights.RunAsync(_me!, _patient!.Value, new(), ct);
        (_manages, _closedTeam) = (_rights.Manages, _rights.Closed);
        _team = await Read.RunAsync(_me!, _patient!.Value, new(Details: true), ct);
    }

    private bool HasMenu(ReadTeam.Member member) => member.Coming ? _rights.Invites : member.MayRenew
        || (_rights.Decides && member.Discipline != Discipline.Patient && member.Person != _me!.Person)
        || (_manages && (!member.IsCoordinator || member.Person != _me!.Person));

    private async Task InvitedAsync(string? done)
    {
        _inviting = false;
        if (done is null)
            return;
        Toasts.Show(done);
        await OnAdvancedAsync(Gone);
    }

    private async Task TakeBackAsync(ReadTeam.Member coming)
    {
        _problem = null;
        try
        {
            if (await TakeBack.RunAsync(_me!, _patient!.Value, new(coming.Person), Gone))
                Toasts.Show(T["Coming.TakenBack", coming.Name]);
            else
                _problem = T["Coming.Gone"];
            await ReadAsync(Gone);
        }
        catch (ActionRefused refused)
        {
            _problem = $"{T["NotAllowed"]} {RuleWords.Cite(refused.Rule)}";
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
    }

    private async Task StoppedAsync(bool ended)
    {
        var name = _stopping?.Name ?? "";
        _stopping = null;
        if (!ended)
            return;
        Toasts.Show(T["Stop.Done", name]);
        await OnAdvancedAsync(Gone);
    }

    private async Task<bool> RenewAsync((RelationKind Kind, string Reason) ask)
    {
        if (_renewing is not { } member)
            return false;
        _problem = null;
        try
        {
            var done = await Renew.RunAsync(_me!, _patient!.Value, new(member.Person, ask.Kind, ask.Reason), Gone) is RenewRelation.Renewed;
            if (done)
                Toasts.Show(T["Renew.Done"]);
            else
                _problem = T["Renew.NotPossible"];
            await ReadAsync(Gone);
            return done;
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
            return false;
        }
    }

    private async Task CoordinateAsync(PersonId? person)
    {
        _problem = null;
        try
        {
            if (!await Set.RunAsync(_me!, _patient!.Value, new(person), Gone))
                _problem = T["Coordinator.NotPossible"];
            await ReadAsync(Gone);
        }
        catch (ActionRefused refused)
        {
            _problem = $"{T["NotAllowed"]} {RuleWords.Cite(refused.Rule)}";
        }
        catch (PatientNotFound)
        {
            await OnClosedAsync();
        }
    }

    private void Leave(PersonId person)
    {
        _problem = null;
        _leaving = _team?.FirstOrDefault(m => m.Person == person);
    }

    private async Task ClosedAsync(bool left)
    {
        var me = _leaving?.Person == _me!.Person;
        var name = _leaving?.Name ?? "";
        _leaving = null;
        if (!left)
            return;
        Toasts.Show(me ? T["Leave.Done"] : T["End.Done", name]);
        if (me)
            Nav.NavigateTo("/");
        else
            await OnAdvancedAsync(Gone);
    }
}
