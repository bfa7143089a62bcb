using CareTeamPortal.Features;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Hosting;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace CareTeamPortal.Benchmarks.Harness;

/// <summary>The portal's own services in this process, on a database of their own, without a web server.</summary>
internal sealed class InProcessPortal : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InProcessPortal(WebApplication app, string file) => (_app, File) = (app, file);

    public string File { get; }

    /// <summary>Sees everything of the patients whose team he is on.</summary>
    public static PersonId Doctor { get; } = new("karel.janssens");

    public Actor Actor { get; private set; } = default!;

    /// <param name="also">Services in place of the portal's own.</param>
    public static Task<InProcessPortal> OpenAsync(string file, Action<IServiceCollection>? also = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return OpenAsync(["--ConnectionStrings:CareTeam", $"Data Source={file}", "--SignIn:Mode", "Demo"], file, also);
    }

    /// <summary>The same with settings as on the command line.</summary>
    public static async Task<InProcessPortal> OpenAsync(IReadOnlyList<string> settings, string file, Action<IServiceCollection>? also = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [.. settings], EnvironmentName = "Production", ContentRootPath = Settings.RepoRoot });
        builder.Logging.ClearProviders();
        builder.AddPortalUi();
        builder.AddPortalData();
        builder.AddPortalSignIn();
        builder.Services.AddPortalFeatures();
        builder.Services.AddSignalR();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        also?.Invoke(builder.Services);
        var portal = new InProcessPortal(builder.Build(), file);
        await Startup.PrepareDataAsync(portal._app.Services, CancellationToken.None);
        var people = portal.Get<PeopleDirectory>();
        if (people.Find(Doctor) is null)
            await people.KeepAsync([new PersonRow { Id = Doctor, DisplayName = "dr. Karel Janssens", Discipline = Discipline.GeneralPractitioner, Line = CareLine.First, RoleTitle = "huisarts", FhirType = "Practitioner" }], CancellationToken.None);
        portal.Actor = people.ActorFor(Doctor)!;
        return portal;
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Makes the file of a patient who shares with these people; false when it is there.</summary>
    public static bool MakeFile(DbSession session, PatientId patient, params ReadOnlySpan<PersonId> team)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        if (!CareStore.UpsertPatient(session, new PatientRow { Id = patient, FamilyName = "Bank", GivenName = "Test", DisplayName = "Test Bank", SortName = "bank test", LastChangeAt = now }))
            return false;
        ConsentSql.Add(session, patient, ConsentScope.General, InformationCategory.All, null, null, true, now.AddDays(-1), null, ConsentSource.TakenOver, null, now);
        foreach (var person in team)
            CareStore.Grant(session, patient, person, null, now.AddDays(-1), null, "import", now);
        return true;
    }

    /// <summary>A page as HTML, for the doctor.</summary>
    /// <param name="place">What comes after the patient's id in the address.</param>
    public async Task<string> RenderAsync(Type page, string id, string? place = null)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        ((IHostEnvironmentNavigationManager)services.GetRequiredService<NavigationManager>()).Initialize("http://127.0.0.1/", $"http://127.0.0.1/patients/{id}{(place is null ? null : "/" + place)}");
        ((IHostEnvironmentAuthenticationStateProvider)services.GetRequiredService<AuthenticationStateProvider>()).SetAuthenticationState(Task.FromResult(new AuthenticationState(People.Principal(Doctor, "bench"))));
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(RouteView.RouteData)] = new Microsoft.AspNetCore.Components.RouteData(page, new Dictionary<string, object?> { ["Id"] = id }),
            [nameof(RouteView.DefaultLayout)] = typeof(MainLayout),
        });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<RouteView>(parameters)).ToHtmlString());
    }

    /// <summary>Imports files as the command line does.</summary>
    public async Task<int> ImportAsync(IReadOnlyList<string> files, params IReadOnlyList<PersonId> team)
    {
        var reports = await Get<ImportFiles>().RunAsync(files, new IntakeAuthority(null, team.Count == 0 ? [Doctor] : team, "import", AccessSource.CommandLine), "import", null, CancellationToken.None);
        return reports.Sum(r => r.Created + r.NewVersions + r.KeptApart + r.Unchanged + r.Refused);
    }

    public async ValueTask DisposeAsync()
    {
        await Get<CareDatabase>().DisposeAsync();
        await _app.DisposeAsync();
    }
}
