using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CareTeamPortal.Features.Import;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Tests.Exchange;
using Microsoft.Extensions.DependencyInjection;

namespace CareTeamPortal.Tests.Trust;

/// <summary>
/// The running program with two files: Maria's, which most roles are in, and one elsewhere, which none of them is in. In Maria's file there is of every type
/// of resource one for all and one that only professionals who read mental health may see; elsewhere one of every type.
/// </summary>
public sealed class TrustWorld : IAsyncLifetime
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public FhirPortal Portal { get; } = new();

    internal const string Secret = "verborgenmatrix";
    internal static PatientId Own { get; } = new("maria-verhoeven");
    internal static PatientId Foreign { get; } = new("ergens-anders-x");
    internal static PatientId Unknown { get; } = new("ergens-anders-y");

    /// <summary>Attachments: of the own file, hidden in it, of the foreign file, and an id that nothing has.</summary>
    internal string[] Files { get; private set; } = [];

    /// <summary>Access records: of the own file, of the foreign one, and an id that is of no file.</summary>
    internal string[] Records { get; private set; } = [];

    /// <summary>The column of the matrix, and who stands for it; nobody is signed in as "nobody".</summary>
    internal static IReadOnlyList<(string Role, string? User)> Roles { get; } =
    [
        ("nobody", null), ("GP", "karel.janssens"), ("specialist", "nadia.benali"), ("home nurse", "sofie.maes"), ("hospital nurse", "tom.lenaerts"), ("pharmacist", "pieter.wouters"), ("physio", "joke.hermans"),
        ("aide", "fatima.elidrissi"), ("caregiver", "an.desmedt"), ("patient", "maria.verhoeven"), ("stranger", "els.peeters"), ("case manager", "ilse.baert"), ("officer", "piet.claeys"),
    ];

    internal IServiceProvider Services => Portal.Services;

    internal Actor Actor(string user) => Services.GetRequiredService<PeopleDirectory>().ActorFor(new PersonId(user))!;

    /// <summary>Types of resources that are about a person, as opposed to those of a directory.</summary>
    internal static IReadOnlyList<string> Personal { get; } = [.. FhirTypes.All.Where(t => TakeIn.IsPersonal(t) && t is not ("Bundle" or "AuditEvent" or "Binary" or "Patient")).Order(StringComparer.Ordinal)];

    internal static string Id(char where, string type) => $"m{where}-{type.ToLowerInvariant()}"[..Math.Min(60, type.Length + 3)];

    public async Task InitializeAsync()
    {
        using var client = Portal.CreateClient();
        await TakeAsync([new("bram.goossens")], $$"""{"resourceType":"Patient","id":"{{Foreign}}","name":[{"family":"Elders","given":["Jef"]}]}""");
        foreach (var (where, patient) in new[] { ('o', Own), ('h', Own), ('f', Foreign) })
            await TakeAsync([], [.. Personal.Select(type => Resource(type, Id(where, type), patient.Value, where == 'h'))]);
        await TakeAsync([], [.. FhirTypes.All.Where(t => !TakeIn.IsPersonal(t) && t is not ("CapabilityStatement" or "OperationOutcome" or "Parameters")).Select(t => $$"""{"resourceType":"{{t}}","id":"{{Id('o', t)}}"}""")]);
        Files = [await FileAsync("karel.janssens", Own, Audience.WholeTeam), await FileAsync("karel.janssens", Own, Audience.Professionals), await FileAsync("bram.goossens", Foreign, Audience.WholeTeam), Guid.NewGuid().ToString()];
        using var session = await Services.GetRequiredService<CareDatabase>().RentAsync(CancellationToken.None);
        Records = [.. new[] { Own, Foreign }.Select(p => Services.GetRequiredService<CursorCodec>().HideAsId(p, session.Sql("SELECT MAX(\"Key\") FROM \"AccessRecords\" WHERE \"PatientId\" = @p0 AND \"What\" IS NULL").With(p.Value).Number()!.Value))];
        Records = [.. Records, new string([.. Records[1].Reverse()])];
        // Reminders are made by the portal's clock every few seconds: here it has looked, whether the test is fast or slow.
        await Services.GetRequiredService<CareTeamPortal.Features.Tasks.TaskClock>().RunAsync(CancellationToken.None);
    }

    /// <summary>The least that ties a resource of any type to a patient.</summary>
    internal static string Resource(string type, string? id, string patient, bool hidden = false)
    {
        var tie = $$"""{"reference":"Patient/{{patient}}"}""";
        var own = type switch
        {
            "Communication" => $$""" "status":"completed","payload":[{"contentString":"{{(hidden ? Secret : "gewoon")}}"}],""",
            "Observation" => """ "status":"final","code":{"text":"iets"},"effectiveDateTime":"2026-01-01T08:00:00Z","valueString":"x",""",
            "Task" => $$""" "status":"requested","intent":"order","description":"{{(hidden ? Secret : "gewoon")}}",""",
            "Goal" => $$""" "lifecycleStatus":"active","description":{"text":"{{(hidden ? Secret : "gewoon")}}"},""",
            "ServiceRequest" => $$""" "status":"active","intent":"order","code":{"text":"{{(hidden ? Secret : "gewoon")}}"},""",
            "DetectedIssue" => $$""" "status":"preliminary","code":{"text":"{{(hidden ? Secret : "gewoon")}}"},""",
            "Flag" => $$""" "status":"active","code":{"text":"{{(hidden ? Secret : "gewoon")}}"},""",
            _ => $$""" "code":{"text":"{{(hidden ? Secret : "gewoon")}}"},""",
        };
        var members = type switch
        {
            "Task" => $$""" "for":{{tie}}""",
            "Communication" or "Observation" or "Goal" or "ServiceRequest" or "Flag" => $$""" "subject":{{tie}}""",
            "Appointment" => $$""" "participant":[{"actor":{{tie}},"status":"accepted"}]""",
            "AppointmentResponse" => $$""" "actor":{{tie}}""",
            "Coverage" => $$""" "beneficiary":{{tie}}""",
            "EnrollmentRequest" => $$""" "candidate":{{tie}}""",
            "SupplyRequest" => $$""" "deliverTo":{{tie}}""",
            "Provenance" => $$""" "target":[{{tie}}]""",
            "ResearchSubject" => $$""" "individual":{{tie}}""",
            "Person" => $$""" "link":[{"target":{{tie}}}]""",
            "Group" => $$""" "member":[{"entity":{{tie}}}]""",
            "ImmunizationRecommendation" or "Immunization" or "AllergyIntolerance" or "Claim" or "ClaimResponse" or "Consent" or "Device" or "EpisodeOfCare" or "ExplanationOfBenefit" or "RelatedPerson" or "NutritionOrder" or "VisionPrescription" or "CoverageEligibilityRequest" or "CoverageEligibilityResponse" or "BodyStructure" or "DetectedIssue" or "FamilyMemberHistory" or "ImmunizationEvaluation" or "MolecularSequence" or "SupplyDelivery" => $$""" "patient":{{tie}}""",
            _ => $$""" "subject":{{tie}},"patient":{{tie}}""",
        };
        var security = hidden ? """ "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"},{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}]},""" : "";
        return $$"""{"resourceType":"{{type}}",{{(id is null ? "" : $"\"id\":\"{id}\",")}}{{security}}{{own}}{{members}}}""";
    }

    internal async Task TakeAsync(IReadOnlyList<PersonId> team, params string[] resources)
    {
        var filing = Services.GetRequiredService<Filing>();
        var book = new ReferenceBook(Services.GetRequiredService<CareDatabase>());
        var items = new List<Ready>();
        foreach (var resource in resources)
        {
            var prepared = filing.Prepare(Encoding.UTF8.GetBytes(resource), null, "test", book.NameOf, book.Resolve);
            book.Meet(prepared);
            items.Add(new Ready("", prepared, book.PatientOf(prepared), prepared.PatientDisplay, null));
        }

        var taken = await Services.GetRequiredService<TakeIn>().RunAsync(items, new IntakeAuthority(null, [.. team], "test", AccessSource.CommandLine), false, CancellationToken.None);
        Assert.DoesNotContain(taken, t => t.Outcome == Taken.Refused);
    }

    private async Task<string> FileAsync(string user, PatientId patient, Audience audience)
    {
        var file = (await Services.GetRequiredService<AddAttachment>().RunAsync(Actor(user), patient, new AddAttachment.Request("beeld.png", Png), CancellationToken.None)).Kept!;
        Assert.IsType<AddNote.Written>(await Services.GetRequiredService<AddNote>().RunAsync(Actor(user), patient, new AddNote.Request { Id = Guid.NewGuid().ToString(), Kind = EntryKind.Note, Text = audience == Audience.WholeTeam ? "met foto" : Secret, Audience = audience, Attachments = [file] }, CancellationToken.None));
        return file.Id;
    }

    public async Task DisposeAsync() => await Portal.DisposeAsync();
}
