using CareTeamPortal.Features.Patients;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Demo;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Patients;

public sealed class ReadPatientsTests(DemoFiles files) : IClassFixture<DemoFiles>
{
    [Theory]
    [InlineData("verhoeven", "maria-verhoeven")]
    [InlineData("Maria Verhoven", "maria-verhoeven")]
    [InlineData("vehroeven maria", "maria-verhoeven")]
    [InlineData("verhov", "maria-verhoeven")]
    [InlineData("De Rídder", "paula-deridder")]
    [InlineData("deridder", "paula-deridder")]
    [InlineData("pauwls", "georges-pauwels")]
    [InlineData("14-03-1944", "maria-verhoeven")]
    [InlineData("14/3/1944", "maria-verhoeven")]
    [InlineData("14 maart 1944", "maria-verhoeven")]
    [InlineData("44.03.14-118.19", "maria-verhoeven")]
    [InlineData("44031411819", "maria-verhoeven")]
    [InlineData("440314", "maria-verhoeven")]
    [InlineData("44031411829", "maria-verhoeven")] // one digit wrong
    [InlineData("44031411891", "maria-verhoeven")] // two digits changed places
    public async Task Somebody_is_found_in_spite_of_accents_and_typing_errors(string typed, string patient)
    {
        var page = await files.Patients.RunAsync(files.Actor("sofie.maes"), new(Search: typed), CancellationToken.None);
        Assert.Equal(patient, page.Lines[0].Patient.Patient.Value);
    }

    [Theory]
    [InlineData("verhoeven")]
    [InlineData("14-03-1944")]
    [InlineData("44031411819")]
    [InlineData("%")]
    [InlineData("_____________")]
    [InlineData("'; DROP TABLE \"Patients\"; --")]
    [InlineData("\u202e\u200b")]
    public async Task A_stranger_finds_nobody(string typed)
    {
        var page = await files.Patients.RunAsync(files.Actor("els.peeters"), new(Search: typed), CancellationToken.None);
        Assert.DoesNotContain(page.Lines, l => l.Patient.Patient.Value == "maria-verhoeven");
    }

    [Theory]
    [InlineData("fatima.elidrissi")]
    [InlineData("an.desmedt")]
    public async Task Who_may_not_see_the_number_cannot_find_out_by_asking(string who)
    {
        var page = await files.Patients.RunAsync(files.Actor(who), new(Search: "44031411819"), CancellationToken.None);
        Assert.Empty(page.Lines);
        Assert.NotEmpty((await files.Patients.RunAsync(files.Actor(who), new(Search: "verhoeven"), CancellationToken.None)).Lines);
    }

    [Fact]
    public async Task What_needs_attention_comes_first()
    {
        var page = await files.Patients.RunAsync(files.Actor("sofie.maes"), new(), CancellationToken.None);
        Assert.Equal("georges-pauwels", page.Lines[0].Patient.Patient.Value);
        Assert.Equal(1, page.Lines[0].Questions);
        Assert.Equal(["albert-claes", "paula-deridder"], page.Lines.TakeLast(2).Select(l => l.Patient.Patient.Value));
        Assert.Equal(8, page.Lines.Count);
        Assert.Equal(8, page.Total);
    }

    [Fact]
    public async Task An_has_one_patient_and_officers_none()
    {
        Assert.Equal("maria-verhoeven", Assert.Single((await files.Patients.RunAsync(files.Actor("an.desmedt"), new(), CancellationToken.None)).Lines).Patient.Patient.Value);
        Assert.Empty((await files.Patients.RunAsync(files.Actor("piet.claeys"), new(), CancellationToken.None)).Lines);
    }

    [Theory]
    [InlineData(PatientOrder.Attention)]
    [InlineData(PatientOrder.Name)]
    [InlineData(PatientOrder.Change)]
    public async Task Pages_of_two_show_everybody_once_in_the_order_of_one_page(PatientOrder order)
    {
        foreach (var user in (string[])["sofie.maes", "pieter.wouters", "fatima.elidrissi"])
        {
            var actor = files.Actor(user);
            var whole = (await files.Patients.RunAsync(actor, new(order, Count: 50), CancellationToken.None)).Lines.Select(l => l.Patient.Patient).ToList();
            var paged = new List<PatientId>();
            string? after = null;
            do
            {
                var page = await files.Patients.RunAsync(actor, new(order, After: after, Count: 2), CancellationToken.None);
                paged.AddRange(page.Lines.Select(l => l.Patient.Patient));
                after = page.Next;
                Assert.True(paged.Count <= whole.Count);
            }
            while (after is not null);
            Assert.Equal(whole, paged);
        }
    }

    [Fact]
    public async Task A_place_from_elsewhere_is_taken_as_the_beginning()
    {
        var page = await files.Patients.RunAsync(files.Actor("sofie.maes"), new(PatientOrder.Change, After: "x\u001f\u001f"), CancellationToken.None);
        Assert.Equal(8, page.Lines.Count);
    }

    [Fact]
    public async Task The_last_change_of_a_limited_viewer_is_of_what_that_viewer_sees()
    {
        var an = Assert.Single((await files.Patients.RunAsync(files.Actor("an.desmedt"), new(), CancellationToken.None)).Lines);
        var seen = await files.NumberAsync("""SELECT MAX("RecordedAt") FROM "TimelineEntries" WHERE "PatientId" = 'maria-verhoeven' AND ("Audience" & 2) <> 0 AND "Category" IN (1, 2, 4, 8, 16, 32, 64) AND "Kind" <> 19""");
        Assert.Equal(seen, an.Patient.LastChangeAt!.Value.Ticks);
    }

    [Fact]
    public async Task Of_names_that_fit_equally_well_the_one_where_the_person_was_last_comes_first()
    {
        await using var ward = await Ward.WithAsync(A.Patient("peeters-a").WithTeam(Who.Karel, Who.Sofie), A.Patient("peeters-b").WithTeam(Who.Karel, Who.Sofie), A.Patient("peeters-c").WithTeam(Who.Karel, Who.Sofie));
        async Task<IReadOnlyList<string>> FoundAsync(PersonRow who) => [.. (await ward.Get<ReadPatients>().RunAsync(who.Actor(), new(Search: "peeters"), CancellationToken.None)).Lines.Select(l => l.Patient.Patient.Value)];
        Assert.Equal(["peeters-a", "peeters-b", "peeters-c"], await FoundAsync(Who.Sofie));
        foreach (var visited in new[] { "peeters-b", "peeters-c" })
        {
            await ward.RunAsync(ward.Get<Features.Timeline.BeginVisit>(), Who.Sofie, new(visited), new());
            ward.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(["peeters-c", "peeters-b", "peeters-a"], await FoundAsync(Who.Sofie));
        Assert.Equal(["peeters-a", "peeters-b", "peeters-c"], await FoundAsync(Who.Karel)); // another's visits say nothing
    }
}
