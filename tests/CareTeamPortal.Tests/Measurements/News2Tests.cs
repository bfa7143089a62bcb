using CareTeamPortal.Features.Measurements;

namespace CareTeamPortal.Tests.Measurements;

/// <summary>The chart of the Royal College of Physicians (2017), edge by edge.</summary>
public sealed class News2Tests
{
    [Theory]
    [InlineData(8, 3)]
    [InlineData(9, 1)]
    [InlineData(11, 1)]
    [InlineData(12, 0)]
    [InlineData(20, 0)]
    [InlineData(21, 2)]
    [InlineData(24, 2)]
    [InlineData(25, 3)]
    public void Respiratory_rate(int rate, int points) => Assert.Equal(points, Points("RespiratoryRate", News2.Of(rate, 97, false, false, 120, 70, Consciousness.Alert, 37)));

    [Theory]
    [InlineData(91, false, false, 3)]
    [InlineData(92, false, false, 2)]
    [InlineData(93, false, false, 2)]
    [InlineData(94, false, false, 1)]
    [InlineData(95, false, false, 1)]
    [InlineData(96, false, false, 0)]
    [InlineData(100, false, true, 0)]
    [InlineData(83, true, false, 3)]
    [InlineData(84, true, false, 2)]
    [InlineData(86, true, false, 1)]
    [InlineData(88, true, true, 0)]
    [InlineData(92, true, true, 0)]
    [InlineData(93, true, false, 0)]
    [InlineData(93, true, true, 1)]
    [InlineData(95, true, true, 2)]
    [InlineData(97, true, true, 3)]
    [InlineData(100, true, false, 0)]
    public void Saturation_on_both_scales(int saturation, bool scale2, bool oxygen, int points) =>
        Assert.Equal(points, Points("OxygenSaturation", News2.Of(16, saturation, scale2, oxygen, 120, 70, Consciousness.Alert, 37)));

    [Theory]
    [InlineData(90, 3)]
    [InlineData(91, 2)]
    [InlineData(100, 2)]
    [InlineData(101, 1)]
    [InlineData(110, 1)]
    [InlineData(111, 0)]
    [InlineData(219, 0)]
    [InlineData(220, 3)]
    public void Systolic_pressure(int systolic, int points) => Assert.Equal(points, Points("Systolic", News2.Of(16, 97, false, false, systolic, 70, Consciousness.Alert, 37)));

    [Theory]
    [InlineData(40, 3)]
    [InlineData(41, 1)]
    [InlineData(50, 1)]
    [InlineData(51, 0)]
    [InlineData(90, 0)]
    [InlineData(91, 1)]
    [InlineData(110, 1)]
    [InlineData(111, 2)]
    [InlineData(130, 2)]
    [InlineData(131, 3)]
    public void Pulse(int pulse, int points) => Assert.Equal(points, Points("HeartRate", News2.Of(16, 97, false, false, 120, pulse, Consciousness.Alert, 37)));

    [Theory]
    [InlineData("35.0", 3)]
    [InlineData("35.1", 1)]
    [InlineData("36.0", 1)]
    [InlineData("36.1", 0)]
    [InlineData("38.0", 0)]
    [InlineData("38.1", 1)]
    [InlineData("39.0", 1)]
    [InlineData("39.1", 2)]
    public void Temperature(string degrees, int points) => Assert.Equal(points, Points("Temperature", News2.Of(16, 97, false, false, 120, 70, Consciousness.Alert, decimal.Parse(degrees, System.Globalization.CultureInfo.InvariantCulture))));

    [Theory]
    [InlineData(16, 97, 0, Consciousness.Alert, News2Risk.Low)]
    [InlineData(25, 97, 3, Consciousness.Alert, News2Risk.LowMedium)]
    [InlineData(16, 97, 3, Consciousness.Confusion, News2Risk.LowMedium)]
    [InlineData(25, 92, 5, Consciousness.Alert, News2Risk.Medium)]
    [InlineData(25, 91, 9, Consciousness.Voice, News2Risk.High)]
    public void The_score_and_what_it_asks_for(int rate, int saturation, int score, Consciousness consciousness, News2Risk risk)
    {
        var news = News2.Of(rate, saturation, false, false, 120, 70, consciousness, 37);
        Assert.Equal((score, risk), (news.Score, news.Risk));
        Assert.Equal(news.Score, news.Parts.Sum(p => p.Points));
    }

    private static int Points(string part, News2 news) => news.Parts.Single(p => p.Key == part).Points;
}
