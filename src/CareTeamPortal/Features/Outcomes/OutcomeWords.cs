using CareTeamPortal.Platform.Text;
using CareTeamPortal.Platform.Time;

namespace CareTeamPortal.Features.Outcomes;

/// <summary>Marker of the words of outcomes (OutcomesText.resx).</summary>
public sealed class OutcomesText;

/// <summary>What questionnaires and their results say to people.</summary>
internal static class OutcomeWords
{
    private static readonly Words Words = new(typeof(OutcomesText));

    public static string Get(string key, params ReadOnlySpan<object?> values) => Words.Get(key, values);

    public static string? Find(string key) => Words.Find(key);

    /// <summary>"PHQ-2: 3 van 6".</summary>
    public static string Title(QuestionnaireForm form, OutcomeScore score) => Get("Title", form.Title, score.Value, score.Highest);

    /// <summary>What a result means, in plain words.</summary>
    public static string Means(QuestionnaireForm form, OutcomeScore score) => Get($"Band.{form.Id}.{score.Band}");

    /// <summary>A change since the first time, in words: "6 punten beter dan bij de start".</summary>
    public static string Change(string questionnaire, decimal from, decimal to)
    {
        var scale = OutcomeScore.ScaleOf(questionnaire);
        var by = Math.Abs(to - from);
        if (by == 0)
            return Get("Change.Same");
        var better = to > from == (scale?.MoreIsBetter ?? true);
        var number = by.ToString("0.#", BelgianTime.Culture);
        return Get(by < OutcomeScore.MattersFrom(questionnaire) ? better ? "Change.LittleBetter" : "Change.LittleWorse" : better ? "Change.Better" : "Change.Worse", number, Get(by == 1 ? "Point" : "Points"));
    }

    /// <summary>"bij de start", "na 3 maanden", "na 6 maanden".</summary>
    public static string Moment(int moment) => Get($"Moment.{moment}");
}
