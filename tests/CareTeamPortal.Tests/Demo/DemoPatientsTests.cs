using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CareTeamPortal.Features.Demo;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Text;

namespace CareTeamPortal.Tests.Demo;

public sealed class DemoPatientsTests
{
    private static readonly DateOnly Today = new(2026, 11, 25);

    /// <summary>What the stories have told by: the morning of the anchor day.</summary>
    private static readonly DateTime Told = new(2026, 11, 25, 7, 5, 0, DateTimeKind.Utc);

    private static readonly List<DemoPatient> Patients = [.. DemoPatients.All(Today)];

    public static TheoryData<string> Ids => [.. DemoPatients.Ids];

    [Fact]
    public void The_patients_are_those_that_are_announced() => Assert.Equal(DemoPatients.Ids, Patients.Select(p => p.PatientId.Value));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_resource_is_read_without_oddities_and_belongs_to_the_patient(string id)
    {
        foreach (var json in Of(id).Resources)
        {
            var facts = ResourceReader.Read(json, out var document);
            using (document)
            {
                Assert.Empty(facts.Oddities);
                if (facts.Type == "Patient")
                    Assert.Equal(id, facts.Id);
                else
                    Assert.Equal($"Patient/{id}", facts.Patient?.Literal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Months_of_history_of_several_disciplines_stand_on_the_timeline(string id)
    {
        var entries = Entries(Of(id));
        Assert.InRange(entries.Count, 60, 250);
        var told = entries.Where(e => e.Kind != EntryKind.Appointment).ToList();
        Assert.True(told.Where(e => e.Kind is not (EntryKind.Problem or EntryKind.Allergy)).Min(e => e.Time.Start) < Told.AddDays(-85));
        Assert.True(told.Select(e => e.Author?.Literal).Distinct().Count() >= 7, "few voices");
        Assert.Contains(entries, e => e.Audience == Audience.Professionals || id is "rita-mertens" or "yvonne-theunis" or "noor-vandamme" or "jozef-dierickx");
        Assert.Contains(entries, e => e.Kind == EntryKind.Question);
        Assert.Contains(entries, e => e.Kind == EntryKind.Alert);
        Assert.Contains(entries, e => e.Title == "Wat is belangrijk voor mij" && e.Discipline == Discipline.Patient);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Nothing_but_appointments_lies_in_the_future(string id) =>
        Assert.DoesNotContain(Entries(Of(id)), e => e.Kind != EntryKind.Appointment && e.Time.Start > Told);

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_national_number_is_valid_and_says_birth_and_sex(string id)
    {
        using var document = JsonDocument.Parse(Of(id).Resources[0]);
        var root = document.RootElement;
        var insz = Insz.Parse(root.GetProperty("identifier")[0].GetProperty("value").GetString());
        Assert.Equal(DateOnly.Parse(root.GetProperty("birthDate").GetString()!, CultureInfo.InvariantCulture), insz.BirthDate);
        Assert.Equal(root.GetProperty("gender").GetString() == "female" ? InszSex.Female : InszSex.Male, insz.Sex);
    }

    [Fact]
    public void Ids_are_unique_over_all_patients_and_the_directory()
    {
        var ids = Patients.SelectMany(p => p.Resources).Concat(DemoPeople.Directory()).Select(json =>
        {
            using var document = JsonDocument.Parse(json);
            return $"{document.RootElement.GetProperty("resourceType")}/{document.RootElement.GetProperty("id")}";
        }).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, i => Assert.True(ResourceReader.IsId(i.Split('/')[1]), i));
    }

    [Fact]
    public void Every_reference_points_at_something_of_the_demo()
    {
        var known = new HashSet<string>();
        var wanted = new HashSet<string>();
        foreach (var json in Patients.SelectMany(p => p.Resources).Concat(DemoPeople.Directory()))
        {
            var facts = ResourceReader.Read(json, out var document);
            using (document)
                known.Add($"{facts.Type}/{facts.Id}");
            wanted.UnionWith(facts.References.Select(r => r.Literal).OfType<string>());
        }

        Assert.DoesNotContain(wanted.Except(known), r => !r.StartsWith("Questionnaire/", StringComparison.Ordinal)); // those come with the program
    }

    [Fact]
    public void The_same_day_gives_the_same_bytes()
    {
        Assert.Equal(Fingerprint(Today), Fingerprint(Today));
        Assert.NotEqual(Fingerprint(Today), Fingerprint(Today.AddDays(1)));
    }

    [Theory]
    [InlineData("2026-03-29")] // the clock goes forward in the stories
    [InlineData("2026-10-25")]
    [InlineData("2028-02-29")]
    [InlineData("2027-01-01")]
    public void Stories_can_be_told_on_any_day(string day)
    {
        var patients = DemoPatients.All(DateOnly.Parse(day, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(10, patients.Count);
        Assert.All(patients.SelectMany(p => p.Resources), json =>
        {
            ResourceReader.Read(json, out var document);
            document.Dispose();
        });
    }

    [Fact]
    public void Marias_team_is_exactly_that_of_the_contract()
    {
        var maria = Of("maria-verhoeven");
        Assert.Equal(
            ["karel.janssens", "nadia.benali", "tom.lenaerts", "sofie.maes", "pieter.wouters", "joke.hermans", "fatima.elidrissi", "an.desmedt", "maria.verhoeven"],
            maria.Team.Select(m => m.Person.Value));
        Assert.Equal("karel.janssens", maria.Accountable[^1].Person.Value);
        Assert.Null(maria.Accountable[^1].ToUtc);
    }

    [Fact]
    public void Els_and_Sofie_share_patients_and_An_sees_one()
    {
        bool Has(DemoPatient p, string person) => p.Team.Any(m => m.Person.Value == person);
        Assert.True(Patients.Count(p => Has(p, "els.peeters") && Has(p, "sofie.maes")) >= 3);
        Assert.Equal(["maria-verhoeven"], Patients.Where(p => Has(p, "an.desmedt")).Select(p => p.PatientId.Value));
        Assert.DoesNotContain(Patients, p => Has(p, "piet.claeys") || Has(p, "wim.aerts"));
        Assert.Equal(["georges-pauwels", "frans-lambrechts", "jozef-dierickx"], Patients.Where(p => Has(p, "ilse.baert")).Select(p => p.PatientId.Value));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Somebody_with_an_account_on_the_team_is_accountable_without_a_gap(string id)
    {
        var patient = Of(id);
        Assert.All(patient.Accountable.Zip(patient.Accountable.Skip(1)), pair => Assert.Equal(pair.First.ToUtc, pair.Second.FromUtc));
        Assert.Contains(patient.Team, m => m.Person == patient.Accountable[^1].Person);
        Assert.All(patient.Visits, v => Assert.Contains(patient.Team, m => m.Person == v.Person));
        Assert.All(patient.Visits, v => Assert.True(v.AtUtc <= Told));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_open_question_waits_for_somebody_with_an_account_on_the_team(string id)
    {
        var patient = Of(id);
        var answered = new HashSet<string>();
        var asked = new Dictionary<string, string>();
        foreach (var json in patient.Resources)
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.TryGetProperty("inResponseTo", out var answers))
                answered.Add(answers[0].GetProperty("reference").GetString()!);
            else if (root.TryGetProperty("recipient", out var to) && root.GetProperty("category")[0].GetProperty("coding")[0].GetProperty("code").GetString() == "question")
                asked[$"Communication/{root.GetProperty("id")}"] = to[0].GetProperty("reference").GetString()!;
        }

        foreach (var (question, owner) in asked.Where(q => !answered.Contains(q.Key)))
            Assert.True(patient.Team.Any(m => owner == $"Practitioner/{m.Person}"), question);
    }

    [Fact]
    public void Notes_are_nobodys_copy()
    {
        var texts = Patients.SelectMany(Entries).Where(e => e.Kind is EntryKind.Note or EntryKind.Question or EntryKind.Reply).Select(e => e.Text ?? e.Title).ToList();
        Assert.Equal(texts.Count, texts.Distinct().Count());
    }

    [Fact]
    public void Letters_are_real_PDF_files_whose_cross_references_fit()
    {
        var letters = 0;
        foreach (var json in Patients.SelectMany(p => p.Resources))
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.GetProperty("resourceType").GetString() != "DocumentReference")
                continue;
            letters++;
            var attachment = document.RootElement.GetProperty("content")[0].GetProperty("attachment");
            var pdf = attachment.GetProperty("data").GetBytesFromBase64();
            Assert.Equal(pdf.Length, attachment.GetProperty("size").GetInt32());
            var text = Encoding.Latin1.GetString(pdf);
            Assert.StartsWith("%PDF-1.4", text, StringComparison.Ordinal);
            var xref = int.Parse(text[(text.LastIndexOf("startxref", StringComparison.Ordinal) + 10)..text.LastIndexOf("\n%%EOF", StringComparison.Ordinal)], CultureInfo.InvariantCulture);
            var lines = text[xref..].Split('\n');
            Assert.Equal("xref", lines[0]);
            var count = int.Parse(lines[1].Split(' ')[1], CultureInfo.InvariantCulture);
            for (var i = 1; i < count; i++)
                Assert.StartsWith($"{i} 0 obj", text[int.Parse(lines[2 + i][..10], CultureInfo.InvariantCulture)..], StringComparison.Ordinal);
        }

        Assert.True(letters >= 10);
    }

    [Theory]
    [InlineData("2026-11-25T03:10:00Z", "2026-11-24")]
    [InlineData("2026-11-25T07:04:00Z", "2026-11-24")]
    [InlineData("2026-11-25T07:05:00Z", "2026-11-25")]
    [InlineData("2026-07-01T06:05:00Z", "2026-07-01")]
    public void The_anchor_is_the_last_day_whose_stories_have_been_told(string now, string anchor) =>
        Assert.Equal(DateOnly.Parse(anchor, CultureInfo.InvariantCulture), DemoCalendar.AnchorFor(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));

    private static DemoPatient Of(string id) => Patients.Single(p => p.PatientId.Value == id);

    private static List<EntryFacts> Entries(DemoPatient patient)
    {
        var entries = new List<EntryFacts>();
        foreach (var json in patient.Resources)
        {
            var facts = ResourceReader.Read(json, out var document);
            using (document)
            {
                if (TimelineFhir.Describe(document.RootElement, facts) is { } entry)
                    entries.Add(entry);
            }
        }

        return entries;
    }

    private static string Fingerprint(DateOnly today)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var json in DemoPatients.All(today).SelectMany(p => p.Resources))
            hash.AppendData(json.Span);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
