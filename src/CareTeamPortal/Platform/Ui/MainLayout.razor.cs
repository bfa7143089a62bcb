using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;

namespace CareTeamPortal.Platform.Ui;

/// <summary>The shell around every page: rail or bottom bar, top bar, messages. A page writes its own <c>main</c> with id <c>main</c>.</summary>
public sealed partial class MainLayout
{
    // Relative to the page, not to the base address: js/shell.js moves the focus.
    private const string SkipHref = "#main";

    private IReadOnlyList<NavEntry> _entries = [];
    private IReadOnlyList<MeEntry> _mine = [];
    private IReadOnlyList<ShellPart> _parts = [];
    private Actor? _person;
    private bool _demo;
    private ErrorBoundary? _boundary;

    [CascadingParameter] private Task<AuthenticationState>? Auth { get; set; }
    [Inject] private RuleBook Rules { get; set; } = default!;
    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private IEnumerable<NavEntry> Entries { get; set; } = [];
    [Inject] private IEnumerable<MeEntry> MeEntries { get; set; } = [];
    [Inject] private IEnumerable<ShellPart> Parts { get; set; } = [];
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private CircuitSession Pages { get; set; } = default!;
    [Inject] private Microsoft.Extensions.Options.IOptions<SessionLimits> Limits { get; set; } = default!;
    [Inject] private IConfiguration Configuration { get; set; } = default!;
    [Inject] private IHostEnvironment Environment { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        _demo = SignInServices.Mode(Configuration, Environment) is SignInMode.Demo;
        if (Auth is null)
            return;
        var user = (await Auth).User;
        _person = Current.From(user);
        _mine = _person is null ? [] : [.. MeEntries.Where(e => e.For(_person, Rules.Current))];
        _parts = [.. Parts.OrderBy(p => p.Order)];
        _entries = _person is null ? [] : [.. Entries.Where(e => e.For(_person, Rules.Current)).OrderBy(e => e.Order)];
    }

    /// <summary>A fault stays with the page it happened on.</summary>
    protected override void OnParametersSet() => _boundary?.Recover();

    private static string Says(Actor person) => $"{person.RoleTitle} · {Roles.Line(person.Line)}";
}
