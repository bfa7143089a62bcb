using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.Admin;

/// <summary>Administration: people, accounts that wait, who was shut out, organisations. Nothing of any file.</summary>
public sealed partial class AdminPage : IDisposable
{
    private const int People = 0, Waiting = 1, Gone = 2, Organisations = 3;

    private readonly CancellationTokenSource _gone = new();
    private Actor? _me;
    private ReadPeople.Result? _found;
    private IReadOnlyList<ReadPeople.Organisation> _organisations = [];
    private IReadOnlyList<string> _tabs = [];
    private (PersonId? Id, int Time)? _open;
    private string _words = "";
    private string? _renaming;
    private string _newName = "";
    private string? _problem;
    private int _tab;
    private int _opened;

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private ReadPeople Read { get; set; } = default!;
    [Inject] private RenameOrganisation RenameIt { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    internal static NavEntry Nav { get; } = new() { Href = "/admin", Icon = "people", Order = 90, Text = () => AdminText.Get("Nav"), For = static (person, _) => person.IsAdministrator };

    private string Status => _found is not { } found ? "" : found.Found > found.People.Count ? T["CountMost", found.People.Count, found.Found] : found.Found == 1 ? T["Count1"] : T["Count", found.Found];

    protected override async Task OnInitializedAsync()
    {
        _me = await Current.RequireAsync();
        Show();
    }

    private Task ShowAsync(int tab)
    {
        (_tab, _words) = (tab, "");
        Show();
        return Task.CompletedTask;
    }

    private void FindAsync(string? words)
    {
        _words = words ?? "";
        Show();
    }

    private void Show()
    {
        _found = Read.Run(_me!, _tab switch { Waiting => PeopleShown.Waiting, Gone => PeopleShown.Deactivated, _ => PeopleShown.Active }, _words);
        _organisations = Read.Organisations(_me!) ?? [];
        _tabs = [T["Tab.People"], _found is { Waiting: > 0 and var n } ? $"{T["Tab.Waiting"].Value} ({n})" : T["Tab.Waiting"], T["Tab.Gone"], T["Tab.Organisations"]];
    }

    private void Open(PersonId? id) => _open = (id, ++_opened);

    private Task ClosedAsync(string? said)
    {
        _open = null;
        if (said is not null)
            Toasts.Show(said);
        Show();
        return Task.CompletedTask;
    }

    private void Rename(string organisation) => (_renaming, _newName, _problem) = (organisation, organisation, null);

    private async Task RenameAsync()
    {
        switch (await RenameIt.RunAsync(_me!, _renaming!, _newName, _gone.Token))
        {
            case RenameOrganisation.Renamed renamed:
                Toasts.Show(T["Renamed", renamed.People]);
                _renaming = null;
                Show();
                break;
            case RenameOrganisation.TasksWait wait:
                _problem = T["Rename.Wait", wait.Tasks];
                break;
            default:
                _problem = T["Rename.Failed"];
                break;
        }
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
