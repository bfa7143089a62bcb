namespace CareTeamPortal.Features.Outcomes;

/// <summary>How much a result asks for.</summary>
public enum OutcomeWeight
{
    /// <summary>Good, or nothing to do.</summary>
    Quiet = 0,

    /// <summary>Worth a talk.</summary>
    Talk = 1,

    /// <summary>Somebody has to look at it soon.</summary>
    Act = 2,
}

/// <summary>What a questionnaire came to.</summary>
/// <param name="Value">The score.</param>
/// <param name="Highest">The highest that there is.</param>
/// <param name="Band">Key of the words that explain it: <c>Band.{questionnaire}.{band}</c>.</param>
/// <param name="MoreIsBetter">A higher score is good news.</param>
public sealed record OutcomeScore(int Value, int Highest, string Band, OutcomeWeight Weight, bool MoreIsBetter)
{
    /// <summary>The score of some answers; null when one is missing: a part of a questionnaire has no score.</summary>
    /// <param name="answers">In the order of the questions: the place of the chosen option, or the number.</param>
    public static OutcomeScore? Of(QuestionnaireForm form, IReadOnlyList<int?> answers)
    {
        if (answers.Count != form.Items.Count || form.Items.Where((item, i) => answers[i] is not { } answer || !item.Allows(answer)).Any())
            return null;
        var sum = form.Items.Select((item, i) => item.LinkId == Questionnaires.ContactLine ? 0 : item.ScoreOf(answers[i]!.Value)).Sum();
        return form.Id switch
        {
            "phq-2" => Phq2(sum),
            "phq-9" => Phq9(sum, suicidal: form.Items[8].ScoreOf(answers[8]!.Value) > 0),
            "who-5" => Who5(sum),
            "pijn-nrs" => Pain(sum),
            Questionnaires.Experience => Experience(sum),
            Questionnaires.CaregiverStrain => Strain(sum),
            _ => null,
        };
    }

    /// <summary>PHQ-2: 0 to 6; from 3 on the other seven questions are worth asking (Kroenke, Spitzer, Williams 2003).</summary>
    public static OutcomeScore Phq2(int sum) => new(sum, 6, sum >= 3 ? "high" : "low", sum >= 3 ? OutcomeWeight.Talk : OutcomeWeight.Quiet, false);

    /// <summary>PHQ-9: 0 to 27 in five bands (Kroenke, Spitzer, Williams 2001). A thought of death or self-harm asks for somebody now, whatever the sum.</summary>
    public static OutcomeScore Phq9(int sum, bool suicidal)
    {
        var (band, weight) = sum switch { <= 4 => ("none", OutcomeWeight.Quiet), <= 9 => ("mild", OutcomeWeight.Talk), <= 14 => ("moderate", OutcomeWeight.Talk), <= 19 => ("moderately-severe", OutcomeWeight.Act), _ => ("severe", OutcomeWeight.Act) };
        return new(sum, 27, band, suicidal ? OutcomeWeight.Act : weight, false);
    }

    /// <summary>WHO-5: raw 0 to 25, times four; 50 and less is poor well-being, 28 and less asks to look for depression (Topp et al. 2015).</summary>
    public static OutcomeScore Who5(int raw)
    {
        var score = raw * 4;
        var (band, weight) = score switch { <= 28 => ("very-low", OutcomeWeight.Act), <= 50 => ("low", OutcomeWeight.Talk), _ => ("good", OutcomeWeight.Quiet) };
        return new(score, 100, band, weight, true);
    }

    /// <summary>Pain 0 to 10: from 4 on something is done.</summary>
    public static OutcomeScore Pain(int score)
    {
        var (band, weight) = score switch { 0 => ("none", OutcomeWeight.Quiet), <= 3 => ("mild", OutcomeWeight.Quiet), <= 6 => ("moderate", OutcomeWeight.Talk), _ => ("severe", OutcomeWeight.Act) };
        return new(score, 10, band, weight, false);
    }

    /// <summary>Our three questions, 0 to 6.</summary>
    public static OutcomeScore Experience(int sum) => new(sum, 6, sum switch { <= 2 => "poor", <= 4 => "fair", _ => "good" }, sum <= 2 ? OutcomeWeight.Talk : OutcomeWeight.Quiet, true);

    /// <summary>Caregiver Strain Index, 0 to 13: 7 and more is a high load (Robinson 1983); above 7 the pathway of a stroke acts.</summary>
    public static OutcomeScore Strain(int total) => new(total, 13, total >= 7 ? "high" : "bearable", total > 7 ? OutcomeWeight.Act : total == 7 ? OutcomeWeight.Talk : OutcomeWeight.Quiet, false);

    /// <summary>Highest score of a questionnaire, and whether higher is better; null when it is none of ours.</summary>
    public static (int Highest, bool MoreIsBetter)? ScaleOf(string questionnaire) => questionnaire switch
    {
        "phq-2" => (6, false), "phq-9" => (27, false), "who-5" => (100, true), "pijn-nrs" => (10, false), Questionnaires.Experience => (6, true), Questionnaires.CaregiverStrain => (13, false), _ => null,
    };

    /// <summary>From which difference on a change means something to a person: sources beside each.</summary>
    public static int MattersFrom(string questionnaire) => questionnaire switch
    {
        "phq-9" => 5, // Löwe et al. 2004
        "who-5" => 10, // WHO 1998; Topp et al. 2015
        "pijn-nrs" => 2, // Farrar et al. 2001: 2 points
        Questionnaires.CaregiverStrain => 2, // our own, to be confirmed
        _ => 1,
    };
}
