using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Measurements;

[Collection("culture")]
public sealed class News2SetTests
{
    private static readonly DateTime At = new(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);

    private static IEnumerable<VitalSign> Round(DateTime at) =>
        [new(at, "RespiratoryRate", 18, ""), new(at, "OxygenSaturation", 95, ""), new(at, "Oxygen", 0, ""), new(at, "Systolic", 130, ""), new(at, "HeartRate", 76, ""), new(at, "Consciousness", 0, ""), new(at, "Temperature", 37.1m, "")];

    [Fact]
    public void Seven_parts_of_one_round_make_a_score() => Assert.Equal(1, Assert.Single(News2Set.Of(Round(At), false)).Score!.Score);

    [Fact]
    public void Without_one_part_there_is_no_score_and_the_part_is_named()
    {
        foreach (var part in News2Set.Parts)
        {
            var set = Assert.Single(News2Set.Of(Round(At).Where(s => s.Part != part), false));
            Assert.Null(set.Score);
            Assert.Equal([part], set.Missing);
        }
    }

    [Fact]
    public void What_was_measured_more_than_an_hour_apart_is_not_one_round()
    {
        var apart = Round(At).Select(s => s.Part == "Temperature" ? s with { At = At.AddMinutes(-61) } : s);
        Assert.All(News2Set.Of(apart, false), set => Assert.Null(set.Score));
        var together = Round(At).Select(s => s.Part == "Temperature" ? s with { At = At.AddMinutes(-60) } : s);
        Assert.NotNull(Assert.Single(News2Set.Of(together, false)).Score);
    }

    [Fact]
    public void The_newest_value_of_a_part_counts()
    {
        var twice = Round(At).Append(new VitalSign(At.AddMinutes(-30), "RespiratoryRate", 30, ""));
        Assert.Equal(1, Assert.Single(News2Set.Of(twice, false)).Score!.Score);
    }

    [Fact]
    public void Scale_two_is_used_when_it_was_chosen()
    {
        var low = Round(At).Select(s => s.Part == "OxygenSaturation" ? s with { Number = 90 } : s).ToList();
        Assert.Equal(3, News2Set.Of(low, false)[0].Score!.Score);
        Assert.Equal(0, News2Set.Of(low, true)[0].Score!.Score);
    }

    [Theory]
    [InlineData("bewustzijn A", "A")]
    [InlineData("bewustzijn: c", "C")]
    [InlineData("ACVPU V", "V")]
    [InlineData("bewustzijn verward", "C")]
    [InlineData("bewustzijn U.", "U")]
    [InlineData("met zuurstof", "OnOxygen")]
    [InlineData("kamerlucht", "OnAir")]
    [InlineData("op kamerlucht", "OnAir")]
    public void Answers_without_a_number_are_read(string line, string key) => Assert.Equal(key, Assert.Single(QuickEntry.Parse(line).Measurements).Answer?.Key);

    [Theory]
    [InlineData("bij vol bewustzijn aanwezig")]
    [InlineData("bewustzijn aanwezig")]
    [InlineData("bewustzijn")]
    [InlineData("zelfbewustzijn A")]
    [InlineData("bewustzijn a.h.v. gesprek")]
    [InlineData("gaat met zuurstoffles naar buiten")]
    public void Prose_stays_prose(string line) => Assert.Empty(QuickEntry.Parse(line).Measurements);

    [Fact]
    public void A_flow_behind_the_words_is_the_flow()
    {
        var read = Assert.Single(QuickEntry.Parse("met zuurstof 2 l").Measurements);
        Assert.Equal(2, read.Values[0].Value);
    }

    [Fact]
    public async Task A_whole_round_typed_in_one_line_is_a_score_for_professionals_alone()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var read = QuickEntry.Parse("ah 22 sat 93 o2 2 bd 105/70 p 112 bewustzijn A t 38,5");
        Assert.Equal(2 + 2 + 2 + 1 + 2 + 0 + 1, ReadNews2.Preview(read.Measurements)!.Score);
        await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new(Guid.NewGuid().ToString(), read.Measurements, null));
        var view = await ward.RunAsync(ward.Get<ReadNews2>(), Who.Karel, ward.Maria, new());
        Assert.Equal(10, view!.Complete!.Score!.Score);
        Assert.Equal(News2Risk.High, view.Complete.Score.Risk);
        Assert.Empty(view.Newest!.Missing);
        Assert.Null(await ward.RunAsync(ward.Get<ReadNews2>(), Who.An, ward.Maria, new()));
        Assert.Null(await ward.RunAsync(ward.Get<ReadNews2>(), Who.MariaHerself, ward.Maria, new()));
    }

    [Fact]
    public async Task Scale_two_holds_from_the_choice_of_a_doctor_with_who_and_why_until_it_is_taken_back()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        Assert.False(await ward.RunAsync(ward.Get<SetSaturationScale>(), Who.Sofie, ward.Maria, new(true, "COPD")));
        Assert.False(await ward.RunAsync(ward.Get<SetSaturationScale>(), Who.Karel, ward.Maria, new(true, "  ")));
        Assert.True(await ward.RunAsync(ward.Get<SetSaturationScale>(), Who.Karel, ward.Maria, new(true, "hypercapnie bij COPD")));
        Assert.False(await ward.RunAsync(ward.Get<SetSaturationScale>(), Who.Nadia, ward.Maria, new(true, "nog eens")));
        var scale = (await ward.RunAsync(ward.Get<ReadNews2>(), Who.Sofie, ward.Maria, new()))!.Scale2;
        Assert.Equal(("dr. Karel Janssens", "hypercapnie bij COPD"), (scale!.By, scale.Why));
        Assert.True(await ward.RunAsync(ward.Get<SetSaturationScale>(), Who.Nadia, ward.Maria, new(false, "verkeerde diagnose")));
        Assert.Null((await ward.RunAsync(ward.Get<ReadNews2>(), Who.Sofie, ward.Maria, new()))!.Scale2);
        Assert.Contains(await ward.PageAsync(Who.Sofie, ward.Maria), e => e.ResourceType == "Flag");
    }
}
