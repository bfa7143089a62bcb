using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Time;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Access;

/// <summary>
/// Opening a file in an emergency: first the proof of who one is (it leaves this page and comes back), then whom, why, and the opening. The page looks the same
/// whatever the address names.
/// </summary>
public sealed partial class EmergencyPage : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private Actor? _me;
    private string? _session;
    private bool _may;
    private bool _proved;
    private bool _byName;
    private bool _asked;
    private bool _busy;
    private string _number = "";
    private string _name = "";
    private string _words = "";
    private DateTime? _born;
    private EmergencyReason? _reason;
    private string? _problem;

    /// <summary>The FHIR id of the patient, when the way here was the address of a file.</summary>
    [Parameter] public string? Id { get; set; }

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] private OpenInEmergency Glass { get; set; } = default!;
    [Inject] private NavigationManager Nav { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    private string Here => Id is null ? "/emergency" : $"/patients/{Uri.EscapeDataString(Id)}/emergency";

    private bool IsNumber => OpenInEmergency.DigitsOf(_number) is not null;

    private static string? Bad(bool bad) => bad ? "true" : null;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _me = await Current.FindAsync();
        _may = _me is not null && BreakGlass.MayTry(_me, Rules.Current) && (Id is null || PatientId.TryParse(Id) is not null);
        _session = await Current.SessionAsync();
        _proved = _may && _session is not null && await Glass.HasProofAsync(_session, _gone.Token);
    }

    private async Task OpenAsync()
    {
        if (_busy || _me is null || !_may)
            return;
        (_busy, _asked, _problem) = (true, true, null);
        try
        {
            if (Id is null && (_byName ? _name.Trim().Length == 0 || _born is null : !IsNumber))
            {
                _problem = T[_byName ? "Missing.Name" : "Missing.Number"];
                return;
            }

            var whom = Id is not null ? new OpenInEmergency.Whom(File: PatientId.TryParse(Id)) : _byName ? new(Name: _name, Born: DateOnly.FromDateTime(_born!.Value)) : new(Number: _number);
            switch (await Glass.RunAsync(_me, new(whom, _reason, _words, _session), _gone.Token))
            {
                case { Result: BreakGlass.Broken { Until: var until }, Patient: { } patient }:
                    Toasts.Show(T["Opened", BelgianTime.Time(until)]);
                    Nav.NavigateTo($"/patients/{patient}");
                    break;
                case { Patient: { } patient }:
                    Nav.NavigateTo($"/patients/{patient}");
                    break;
                case { Result: BreakGlass.Refused { Reason: var why } }:
                    _problem = T[$"Why.{why}"];
                    // The proof is used, or was too old: another try asks for another one.
                    _proved = why == BreakGlass.Why.NoReason;
                    break;
            }
        }
        finally
        {
            _busy = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
