using System.Reflection;
using CareTeamPortal.Features.Alerts;
using CareTeamPortal.Features.Goals;
using CareTeamPortal.Features.Measurements;
using CareTeamPortal.Features.Outcomes;
using CareTeamPortal.Features.Pathways;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using CareTeamPortal.Tests.Tasks;

namespace CareTeamPortal.Tests.Trust;

/// <summary>
/// Every use case of pathways, goals, outcomes, alerts and examinations, with the ids of another file and of what is hidden in the own one: it answers as it answers an id that does not exist,
/// and writes nothing there. Use cases are found by reflection; one with a request that this test cannot make fails it.
/// </summary>
public sealed class ForeignIdsTests
{
    private static readonly string[] Features = ["Pathways", "Goals", "Outcomes", "Alerts", "Examinations"];

    private static IEnumerable<(Type UseCase, Type Request)> UseCases() => typeof(CareDesk).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, BaseType: { IsGenericType: true } b } && b.GetGenericTypeDefinition() == typeof(PatientUseCase<,>) && Features.Contains(t.Namespace!.Split('.')[^1]))
        .Select(t => (t, t.BaseType!.GetGenericArguments()[0]));

    [Fact]
    public async Task An_id_of_another_file_or_of_what_is_hidden_is_answered_like_one_that_does_not_exist()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("jef").WithTeam(Who.Els, Who.Bram));
        await ward.Get<SeedTemplates>().RunAsync(CancellationToken.None);
        var jef = new PatientId("jef");
        // What the other file has, and what is hidden in the own one from a pharmacist (labelled) and from the daughter (for professionals).
        var foreign = await FillAsync(ward, jef, Who.Els, Who.Bram);
        var mine = await FillAsync(ward, ward.Maria, Who.Karel, Who.Sofie);
        await ward.Database.WriteAsync((session, _) =>
        {
            foreach (var table in new[] { "Resources", "TimelineEntries", "Tasks", "Pathways", "PathwaySteps", "PathwayPhases", "PathwayDeviations", "Alerts", "Outcomes", "Measurements" })
                session.Sql($"UPDATE \"{table}\" SET \"Category\" = 256, \"Audience\" = 1 WHERE \"PatientId\" = @p0").With(ward.Maria.Value).Run();
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        var before = await StateAsync(ward);
        var asked = 0;
        foreach (var (useCase, request) in UseCases())
        {
            foreach (var who in new[] { Who.Pieter, Who.An, Who.MariaHerself })
            {
                foreach (var ids in new[] { foreign, mine })
                {
                    foreach (var (name, type) in Places(request))
                    {
                        foreach (var id in ids)
                        {
                            var (bare, whole) = (id[(id.IndexOf('/') + 1)..], id);
                            foreach (var (given, none) in new[] { (bare, Nonexistent), (whole, whole[..(whole.IndexOf('/') + 1)] + Nonexistent) })
                            {
                                Task<string> Ask(string value) => AskAsync(ward, useCase, who, Make(request, name, type == typeof(string) ? value : new List<string> { value }));
                                asked++;
                                Assert.True(await Ask(none) == await Ask(given), $"{useCase.Name}.{name} = {given}, by {who.Id}: {await Ask(given)}; of what does not exist: {await Ask(none)}");
                            }
                        }
                    }
                }
            }
        }

        Assert.True(asked > 500, $"{asked} asked");
        Assert.Equal(before, await StateAsync(ward));
    }

    /// <summary>How often anything of either file was written, but for what the callers may make of their own: drafts, words and their records.</summary>
    private static async Task<string> StateAsync(Ward ward) => string.Join('\n', (await ward.RowsAsync("""
        SELECT "PatientId", "Type", "Id", "Version" FROM "Resources" WHERE "Type" IN ('CarePlan', 'Goal', 'Task', 'ServiceRequest', 'DetectedIssue', 'QuestionnaireResponse') AND ("Category" = 256 OR "PatientId" = 'jef') ORDER BY "Key"
        """)).Select(r => string.Join(' ', r)));

    private static async Task<string> AskAsync(Ward ward, Type useCase, PersonRow who, object request)
    {
        var made = ward.Get(useCase);
        var run = useCase.BaseType!.GetMethod("RunAsync")!;
        try
        {
            var task = (Task)run.Invoke(made, [who.Actor(), ward.Maria, request, CancellationToken.None, AccessSource.Page])!;
            await task;
            var result = task.GetType().GetProperty("Result")!.GetValue(task);
            return System.Text.RegularExpressions.Regex.Replace(result is System.Collections.IEnumerable list and not string ? string.Join(';', list.Cast<object?>()) : $"{result}", "[0-9a-f-]{36}|Byte\\[\\]|UtcTicks = \\d+|\\d\\d?:\\d\\d:\\d\\d", "~");
        }
        catch (Exception fault) when (fault is PatientNotFound or ActionRefused or ArgumentException)
        {
            return $"{fault.GetType().Name}: {System.Text.RegularExpressions.Regex.Replace(fault.Message, "[0-9a-f-]{36}", "~")}";
        }
    }

    /// <summary>Where a request takes an id.</summary>
    private static IEnumerable<(string Name, Type Type)> Places(Type request) => request.GetProperties().Where(p => p.Name is "Id" or "Reference" or "Step" or "Goal" or "Serves" or "Template" or "Questionnaire" or "Seen" or "To" or "Key" or "Kind" or "Again" or "StopSteps" or "Phase" && (p.PropertyType == typeof(string) || p.PropertyType == typeof(IReadOnlyList<string>)))
        .Where(p => p.PropertyType == typeof(string) || p.PropertyType == typeof(IReadOnlyList<string>)).Select(p => (p.Name, p.PropertyType));

    private const string Nonexistent = "0190a0a0-0000-7000-8000-00000000dead";

    /// <summary>A request that could be one, with one value put in.</summary>
    private static object Make(Type request, string name, object value)
    {
        object? Of(string member, Type type) => string.Equals(member, name, StringComparison.OrdinalIgnoreCase) ? value
            : member.ToUpperInvariant() switch
            {
                "SEENVERSION" or "VERSION" => 1,
                "ID" => "0190a0a0-0000-7000-8000-00000000beef",
                _ => Sample(type),
            };
        var constructor = request.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Where(c => c.GetParameters() is not [var one] || one.ParameterType != request).OrderByDescending(c => c.GetParameters().Length).First();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.Name!, p.ParameterType))]);
        foreach (var property in request.GetProperties().Where(p => p.CanWrite && constructor.GetParameters().All(c => !string.Equals(c.Name, p.Name, StringComparison.OrdinalIgnoreCase))))
        {
            if (Of(property.Name, property.PropertyType) is { } given && (property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null || string.Equals(property.Name, name, StringComparison.Ordinal) || property.Name == "SeenVersion"))
                property.SetValue(made, given);
        }

        return made;
    }

    private static object? Sample(Type type) => type switch
    {
        _ when type == typeof(string) => "omdat",
        _ when type == typeof(DateOnly) || type == typeof(DateOnly?) => new DateOnly(2026, 11, 27),
        _ when type == typeof(DateTime) || type == typeof(DateTime?) => null,
        _ when type == typeof(TaskParty) => TaskParty.Of(Who.Sofie),
        _ when type == typeof(IReadOnlyList<string>) => new List<string>(),
        _ when type == typeof(IReadOnlyList<int?>) => new List<int?> { 3 },
        _ when type == typeof(IReadOnlyDictionary<string, TaskParty>) => new Dictionary<string, TaskParty>(),
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };

    /// <summary>One of everything in a file; what it is called.</summary>
    private static async Task<List<string>> FillAsync(Ward ward, PatientId file, PersonRow gp, PersonRow nurse)
    {
        var ids = new List<string>();
        var form = await PathwayWorld.FormAsync(ward, gp, patient: file);
        form = form with { Roles = form.Roles.ToDictionary(r => r.Key, r => r.Value.Person is { } p && p == Who.Karel.Id ? TaskParty.Of(gp) : r.Value) };
        var started = Assert.IsType<StartPathway.Started>(await ward.RunAsync(ward.Get<StartPathway>(), gp, file, form));
        var goal = (await ward.RunAsync(ward.Get<KeepGoal>(), gp, file, new() { Id = Guid.NewGuid().ToString(), Kind = GoalKind.Life, Words = "doel" })).Goal!;
        var plan = Guid.NewGuid().ToString();
        await ward.RunAsync(ward.Get<SetMeasuringPlan>(), gp, file, new()
        {
            Id = plan, Loinc = "29463-7", Repeat = RepeatRule.Daily,
            Rules = [new AlertRule { Threshold = new() { Id = "koorts", Quantity = "Weight", Kind = ThresholdKind.Value, Side = Side.Above, Limit = 70, Severity = AlertSeverity.High, Since = default }, Owner = TaskParty.Of(nurse), ToDo = "x", Source = "test" }],
        });
        await ward.RunAsync(ward.Get<AddMeasurements>(), nurse, file, new AddMeasurements.Request(Guid.NewGuid().ToString(), [.. QuickEntry.Parse("g81").Measurements], null));
        await ward.Get<AlertClock>().RunAsync(CancellationToken.None);
        var answers = Guid.NewGuid().ToString();
        await ward.RunAsync(ward.Get<FillInQuestionnaire>(), nurse, file, new() { Id = answers, Questionnaire = "pijn-nrs", Answers = [3] });
        ids.AddRange([$"CarePlan/{started.Id}", goal.Reference, $"ServiceRequest/{plan}", $"QuestionnaireResponse/{answers}"]);
        ids.AddRange((await ward.RowsAsync("SELECT 'DetectedIssue/' || \"Id\" FROM \"Alerts\" WHERE \"PatientId\" = @p0 LIMIT 1", file.Value)).Select(r => (string)r[0]!));
        ids.AddRange((await ward.RowsAsync("SELECT 'Task/' || \"Id\" FROM \"Tasks\" WHERE \"PatientId\" = @p0 LIMIT 2", file.Value)).Select(r => (string)r[0]!));
        Assert.Equal(7, ids.Count);
        return ids;
    }
}
