using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Admin;

/// <summary>One person: who they are, where they are signed in, and the ways in and out.</summary>
public sealed partial class PersonDialog : IDisposable
{
    private static readonly Discipline[] s_roles = [.. Enum.GetValues<Discipline>().Where(d => d is not (Discipline.Unknown or Discipline.Organisation)).OrderBy(Roles.Title, StringComparer.CurrentCulture)];

    private readonly CancellationTokenSource _gone = new();
    private PersonRow? _person;
    private ReadPeople.Detail? _detail;
    private IReadOnlyList<SessionRow> _sessions = [];
    private IReadOnlyList<ReadPeople.Organisation> _organisations = [];
    private PersonRow? _known;
    private DateTime _now;
    private string _name = "";
    private string _role = "";
    private CareLine _line = CareLine.First;
    private string? _organisation;
    private string? _title;
    private string? _riziv;
    private bool _administrator;
    private bool _shutting;
    private bool _busy;
    private KeepPerson.Why? _why;
    private string? _problem;

    /// <summary>Whom; null for somebody new.</summary>
    [Parameter, EditorRequired] public PersonId? Person { get; set; }
    [Parameter, EditorRequired] public Actor Me { get; set; } = default!;

    /// <summary>Closed, with what was done in words; null when nothing was.</summary>
    [Parameter] public EventCallback<string?> OnClosed { get; set; }
    [Inject] private ReadPeople Read { get; set; } = default!;
    [Inject] private KeepPerson Keep { get; set; } = default!;
    [Inject] private LinkAccount Link { get; set; } = default!;
    [Inject] private Deactivate Shut { get; set; } = default!;
    [Inject] private Sessions Sessions { get; set; } = default!;
    [Inject] private PeopleDirectory People { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    private bool IsWaiting => _person is { Discipline: Discipline.Unknown, DeactivatedAt: null };

    private string? Bad(KeepPerson.Why why) => _why == why ? "true" : null;

    protected override async Task OnInitializedAsync()
    {
        _organisations = Read.Organisations(Me) ?? [];
        if (Person is not { } id || await Read.OneAsync(Me, id, _gone.Token) is not { } detail)
            return;
        (_detail, _person) = (detail, detail.Person);
        var asked = _person.Discipline == Discipline.Unknown ? _person.Asks ?? Discipline.Unknown : _person.Discipline;
        (_name, _role, _organisation, _riziv, _administrator) = (_person.DisplayName, asked == Discipline.Unknown ? "" : asked.ToString(), _person.Organisation, _person.ProfessionalNumber, _person.IsAdministrator);
        _line = IsWaiting ? Roles.LineOf(asked) : _person.Line;
        _title = IsWaiting ? "" : _person.RoleTitle;
        await ReadSessionsAsync();
    }

    private async Task ReadSessionsAsync()
    {
        _now = Clock.GetUtcNow().UtcDateTime;
        _sessions = _person is null ? [] : await Sessions.OfAsync(_person.Id, _gone.Token);
    }

    private void RoleChanged(ChangeEventArgs e)
    {
        _role = e.Value as string ?? "";
        if (Enum.TryParse<Discipline>(_role, out var role))
            _line = Roles.LineOf(role);
    }

    private async Task SaveAsync()
    {
        if (_busy)
            return;
        _busy = true;
        var result = await Keep.RunAsync(Me, new(_person?.Id, _name, Enum.TryParse<Discipline>(_role, out var role) ? role : Discipline.Unknown, _line, _title ?? "", _organisation, _riziv, _administrator, _person?.ChangedAt), _gone.Token);
        _busy = false;
        if (result is KeepPerson.Refused refused)
        {
            (_why, _problem) = (refused.Reason, T[$"Why.{refused.Reason}"]);
            return;
        }

        await OnClosed.InvokeAsync(_sessions.Count > 0 && _person is not null ? T["SavedEnds"] : T["Saved"]);
    }

    private ValueTask<IReadOnlyList<PersonRow>> FindKnown(string words, CancellationToken ct)
    {
        var parts = NameFolding.Fold(words).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return ValueTask.FromResult<IReadOnlyList<PersonRow>>([.. People.People.Values.Where(p => p is { ExternalSubject: null, DeactivatedAt: null } && p.Discipline != Discipline.Unknown && parts.All(part => NameFolding.Fold(p.DisplayName).Contains(part, StringComparison.Ordinal))).OrderBy(p => p.DisplayName, StringComparer.CurrentCulture).Take(8)]);
    }

    private async Task LinkAsync()
    {
        if (_known is null || _person is null)
            return;
        if (await Link.RunAsync(Me, _person.Id, _known.Id, _gone.Token))
            await OnClosed.InvokeAsync(T["Linked", _known.DisplayName]);
        else
            _problem = T["Link.Failed"];
    }

    private async Task EndSessionAsync(string id)
    {
        if (!Me.IsAdministrator || !_sessions.Any(s => s.Id == id))
            return;
        await Sessions.EndAsync(id, SessionEnd.Ended, _gone.Token);
        Toasts.Show(T["Sessions.Ended"]);
        await ReadSessionsAsync();
    }

    private async Task EndSessionsAsync()
    {
        if (!Me.IsAdministrator)
            return;
        await Sessions.EndAllAsync(_person!.Id, SessionEnd.Ended, _gone.Token);
        Toasts.Show(T["Sessions.Ended"]);
        await ReadSessionsAsync();
    }

    private async Task ShutAsync(string reason)
    {
        _shutting = false;
        switch (await Shut.RunAsync(Me, _person!.Id, reason, _gone.Token))
        {
            case Deactivate.Done { NobodyElse.Count: > 0 } done:
                _problem = T["Deactivated.Left", done.Teams, done.NobodyElse.Count, string.Join(", ", done.NobodyElse)];
                if (await Read.OneAsync(Me, _person.Id, _gone.Token) is { } detail)
                    (_detail, _person) = (detail, detail.Person);
                await ReadSessionsAsync();
                break;
            case Deactivate.Done done:
                await OnClosed.InvokeAsync(T["Deactivated", done.Teams]);
                break;
            case Deactivate.Refused refused:
                _problem = T[$"Why.{refused.Reason}"];
                break;
        }
    }

    private async Task ReactivateAsync()
    {
        if (await Shut.ReactivateAsync(Me, _person!.Id, _gone.Token))
            await OnClosed.InvokeAsync(T["Reactivated"]);
        else
            _problem = T["Why.NotThere"];
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
