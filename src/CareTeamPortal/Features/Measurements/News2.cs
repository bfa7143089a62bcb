namespace CareTeamPortal.Features.Measurements;

/// <summary>How awake somebody is: Alert, new Confusion, responds to Voice, to Pain, Unresponsive.</summary>
public enum Consciousness
{
    Alert = 0,
    Confusion = 1,
    Voice = 2,
    Pain = 3,
    Unresponsive = 4,
}

/// <summary>What a score asks for, as the Royal College of Physicians groups it.</summary>
public enum News2Risk
{
    /// <summary>0 to 4.</summary>
    Low = 0,

    /// <summary>0 to 4 with a single part that scores 3.</summary>
    LowMedium = 1,

    /// <summary>5 or 6.</summary>
    Medium = 2,

    /// <summary>7 or more.</summary>
    High = 3,
}

/// <summary>One part of the score.</summary>
/// <param name="Key">Key of the quantity in <see cref="MeasurementCatalogue"/>; <c>Oxygen</c> and <c>Consciousness</c> for the two that are no number.</param>
/// <param name="Points">0 to 3.</param>
public sealed record News2Part(string Key, int Points);

/// <summary>National Early Warning Score 2 (Royal College of Physicians, 2017), with the points of each part so that the number explains itself.</summary>
public sealed record News2(int Score, News2Risk Risk, IReadOnlyList<News2Part> Parts, bool IsScale2)
{
    /// <summary>The score of a set of vital signs.</summary>
    /// <param name="respiratoryRate">Per minute.</param>
    /// <param name="saturation">Percent.</param>
    /// <param name="scale2">Saturation scale 2: only when a competent clinician decided so, for who lives with a low saturation (hypercapnic respiratory failure).</param>
    /// <param name="onOxygen">Breathes extra oxygen.</param>
    /// <param name="systolic">mmHg.</param>
    /// <param name="pulse">Per minute.</param>
    /// <param name="consciousness">ACVPU.</param>
    /// <param name="temperature">Degrees Celsius.</param>
    public static News2 Of(decimal respiratoryRate, decimal saturation, bool scale2, bool onOxygen, decimal systolic, decimal pulse, Consciousness consciousness, decimal temperature)
    {
        IReadOnlyList<News2Part> parts =
        [
            new(MeasurementCatalogue.RespiratoryRate.Key, Whole(respiratoryRate) switch { <= 8 => 3, <= 11 => 1, <= 20 => 0, <= 24 => 2, _ => 3 }),
            new(MeasurementCatalogue.OxygenSaturation.Key, scale2 ? Scale2(Whole(saturation), onOxygen) : Whole(saturation) switch { <= 91 => 3, <= 93 => 2, <= 95 => 1, _ => 0 }),
            new("Oxygen", onOxygen ? 2 : 0),
            new(MeasurementCatalogue.Systolic.Key, Whole(systolic) switch { <= 90 => 3, <= 100 => 2, <= 110 => 1, <= 219 => 0, _ => 3 }),
            new(MeasurementCatalogue.HeartRate.Key, Whole(pulse) switch { <= 40 => 3, <= 50 => 1, <= 90 => 0, <= 110 => 1, <= 130 => 2, _ => 3 }),
            new("Consciousness", consciousness == Consciousness.Alert ? 0 : 3),
            new(MeasurementCatalogue.Temperature.Key, decimal.Round(temperature, 1, MidpointRounding.AwayFromZero) switch { <= 35.0m => 3, <= 36.0m => 1, <= 38.0m => 0, <= 39.0m => 1, _ => 2 }),
        ];
        var score = parts.Sum(p => p.Points);
        var risk = score >= 7 ? News2Risk.High : score >= 5 ? News2Risk.Medium : parts.Any(p => p.Points == 3) ? News2Risk.LowMedium : News2Risk.Low;
        return new(score, risk, parts, scale2);
    }

    private static decimal Whole(decimal value) => decimal.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>On air a saturation above the target is good news; on oxygen it is too much oxygen.</summary>
    private static int Scale2(decimal saturation, bool onOxygen) => saturation switch
    {
        <= 83 => 3,
        <= 85 => 2,
        <= 87 => 1,
        <= 92 => 0,
        _ when !onOxygen => 0,
        <= 94 => 1,
        <= 96 => 2,
        _ => 3,
    };
}
