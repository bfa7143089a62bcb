using System.Text.RegularExpressions;
using Bunit;
using CareTeamPortal.Features.Access;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Figures;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.CareTeams;
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
using CareTeamPortal.Tests.Support;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.UiTests.Access;

/// <summary>
/// Two wards that differ only in what a limited role may not see: whatever page that person opens, what the circuit renders is the same, letter by letter.
/// </summary>
public sealed partial class TwinPagesTests
{
    public static TheoryData<string, bool> Viewers => new()
    {
        { "an.desmedt", false }, { "an.desmedt", true }, { "fatima.elidrissi", false }, { "fatima.elidrissi", true }, { "maria.verhoeven", false }, { "pieter.wouters", true }, { "ilse.baert", true },
    };

    [Theory]
    [MemberData(nameof(Viewers))]
    public async Task Every_page_renders_the_same_with_and_without_what_is_hidden(string viewer, bool byLabel)
    {
        var who = Who.Everyone.Single(p => p.Id.Value == viewer);
        var pages = new List<Dictionary<string, string>>();
        foreach (var hidden in new[] { false, true })
        {
            var world = new World();
            await world.InitializeAsync();
            try
            {
                await world.LiveAsync(hidden, byLabel);
                pages.Add(world.Open(who));
            }
            finally
            {
                await ((IAsyncLifetime)world).DisposeAsync();
            }
        }

        Assert.Equal(pages[0].Keys, pages[1].Keys);
        foreach (var (page, markup) in pages[0])
        {
            Assert.DoesNotContain("geheim", pages[1][page], StringComparison.OrdinalIgnoreCase);
            Assert.True(markup == pages[1][page], $"{page} differs for {viewer}: {Difference(markup, pages[1][page])}");
        }

        Assert.Contains(pages[0].Values, m => m.Contains("eerste nota", StringComparison.Ordinal) || viewer == "ilse.baert");
    }

    private static string Difference(string one, string other)
    {
        var at = one.Zip(other).TakeWhile(c => c.First == c.Second).Count();
        string From(string text) => text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 300)];
        return $"\n{From(one)}\n---\n{From(other)}";
    }

    // What is new in every rendering, and says nothing: numbers of handlers, ids within the page.
    [GeneratedRegex(@"blazor:[a-z:]+=""[^""]*""|blazor:[a-z]+|Reference=""[0-9a-f-]{36}""")]
    private static partial Regex Handler();

    [GeneratedRegex(@"\bu[0-9]+\b|\bui-?[0-9]+\b")]
    private static partial Regex PageId();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex MadeId();

    private sealed class World : WardContext
    {
        private int _ids;

        private protected override A.PatientBuilder[] Patients => [A.Patient().WithTeam(Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Pieter, Who.Fatima, Who.An, Who.MariaHerself, Who.Ilse)];

        private string NextId() => new Guid(++_ids, 0, 0, new byte[8]).ToString();

        private Task WriteAsync(PersonRow by, string text, EntryKind kind = EntryKind.Note) =>
            Ward.WriteAsync(by, Ward.Maria, Ward.NoteOf(text) with { Id = NextId(), Kind = kind, ReplyBy = kind == EntryKind.Question ? Ward.Clock.Utc.AddDays(1) : null });

        private Task AskAsync(PersonRow by, PersonRow owner, string title) => Ward.TaskAsync(by, new CreateTask.Request { Id = NextId(), Title = title, Owner = TaskParty.Of(owner), DueAt = Ward.Clock.Utc.AddHours(5) });

        public async Task LiveAsync(bool hidden, bool byLabel)
        {
            Assert.Equal(SetMeasuringPlan.Outcome.Done, (await Ward.RunAsync(Ward.Get<SetMeasuringPlan>(), Who.Nadia, Ward.Maria, new()
            {
                Id = NextId(), Loinc = "29463-7", Repeat = RepeatRule.Daily,
                Rules = [new AlertRule { Threshold = new() { Id = "rise", Quantity = "Weight", Kind = ThresholdKind.Change, Side = Side.Above, Limit = 2, Window = new(3), Severity = AlertSeverity.High, Since = default }, Owner = TaskParty.Of(Who.Sofie), ToDo = "Bel de huisarts.", Source = "test" }],
            })).Outcome);
            await Ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
            var life = (await Ward.RunAsync(Ward.Get<KeepGoal>(), Who.MariaHerself, Ward.Maria, new() { Id = NextId(), Kind = GoalKind.Life, Words = "Met de bus naar de markt" })).Goal!;
            await Ward.RunAsync(Ward.Get<KeepGoal>(), Who.Karel, Ward.Maria, new() { Id = NextId(), Kind = GoalKind.Care, Words = "Pols onder 90", Serves = life.Reference, Target = new() { Loinc = "8867-4", Value = 90, Side = TargetSide.AtMost } });
            var pathway = NextId();
            await PathwayWorld.StartTwinAsync(Ward, pathway, hidden && !byLabel);
            await WriteAsync(Who.Sofie, "eerste nota");
            await WriteAsync(Who.An, "Mag mama wandelen?", EntryKind.Question);
            await AskAsync(Who.Karel, Who.An, "zoutarm koken");
            await AskAsync(Who.Karel, Who.Pieter, "medicatieschema");
            await Ward.RunAsync(Ward.Get<AddMeasurements>(), Who.Sofie, Ward.Maria, new AddMeasurements.Request(NextId(), [.. QuickEntry.Parse("p72 g78,4").Measurements], null));
            foreach (var by in new[] { Who.Karel, Who.Nadia, Who.Sofie })
                await Ward.RunAsync(Ward.Get<ReadBanner>(), by, Ward.Maria, new ReadBanner.Request());
            await Ward.TakeAsync([], """{"resourceType":"Flag","id":"open","status":"active","subject":{"reference":"Patient/maria-verhoeven"},"category":[{"coding":[{"code":"admin"}]}],"code":{"text":"sleutel bij de buren"},"period":{"start":"2026-11-22"}}""");
            if (hidden && byLabel)
                await LabelledAsync();
            else if (hidden)
                await AmongProfessionalsAsync();
            Assert.Equal(hidden, (await Ward.PageAsync(Who.Karel, Ward.Maria)).Any(e => $"{e.Title} {e.Text}".Contains("geheim", StringComparison.Ordinal)));
            await Ward.Get<AlertClock>().RunAsync(CancellationToken.None);
            Ward.Clock.Advance(TimeSpan.FromHours(2));
            await Ward.RunAsync(Ward.Get<AddMeasurements>(), Who.Sofie, Ward.Maria, new AddMeasurements.Request(NextId(), [.. QuickEntry.Parse("g81").Measurements], null));
            await Ward.Get<AlertClock>().RunAsync(CancellationToken.None);
            await Ward.Get<TaskClock>().RunAsync(CancellationToken.None);
        }

        private async Task AmongProfessionalsAsync()
        {
            var note = await Ward.NoteAsync(Who.Karel, Ward.Maria, "geheim: wandelen", Audience.Professionals);
            await Ward.RunAsync(Ward.Get<PinEntry>(), Who.Karel, Ward.Maria, new PinEntry.Request(note.Reference, true));
            await Ward.AskAsync(Who.Karel, Ward.Maria, "geheim?", Who.Nadia, Audience.Professionals);
            await Ward.TaskAsync(Who.Karel, new CreateTask.Request { Id = Guid.NewGuid().ToString(), Title = "geheim", Owner = TaskParty.Of(Who.Sofie), Audience = Audience.Professionals, DueAt = Ward.Clock.Utc.AddHours(1) });
            await Ward.RunAsync(Ward.Get<AddMeasurements>(), Who.Sofie, Ward.Maria, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("g99 bd 180/90").Measurements], null, Audience.Professionals));
            await HandOnAsync(Audience.Professionals, HandoffContent.DefaultTells);
            var goal = (await Ward.RunAsync(Ward.Get<KeepGoal>(), Who.Karel, Ward.Maria, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Care, Words = "geheim doel", Audience = Audience.Professionals, Target = new() { Loinc = "8867-4", Value = 60, Side = TargetSide.AtLeast } })).Goal!;
            await Ward.TaskAsync(Who.Karel, new CreateTask.Request { Id = Guid.NewGuid().ToString(), Title = "geheim", Owner = TaskParty.Of(Who.Sofie), Audience = Audience.Professionals, Goal = goal.Reference });
            var path = (await Ward.RunAsync(Ward.Get<ReadPathways>(), Who.Karel, Ward.Maria, new())).Pathways.Single();
            Assert.Equal(PathwayOutcome.Done, await Ward.RunAsync(Ward.Get<DeviateStep>(), Who.Karel, Ward.Maria, new(path.Pathway.Id, path.Pathway.Version, "geheim-1", DeviationKind.Skip, DeviationReason.Condition, "geheim")));
        }

        private async Task LabelledAsync()
        {
            string Of(string type, string id, string tie, string members) =>
                $$$"""{"resourceType":"{{{type}}}","id":"{{{id}}}","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}]},"{{{tie}}}":{"reference":"Patient/maria-verhoeven"},{{{members}}}}""";
            await Ward.TakeAsync([],
                Of("Communication", "g1", "subject", $"\"status\":\"completed\",\"sent\":\"{Ward.Clock.Utc:O}\",\"sender\":{{\"reference\":\"Practitioner/nadia.benali\"}},\"payload\":[{{\"contentString\":\"geheim\"}}]"),
                Of("Observation", "g2", "subject", $"\"status\":\"final\",\"code\":{{\"text\":\"geheim\"}},\"effectiveDateTime\":\"{Ward.Clock.Utc:O}\",\"valueQuantity\":{{\"value\":9,\"unit\":\"/min\"}}"),
                Of("Task", "g3", "for", $"\"status\":\"requested\",\"intent\":\"order\",\"description\":\"geheim\",\"authoredOn\":\"{Ward.Clock.Utc:O}\",\"owner\":{{\"reference\":\"Practitioner/pieter.wouters\"}},\"restriction\":{{\"period\":{{\"end\":\"{Ward.Clock.Utc.AddHours(1):O}\"}}}}"),
                Of("Goal", "g5", "subject", "\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"geheim doel\"}"),
                Of("CarePlan", "g6", "subject", "\"status\":\"active\",\"intent\":\"plan\",\"title\":\"geheim plan\""),
                Of("Task", "g7", "for", "\"status\":\"requested\",\"intent\":\"order\",\"description\":\"geheim\",\"owner\":{\"reference\":\"Practitioner/sofie.maes\"},\"focus\":{\"reference\":\"Questionnaire/ervaring\"}"),
                Of("Encounter", "g4", "subject", "\"status\":\"finished\",\"class\":{\"code\":\"IMP\"},\"period\":{\"start\":\"2026-11-20T08:00:00Z\",\"end\":\"2026-11-21T08:00:00Z\"}"));
            await Ward.WriteAsync(Who.Karel, Ward.Maria, Ward.NoteOf("geheim") with { Kind = EntryKind.Reply, Answers = "Communication/g1", Mentions = [Who.Pieter.Id, Who.An.Id] });
            await HandOnAsync(Audience.WholeTeam, HandoffContent.DefaultTells | InformationCategory.MentalHealth);
        }

        private async Task HandOnAsync(Audience audience, InformationCategory tells) => Assert.IsType<Features.Tasks.TaskDone>(await Ward.RunAsync(Ward.Get<OfferHandoff>(), Who.Karel, Ward.Maria,
            new OfferHandoff.Request { Id = Guid.NewGuid().ToString(), Title = "geheim", Receiver = TaskParty.Of(Who.Nadia), Audience = audience, Content = new HandoffContent { Scope = "geheim", Summary = "geheim", Tells = tells } }));

        public Dictionary<string, string> Open(PersonRow who)
        {
            As(who);
            var id = Ward.Maria.Value;
            var pages = new Dictionary<string, string>();
            void Page<T>(Action<ComponentParameterCollectionBuilder<T>>? with = null, params string[] settled) where T : IComponent
            {
                // What a page reads after its own reading stands there before it is compared.
                var page = Render(with ?? (_ => { }));
                page.WaitForState(() => page.FindAll("[aria-busy=true], .skel, .skeleton").Count == 0 && settled.All(s => page.FindAll(s).Count > 0), Soon);
                var met = new List<string>(); // what the portal makes itself has another id each time: which of them it is says the order
                pages[typeof(T).Name + (pages.ContainsKey(typeof(T).Name) ? pages.Count : "")] = MadeId().Replace(PageId().Replace(Handler().Replace(page.Markup, ""), "an id"), id =>
                {
                    if (!met.Contains(id.Value))
                        met.Add(id.Value);
                    return $"made {met.IndexOf(id.Value)}";
                });
            }

            Page<MyDayPage>(null, who.Discipline switch { Discipline.InformalCaregiver => [".loadf select", ".tklist"], Discipline.Patient => [".gl-c", "#h-openglance"], Discipline.HomeCareAide => [".mzv"], _ => ["main"] });
            Page<PatientsPage>();
            if (who != Who.Ilse)
                Page<TimelinePage>(p => p.Add(x => x.Id, id), ".feed li", "#side .tasks");
            Page<TasksPage>(p => p.Add(x => x.Id, id), ".pb h1"); // the head of a file is read by itself
            Page<MeasurementsPage>(p => p.Add(x => x.Id, id), who == Who.Ilse ? [] : [".pb h1"]);
            Page<LanesPage>(p => p.Add(x => x.Id, id), who == Who.Ilse ? [] : [".pb h1"]);
            if (who != Who.Ilse)
            {
                Page<PlanPage>(p => p.Add(x => x.Id, id), ".pb h1");
                Page<PatientPathwaysPage>(p => p.Add(x => x.Id, id), ".pb h1");
                Page<OutcomesPage>(p => p.Add(x => x.Id, id), ".pb h1");
                foreach (var form in new[] { "pijn-nrs", "ervaring" })
                    Page<QuestionnairePage>(p => p.Add(x => x.Id, id).Add(x => x.Questionnaire, form));
            }

            Page<PathwaysPage>();
            if (who.Discipline.Kind() == RoleKind.Professional || who == Who.Ilse)
                Page<FiguresPage>();
            Page<TeamPage>(p => p.Add(x => x.Id, id), ".members");
            Page<AccessPage>(p => p.Add(x => x.Id, id));
            Page<CoordinationPage>(p => p.Add(x => x.Id, id));
            Page<WholeFilePage>(p => p.Add(x => x.Id, id));
            Page<WorklistPage>();
            Page<HandoffsPage>();
            Page<PopulationPage>();
            return pages;
        }
    }
}
