using System.Security.Claims;
using Bunit;
using CareTeamPortal.Features.Demo;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Patients;

public sealed class PatientsPageTests : UiContext, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("patients").FullName;
    private readonly CareDatabase _database;
    private readonly LiveFeed _feed = new();
    private readonly PeopleDirectory _people;
    private readonly Somebody _somebody = new();

    public PatientsPageTests()
    {
        _database = new SqliteCareDatabase($"Data Source={Path.Combine(_folder, "care.db")}");
        _people = new PeopleDirectory(_database);
        Services.AddSingleton(_database).AddSingleton(_feed).AddSingleton(_people).AddSingleton<RuleBook>().AddSingleton<CareDesk>().AddSingleton<Filing>().AddSingleton<TakeIn>().AddSingleton<LoadDemo>().AddSingleton<ReadPatients>()
            .AddScoped<CurrentActor>().AddSingleton<AuthenticationStateProvider>(_somebody);
    }

    public async Task InitializeAsync()
    {
        await _database.MigrateAsync(CancellationToken.None);
        var demo = Services.GetRequiredService<LoadDemo>();
        await demo.PeopleAsync(CancellationToken.None);
        await demo.PatientsAsync(again: false, CancellationToken.None);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeComponentsAsync();
        Assert.Equal(0, _feed.SubscriberCount);
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_list_shows_who_is_open_to_me_with_what_is_new()
    {
        var page = Open("sofie.maes");
        page.WaitForAssertion(() => Assert.Equal(8, page.FindAll("tbody tr").Count), TimeSpan.FromSeconds(10));
        Assert.Equal("/patients/georges-pauwels", page.Find("tbody th a").GetAttribute("href"));
        Assert.Contains("1 vraag aan u", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Equal(8, _feed.SubscriberCount);
        Assert.DoesNotContain("style=", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Typing_finds_in_spite_of_an_error_and_nothing_found_says_what_next()
    {
        var page = Open("sofie.maes");
        page.WaitForAssertion(() => page.Find("input[type=search]"), TimeSpan.FromSeconds(10));
        page.Find("input[type=search]").Input("verhoven");
        page.WaitForAssertion(() => Assert.Equal("Maria Verhoeven", Assert.Single(page.FindAll("tbody th a")).TextContent), TimeSpan.FromSeconds(10));
        page.Find("input[type=search]").Input("qqqqqqqq");
        page.WaitForAssertion(() => Assert.Contains("Niemand gevonden.", page.Find(".empty").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        page.Find(".empty button").Click();
        page.WaitForAssertion(() => Assert.Equal(8, page.FindAll("tbody tr").Count), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Who_has_no_files_reads_why()
    {
        var page = Open("wim.aerts");
        page.WaitForAssertion(() => Assert.Contains("U zit nog in geen enkel zorgteam.", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.Empty(page.FindAll("table"));
    }

    private IRenderedComponent<PatientsPage> Open(string user)
    {
        _somebody.User = user;
        return Render<PatientsPage>();
    }

    private sealed class Somebody : AuthenticationStateProvider
    {
        public string User { get; set; } = "";

        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity([new Claim(CurrentActor.PersonClaim, User)], "test"))));
    }
}
