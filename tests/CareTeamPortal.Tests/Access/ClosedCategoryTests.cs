using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.Access;

/// <summary>A list that is closed says so and who decides, the same whether or not there is anything; names and addresses close with the administrative data.</summary>
public sealed class ClosedCategoryTests
{
    private static async Task CloseAsync(Ward ward, InformationCategory category, PersonRow? to = null) =>
        Assert.IsType<SharingResult.Decided>(await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(to is null ? ConsentScope.Category : ConsentScope.Person, false, category, Person: to?.Id)));

    private static async Task<ReadMeasurements.Result> MeasuredAsync(Ward ward, PersonRow who) => (await ward.RunAsync(ward.Get<ReadMeasurements>(), who, ward.Maria, new ReadMeasurements.Request()))!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_closed_list_says_that_the_patient_does_not_share_it_whether_or_not_there_is_anything(bool there_is)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        if (there_is)
        {
            await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("p72").Measurements], null));
            await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie));
        }

        Assert.Null((await MeasuredAsync(ward, Who.Tom)).Closed);
        await CloseAsync(ward, InformationCategory.Measurements | InformationCategory.Tasks, Who.Tom);
        var closed = (await MeasuredAsync(ward, Who.Tom)).Closed!;
        Assert.Equal((InformationCategory.Measurements, false), (closed.Category, closed.ByRule));
        var tasks = (await ward.RunAsync(ward.Get<ReadTasks>(), Who.Tom, ward.Maria, new ReadTasks.Request())).NotShared!;
        Assert.Equal((InformationCategory.Tasks, false), (tasks.Category, tasks.ByRule));
        Assert.Null((await ward.RunAsync(ward.Get<ReadTasks>(), Who.Sofie, ward.Maria, new ReadTasks.Request())).NotShared);
        Assert.Null((await MeasuredAsync(ward, Who.MariaHerself)).Closed);
    }

    [Fact]
    public async Task Who_gives_care_keeps_the_name_and_who_coordinates_keeps_none_when_the_administrative_data_are_closed()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Sofie, Who.An, Who.MariaHerself, Who.Ilse));
        await ward.TakeAsync([], """{"resourceType":"Patient","id":"maria-verhoeven","name":[{"text":"Maria Verhoeven","family":"Verhoeven","given":["Maria"]}],"birthDate":"1944-03-14","identifier":[{"system":"https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/ssin","value":"44031400239"}],"telecom":[{"system":"phone","value":"015 55 01 01"}],"address":[{"line":["Straat 1"],"city":"Mechelen"}]}""");
        async Task<ReadBanner.Banner> BannerAsync(PersonRow who) => await ward.RunAsync(ward.Get<ReadBanner>(), who, ward.Maria, new());
        async Task<IReadOnlyList<ReadPatients.Line>> ListAsync(PersonRow who, string? search) => (await ward.Get<ReadPatients>().RunAsync(who.Actor(), new(Search: search), CancellationToken.None)).Lines;
        Assert.Single(await ListAsync(Who.Ilse, "verhoeven"));
        Assert.Equal("Maria Verhoeven", (await BannerAsync(Who.Ilse)).Name);

        await CloseAsync(ward, InformationCategory.Administrative);
        Assert.Empty(await ListAsync(Who.Ilse, "verhoeven"));
        Assert.Empty(await ListAsync(Who.Ilse, null));
        Assert.Equal("", (await BannerAsync(Who.Ilse)).Name);
        foreach (var who in new[] { Who.Sofie, Who.Ilse })
        {
            var banner = await BannerAsync(who);
            Assert.Equal((null, null, null, null, null), (banner.BirthDate, banner.MaskedInsz, banner.City, banner.AddressLine, banner.Phone));
        }

        var line = Assert.Single(await ListAsync(Who.Sofie, "verhoeven"));
        Assert.Equal(("Maria Verhoeven", null, null), (line.Patient.Name, line.Patient.BirthDate, line.Patient.City));
        Assert.Null(await ward.RunAsync(ward.Get<RevealInsz>(), Who.Sofie, ward.Maria, new()));
        Assert.NotNull((await BannerAsync(Who.MariaHerself)).BirthDate);
    }
}
