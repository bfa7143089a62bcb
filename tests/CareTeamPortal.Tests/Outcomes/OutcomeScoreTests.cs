using System.Text.Json;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Tests.Outcomes;

public sealed class OutcomeScoreTests
{
    [Theory]
    [InlineData(0, "low", OutcomeWeight.Quiet)]
    [InlineData(2, "low", OutcomeWeight.Quiet)]
    [InlineData(3, "high", OutcomeWeight.Talk)]
    [InlineData(6, "high", OutcomeWeight.Talk)]
    public void Phq2_asks_further_from_three(int sum, string band, OutcomeWeight weight) => Assert.Equal((band, weight), (OutcomeScore.Phq2(sum).Band, OutcomeScore.Phq2(sum).Weight));

    [Theory]
    [InlineData(0, "none", OutcomeWeight.Quiet)]
    [InlineData(4, "none", OutcomeWeight.Quiet)]
    [InlineData(5, "mild", OutcomeWeight.Talk)]
    [InlineData(9, "mild", OutcomeWeight.Talk)]
    [InlineData(10, "moderate", OutcomeWeight.Talk)]
    [InlineData(14, "moderate", OutcomeWeight.Talk)]
    [InlineData(15, "moderately-severe", OutcomeWeight.Act)]
    [InlineData(19, "moderately-severe", OutcomeWeight.Act)]
    [InlineData(20, "severe", OutcomeWeight.Act)]
    [InlineData(27, "severe", OutcomeWeight.Act)]
    public void Phq9_has_five_bands(int sum, string band, OutcomeWeight weight)
    {
        Assert.Equal((band, weight), (OutcomeScore.Phq9(sum, false).Band, OutcomeScore.Phq9(sum, false).Weight));
        Assert.Equal(OutcomeWeight.Act, OutcomeScore.Phq9(sum, suicidal: true).Weight);
    }

    [Theory]
    [InlineData(0, 0, "very-low")]
    [InlineData(7, 28, "very-low")]
    [InlineData(8, 32, "low")]
    [InlineData(12, 48, "low")]
    [InlineData(13, 52, "good")]
    [InlineData(25, 100, "good")]
    public void Who5_is_the_raw_score_times_four(int raw, int score, string band) => Assert.Equal((score, band), (OutcomeScore.Who5(raw).Value, OutcomeScore.Who5(raw).Band));

    [Theory]
    [InlineData(0, "none")]
    [InlineData(1, "mild")]
    [InlineData(3, "mild")]
    [InlineData(4, "moderate")]
    [InlineData(6, "moderate")]
    [InlineData(7, "severe")]
    [InlineData(10, "severe")]
    public void Pain_asks_to_act_from_four(int score, string band) => Assert.Equal((band, score < 4), (OutcomeScore.Pain(score).Band, OutcomeScore.Pain(score).Weight == OutcomeWeight.Quiet));

    [Theory]
    [InlineData(0, "poor")]
    [InlineData(2, "poor")]
    [InlineData(3, "fair")]
    [InlineData(4, "fair")]
    [InlineData(5, "good")]
    [InlineData(6, "good")]
    public void Experience_has_three_bands(int sum, string band) => Assert.Equal(band, OutcomeScore.Experience(sum).Band);

    [Theory]
    [InlineData(0, "bearable", OutcomeWeight.Quiet)]
    [InlineData(6, "bearable", OutcomeWeight.Quiet)]
    [InlineData(7, "high", OutcomeWeight.Talk)]
    [InlineData(8, "high", OutcomeWeight.Act)]
    [InlineData(13, "high", OutcomeWeight.Act)]
    public void Caregiver_strain_is_acted_upon_above_seven(int total, string band, OutcomeWeight weight) => Assert.Equal((band, weight), (OutcomeScore.Strain(total).Band, OutcomeScore.Strain(total).Weight));

    [Fact]
    public void Every_questionnaire_has_its_questions_and_reaches_both_ends_of_its_scale()
    {
        Assert.Equal(["who-5", "phq-2", "phq-9", "pijn-nrs", "ervaring", "mantelzorg-totaal"], Questionnaires.All.Select(q => q.Id));
        foreach (var form in Questionnaires.All)
        {
            var scale = OutcomeScore.ScaleOf(form.Id)!.Value;
            var least = form.Items.Select(i => (int?)Enumerable.Range(i.Lowest, i.Options.Count > 0 ? i.Options.Count : i.Highest - i.Lowest + 1).MinBy(i.ScoreOf)).ToList();
            var most = form.Items.Select(i => (int?)Enumerable.Range(i.Lowest, i.Options.Count > 0 ? i.Options.Count : i.Highest - i.Lowest + 1).MaxBy(i.ScoreOf)).ToList();
            Assert.Equal(0, OutcomeScore.Of(form, least)!.Value);
            Assert.Equal(scale.Highest, OutcomeScore.Of(form, most)!.Value);
            Assert.NotNull(OutcomeWords.Find($"Band.{form.Id}.{OutcomeScore.Of(form, least)!.Band}"));
            for (var i = 0; i < most.Count; i++)
            {
                Assert.Null(OutcomeScore.Of(form, [.. most.Select((a, n) => n == i ? null : a)]));
                Assert.Null(OutcomeScore.Of(form, [.. most.Select((a, n) => n == i ? 99 : a)]));
                Assert.Null(OutcomeScore.Of(form, [.. most.Select((a, n) => n == i ? -1 : a)]));
            }
        }
    }

    [Fact]
    public void Answers_written_as_FHIR_are_read_back_and_pass_their_own_check()
    {
        var dice = new Random(20261122);
        foreach (var form in Questionnaires.All)
        {
            for (var n = 0; n < 40; n++)
            {
                var answers = form.Items.Select(i => (int?)(i.Options.Count > 0 ? dice.Next(i.Options.Count) : dice.Next(i.Lowest, i.Highest + 1))).ToList();
                var json = ResponseFhir.Write(new() { Form = form, Patient = new("p"), Answers = answers, Author = new() { Kind = CareTeamPortal.Platform.Data.OwnerKind.Person, Reference = "Practitioner/x", Display = "X" }, Audience = Audience.WholeTeam, At = new DateTime(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc), Moment = 90, Pathway = "care" });
                ResourceReader.Read(json, out var node);
                using (node)
                {
                    var read = ResponseFhir.Read(node.RootElement)!;
                    Assert.Equal(answers, read.Answers);
                    Assert.Equal(OutcomeScore.Of(form, answers), read.Score);
                    Assert.Equal(("care", 90), (read.Pathway, read.Moment));
                }

                using var document = JsonDocument.Parse(json);
                Assert.Empty(ResponseFhir.Check(document.RootElement));
            }
        }
    }

    [Theory]
    [InlineData("who-5", 40, 60, "beter")]
    [InlineData("who-5", 60, 40, "slechter")]
    [InlineData("phq-9", 12, 5, "beter")]
    [InlineData("phq-9", 5, 7, "klein verschil")]
    [InlineData("pijn-nrs", 3, 3, "hetzelfde")]
    public void A_change_is_said_in_words(string form, int from, int to, string word) => Assert.Contains(word, OutcomeWords.Change(form, from, to), StringComparison.Ordinal);
}
