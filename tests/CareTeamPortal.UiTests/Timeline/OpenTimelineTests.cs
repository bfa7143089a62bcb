using System.Security.Claims;
using Bunit;
using CareTeamPortal.Features;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Demo;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.UiTests.Timeline;

/// <summary>A timeline that is open while the patient decides otherwise.</summary>
public sealed class OpenTimelineTests : UiContext, IAsyncLifetime
{
    private static readonly PatientId Maria = new("maria-verhoeven");

    private readonly string _folder = Directory.CreateTempSubdirectory("open-timeline").FullName;
    private readonly CareDatabase _database;

    public OpenTimelineTests()
    {
        _database = new SqliteCareDatabase($"Data Source={Path.Combine(_folder, "care.db")}");
        Services.AddLogging();
        Services.AddSingleton(_database).AddSingleton<LiveFeed>().AddSingleton<PeopleDirectory>().AddSingleton<RuleBook>().AddSingleton<CareDesk>().AddSingleton<CursorCodec>().AddSingleton<Presence>()
            .AddScoped<CircuitConnection>().AddScoped<CurrentActor>().AddSingleton<AuthenticationStateProvider>(new Sofie());
        Services.AddPortalFeatures();
        JSInterop.SetupModule("./js/feed.js").Mode = JSRuntimeMode.Loose;
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
        Assert.Equal(0, Services.GetRequiredService<LiveFeed>().SubscriberCount);
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_loses_a_category_that_is_closed_within_five_seconds_and_closes_when_nothing_is_left()
    {
        var people = Services.GetRequiredService<PeopleDirectory>();
        var (sofie, maria) = (people.ActorFor(new("sofie.maes"))!, people.ActorFor(new("maria.verhoeven"))!);
        var closed = new TaskCompletionSource();
        var reader = new RowReader(sofie, Maria, DateTime.UnixEpoch, null, [], true, true, true, new Reach(Audience.Professionals, InformationCategory.All));
        var feed = Render<TimelineFeed>(p => p.Add(f => f.Patient, Maria).Add(f => f.Reader, reader).Add(f => f.OnClosed, closed.SetResult));
        feed.WaitForAssertion(() => Assert.NotEmpty(feed.FindAll("[data-kind=note], .row, article")), TimeSpan.FromSeconds(10));
        var notes = (await Services.GetRequiredService<ReadTimeline>().RunAsync(sofie, Maria, new(), CancellationToken.None)).Entries.Where(e => e.Kind == EntryKind.Note && e.Text is { Length: > 30 }).ToList();
        var words = notes.Select(n => n.Text!.Split(['\n', '.', '*', '_', '"'])[0].Trim()).First(w => w.Length > 15 && feed.Markup.Contains(w, StringComparison.Ordinal));

        Assert.IsType<SharingResult.Decided>(await Services.GetRequiredService<DecideSharing>().RunAsync(maria, Maria, new(ConsentScope.Category, false, InformationCategory.Notes), CancellationToken.None));
        feed.WaitForAssertion(() => Assert.DoesNotContain(words, feed.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(5));
        feed.WaitForAssertion(() => Assert.NotEmpty(feed.FindAll("[data-kind], .row, article")), TimeSpan.FromSeconds(5)); // the rest is there again

        Assert.IsType<SharingResult.Decided>(await Services.GetRequiredService<DecideSharing>().RunAsync(maria, Maria, new(ConsentScope.Person, false, Person: sofie.Person), CancellationToken.None));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(5)); // nothing is drawn by that alone: the page says it
    }

    [Fact]
    public async Task What_keeps_arriving_stands_in_order_and_takes_the_places_of_what_leaves()
    {
        var sofie = Services.GetRequiredService<PeopleDirectory>().ActorFor(new("sofie.maes"))!;
        var reader = new RowReader(sofie, Maria, DateTime.UnixEpoch, null, [], true, true, true, new Reach(Audience.WholeTeam | Audience.Professionals | Audience.ProfessionalsAndPatient, InformationCategory.All));
        var feed = Render<TimelineFeed>(p => p.Add(f => f.Patient, Maria).Add(f => f.Reader, reader));
        feed.WaitForAssertion(() => Assert.NotEmpty(feed.FindAll("article")), TimeSpan.FromSeconds(10));
        var drawing = new HashSet<TimelineChunk>();
        var early = 0;
        for (var number = 1; number <= 60; number++)
        {
            var words = $"Nota nummer {number}.";
            Assert.IsType<AddNote.Written>(await Services.GetRequiredService<AddNote>().RunAsync(sofie, Maria, new() { Id = $"00000000-0000-7000-8000-{number:D12}", Kind = EntryKind.Note, Text = words, Audience = Audience.WholeTeam }, CancellationToken.None));
            feed.WaitForAssertion(() => Assert.Contains(words, feed.Find("li[data-row] article").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(5));
            drawing.UnionWith(feed.FindComponents<TimelineChunk>().Select(c => c.Instance));
            if (number == 30)
                early = drawing.Count;
        }
        var rows = feed.FindAll("li[data-row]").Select(r => r.GetAttribute("data-row")!).ToList();
        Assert.Equal(Enumerable.Range(11, 50).Reverse().Select(n => $"Communication-00000000-0000-7000-8000-{n:D12}"), rows.Take(50));
        Assert.Equal(rows.Distinct(), rows);
        Assert.Single(feed.FindAll("li.day"), d => d.TextContent.Contains("vandaag", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(early, drawing.Count);
    }

    private sealed class Sofie : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity([new Claim(CurrentActor.PersonClaim, "sofie.maes")], "test"))));
    }
}
