using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Alerts;

/// <summary>Marker of the words of alerts (AlertsText.resx).</summary>
public sealed class AlertsText;

/// <summary>What limits and alerts say to people.</summary>
internal static class AlertWords
{
    private static readonly Words Words = new(typeof(AlertsText));

    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);

    /// <summary>Name of what a limit is about: "gewicht".</summary>
    public static string NameOf(string quantity) => Measured.QuantityOf(quantity)?.Name ?? quantity;

    /// <summary>The limit as a sentence: "meer dan 2 kg erbij in 3 dagen".</summary>
    public static string Limit(Threshold t)
    {
        var side = t.Side == Side.Above ? "Above" : "Below";
        var reach = t.OrEqual ? ".OrEqual" : "";
        return t.Kind switch
        {
            ThresholdKind.Missing => Get("Limit.Missing", Length(t.Window!.Value)),
            ThresholdKind.Value => Get($"Limit.Value.{side}{reach}", Amount(t)),
            ThresholdKind.Sustained => Get("Limit.Sustained", Get($"Limit.Value.{side}{reach}", Amount(t)), Length(t.Window!.Value)),
            ThresholdKind.Trend => Get($"Limit.Trend.{side}", Amount(t), Length(t.Window!.Value)),
            ThresholdKind.Baseline => Get($"Limit.Baseline.{side}", Amount(t), Length(t.Window!.Value)),
            _ => Get($"Limit.Change.{side}{reach}", Amount(t), Length(t.Window!.Value)),
        };
    }

    /// <summary>The same where a plan measures two things at once: "bovenste onder 95 mmHg".</summary>
    public static string LimitOf(MeasuringPlan plan, Threshold t) => Measured.KeysOf(plan.Loinc).Count > 1 ? $"{Get("Plan." + t.Quantity).ToLower(BelgianTime.Culture)} {Limit(t)}" : Limit(t);

    /// <summary>What a measuring plan asks, in lines: how often and by whom, then its limits.</summary>
    public static string Plan(MeasuringPlan plan)
    {
        var lines = new List<string> { plan.Repeat is { } repeat ? Get("Plan.Often", Tasks.TaskSentences.Repeat(repeat)) : Get("Plan.WhenNeeded") };
        if (plan.By.Count > 0)
            lines.Add(Get("Plan.By", string.Join(", ", plan.By.Select(p => p.Display))));
        lines.AddRange(plan.Rules.Select(r => Get("Plan.Limit", LimitOf(plan, r.Threshold), r.Owner?.Display ?? Get("Plan.Accountable"))));
        return string.Join('\n', lines);
    }

    /// <summary>What happened: "Gewicht: 2,4 kg erbij in 3 dagen (76,0 → 78,4 kg)".</summary>
    public static string Happened(Threshold t, Breach breach)
    {
        var name = Capital(NameOf(t.Quantity));
        var side = t.Side == Side.Above ? "Above" : "Below";
        var value = Show(t.Quantity, breach.Measured.Value);
        return t.Kind switch
        {
            ThresholdKind.Value => Get($"Happened.Value.{side}", name, value, Amount(t)),
            ThresholdKind.Sustained => Get("Happened.Sustained", name, value, Length(t.Window!.Value)),
            ThresholdKind.Trend => Get($"Happened.Trend.{side}", name, By(t, breach.By), value),
            ThresholdKind.Baseline => Get($"Happened.Baseline.{side}", name, By(t, breach.By), value, Show(t.Quantity, breach.Against ?? 0)),
            _ => Get($"Happened.Change.{side}", name, By(t, breach.By), Length(t.Window!.Value), Show(t.Quantity, breach.Against ?? 0), value),
        };
    }

    /// <summary>What happened when nothing did: "Gewicht: niet gemeten sinds ma 23 nov".</summary>
    public static string Missing(Threshold t, DateTime? last, DateTime now) =>
        last is { } at ? Get("Happened.Missing", Capital(NameOf(t.Quantity)), BelgianTime.Moment(at, now)) : Get("Happened.Missing.Ever", Capital(NameOf(t.Quantity)));

    /// <summary>A value with its unit: "78,4 kg".</summary>
    public static string Show(string quantity, decimal value) => Measured.QuantityOf(quantity) is { } q ? $"{q.Show(value)} {q.Unit}".TrimEnd() : value.ToString("0.##", BelgianTime.Culture);

    /// <summary>"3 dagen", "12 uur".</summary>
    public static string Length(Window window) => Get(window.InHours ? "Hours" : window.Count == 1 ? "Day" : "Days", window.Count);

    private static string Amount(Threshold t) => By(t, t.Limit ?? 0);

    private static string By(Threshold t, decimal by) => t.InPercent ? $"{by.ToString("0.#", BelgianTime.Culture)} %"
        : t.Kind is ThresholdKind.Value or ThresholdKind.Sustained ? Show(t.Quantity, by)
        : $"{by.ToString("0.##", BelgianTime.Culture)} {Measured.QuantityOf(t.Quantity)?.Unit}".TrimEnd();

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], BelgianTime.Culture) + text[1..];
}
