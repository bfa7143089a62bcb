using System.Text.Json;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;

namespace CareTeamPortal.Tests.Fhir;

public sealed class TimelineFhirTests
{
    private static EntryFacts? Describe(byte[] json)
    {
        var facts = ResourceReader.Read(json, out var document);
        using (document) return TimelineFhir.Describe(document.RootElement, facts);
    }

    private static EntryFacts? Describe(string json) => Describe(FhirText.Utf8(json));

    private static readonly DateTime At = new(2026, 11, 22, 8, 30, 0, DateTimeKind.Utc);

    private static CommunicationDraft Draft(EntryKind kind = EntryKind.Note) => new()
    {
        Kind = kind, Patient = new("maria-verhoeven"), Sent = At, Sender = "Practitioner/sofie.maes", SenderDisplay = "Sofie Maes", Line = CareLine.First, Text = "**Wonde** ziet er goed uit.\n\nMorgen opnieuw. \U0001F642 <b>",
    };

    [Fact]
    public void A_note_written_here_comes_back_as_the_entry_it_was()
    {
        var entry = Describe(CommunicationJson.Write(Draft() with { Title = "Wondzorg" }))!;
        Assert.Equal((EntryKind.Note, InformationCategory.Notes, "Wondzorg", Audience.WholeTeam, (CareLine?)CareLine.First), (entry.Kind, entry.Category, entry.Title, entry.Audience, entry.Line));
        Assert.Equal(Draft().Text, entry.Text);
        Assert.Equal(At, entry.Time.Start);
        Assert.Equal(("Practitioner/sofie.maes", "Sofie Maes"), (entry.Author!.Literal, entry.Author.Display));
    }

    [Theory]
    [InlineData("""{"resourceType":"MedicationRequest","id":"a","status":"active","intent":"order","subject":{"reference":"Patient/p"},"medicationCodeableConcept":{"text":"x"},"authoredOn":"2026-03-01","dispenseRequest":{"validityPeriod":{"end":"2026-03-31"}}}""", "2026-03-31")]
    [InlineData("""{"resourceType":"CarePlan","id":"a","status":"active","intent":"plan","subject":{"reference":"Patient/p"},"title":"x","period":{"start":"2026-03-01T10:00:00+01:00","end":"2026-03-31"}}""", "2026-03-31")]
    [InlineData("""{"resourceType":"Task","id":"a","status":"requested","intent":"order","for":{"reference":"Patient/p"},"description":"x","authoredOn":"2026-03-01","restriction":{"period":{"end":"2026-03-31"}}}""", "2026-03-31")]
    public void A_day_that_ends_something_belongs_to_it(string json, string day)
    {
        var until = Describe(json)!.Until!.Value;
        Assert.Equal(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), CareTeamPortal.Platform.Time.BelgianTime.DayOf(until));
        Assert.True(CareTeamPortal.Platform.Time.BelgianTime.IsDaysEnd(until));
    }

    [Theory]
    [InlineData(Audience.Professionals)]
    [InlineData(Audience.ProfessionalsAndPatient)]
    [InlineData(Audience.WholeTeam)]
    public void The_audience_survives(Audience audience) => Assert.Equal(audience, Describe(CommunicationJson.Write(Draft() with { Audience = audience }))!.Audience);

    [Fact]
    public void A_question_keeps_its_deadline_and_a_reply_what_it_answers()
    {
        var question = Describe(CommunicationJson.Write(Draft(EntryKind.Question) with { ReplyBy = At.AddHours(24), Recipient = new("recipient", "Practitioner/karel.janssens", null, null, "dr. Karel Janssens") }))!;
        Assert.Equal((EntryKind.Question, (DateTime?)At.AddHours(24)), (question.Kind, question.ReplyBy));
        var reply = Describe(CommunicationJson.Write(Draft(EntryKind.Reply) with { InResponseTo = "Communication/q1" }))!;
        Assert.Equal((EntryKind.Reply, "Communication/q1"), (reply.Kind, reply.Answers!.Literal));
    }

    [Fact]
    public void A_retraction_keeps_everything_and_says_why()
    {
        var note = CommunicationJson.Write(Draft());
        using var document = JsonDocument.Parse(note);
        var retracted = CommunicationJson.Retract(document.RootElement, "verkeerde patiënt");
        var entry = Describe(retracted)!;
        Assert.True(entry.EnteredInError);
        Assert.Equal(Draft().Text, entry.Text);
        using var after = JsonDocument.Parse(retracted);
        Assert.Equal("verkeerde patiënt", after.RootElement.GetProperty("statusReason").GetProperty("text").GetString());
        var corrected = Describe(CommunicationJson.Correct(document.RootElement, "Beter zo", null))!;
        Assert.Equal(("Beter zo", false), (corrected.Text, corrected.EnteredInError));
    }

    [Fact]
    public void Measurements_written_here_carry_the_codes_of_the_profiles()
    {
        var draft = new ObservationDraft { Patient = new("p"), Effective = At, Performer = "Practitioner/sofie.maes", PerformerDisplay = "Sofie Maes", Line = CareLine.First };
        var pressure = Describe(ObservationJson.WriteBloodPressure(draft, 130, 80))!;
        Assert.Equal(EntryKind.Measurement, pressure.Kind);
        Assert.Equal([("8480-6", 130m, "mm[Hg]"), ("8462-4", 80m, "mm[Hg]")], pressure.Values.Select(v => (v.Loinc!, v.Value!.Value, v.Ucum!)));

        var json = ObservationJson.Write(draft, new("2708-6", "Oxygen saturation in Arterial blood", "%", "%"), 94);
        Assert.Equal(["2708-6", "59408-5"], ResourceReader.Read(json).Codes.Select(c => c.Code));
        Assert.Equal(94m, Describe(json)!.Values.Single().Value);

        var glucose = ObservationJson.Write(draft, new("2339-0", "Glucose [Mass/volume] in Blood", "mg/dL", "mg/dL", Laboratory: true), 168.5m);
        Assert.Equal(EntryKind.LabResult, Describe(glucose)!.Kind);
        using var document = JsonDocument.Parse(glucose);
        var corrected = Describe(ObservationJson.Correct(document.RootElement, [new(150m, "mg/dL", "mg/dL")], null, before => "was " + before)!)!;
        Assert.Equal(("corrected", 150m, "was 168,5 mg/dL"), (corrected.Status, corrected.Values.Single().Value, corrected.Text));
        Assert.Null(ObservationJson.Correct(document.RootElement, [new(168.50m, "mg/dL", "mg/dL")], null, before => before)); // nothing would change
        Assert.True(Describe(ObservationJson.Retract(document.RootElement, "fout"))!.EnteredInError);
    }

    [Theory]
    [InlineData("""{"resourceType":"Claim","created":"2020-01-01"}""")]
    [InlineData("""{"resourceType":"Provenance","recorded":"2020-01-01T00:00:00Z"}""")]
    [InlineData("""{"resourceType":"Condition","code":{"text":"Depression"}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","effectiveDateTime":"gisteren"}""")]
    [InlineData("""{"resourceType":"Device","manufactureDate":"2020-01-01"}""")]
    public void What_is_not_clinically_dated_is_no_entry(string json) => Assert.Null(Describe(json));

    [Theory]
    [InlineData("""{"resourceType":"Condition","onsetDateTime":"2020","code":{"coding":[{"system":"http://snomed.info/sct","code":"370143000","display":"Major depressive disorder"}]}}""", InformationCategory.MentalHealth)]
    [InlineData("""{"resourceType":"Condition","onsetDateTime":"2020","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"F32.1"}]}}""", InformationCategory.MentalHealth)]
    [InlineData("""{"resourceType":"Condition","onsetDateTime":"2020","code":{"text":"Depressie","coding":[{"code":"xxx"}]}}""", InformationCategory.MentalHealth)]
    [InlineData("""{"resourceType":"Condition","onsetDateTime":"2020","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"B20"}]}}""", InformationCategory.SexualHealth)]
    [InlineData("""{"resourceType":"Condition","onsetDateTime":"2020","code":{"coding":[{"system":"http://snomed.info/sct","code":"267036007","display":"Dyspnea"}]}}""", InformationCategory.ProblemsAndAllergies)]
    [InlineData("""{"resourceType":"Observation","effectiveDateTime":"2020","category":[{"coding":[{"code":"survey"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"44261-6"}]},"valueQuantity":{"value":12,"code":"{score}"}}""", InformationCategory.MentalHealth)]
    [InlineData("""{"resourceType":"Observation","effectiveDateTime":"2020","category":[{"coding":[{"code":"social-history"}]}],"code":{"text":"Tobacco"}}""", InformationCategory.Social)]
    [InlineData("""{"resourceType":"Observation","effectiveDateTime":"2020","category":[{"coding":[{"code":"vital-signs"}]}],"code":{"text":"BP"}}""", InformationCategory.Measurements)]
    [InlineData("""{"resourceType":"Procedure","performedDateTime":"2020","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIV"}]},"code":{"text":"x"}}""", InformationCategory.SexualHealth)]
    [InlineData("""{"resourceType":"Encounter","class":{"code":"AMB"},"period":{"start":"2020-01-01"}}""", InformationCategory.Administrative)]
    public void The_category_follows_type_and_code(string json, InformationCategory category) => Assert.Equal(category, Describe(json)!.Category);

    [Theory]
    [InlineData("IMP", CareLine.Second)]
    [InlineData("EMER", CareLine.Second)]
    [InlineData("HH", CareLine.First)]
    [InlineData("AMB", null)]
    [InlineData("VR", null)]
    public void The_care_line_comes_from_the_encounter_only_where_it_tells(string code, CareLine? line) =>
        Assert.Equal(line, Describe($$$$$"""{"resourceType":"Encounter","class":{"code":"{{{{{code}}}}}"},"period":{"start":"2020-01-01","end":"2020-01-03"}}""")!.Line);

    [Theory]
    [InlineData("""{"resourceType":"MedicationRequest","authoredOn":"2020-01-01","contained":[{"resourceType":"Medication","id":"m","code":{"text":"Lasix 40 mg"}}],"medicationReference":{"reference":"#m"}}""", "Lasix 40 mg")]
    [InlineData("""{"resourceType":"Encounter","class":{"code":"AMB"},"type":[{"text":"Huisbezoek"}],"reasonCode":[{"coding":[{"display":"Koorts"}]}],"period":{"start":"2020-01-01"}}""", "Huisbezoek · Koorts")]
    [InlineData("""{"resourceType":"Task","status":"requested","authoredOn":"2020-01-01"}""", "Task")]
    [InlineData("""{"resourceType":"Observation","effectiveDateTime":"2020","code":{"coding":[{"system":"s","code":"123"}]}}""", "123")]
    public void Titles_are_the_sources_own_words(string json, string title) => Assert.Equal(title, Describe(json)!.Title);

    [Fact]
    public void A_referenced_medication_is_named_by_whom_knows_it()
    {
        var json = FhirText.Utf8("""{"resourceType":"MedicationStatement","status":"active","effectiveDateTime":"2020-01-01","medicationReference":{"reference":"Medication/7"}}""");
        var facts = ResourceReader.Read(json, out var document);
        using (document) Assert.Equal("Bisoprolol", TimelineFhir.Describe(document.RootElement, facts, r => r.Literal == "Medication/7" ? "Bisoprolol" : null)!.Title);
    }

    [Fact]
    public void Values_keep_comparators_ranges_text_and_huge_numbers()
    {
        var entry = Describe("""
            {"resourceType":"Observation","effectiveDateTime":"2020-01-01","code":{"text":"Panel"},"component":[
             {"code":{"text":"a"},"valueQuantity":{"value":5,"comparator":"<","unit":"mg"},"referenceRange":[{"low":{"value":1},"high":{"value":9}}],"interpretation":[{"coding":[{"code":"L"}]}]},
             {"code":{"text":"b"},"valueQuantity":{"value":1e400}},
             {"code":{"text":"c"},"valueCodeableConcept":{"coding":[{"display":"positief"}]}},
             {"code":{"text":"d"},"valueBoolean":true},
             {"code":{"text":"e"},"valueInteger":3},
             {"code":{"text":"f"},"valueSampledData":{"origin":{"value":0,"unit":"mV"},"factor":2,"period":10,"dimensions":1,"data":"1 2 E 3"}},
             {"code":{"text":"g"},"dataAbsentReason":{"text":"unknown"}}]}
            """)!;
        Assert.Equal(
            ["a 5 <5 1-9 L", "b  1e400 - ", "c  positief - ", "d  true - ", "e 3  - ", "f  n=4, 2 – 6 - "],
            entry.Values.Select(v => FormattableString.Invariant($"{v.Label} {v.Value} {v.Text} {v.Low}-{v.High} {v.Interpretation}")));
    }

    [Fact]
    public void A_very_long_title_is_cut_between_characters()
    {
        var entry = Describe($$$$$"""{"resourceType":"Condition","onsetDateTime":"2020","code":{"text":"{{{{{string.Concat(Enumerable.Repeat("\U0001F642", 5000))}}}}}"}}""")!;
        Assert.InRange(entry.Title.Length, 490, 501);
        Assert.False(char.IsHighSurrogate(entry.Title[^2]));
    }

    [Theory]
    [InlineData("MedicationRequest", "geneesmiddel")]
    [InlineData("Appointment", "afspraak")]
    [InlineData("VisionPrescription", "bril of lenzen")]
    [InlineData("Wat dan ook", "activiteit")]
    public void An_activity_of_a_care_plan_that_has_only_a_kind_shows_a_Dutch_word(string kind, string word)
    {
        var entry = Describe($$"""{"resourceType":"CarePlan","id":"a","status":"active","intent":"plan","subject":{"reference":"Patient/p"},"title":"x","period":{"start":"2026-03-01"},"activity":[{"detail":{"kind":"{{kind}}","status":"not-started"} },{"detail":{"kind":"{{kind}}","status":"not-started","description":"elke ochtend"} }]}""");
        Assert.Equal($"{word}\n{word}: elke ochtend", entry!.Text);
    }
}
