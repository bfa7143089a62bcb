using System.Text;
using System.Text.Json;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Exchange;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Handoffs;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.Population;

/// <summary>What a case manager sees of the members followed up, and what of nobody.</summary>
public sealed class PopulationTests
{
    private static Task<Ward> FollowedAsync() => Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Ilse), A.Patient("jef").WithTeam(Who.Karel, Who.Sofie));

    private static Task<PopulationView?> ReadAsync(Ward ward, PersonRow who, PopulationQuery? query = null) => ward.Get<ReadPopulation>().RunAsync(who.Actor(), new(query ?? new() { All = true }), CancellationToken.None);

    private static Task DecideAsync(Ward ward, ConsentScope scope, InformationCategory categories, bool permits, PersonId? person = null) => ward.Database.WriteAsync((session, _) =>
    {
        ConsentSql.Add(session, ward.Maria, scope, categories, null, person, permits, ward.Clock.Utc, null, ConsentSource.Patient, Who.MariaHerself.Id, ward.Clock.Utc);
        ConsentSql.Project(session, ward.Maria, ward.Clock.Utc);
        return ValueTask.FromResult(true);
    }, CancellationToken.None);

    [Fact]
    public async Task A_hand_off_that_nobody_accepts_is_found_with_how_long_it_waits_and_without_what_it_is_about()
    {
        await using var ward = await FollowedAsync();
        await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Sofie, "Kalium prikken"));
        await HandoffLifeTests.OfferAsync(ward, Who.Tom, HandoffLifeTests.Offer(TaskParty.Of(Who.Sofie)));
        ward.Clock.Advance(TimeSpan.FromDays(40));
        var view = (await ReadAsync(ward, Who.Ilse))!;
        var member = Assert.Single(view.Members);
        var handoff = Assert.Single(member.Handoffs);
        Assert.Equal((ward.Maria, true, "Tom Lenaerts", "Sofie Maes", TimeSpan.FromDays(40)), (member.Patient, handoff.IsStuck, handoff.From, handoff.To, view.Now - handoff.Since));
        Assert.Equal((1, 1), (view.Stuck, view.Followed));
        Assert.Equal(new LinePair(CareLine.Second, CareLine.First), Assert.Single(member.Pairs, p => p.From == CareLine.Second));

        var one = (await ward.RunAsync(ward.Get<ReadCoordination>(), Who.Ilse, ward.Maria, new()))!;
        Assert.Single(one.Handoffs);
        Assert.Equal("Sofie Maes", Assert.Single(one.Tasks).Owner);
        var all = JsonSerializer.Serialize(new { view.Members, view.Waiting, one });
        foreach (var word in (string[])["hartfalen", "Kalium", "gewicht", "Droog"])
            Assert.DoesNotContain(word, all, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Names_are_of_members_followed_who_agreed_and_of_nobody_else()
    {
        await using var ward = await FollowedAsync();
        Assert.Equal([ward.Maria], (await ReadAsync(ward, Who.Ilse))!.Members.Select(m => m.Patient));
        await DecideAsync(ward, ConsentScope.Category, InformationCategory.Tasks, permits: false);
        Assert.False(Assert.Single((await ReadAsync(ward, Who.Ilse))!.Members).SharesTasks);
        await DecideAsync(ward, ConsentScope.Category, InformationCategory.Administrative, permits: false);
        Assert.Empty((await ReadAsync(ward, Who.Ilse))!.Members);
    }

    [Theory]
    [InlineData("karel.janssens")]
    [InlineData("piet.claeys")]
    [InlineData("maria.verhoeven")]
    [InlineData("an.desmedt")]
    public async Task It_is_nobody_elses_page(string person)
    {
        await using var ward = await FollowedAsync();
        var who = Who.Everyone.Single(p => p.Id.Value == person);
        Assert.Null(await ReadAsync(ward, who));
        Assert.Null(await ward.Get<ReadPopulation>().ExportAsync(who.Actor(), new(), CancellationToken.None));
        if (person == "karel.janssens")
            Assert.Null(await ward.RunAsync(ward.Get<ReadCoordination>(), who, ward.Maria, new()));
    }

    [Fact]
    public async Task A_consent_to_sharing_in_general_gives_a_case_manager_coordination_and_one_by_name_gives_more()
    {
        await using var ward = await FollowedAsync();
        async Task<long> Allowed() => await ward.NumberAsync("SELECT Allows FROM CareTeamMembers WHERE PersonId = 'ilse.baert'");
        Assert.Equal((long)InformationCategories.Coordination, await Allowed());
        await DecideAsync(ward, ConsentScope.Person, InformationCategory.Measurements, permits: true, Who.Ilse.Id);
        Assert.Equal((long)(InformationCategories.Coordination | InformationCategory.Measurements), await Allowed());
        Assert.Equal((long)InformationCategory.All, await ward.NumberAsync("SELECT Allows FROM CareTeamMembers WHERE PersonId = 'sofie.maes' AND PatientId = @p0", ward.Maria.Value));
    }

    [Fact]
    public async Task Each_name_that_is_shown_is_in_the_access_record_and_each_file_that_leaves_once_more()
    {
        await using var ward = await FollowedAsync();
        Task<long> Records(AccessSource source) => ward.NumberAsync("SELECT COUNT(*) FROM AccessRecords WHERE PersonId = 'ilse.baert' AND PatientId = @p0 AND Source = @p1", ward.Maria.Value, (int)source);
        await ReadAsync(ward, Who.Ilse);
        await ReadAsync(ward, Who.Ilse);
        Assert.Equal(1, await Records(AccessSource.Overview));
        for (var i = 1; i <= 2; i++)
        {
            Assert.Single((await ward.Get<ReadPopulation>().ExportAsync(Who.Ilse.Actor(), new() { All = true }, CancellationToken.None))!);
            Assert.Equal(i, await Records(AccessSource.Export));
        }

        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM AccessRecords WHERE PersonId = 'ilse.baert' AND PatientId = 'jef'"));
    }

    [Fact]
    public async Task What_is_clinical_or_hidden_leaves_no_trace_in_what_a_case_manager_can_ask()
    {
        async Task<string> AskAsync(bool withHidden)
        {
            await using var ward = await FollowedAsync();
            await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Sofie, "Bloedname") with { Id = new Guid(1, 0, 0, new byte[8]).ToString() });
            if (withHidden)
            {
                await ward.NoteAsync(Who.Nadia, ward.Maria, "Decompensatie na NSAID.");
                await ward.NoteAsync(Who.Nadia, ward.Maria, "Enkel voor ons.", Audience.Professionals);
                await ward.TakeAsync([], $$$"""{"resourceType":"Observation","id":"k1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2823-3"}],"text":"Kalium"},"subject":{"reference":"Patient/{{{ward.Maria}}}"},"effectiveDateTime":"2026-11-21T08:00:00Z","valueQuantity":{"value":5.4,"unit":"mmol/L"}}""",
                    $$$"""{"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"IMP"},"type":[{"text":"Opname hartfalen"}],"subject":{"reference":"Patient/{{{ward.Maria}}}"},"period":{"start":"2026-11-01T08:00:00Z"}}""");
            }

            ward.Clock.Advance(TimeSpan.FromHours(1));
            var view = (await ReadAsync(ward, Who.Ilse))!;
            var one = (await ward.RunAsync(ward.Get<ReadCoordination>(), Who.Ilse, ward.Maria, new()))!;
            var banner = await ward.RunAsync(ward.Get<ReadBanner>(), Who.Ilse, ward.Maria, new());
            var team = await ward.RunAsync(ward.Get<ReadTeam>(), Who.Ilse, ward.Maria, new());
            var export = PopulationCsv.Of((await ward.Get<ReadPopulation>().ExportAsync(Who.Ilse.Actor(), new() { All = true }, CancellationToken.None))!, view.Now);
            Assert.Empty(await ward.PageAsync(Who.Ilse, ward.Maria));
            foreach (var (type, id) in new[] { ("Encounter", "e1"), ("Observation", "k1"), ("Task", new Guid(1, 0, 0, new byte[8]).ToString()) })
                Assert.Null(await ward.RunAsync(ward.Get<ReadResource>(), Who.Ilse, ward.Maria, new(type, id)));
            return view.Stamp + one.Stamp + JsonSerializer.Serialize(banner.Allergies) + JsonSerializer.Serialize(banner.Waiting) + team.Count + Encoding.UTF8.GetString(export)
                + JsonSerializer.Serialize(view.Figures.Regions) + view.Figures.Tasks + view.Figures.Members;
        }

        Assert.Equal(await AskAsync(withHidden: false), await AskAsync(withHidden: true));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+32", "\"'+32\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("\nx", "\"'\nx\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("De Smedt; An", "\"De Smedt; An\"")]
    [InlineData("'t Hooft", "\"'t Hooft\"")]
    [InlineData("An De Smedt", "An De Smedt")]
    [InlineData(null, "")]
    public void No_cell_of_the_file_is_a_formula(string? value, string cell) => Assert.Equal(cell, PopulationCsv.Cell(value));

    [Fact]
    public void The_file_says_that_it_is_UTF_8() => Assert.Equal(Encoding.UTF8.Preamble.ToArray(), PopulationCsv.Of([], default)[..3]);

    [Theory]
    [InlineData("")]
    [InlineData("region=Sint-Katelijne-Waver&organisation=Huisartsenpraktijk%20De%20Vaart&pair=2-1&show=all&sort=late&dir=reverse")]
    public void An_address_says_the_same_when_it_is_read_back(string text)
    {
        var q = System.Web.HttpUtility.ParseQueryString(text);
        Assert.Equal(text, PopulationQuery.Of(q["region"], q["organisation"], q["pair"], q["show"], q["sort"], q["dir"]).ToString());
    }

    [Fact]
    public void What_an_address_says_wrongly_is_left_out() => Assert.Equal("", PopulationQuery.Of(new string('x', 500), "  ", "9-1", "yes", "7", "down").ToString());

    [Fact]
    public async Task Kept_filters_of_one_page_do_not_show_on_the_other()
    {
        await using var ward = await Ward.OpenAsync();
        var (views, ilse) = (ward.Get<SavedViews>(), Who.Ilse.Actor());
        Assert.True(await views.KeepAsync(ilse, "Mechelen", SavedViews.Population + "region=Mechelen", CancellationToken.None));
        Assert.Empty(await views.ReadAsync(ilse, SavedViews.Worklist, CancellationToken.None));
        Assert.Equal("Mechelen", Assert.Single(await views.ReadAsync(ilse, SavedViews.Population, CancellationToken.None)).Name);
    }

    [Fact]
    public async Task Figures_are_of_one_moment_and_are_read_anew_after_a_quarter_or_when_five_files_came()
    {
        await using var ward = await FollowedAsync();
        var at = (await ReadAsync(ward, Who.Ilse))!.Figures.At;
        ward.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(at, (await ReadAsync(ward, Who.Ilse))!.Figures.At);
        for (var i = 0; i < 5; i++)
            await ward.AddAsync(A.Patient($"nieuw-{i}").WithTeam(Who.Karel));
        var fresh = (await ReadAsync(ward, Who.Ilse))!.Figures;
        Assert.Equal((ward.Clock.Utc, 5), (fresh.At, fresh.Members.AtLeast));
        ward.Clock.Advance(PopulationBook.Lasts);
        Assert.Equal(ward.Clock.Utc, (await ReadAsync(ward, Who.Ilse))!.Figures.At);
    }

    [Fact]
    public async Task A_relation_that_ran_out_is_shown_and_one_that_somebody_ended_is_not()
    {
        await using var ward = await FollowedAsync();
        await ward.Database.WriteAsync((session, _) =>
        {
            session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = @p0 WHERE \"PatientId\" = @p1 AND \"PersonId\" IN ('nadia.benali', 'tom.lenaerts')").With(ward.Clock.Utc.AddDays(-3).Ticks, ward.Maria.Value).Run();
            session.Sql("UPDATE \"CareTeamMembers\" SET \"Until\" = @p0 WHERE \"PatientId\" = @p1 AND \"PersonId\" = 'sofie.maes'").With(ward.Clock.Utc.AddDays(9).Ticks, ward.Maria.Value).Run();
            RelationSql.Tell(session, ward.Maria, Who.Tom.Id, RelationStep.Ended, RelationKind.Referral, ward.Clock.Utc, ward.Clock.Utc, Who.MariaHerself.Id, null, ward.Clock.Utc);
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        var member = Assert.Single((await ReadAsync(ward, Who.Ilse))!.Members);
        Assert.Equal([("dr. Nadia Benali", true), ("Sofie Maes", false)], member.Relations.Select(r => (r.Name, r.HasEnded)));
    }
}
