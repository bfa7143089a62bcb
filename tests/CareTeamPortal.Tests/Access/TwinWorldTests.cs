using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.CareTeams;
using CareTeamPortal.Features.Examinations;
using CareTeamPortal.Features.Exchange;
using CareTeamPortal.Features.Figures;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Lanes;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.MyDay;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Patients;
using CareTeamPortal.Features.Population;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Fhir;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;

namespace CareTeamPortal.Tests.Access;

/// <summary>
/// Two files that differ only in what a limited role may not see: what was written for professionals (the caregiver, the aide, the patient), or what its source
/// labels as mental or sexual health (besides them the pharmacist and the case manager). Whatever these ask, the answers are the same, byte for byte; numbers that
/// stay on the server (the entry's, the commit's) are compared by their order, hidden ones by where they stand again.
/// </summary>
public sealed partial class TwinWorldTests
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly JsonSerializerOptions Plainly = new()
    {
        IncludeFields = true,
        Converters = { new BytesAsText(), new MemoryAsText() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            // A period knows the one before it, and so on for ever. The commit up to which news was read, and how long the
            // access log is, stay on the server.
            Modifiers = { type => type.Properties.Where(p => p.Name is "Earlier" or "Later" or "NewsUpTo" || (p.Name == "Stamp" && p.PropertyType == typeof(long))).ToList().ForEach(p => type.Properties.Remove(p)) },
        },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_hidden_leaves_no_trace_in_anything_that_can_be_asked(bool byLabel)
    {
        var plain = await LiveAsync(withHidden: false, byLabel);
        var full = await LiveAsync(withHidden: true, byLabel);
        Assert.NotEmpty(plain);
        foreach (var (question, answer) in plain)
            Assert.True(answer == full[question], $"{question} differs: {Difference(answer, full[question])}");
        Assert.Equal(plain.Keys, full.Keys);
    }

    [Fact]
    public async Task A_patient_on_the_team_of_another_reads_lists_with_the_reach_of_that_file()
    {
        var (plain, _) = await ListsOfMariaAsync(withHidden: false);
        var (full, own) = await ListsOfMariaAsync(withHidden: true);
        Assert.Equal(plain, full);
        Assert.Contains("professionals en Maria", own, StringComparison.Ordinal); // in her own file she reads what was written for her
    }

    /// <summary>What Maria's lists say of her neighbour's file and of her own; what is hidden there is for professionals and the patient, who in Jef's file is Jef.</summary>
    private static async Task<(string Neighbour, string Own)> ListsOfMariaAsync(bool withHidden)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("jef").WithTeam(Who.Karel, Who.MariaHerself));
        var jef = new PatientId("jef");
        var day = ward.Clock.Utc;
        async Task Write(PatientId file, string text, Audience audience, int id) =>
            await ward.WriteAsync(Who.Karel, file, Ward.NoteOf(text) with { Id = new Guid(id, 0, 0, new byte[8]).ToString(), Audience = audience, Mentions = [Who.MariaHerself.Id] });

        foreach (var file in new[] { jef, ward.Maria })
        {
            await ward.RunAsync(ward.Get<BeginVisit>(), Who.MariaHerself, file, new BeginVisit.Request());
            await Write(file, "voor iedereen", Audience.WholeTeam, file == jef ? 1 : 2);
        }
        if (withHidden)
            await Write(jef, "professionals en Jef", Audience.ProfessionalsAndPatient, 3);
        await Write(ward.Maria, "professionals en Maria", Audience.ProfessionalsAndPatient, 4);
        var actor = Who.MariaHerself.Actor();
        var mine = await ward.Desk.ReadAcrossAsync(actor, (session, who, reach, _) =>
        {
            var viewer = WorklistSql.Viewer(session, who.Person, reach, day.AddMinutes(1));
            return ValueTask.FromResult(new[] { jef, ward.Maria }.Select(file => Normalised([
                WorklistSql.Patient(session, viewer, file)!.New, WorklistSql.Changed(session, viewer, 9).Contains(file),
                WorklistSql.News(session, viewer, file, 0, 9).Select(e => e.Text).ToList(), WorklistSql.OfKind(session, viewer, file, (int)EntryKind.Note, 9).Select(e => e.Text).ToList(),
                WorklistSql.Mentions(session, viewer, 9).Where(e => e.PatientId == file).Select(e => e.Text).ToList(), WorklistSql.ByChange(session, viewer, null, 9).Count])).ToList());
        }, CancellationToken.None);
        return (mine[0], mine[1]);
    }

    private static async Task<Dictionary<string, string>> LiveAsync(bool withHidden, bool byLabel)
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter, Who.Fatima, Who.An, Who.MariaHerself, Who.Ilse));
        var ids = 0;
        Dictionary<string, string> answers = [];
        var wire = new Wire();
        var relay = new PatientHubRelay(ward.Live, wire, ward.Desk, ward.Database, ward.Cursors, NullLogger<PatientHubRelay>.Instance);
        PersonRow[] viewers = byLabel ? [Who.An, Who.Fatima, Who.Pieter, Who.Ilse] : [Who.An, Who.Fatima, Who.MariaHerself];
        var (labelled, taken) = (0, 0);
        var pathway = new Guid(999, 0, 0, new byte[8]).ToString();

        string NextId() => new Guid(++ids, 0, 0, new byte[8]).ToString();
        Task<TimelineEntry> Visible(PersonRow who, string text, EntryKind kind = EntryKind.Note, string? to = null) =>
            ward.WriteAsync(who, ward.Maria, Ward.NoteOf(text) with { Id = NextId(), Kind = kind, Answers = to, ReplyBy = kind == EntryKind.Question ? ward.Clock.Utc.AddDays(1) : null });

        async Task Hidden(string? on = null, string? question = null)
        {
            // Whoever writes has the file open: that stands in the access log in both worlds.
            foreach (var writer in new[] { Who.Karel, Who.Nadia, Who.Sofie })
                await ward.RunAsync(ward.Get<ReadBanner>(), writer, ward.Maria, new ReadBanner.Request());
            await ward.TakeAsync([], $$$"""{"resourceType":"Flag","id":"open{{{++taken}}}","status":"active","subject":{"reference":"Patient/maria-verhoeven"},"category":[{"coding":[{"code":"admin"}]}],"code":{"text":"komt van elders"},"period":{"start":"2026-11-22"}}""");
            await relay.SettleAsync();
            if (!withHidden)
                return;
            if (byLabel)
            {
                await Labelled(question);
                await relay.SettleAsync();
                return;
            }

            var note = await ward.NoteAsync(Who.Karel, ward.Maria, "alleen voor zorgverleners: wandelen", Audience.Professionals);
            await ward.WriteAsync(Who.Nadia, ward.Maria, Ward.NoteOf("@An hier niets") with { Audience = Audience.Professionals, Mentions = [Who.An.Id, Who.MariaHerself.Id] });
            var file = (await ward.RunAsync(ward.Get<AddAttachment>(), Who.Karel, ward.Maria, new AddAttachment.Request("geheim.png", Png))).Kept!;
            await ward.WriteAsync(Who.Karel, ward.Maria, Ward.NoteOf("met foto") with { Audience = Audience.Professionals, Attachments = [file] });
            await ward.RunAsync(ward.Get<PinEntry>(), Who.Karel, ward.Maria, new PinEntry.Request(note.Reference, true));
            await ward.RunAsync(ward.Get<CorrectNote>(), Who.Karel, ward.Maria, new CorrectNote.Request(note.Reference, 1, "anders"));
            await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("p180 g99").Measurements], null, Audience.Professionals));
            await ward.AskAsync(Who.Karel, ward.Maria, "onder ons?", Who.Nadia, Audience.Professionals);
            await FilledIn(Questionnaires.CaregiverStrain, 12); // finishes the step of the pathway that asks for it
            await GoalsAndPathwayAsync();
            await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("kalium 4,4").Measurements], null, Audience.Professionals));
            await ward.RunAsync(ward.Get<AvoidExamination>(), Who.Karel, ward.Maria, new AvoidExamination.Request(Guid.NewGuid().ToString(), "Potassium"));
            await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "taak onder ons") with { Audience = Audience.Professionals, DueAt = ward.Clock.Utc.AddHours(1) });
            await HandOn(Who.Nadia, "overdracht onder ons", HandoffContent.DefaultTells, Audience.Professionals);
            if (on is not null)
                await ward.WriteAsync(Who.Karel, ward.Maria, Ward.NoteOf("antwoord onder ons") with { Kind = EntryKind.Reply, Answers = on, Audience = Audience.Professionals });
            if (question is not null)
                await ward.WriteAsync(Who.Nadia, ward.Maria, Ward.NoteOf("onder ons beantwoord") with { Kind = EntryKind.Reply, Answers = question, Audience = Audience.Professionals });
            await ward.TakeAsync([], """{"resourceType":"AllergyIntolerance","id":"ha","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},"patient":{"reference":"Patient/maria-verhoeven"},"code":{"text":"geheim"},"recordedDate":"2026-01-01","criticality":"high"}""");
            await relay.SettleAsync();
        }

        // Goals for professionals with what serves them and what is said of them, and what happens to the hidden steps of the pathway.
        async Task GoalsAndPathwayAsync()
        {
            async Task<CareGoal> Keep(GoalKind kind, string? serves = null) => (await ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new()
            {
                Id = Guid.NewGuid().ToString(), Kind = kind, Words = "geheim doel", Audience = Audience.Professionals, Serves = serves, Target = kind == GoalKind.Life ? null : new() { Loinc = "8867-4", Value = 250, Side = TargetSide.AtMost },
            })) is { IsDone: true, Goal: { } goal } ? goal : throw new InvalidOperationException("refused");
            var care = await Keep(GoalKind.Care, (await Keep(GoalKind.Life)).Reference);
            await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "taak onder ons") with { Audience = Audience.Professionals, Goal = care.Reference });
            for (var i = 0; i < GoalProgress.Enough; i++)
                await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("p60").Measurements], null, Audience.Professionals, ward.Clock.Utc.AddMinutes(i - 5)));
            var plan = await ward.RunAsync(ward.Get<ReadPlan>(), Who.Karel, ward.Maria, new());
            var met = Suggestions.All(plan, await ward.RunAsync(ward.Get<ReadMeasuring>(), Who.Karel, ward.Maria, new()), ward.Clock.Utc).First(s => s.Goal?.Id == care.Id);
            Assert.Equal(AnswerSuggestion.Result.Done, await ward.RunAsync(ward.Get<AnswerSuggestion>(), Who.Karel, ward.Maria, new(met.Key, true)));
            var path = (await ward.RunAsync(ward.Get<ReadPathways>(), Who.Karel, ward.Maria, new())).Pathways.Single();
            if (path.Steps.FirstOrDefault(t => t.Step.Id == "geheim-1" && t.State != StepState.Skipped) is { } step)
                Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<DeviateStep>(), Who.Karel, ward.Maria, new(path.Pathway.Id, path.Pathway.Version, step.Step.Id, DeviationKind.Skip, DeviationReason.Condition, "onder ons")));
            else
                Assert.Equal(PathwayOutcome.Done, await ward.RunAsync(ward.Get<AddStep>(), Who.Karel, ward.Maria, new(path.Pathway.Id, path.Pathway.Version, Guid.NewGuid().ToString(), path.Phases[0].Phase.Id, "geheim bezoek", TaskParty.Of(Who.Sofie), Platform.Time.BelgianTime.DayOf(ward.Clock.Utc).AddDays(1), true)));
        }

        async Task HandOn(PersonRow to, string title, InformationCategory tells, Audience audience = Audience.WholeTeam, string? id = null) =>
            Assert.IsType<Features.Tasks.TaskDone>(await ward.RunAsync(ward.Get<OfferHandoff>(), Who.Karel, ward.Maria, new OfferHandoff.Request
            {
                Id = id ?? Guid.NewGuid().ToString(), Title = title, Receiver = TaskParty.Of(to), Audience = audience, Content = new HandoffContent { Scope = title, Summary = title, Tells = tells },
            }));

        // The pathway as another, protected one, with the same tasks, as a source could send it.
        async Task ProtectedPathwayAsync(int n)
        {
            var json = System.Text.Json.Nodes.JsonNode.Parse((byte[])(await ward.RowsAsync("SELECT r.\"Json\" FROM \"Resources\" r JOIN \"Pathways\" p ON p.\"Id\" = r.\"Id\" AND r.\"Type\" = 'CarePlan' WHERE p.\"Category\" = 8"))[0][0]!)!.AsObject();
            json["id"] = "psy-pad" + n;
            json["title"] = "geheim zorgpad";
            json.Remove("identifier");
            (json["meta"] as System.Text.Json.Nodes.JsonObject ?? (System.Text.Json.Nodes.JsonObject)(json["meta"] = new System.Text.Json.Nodes.JsonObject()))["security"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}]""");
            await ward.TakeAsync([], json.ToJsonString());
            Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM \"Pathways\" WHERE \"Id\" = @p0 AND \"Category\" = 256", "psy-pad" + n));
        }

        async Task FilledIn(string form, params int?[] given) =>
            Assert.IsType<FillInQuestionnaire.Filled>(await ward.RunAsync(ward.Get<FillInQuestionnaire>(), Who.Sofie, ward.Maria, new FillInQuestionnaire.Request { Id = Guid.NewGuid().ToString(), Questionnaire = form, Answers = given, OnBehalf = true }));

        async Task Labelled(string? question)
        {
            var n = ++labelled;
            string Of(string type, string name, string members, string label = "PSY", string tie = "subject") =>
                $$$"""{"resourceType":"{{{type}}}","id":"psy-{{{name}}}{{{n}}}","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{{label}}}"}]},"{{{tie}}}":{"reference":"Patient/maria-verhoeven"},{{{members}}}}""";
            string Said(string name, string kind, string text, string more = "") => Of("Communication", name, $$"""
                "status":"completed","category":[{"coding":[{"system":"https://careteamportal.example/fhir/CodeSystem/entry-kind","code":"{{kind}}"}]}],{{more}}"sent":"{{ward.Clock.Utc:O}}","sender":{"reference":"Practitioner/nadia.benali"},"payload":[{"contentString":"geheim: wandelen"}]
                """, kind == "note" ? "HIV" : "PSY");
            await ward.TakeAsync([],
                Said("n", "note", "geheim"), Said("q", "question", "geheim?", "\"recipient\":[{\"reference\":\"Practitioner/pieter.wouters\"}],"),
                Said("a", "reply", "geheim", question is null ? "" : $"\"inResponseTo\":[{{\"reference\":\"{question}\"}}],"),
                Of("Communication", "u", "\"status\":\"completed\",\"payload\":[{\"contentString\":\"geheim\"}]"),
                Of("Task", "t", $"\"status\":\"requested\",\"intent\":\"order\",\"description\":\"geheim\",\"authoredOn\":\"{ward.Clock.Utc:O}\",\"owner\":{{\"reference\":\"Practitioner/pieter.wouters\"}},\"restriction\":{{\"period\":{{\"end\":\"{ward.Clock.Utc.AddHours(1):O}\"}}}}", "PSYTHPN", "for"),
                Of("Task", "w", "\"status\":\"requested\",\"intent\":\"order\",\"description\":\"geheim\",\"owner\":{\"reference\":\"RelatedPerson/an.desmedt\"}", "SUD", "for"),
                Of("Observation", "o", $"\"status\":\"final\",\"code\":{{\"text\":\"geheim\"}},\"effectiveDateTime\":\"{ward.Clock.Utc:O}\",\"valueQuantity\":{{\"value\":80,\"unit\":\"/min\"}}"),
                Of("Condition", "c", "\"code\":{\"text\":\"geheim\"},\"recordedDate\":\"2026-01-01\""),
                Of("Appointment", "ap", "\"status\":\"booked\",\"start\":\"2026-11-23T09:00:00Z\",\"end\":\"2026-11-23T10:00:00Z\",\"participant\":[{\"actor\":{\"reference\":\"Patient/maria-verhoeven\"},\"status\":\"accepted\"}]", "ETH", "x-subject").Replace("\"x-subject\":{\"reference\":\"Patient/maria-verhoeven\"},", "", StringComparison.Ordinal),
                Of("Goal", "g", "\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"geheim doel\"},\"startDate\":\"2026-11-01\""), Of("Goal", "gk", "\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"Opnieuw kunnen wandelen\"},\"startDate\":\"2026-11-01\""),
                Of("CarePlan", "cp", "\"status\":\"active\",\"intent\":\"plan\",\"title\":\"geheim plan\""),
                Of("Observation", "op", $"\"status\":\"final\",\"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}}]}},\"effectiveDateTime\":\"{ward.Clock.Utc:O}\",\"valueQuantity\":{{\"value\":140,\"unit\":\"/min\",\"code\":\"/min\",\"system\":\"http://unitsofmeasure.org\"}}"),
                Of("Observation", "ok", $"\"status\":\"final\",\"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"2823-3\"}}]}},\"effectiveDateTime\":\"{ward.Clock.Utc:O}\",\"valueQuantity\":{{\"value\":6.1,\"unit\":\"mmol/L\",\"code\":\"mmol/L\",\"system\":\"http://unitsofmeasure.org\"}}"),
                Of("Task", "tq", "\"status\":\"requested\",\"intent\":\"order\",\"description\":\"geheim\",\"owner\":{\"reference\":\"Practitioner/sofie.maes\"},\"focus\":{\"reference\":\"Questionnaire/ervaring\"}", "PSY", "for"),
                Of("Task", "tm", "\"status\":\"requested\",\"intent\":\"order\",\"description\":\"Medicatieschema nakijken\",\"owner\":{\"reference\":\"Practitioner/sofie.maes\"}", "PSY", "for"),
                Of("DocumentReference", "d", "\"status\":\"current\",\"date\":\"2026-11-22T08:00:00Z\",\"content\":[{\"attachment\":{\"title\":\"geheim\"}}]", "STD"));
            await ProtectedPathwayAsync(n);
            await FilledIn("phq-9", 3, 3, 3, 3, 3, 3, 3, 3, 3); // and its alert
            await FilledIn("who-5", 5, 5, 5, 5, 5);
            // What the team answers to it, does with it and is asked of it stays as closed as it is.
            await ward.WriteAsync(Who.Karel, ward.Maria, Ward.NoteOf("@Pieter geheim") with { Kind = EntryKind.Reply, Answers = $"Communication/psy-n{n}", Mentions = [Who.Pieter.Id, Who.An.Id] });
            await ward.WriteAsync(Who.Karel, ward.Maria, Ward.NoteOf("geheim") with { Kind = EntryKind.Reply, Answers = $"Condition/psy-c{n}" });
            var task = await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "geheime taak") with { Protection = InformationCategory.MentalHealth, DueAt = ward.Clock.Utc.AddHours(1), Repeat = RepeatRule.Daily });
            await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Accepted);
            await ward.MoveAsync(Who.Sofie, task.Id, TaskState.InProgress);
            await ward.MoveAsync(Who.Sofie, task.Id, TaskState.Completed);
            await HandOn(Who.Nadia, "geheim", HandoffContent.DefaultTells | InformationCategory.SexualHealth);
            await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        }

        async Task Ask(string moment)
        {
            await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
            await relay.SettleAsync();
            foreach (var who in viewers)
            {
                var actor = who.Actor();
                var all = new List<object?>();
                async Task Add<TRequest, TResult>(PatientUseCase<TRequest, TResult> useCase, TRequest request)
                {
                    try
                    {
                        all.Add(await ward.RunAsync(useCase, who, ward.Maria, request));
                    }
                    catch (ActionRefused refused)
                    {
                        all.Add(refused.Message); // what is refused names its rule: also that is an answer
                    }
                }

                await Add(ward.Get<BeginVisit>(), new BeginVisit.Request());
                ReadTimeline.Page page = null!;
                for (ReadTimeline.Request? request = new(Count: 2); request is not null;)
                {
                    page = await ward.RunAsync(ward.Get<ReadTimeline>(), who, ward.Maria, request);
                    all.Add(page);
                    request = page.HasMore ? new(Before: new(page.Entries[^1].Time, page.Entries[^1].Seq), Count: 2) : null;
                }

                foreach (var filter in new[] { new TimelineFilter { Words = ["wandelen"] }, new TimelineFilter { Words = ["geheim"] }, new TimelineFilter { PinnedOnly = true }, new TimelineFilter { Kinds = [(int)EntryKind.Measurement] }, new TimelineFilter { Lines = [CareLine.Second] }, new TimelineFilter { Author = Who.Karel.Id } })
                    await Add(ward.Get<ReadTimeline>(), new ReadTimeline.Request(Filter: filter));
                await Add(ward.Get<ReadArrivals>(), new ReadArrivals.Request(0));
                foreach (var entry in page.Entries)
                {
                    await Add(ward.Get<ReadThread>(), new ReadThread.Request(entry.Reference));
                    await Add(ward.Get<ReadHistory>(), new ReadHistory.Request(entry.Reference));
                }

                await Add(ward.Get<ReadThread>(), new ReadThread.Request("AllergyIntolerance/ha"));
                await Add(ward.Get<ReadBanner>(), new ReadBanner.Request());
                await Add(ward.Get<ReadTeam>(), new ReadTeam.Request());
                await Add(ward.Get<ReadDrafts>(), new ReadDrafts.Request());
                await Add(ward.Get<ReadMeasuring>(), new ReadMeasuring.Request());
                foreach (var issue in page.Entries.Where(e => e.Kind == EntryKind.Alert))
                    await Add(ward.Get<ReadAlert>(), new ReadAlert.Request(issue.Reference));
                await Add(ward.Get<ReadMeasurements>(), new ReadMeasurements.Request());
                await Add(ward.Get<ReadNews2>(), new ReadNews2.Request());
                await Add(ward.Get<ReadOutcomes>(), new ReadOutcomes.Request());
                await Add(ward.Get<ReadPlan>(), new ReadPlan.Request());
                await Add(ward.Get<ReadPathways>(), new ReadPathways.Request());
                foreach (var template in new[] { null, PathwayWorld.HeartFailure })
                    await Add(ward.Get<ReadStart>(), new ReadStart.Request(template));
                all.Add(Suggestions.All(await ward.RunAsync(ward.Get<ReadPlan>(), who, ward.Maria, new()), await ward.RunAsync(ward.Get<ReadMeasuring>(), who, ward.Maria, new()), ward.Clock.Utc));
                all.Add(await ward.Get<ReadPathwayOverview>().RunAsync(actor, CancellationToken.None));
                all.Add(await ward.Get<ReadFigures>().RunAsync(actor, new(), CancellationToken.None));
                foreach (var form in Questionnaires.All)
                    await Add(ward.Get<ReadQuestionnaire>(), new ReadQuestionnaire.Request(form.Id));
                foreach (var kind in Examination.All)
                    await Add(ward.Get<FindRecentResult>(), new FindRecentResult.Request(kind.Key));
                await Add(ward.Get<ReadWorse>(), new ReadWorse.Request());
                all.Add((await ward.RunAsync(ward.Get<ReadLanes>(), who, ward.Maria, new()))?.Picture);
                await Add(ward.Get<ReadFhirTimeline>(), new ReadFhirTimeline.Request(null, null, 50));
                await Add(ward.Get<ReadFhirTimeline>(), new ReadFhirTimeline.Request(null, null, 2));
                await Add(ward.Get<ReadResource>(), new ReadResource.Request("AllergyIntolerance", "ha"));
                foreach (var (type, id) in new[] { ("Goal", "psy-g1"), ("CarePlan", "psy-cp1"), ("CarePlan", "psy-pad1"), ("CarePlan", Pathway.PartOf(pathway)) })
                    await Add(ward.Get<ReadResource>(), new ReadResource.Request(type, id));
                foreach (var type in new[] { "Communication", "Observation", "AllergyIntolerance", "Task", "Provenance", "Condition", "Appointment", "DocumentReference", "DetectedIssue", "ServiceRequest", "QuestionnaireResponse", "Flag", "Goal", "CarePlan", "GuidanceResponse" })
                    await Add(ward.Get<SearchFile>(), new SearchFile.Request(new SearchQuery { Type = type }));
                // What is taken along: the whole file, a hand-off on paper, the list of members as a file.
                await Add(ward.Get<ReadWholeFile>(), new ReadWholeFile.Request(0));
                foreach (var handoff in (await ward.RunAsync(ward.Get<ReadTasks>(), who, ward.Maria, new ReadTasks.Request(Handoffs: true))).Open)
                    await Add(ward.Get<ReadHandoff>(), new ReadHandoff.Request(handoff.Id));
                all.Add(await ward.Get<ReadPopulation>().RunAsync(actor, new(new PopulationQuery { All = true }), CancellationToken.None));
                all.Add(await ward.Get<ReadPopulation>().ExportAsync(actor, new PopulationQuery { All = true }, CancellationToken.None));
                await Add(ward.Get<ReadCoordination>(), new ReadCoordination.Request());
                // Who may, and who looked.
                await Add(ward.Get<ReadOwnAccess>(), new ReadOwnAccess.Request());
                await Add(ward.Get<ReadRelations>(), new ReadRelations.Request());
                await Add(ward.Get<ReadSharing>(), new ReadSharing.Request());
                await Add(ward.Get<ReadContests>(), new ReadContests.Request());
                await Add(ward.Get<ReadWhoLooked>(), new ReadWhoLooked.Request());
                await Add(ward.Get<ReadAccessLog>(), new ReadAccessLog.Request(Count: 50));
                all.Add(await ward.Get<ReadHandoffs>().RunAsync(actor, CancellationToken.None));
                all.Add((await ward.Get<ReadHandoffs>().CountAsync(actor, CancellationToken.None)).Count);
                all.Add(await ward.Get<ReadMyDay>().RunAsync(actor, CancellationToken.None));
                all.Add(await ward.Get<ReadPatients>().RunAsync(actor, new(), CancellationToken.None));
                all.Add(await ward.Get<ReadPatients>().RunAsync(actor, new(PatientOrder.Change), CancellationToken.None));
                all.Add(await ward.Get<ReadHomeDay>().RunAsync(actor, CancellationToken.None));
                await Add(ward.Get<ReadTasks>(), new ReadTasks.Request());
                await Add(ward.Get<CountTasks>(), new CountTasks.Request());
                await Add(ward.Get<ReadOpenOnLeaving>(), new ReadOpenOnLeaving.Request(who.Id));
                foreach (var list in Enum.GetValues<TaskList>())
                    all.Add(await ward.Get<ReadWorklist>().RunAsync(actor, new(list, new TaskFilter()), CancellationToken.None));
                all.Add(await ward.Get<ReadNotices>().RunAsync(actor, 50, CancellationToken.None));
                all.Add((await ward.Get<ReadNotices>().CountAsync(actor, CancellationToken.None)).Count);
                answers[$"{moment}, {who.Id}"] = Normalised(all);
                answers[$"{moment}, {who.Id}, hub"] = string.Join(',', wire.Ticks(who.Id.Value));
            }
        }

        // A plan with limits that everybody may read; some of what is hidden is past them.
        var plan = NextId();
        Assert.Equal(SetMeasuringPlan.Outcome.Done, (await ward.RunAsync(ward.Get<SetMeasuringPlan>(), Who.Nadia, ward.Maria, new()
        {
            Id = plan, Loinc = "29463-7", Repeat = RepeatRule.Daily,
            Rules =
            [
                new AlertRule { Threshold = new() { Id = "rise", Quantity = "Weight", Kind = ThresholdKind.Change, Side = Side.Above, Limit = 2, Window = new(3), Severity = AlertSeverity.High, Since = default }, Owner = TaskParty.Of(Who.Sofie), ToDo = "Bel de huisarts.", Source = "test" },
                new AlertRule { Threshold = new() { Id = "missing", Quantity = "Weight", Kind = ThresholdKind.Missing, Window = new(2), Since = default }, Owner = TaskParty.Of(Who.Sofie), ToDo = "Bel aan.", Source = "test" },
            ],
        })).Outcome);
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        var life = (await ward.RunAsync(ward.Get<KeepGoal>(), Who.MariaHerself, ward.Maria, new() { Id = NextId(), Kind = GoalKind.Life, Words = "Met de bus naar de markt" })).Goal!;
        var care = (await ward.RunAsync(ward.Get<KeepGoal>(), Who.Karel, ward.Maria, new() { Id = NextId(), Kind = GoalKind.Care, Words = "Pols onder 90", Serves = life.Reference, Target = new() { Loinc = "8867-4", Value = 90, Side = TargetSide.AtMost } })).Goal!;
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Sofie, "pols meten") with { Id = NextId(), Goal = care.Reference, DueAt = ward.Clock.Utc.AddHours(7) });
        Assert.Equal(GoalOutcome.Done, await ward.RunAsync(ward.Get<WriteOwnWords>(), Who.MariaHerself, ward.Maria, new(NextId(), "Thuis blijven.", null)));
        await PathwayWorld.StartTwinAsync(ward, pathway, withHidden && !byLabel);
        await Hidden();
        var first = await Visible(Who.Sofie, "eerste");
        var question = await Visible(Who.An, "Mag mama wandelen?", EntryKind.Question);
        foreach (var viewer in viewers)
            await relay.AddAsync(viewer.Id.Value, viewer.Actor(), ward.Maria, Ward.Rules.ReachIn(viewer.Actor(), ward.Maria), CancellationToken.None);
        await relay.SettleAsync();
        // Each is told before the next: two commits in one breath are one wake-up, and how many breaths there are is the machine's affair.
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.An, "zoutarm koken") with { Id = NextId(), DueAt = ward.Clock.Utc.AddHours(5) });
        await relay.SettleAsync();
        await ward.TaskAsync(Who.MariaHerself, TaskLifeTests.Ask(Who.Sofie, "kousen") with { Id = NextId() });
        await relay.SettleAsync();
        await ward.TaskAsync(Who.Karel, TaskLifeTests.Ask(Who.Pieter, "medicatieschema") with { Id = NextId(), DueAt = ward.Clock.Utc.AddHours(5) });
        await relay.SettleAsync();
        await HandOn(Who.Pieter, "medicatie opvolgen", HandoffContent.DefaultTells, id: NextId());
        await relay.SettleAsync();
        await Ask("at first");
        await Hidden(first.Reference, question.Reference);
        await Ask("after something hidden only");
        await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(NextId(), [.. QuickEntry.Parse("p72 g78,4").Measurements], null));
        await relay.SettleAsync();
        await Hidden();
        await Visible(Who.Karel, "tien minuten", EntryKind.Reply, question.Reference);
        await relay.SettleAsync();
        await Hidden(first.Reference);
        await Ask("after something for everybody");
        await ward.RunAsync(ward.Get<AddMeasurements>(), Who.Sofie, ward.Maria, new AddMeasurements.Request(NextId(), [.. QuickEntry.Parse("g81").Measurements], null)); // past a limit, for everybody
        await relay.SettleAsync();
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        Assert.Contains(await ward.PageAsync(Who.Karel, ward.Maria), e => e.Kind == EntryKind.Alert && e.Audience == Audience.WholeTeam);
        await relay.SettleAsync();
        await Ask("after an alert for everybody");
        ward.Clock.Advance(TimeSpan.FromHours(6));
        await ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        await Hidden(question.Reference);
        await Ask("at the next visit");
        // It is there, for who may read it.
        var read = (await ward.PageAsync(Who.Karel, ward.Maria)).Select(e => $"{e.Kind} {e.Title} {e.Text}").ToList();
        Assert.Equal(withHidden, read.Exists(e => e.Contains(byLabel ? "geheim" : "onder ons", StringComparison.Ordinal)));
        if (withHidden && byLabel)
            Assert.Superset(new HashSet<string> { "Note", "Question", "Reply", "Task", "TaskStep", "TaskDone", "Handoff", "Appointment", "Document", "Problem" }, read.Where(e => e.Contains("gehei", StringComparison.Ordinal) || e.StartsWith("Appointment", StringComparison.Ordinal)).Select(e => e.Split(' ')[0]).ToHashSet());
        foreach (var viewer in viewers)
            await relay.RemoveAllAsync(viewer.Id.Value);
        Assert.Equal(0, relay.ConnectionCount);
        Assert.Equal(0, ward.Live.SubscriberCount);
        return answers;
    }

    private static string Difference(string one, string other)
    {
        var at = one.Zip(other).TakeWhile(c => c.First == c.Second).Count();
        string From(string text) => text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)];
        return $"\n{From(one)}\n{From(other)}";
    }

    private static string Normalised(List<object?> answers)
    {
        // Keys of rows are of several tables: within an answer their order counts, between answers it says nothing.
        var text = string.Join('\n', answers.Select(a => a is null ? "null" : Ordered(JsonSerializer.Serialize(a, a.GetType(), Plainly), StoreNumber())));
        text = EventId().Replace(text, "an event"); // a keyed hash of a row's number
        text = PointKey().Replace(text, m => $"\"Seq\":{m.Groups[1].Value},\"Position\":\""); // a component's @key: never in the page
        text = Ordered(text, CommitNumber());
        var made = new Dictionary<string, int>(StringComparer.Ordinal); // what the portal makes itself has another id each time: which of them it is says the order
        text = MadeId().Replace(text, m => $"made {(made.TryGetValue(m.Value, out var n) ? n : made[m.Value] = made.Count)}");
        var hidden = new Dictionary<string, int>(StringComparer.Ordinal);
        return HiddenCursor().Replace(text, m => $"\"{m.Groups[1].Value}\":~{(hidden.TryGetValue(m.Groups[2].Value, out var n) ? n : hidden[m.Groups[2].Value] = hidden.Count)}");
    }

    private static string Ordered(string text, Regex number)
    {
        var order = number.Matches(text).Select(m => long.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)).Distinct().Order().Index().ToDictionary(n => n.Item, n => n.Index);
        return number.Replace(text, m => $"\"{m.Groups[1].Value}\":#{order[long.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)]}");
    }

    [GeneratedRegex(@"""(Seq|Cursor|AnswersSeq|NewAfter|SeenCursor)"":(\d+)")]
    private static partial Regex CommitNumber();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex MadeId();

    [GeneratedRegex("\\b[0-9a-f]{64}\\b")]
    private static partial Regex EventId();

    [GeneratedRegex(@"""Key"":""(\d+)\.")]
    private static partial Regex PointKey();

    [GeneratedRegex(@"""(Key)"":(\d+)")]
    private static partial Regex StoreNumber();

    [GeneratedRegex(@"""(Next|News)"":""([^""]+)""")]
    private static partial Regex HiddenCursor();

    /// <summary>The hub's side of the wire: who was told what.</summary>
    [Fact]
    public async Task A_program_that_watches_is_told_when_the_file_is_closed_to_it_and_hears_no_more()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var wire = new Wire();
        var relay = new PatientHubRelay(ward.Live, wire, ward.Desk, ward.Database, ward.Cursors, NullLogger<PatientHubRelay>.Instance);
        foreach (var who in new[] { Who.Sofie, Who.Tom })
            await relay.AddAsync(who.Id.Value, who.Actor(), ward.Maria, Ward.Rules.ReachIn(who.Actor(), ward.Maria), CancellationToken.None);
        await ward.RunAsync(ward.Get<Features.Access.DecideSharing>(), Who.MariaHerself, ward.Maria, new(ConsentScope.Person, false, Person: Who.Sofie.Id));
        await relay.SettleAsync();
        Assert.Equal([$"{Who.Sofie.Id} {ward.Maria}"], wire.ClosedTo);
        Assert.Equal(1, relay.ConnectionCount);
        await ward.NoteAsync(Who.Karel, ward.Maria, "nota");
        await relay.SettleAsync();
        Assert.Empty(wire.Ticks(Who.Sofie.Id.Value));
        Assert.NotEmpty(wire.Ticks(Who.Tom.Id.Value));
    }

    /// <summary>Resources as the text that they are, so that what is new in each world can be named by its order.</summary>
    private sealed class BytesAsText : JsonConverter<byte[]>
    {
        public override byte[]? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options)
        {
            if (System.Text.Unicode.Utf8.IsValid(value))
                writer.WriteStringValue(value);
            else
                writer.WriteBase64StringValue(value);
        }
    }

    private sealed class MemoryAsText : JsonConverter<ReadOnlyMemory<byte>>
    {
        public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) => new BytesAsText().Write(writer, value.ToArray(), options);
    }

    private sealed class Wire : IHubContext<PatientHub>, IHubClients, IGroupManager
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, HashSet<string>> _groups = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<string>> _told = new(StringComparer.Ordinal);

        public IHubClients Clients => this;
        public IGroupManager Groups => this;

        /// <summary>The ticks of a connection, each as the how-manieth different cursor it was.</summary>
        public IReadOnlyList<int> Ticks(string connection)
        {
            lock (_gate)
                return _told.TryGetValue(connection, out var told) ? [.. told.Select(t => told.Distinct().ToList().IndexOf(t))] : [];
        }

        public Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
        {
            lock (_gate)
                (_groups.TryGetValue(groupName, out var group) ? group : _groups[groupName] = []).Add(connectionId);
            return Task.CompletedTask;
        }

        public Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
        {
            lock (_gate)
                _groups[groupName].Remove(connectionId);
            return Task.CompletedTask;
        }

        public IClientProxy Group(string groupName) => new Proxy(this, groupName);

        public IClientProxy All => throw new NotSupportedException();
        public IClientProxy AllExcept(IReadOnlyList<string> excludedConnectionIds) => throw new NotSupportedException();
        public IClientProxy Client(string connectionId) => new Single(this, connectionId);
        IClientProxy IHubClients<IClientProxy>.Clients(IReadOnlyList<string> connectionIds) => throw new NotSupportedException();
        public IClientProxy GroupExcept(string groupName, IReadOnlyList<string> excludedConnectionIds) => throw new NotSupportedException();
        IClientProxy IHubClients<IClientProxy>.Groups(IReadOnlyList<string> groupNames) => throw new NotSupportedException();
        public IClientProxy User(string userId) => throw new NotSupportedException();
        public IClientProxy Users(IReadOnlyList<string> userIds) => throw new NotSupportedException();

        /// <summary>Files of which a connection was told that they are closed to it.</summary>
        public List<string> ClosedTo { get; } = [];

        private sealed class Single(Wire wire, string connection) : IClientProxy
        {
            public Task SendCoreAsync(string method, object?[] args, CancellationToken cancellationToken = default)
            {
                if (method == "Closed")
                    wire.ClosedTo.Add($"{connection} {args[0]}");
                return Task.CompletedTask;
            }
        }

        private sealed class Proxy(Wire wire, string group) : IClientProxy
        {
            public Task SendCoreAsync(string method, object?[] args, CancellationToken cancellationToken = default)
            {
                lock (wire._gate)
                {
                    foreach (var connection in wire._groups[group])
                        (wire._told.TryGetValue(connection, out var told) ? told : wire._told[connection] = []).Add((string)args[1]!);
                }

                return Task.CompletedTask;
            }
        }
    }
}
