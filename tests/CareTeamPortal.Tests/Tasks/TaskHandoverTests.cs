using CareTeamPortal.Features.Handoffs;
using CareTeamPortal.Features.Tasks;
using CareTeamPortal.Features.Timeline;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Audit;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Xunit.Abstractions;

namespace CareTeamPortal.Tests.Tasks;

/// <summary>What travels with a hand-off is changed in its bytes and rows; it has to leave behind what the way over the whole task leaves.</summary>
public sealed class TaskHandoverTests(ITestOutputHelper output)
{
    private static readonly PersonRow[] Team = [Who.Karel, Who.Nadia, Who.Tom, Who.Sofie, Who.Bram, Who.Pieter, Who.An];

    private static readonly string[] Tables = ["Resources", "ResourceVersions", "ResourceIdentifiers", "TimelineEntries", "Tasks", "AccessRecords", "AuditChains", "Patients"];

    [Fact]
    public async Task Random_tasks_that_change_owner_are_the_same_as_by_the_way_over_the_whole_task()
    {
        var dice = new Dice(output);
        await using var ward = await Ward.WithAsync(A.Patient().WithTeam(Team));
        var made = new List<string>();
        for (var i = 0; i < 150; i++)
        {
            if (dice.OneIn(8))
            {
                made.Add($"t{i}");
                await ward.TakeAsync(Team, Foreign(dice, i));
            }
            else
                made.Add(await LiveAsync(ward, dice, i));
            ward.Clock.Advance(TimeSpan.FromSeconds(dice.Next(4_000) + 0.123456));
        }

        var (patched, open) = (0, 0);
        TaskParty?[] others = [null, TaskParty.Of(Who.Bram), TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige"), TaskParty.OfOrganisation("Wit-Gele Kruis \"Noord\""), TaskParty.Of(Who.Nadia) with { Display = "Nadia, zoals de afzender haar noemt" }];
        foreach (var me in new[] { Who.Sofie, Who.Karel })
        {
            var gifts = made.ConvertAll(id => (Id: id, To: dice.OneIn(2) ? null : dice.Of(others)));
            var whole = await TryAsync(ward, me, keep: false, writer =>
            {
                var (tasks, now, by) = (ward.Get<TaskFiling>(), writer.Room.Now, TaskParty.Of(me.Actor()));
                foreach (var (id, to) in gifts)
                {
                    if (tasks.FindAny(writer.Session, ward.Maria, id) is { Task: { IsOpen: true } task } stored)
                        Assert.NotNull(tasks.Change(writer, stored, task with { Owner = by, Delegate = to, AcceptBy = to is null ? null : now + Reminders.AcceptWithin(task.Priority), AcceptedAt = now, State = task.State.IsAsked() || task.State == TaskState.Draft ? TaskState.Ready : task.State }, by, null));
                }
            });
            var quick = await TryAsync(ward, me, keep: true, writer =>
            {
                var handover = new TaskHandover(writer, ward.Get<TaskFiling>(), ward.People);
                foreach (var (id, to) in gifts)
                {
                    if (TaskSql.FindStored(writer.Session, ward.Maria, id) is { Row.Open: true } stored)
                    {
                        handover.Take(stored, to);
                        open++;
                    }
                }

                patched += handover.Patched;
                handover.Finish();
            });
            for (var i = 0; i < Math.Max(whole.Count, quick.Count); i++)
                Assert.Equal(i < whole.Count ? whole[i] : "nothing", i < quick.Count ? quick[i] : "nothing");
            ward.Clock.Advance(TimeSpan.FromHours(3));
        }

        output.WriteLine($"{patched} of {open} open ones by their bytes");
        Assert.True(patched > open / 2);
        var folder = Directory.CreateTempSubdirectory("careteam-audit-").FullName;
        var verified = await new VerifyAudit(ward.Desk, new AuditCheckpoints(ward.Desk, new AuditFiles(folder), ward.Clock)).RunAsync(CancellationToken.None);
        Directory.Delete(folder, recursive: true);
        Assert.Null(verified.Fault);
    }

    /// <summary>Does something in one transaction and reads all that stands there then; what is not kept is undone.</summary>
    private static async Task<List<string>> TryAsync(Ward ward, PersonRow who, bool keep, Action<RoomWriter> write)
    {
        var room = await ward.Desk.OpenAsync(who.Actor(), ward.Maria, CareAction.HandOff, AccessSource.Page, CancellationToken.None);
        var rows = new List<string>();
        try
        {
            await room.CommitAsync((writer, _) =>
            {
                rows.Clear(); // the database may run it again
                write(writer);
                foreach (var table in Tables)
                    rows.AddRange(Rows(writer.Session, table));
                return keep ? ValueTask.FromResult(true) : throw new OperationCanceledException();
            }, CancellationToken.None);
        }
        catch (OperationCanceledException) when (!keep)
        {
        }

        return rows;
    }

    /// <summary>The access records of those that take the long way come before the others: the same are there, in another order, so their places and hashes are left out.</summary>
    private static IEnumerable<string> Rows(DbSession session, string table)
    {
        var rows = new List<string>();
        using var reader = session.Sql(SqlNames.Quoted(table switch
        {
            "AccessRecords" => "SELECT PatientId, PersonId, At, Purpose, Source, Action, Allowed, What FROM AccessRecords",
            "AuditChains" => "SELECT PatientId, Length, At FROM AuditChains",
            _ => $"SELECT * FROM {table}",
        })).With().Read();
        while (reader.Read())
            rows.Add($"{table}: " + string.Join(" | ", Enumerable.Range(table is "Resources" or "ResourceIdentifiers" ? 1 : 0, reader.FieldCount - (table is "Resources" or "ResourceIdentifiers" ? 1 : 0)).Select(i => reader.GetValue(i) is byte[] bytes ? bytes.Length == 32 ? Convert.ToHexString(bytes) : System.Text.Encoding.UTF8.GetString(bytes) : reader.GetValue(i).ToString())));
        return rows.Order(StringComparer.Ordinal);
    }

    /// <summary>A task with a past: some steps, whichever are allowed.</summary>
    private static async Task<string> LiveAsync(Ward ward, Dice dice, int i)
    {
        var request = new CreateTask.Request
        {
            Id = Guid.NewGuid().ToString(), Title = dice.Of(["Bloedname nierfunctie", "Wondzorg <linkervoet> & \"hiel\"", "Bel dochter, é è ç 🩺", "a\\b"]) + " " + i, Detail = dice.Of([null, "Uitslag dezelfde dag doorgeven.", "Regel een\nregel twee\n\nregel vier"]),
            Owner = dice.Of([null, TaskParty.Of(dice.Of(Team)), TaskParty.OfRole(Discipline.HomeNurse, "thuisverpleegkundige"), TaskParty.OfOrganisation("Wit-Gele Kruis \"Noord\"")]), DueAt = dice.OneIn(3) ? null : ward.Clock.Utc.AddHours(1 + dice.Next(2_000)),
            Priority = dice.Of(Enum.GetValues<TaskPriority>()), Checklist = dice.OneIn(3) ? ["Nuchter", "Etiket é"] : [], IsDraft = dice.OneIn(8), Goal = dice.OneIn(4) ? "Goal/g1" : null, Focus = dice.OneIn(4) ? "Communication/c1" : null,
            Audience = dice.Of([Audience.WholeTeam, Audience.Professionals, Audience.ProfessionalsAndPatient]),
        };
        if (request.DueAt is not null && dice.OneIn(3))
            request = request with { Repeat = RepeatRule.Weekly(DayOfWeek.Monday, DayOfWeek.Thursday) };
        await ward.RunAsync(ward.Get<CreateTask>(), dice.Of(Team), ward.Maria, request);
        for (var step = dice.Next(4); step > 0; step--)
        {
            if (dice.OneIn(2))
                await ward.RunAsync(ward.Get<AssignTask>(), dice.Of(Team), ward.Maria, new(request.Id, TaskParty.Of(dice.Of(Team))));
            else
                await ward.RunAsync(ward.Get<MoveTask>(), dice.Of(Team), ward.Maria, new(request.Id, dice.Of([TaskState.Requested, TaskState.Received, TaskState.Accepted, TaskState.Ready, TaskState.InProgress, TaskState.OnHold, TaskState.Completed]), "omdat het zo is"));
        }

        return request.Id;
    }

    /// <summary>A task of another program, as odd as they come.</summary>
    private static string Foreign(Dice dice, int i) => $$"""
        { "resourceType": "Task", "id": "t{{i}}", "status": "{{dice.Of(["requested", "in-progress", "draft"])}}", "intent": "order", "for": { "reference": "Patient/{{Who.Maria}}" },
          {{dice.Of(["", "\"lastModified\": 1, ", "\"lastModified\": \"2026-11-22\", "])}}{{dice.Of(["", "\"authoredOn\": \"2026-11-20\", "])}}
          "extension": [ { "url": "https://other.example/x", "valueString": "{ \"url\": [" }, { "url": "https://careteamportal.example/fhir/StructureDefinition/accept-by", "valueDateTime": "2026-12-01T10:00:00+01:00" } ],
          "requester": { "identifier": { "value": "x" }, "display": "Labo \u00e9" }, "description": "Stuur het staal\nvandaag nog", "executionPeriod": { "start": "2026-11-21" } }
        """;

    [Fact]
    public async Task A_hand_off_that_ends_is_the_same_as_by_the_way_over_the_whole_task()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Tom, "Wondzorg <linkervoet> & \"hiel\" é 🩺"));
        var handoff = await Handoffs.HandoffLifeTests.OfferAsync(ward, Who.Tom, Handoffs.HandoffLifeTests.Offer(TaskParty.Of(Who.Sofie), task));
        ward.Clock.Advance(TimeSpan.FromSeconds(61.123456));
        ward.Clock.Step = TimeSpan.FromMilliseconds(1); // what it stores says the moment at which it is stored, however long that takes
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AcceptHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id, "Elke dag wegen, \"a\\b\".")));
        ward.Clock.Step = TimeSpan.Zero;
        ward.Clock.Advance(TimeSpan.FromHours(30));
        var tasks = ward.Get<TaskFiling>();
        var by = TaskParty.Of(Who.Sofie.Actor());
        var whole = await TryAsync(ward, Who.Sofie, keep: false, writer =>
        {
            var stored = tasks.FindAny(writer.Session, ward.Maria, handoff.Id)!;
            Assert.NotNull(tasks.Change(writer, stored, stored.Task with { State = TaskState.Completed, Business = HandoffStatus.Ended, ClosedAt = writer.Room.Now }, by, null));
        });
        var quick = await TryAsync(ward, Who.Sofie, keep: true, writer => Assert.True(tasks.End(writer, handoff.Id, by)));
        Assert.Equal(whole, quick);
    }

    [Fact]
    public async Task Accepting_a_hand_off_moves_a_task_and_says_so_in_one_version_one_line_and_one_record()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        var task = await ward.TaskAsync(Who.Tom, TaskLifeTests.Ask(Who.Tom, "Bloedname"));
        var handoff = await Handoffs.HandoffLifeTests.OfferAsync(ward, Who.Tom, Handoffs.HandoffLifeTests.Offer(TaskParty.Of(Who.Sofie), task));
        Assert.IsType<TaskDone>(await ward.RunAsync(ward.Get<AcceptHandoff>(), Who.Sofie, ward.Maria, new(handoff.Id, "Elke dag wegen.")));
        var row = Assert.Single(await ward.RowsAsync("SELECT t.Version, t.OwnerId, t.AccountableId, e.Version, e.ReplyOwner, e.ChangedBy, r.Version FROM Tasks t JOIN TimelineEntries e ON e.ResourceId = t.Id JOIN Resources r ON r.Id = t.Id WHERE t.Id = @p0", task.Id));
        Assert.Equal([2L, "sofie.maes", "sofie.maes", 2L, "sofie.maes", "sofie.maes", 2L], row);
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM AccessRecords WHERE What = @p0", $"Task/{task.Id}/_history/2"));
        Assert.Equal(1, await ward.NumberAsync("SELECT COUNT(*) FROM ResourceVersions WHERE Id = @p0", task.Id));
    }
}
