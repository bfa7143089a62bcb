using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CareTeamPortal.Platform.Ui;

/// <summary>The shell around every page: rail or bottom bar, top bar, messages. A page writes its own <c>main</c> with id <c>main</c>.</summary>
public sealed partial class MainLayout
{
    private IReadOnlyList<NavEntry> _entries = [];
    private ShellPerson? _person;

    [CascadingParameter] private Task<AuthenticationState>? Auth { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (Auth is null)
            return;
        var user = (await Auth).User;
        _person = ShellPerson.Of(user);
        _entries = user.Identity?.IsAuthenticated == true ? [.. Entries.Where(e => e.For(user)).OrderBy(e => e.Order)] : [];
    }

    // Relative to the page, not to the base address: js/shell.js moves the focus.
    private const string SkipHref = "#main";
}
