using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.CareTeams;

/// <summary>Where people can be reached: said by themselves, filled in from sources, shown to who may see it.</summary>
public sealed class ContactTests
{
    [Theory]
    [InlineData("0470 12 34 56", "tel:+32470123456")]
    [InlineData("+32 (0)15/55.01.02", "tel:+3215550102")]
    [InlineData("0032 15 55 01 02", "tel:+3215550102")]
    [InlineData("  015 55 01 02 ", "tel:+3215550102")]
    public void A_number_is_kept_as_written_and_dialled_with_its_country(string written, string dialled)
    {
        var kept = ContactDetails.ParsePhone(written);
        Assert.Equal(written.Trim(), kept);
        Assert.Equal(dialled, ContactDetails.TelOf(kept!));
    }

    [Theory]
    [InlineData("112")]
    [InlineData("bel mij")]
    [InlineData("0470 12 34 56;phone-context=x")]
    [InlineData("12+345678")]
    [InlineData("0123456789012345678")]
    [InlineData("javascript:alert(1)01234567")]
    public void What_nobody_can_call_is_no_number(string written) => Assert.Null(ContactDetails.ParsePhone(written));

    [Theory]
    [InlineData("an@thuis.example", true)]
    [InlineData("An <an@thuis.example>", false)]
    [InlineData("an@thuis", false)]
    [InlineData("an@thuis.example?bcc=x@y.example", false)]
    [InlineData("a b@thuis.example", false)]
    public void An_address_is_one_that_a_mail_goes_to(string written, bool is_one) => Assert.Equal(is_one ? written : null, ContactDetails.ParseEmail(written));

    private static Task<KeepOwnContact.Result> SayAsync(Ward ward, Platform.Data.PersonRow who, string? phone, string? email = null) =>
        ward.Get<KeepOwnContact>().RunAsync(who.Actor(), new(phone, email), CancellationToken.None);

    private static async Task<string?> PhoneAsync(Ward ward, Platform.Data.PersonRow reader, Platform.Data.PersonRow of) =>
        (await ward.RunAsync(ward.Get<ReadTeam>(), reader, ward.Maria, new(Details: true))).Single(m => m.Person == of.Id).Contact.Phone;

    [Fact]
    public async Task What_a_member_says_stands_on_the_team_page_and_in_the_day_of_the_caregiver_and_is_recorded_without_the_words()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.IsType<KeepOwnContact.Kept>(await SayAsync(ward, Who.Karel, "0470 55 99 01", "karel@praktijk.example"));
        Assert.Equal("0470 55 99 01", await PhoneAsync(ward, Who.An, Who.Karel));
        var day = await ward.Get<ReadHomeDay>().RunAsync(Who.An.Actor(), CancellationToken.None);
        Assert.Equal(("0470 55 99 01", true), day.Files[0].Team.Where(m => m.Name == Who.Karel.DisplayName).Select(m => (m.Contact.Phone!, m.IsOwner)).Single());
        var what = (string)(await ward.RowsAsync("SELECT \"What\" FROM \"AccessRecords\" WHERE \"PatientId\" = '_administration' AND \"PersonId\" = 'karel.janssens'")).Single()[0]!;
        Assert.Equal("contact/karel.janssens", what);
        Assert.Equal(new KeepOwnContact.Refused(true, false), await SayAsync(ward, Who.Karel, "bel maar", "karel@praktijk.example"));
        Assert.IsType<KeepOwnContact.Kept>(await SayAsync(ward, Who.Karel, " "));
        Assert.Null(await PhoneAsync(ward, Who.An, Who.Karel));
    }

    [Fact]
    public async Task The_number_of_the_patient_is_administrative_and_closes_with_it()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await ward.TakeAsync([], """{"resourceType":"Patient","id":"maria-verhoeven","name":[{"family":"Verhoeven"}],"telecom":[{"system":"phone","value":"015 55 01 01"}]}""");
        Assert.Equal("015 55 01 01", await PhoneAsync(ward, Who.Sofie, Who.MariaHerself));
        await SayAsync(ward, Who.MariaHerself, "0470 55 99 02");
        Assert.Equal("0470 55 99 02", await PhoneAsync(ward, Who.Sofie, Who.MariaHerself));
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Category, false, InformationCategory.Administrative));
        Assert.Null(await PhoneAsync(ward, Who.Sofie, Who.MariaHerself));
        Assert.Null(await PhoneAsync(ward, Who.An, Who.MariaHerself));
        Assert.Equal("0470 55 99 02", await PhoneAsync(ward, Who.MariaHerself, Who.MariaHerself));
        await ward.RunAsync(ward.Get<DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Category, false, InformationCategory.TeamAndAgenda));
        await SayAsync(ward, Who.Karel, "0470 55 99 01");
        Assert.DoesNotContain((await ward.Get<ReadHomeDay>().RunAsync(Who.An.Actor(), CancellationToken.None)).Files[0].Team, m => !m.Contact.IsEmpty);
    }

    [Fact]
    public async Task A_source_fills_in_what_people_did_not_say_and_only_for_the_operator()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await SayAsync(ward, Who.Sofie, "0470 55 99 03");
        string Of(string type, string id, string more = "") => $$"""{"resourceType":"{{type}}","id":"{{id}}",{{more}}"telecom":[{"system":"fax","value":"015 55 00 00"},{"system":"phone","value":"015 55 11 11","use":"old"},{"system":"phone","value":"015 55 22 22"},{"system":"email","value":"{{id}}@bron.example"}]}""";
        await ward.TakeAsAsync(Who.Karel, [], Of("Practitioner", "nadia.benali"));
        Assert.Null(await PhoneAsync(ward, Who.Karel, Who.Nadia));
        await ward.TakeAsync([], Of("Practitioner", "sofie.maes"), Of("Practitioner", "tom.lenaerts"), Of("Practitioner", "an.desmedt"), Of("RelatedPerson", "an.desmedt", "\"patient\":{\"reference\":\"Patient/maria-verhoeven\"},"));
        await ward.People.RefreshIfChangedAsync(CancellationToken.None);
        Assert.Equal("0470 55 99 03", await PhoneAsync(ward, Who.Karel, Who.Sofie));
        Assert.Equal("015 55 22 22", await PhoneAsync(ward, Who.Karel, Who.Tom));
        Assert.Equal("015 55 22 22", await PhoneAsync(ward, Who.Karel, Who.An));
        Assert.Equal("sofie.maes@bron.example", ward.People.Find(Who.Sofie.Id)!.Email);
    }
}
