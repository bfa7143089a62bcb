using System.Diagnostics;
using System.Net;
using CareTeamPortal.Benchmarks.Clients;
using CareTeamPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>The program is killed, in the middle of everything that it does.</summary>
[Collection(DrillCollection.Name)]
[Trait(Drill.Trait, Drill.Value)]
public sealed class CrashDrills
{
    // A job is tried again for 20 seconds, and the last try may have to wait for a connection first.
    private const double LongestAnswer = 29;

    [Fact]
    public async Task Killed_again_and_again_while_fifty_write_every_acknowledged_note_is_there_exactly_once()
    {
        const int writers = 50;
        var rounds = Drill.Size(3, 10);
        await using var portal = await PortalProcess.StartAsync();
        var notes = new NoteWriters(portal);
        await notes.BeginAsync();
        var slowest = TimeSpan.Zero;
        for (var round = 1; round <= rounds; round++)
        {
            await notes.StartAsync(writers);
            await notes.UntilAsync(notes.Acknowledged.Count + Drill.Size(300, 500), TimeSpan.FromSeconds(120));
            await portal.KillAsync();
            await notes.StopAsync();
            var ready = await portal.RunAsync();
            slowest = ready > slowest ? ready : slowest;
        }

        await notes.ExpectEachOnceAsync();
        var audit = await NoteWriters.ExpectAuditAsync(portal);
        Assert.True(slowest < TimeSpan.FromSeconds(15), $"ready after {slowest.TotalSeconds:0.0} s");
        Drill.Say($"kill -9 under {writers} writers: {rounds} rounds, {notes.Acknowledged.Count} notes acknowledged, none lost, none twice; ready again within {slowest.TotalSeconds:0.0} s; {audit}");
    }

    [SkippableFact]
    public async Task The_database_server_killed_again_and_again_while_twenty_write_nothing_acknowledged_is_lost_and_the_portal_goes_on()
    {
        const int writers = 20;
        var (rounds, longestAway) = (Drill.Size(2, 10), Drill.Size(6, 25));
        Need.PostgreSql();
        using var server = new PostgreSqlServer(isSafe: true);
        var (connection, audit) = (server.ConnectionString("portal"), Directory.CreateTempSubdirectory("careteam-audit-"));
        await using var portal = await PortalProcess.StartAsync("--Database:Provider", "PostgreSql", "--ConnectionStrings:CareTeam", connection, "--Audit:Folder", audit.FullName);
        var notes = new NoteWriters(portal, open: () => new NpgsqlConnection(connection + ";Pooling=false"));
        await notes.BeginAsync();
        var process = portal.Id;
        var (recovered, shown, saidNotReady) = (0.0, 0.0, 0);
        for (var round = 1; round <= rounds; round++)
        {
            // A page that was open before and sees nothing of it but what is written afterwards.
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            CircuitClient.Awaited = $"8{round:00}";
            using var page = await CircuitClient.OpenAsync(portal.Http, "/patients/" + NoteWriters.Maria, await portal.TokenAsync("karel.janssens"), () => seen.TrySetResult(), closed: because => seen.TrySetException(new IOException($"the page ended: {because}")));
            await notes.StartAsync(writers);
            await notes.UntilAsync(notes.Acknowledged.Count + Drill.Size(100, 300), TimeSpan.FromSeconds(120));
            server.Kill();
            // Each time it stays away a little longer: at once, as long as a restart takes, past all patience of a writer.
            var away = TimeSpan.FromSeconds(round == rounds ? longestAway : (round - 1) * 1.5);
            var watch = Stopwatch.StartNew();
            await Wait.UntilAsync(async () =>
            {
                page.Ping();
                saidNotReady += watch.Elapsed > TimeSpan.FromSeconds(3) && (await portal.HealthAsync()).Status == 503 ? 1 : 0;
                return watch.Elapsed >= away;
            }, away + TimeSpan.FromSeconds(30), "the server is away");
            server.Start();
            var before = notes.Acknowledged.Count;
            recovered = Math.Max(recovered, (await notes.UntilAsync(before + 20, TimeSpan.FromSeconds(30))).TotalSeconds);
            await notes.FinishAsync();
            page.Ping();
            watch.Restart();
            var last = $"{CircuitClient.Mark}{CircuitClient.Awaited}x-n{round:0000}";
            Assert.True(await notes.WriteAsync(last));
            Assert.Contains(last, notes.Acknowledged);
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(15));
            shown = Math.Max(shown, watch.Elapsed.TotalSeconds);
        }

        Assert.Equal(process, portal.Id); // the same process all the time
        await Wait.UntilAsync(async () => await portal.HealthAsync() is (200, "ready"), TimeSpan.FromSeconds(15), "the check says ready");
        await notes.ExpectEachOnceAsync();
        var verified = await NoteWriters.ExpectAuditAsync(portal);
        var longest = notes.Seconds.Concat(notes.Refused.Select(r => r.Seconds)).Max();
        Assert.All(notes.Refused, r => Assert.Equal(HttpStatusCode.ServiceUnavailable, r.Status));
        Assert.True(saidNotReady > 0, "the check said nothing of a server that was away");
        Assert.True(longest < LongestAnswer, $"somebody waited {longest:0.0} s");
        Drill.Say($"kill -9 of the database server and its processes under {writers} writers of the whole portal: {rounds} rounds, away for up to {longestAway} s, {notes.Acknowledged.Count} notes acknowledged, none lost, none twice; {notes.Refused.Count} writers told to try again (503); longest answer {longest:0.0} s; writing again {recovered:0.0} s after the server answered, an open page showed the next note within {shown:0.0} s, without a restart; {verified}");
        audit.Delete(recursive: true);
    }

    [Fact]
    public async Task Killed_between_commit_and_publish_the_pages_of_another_node_catch_up()
    {
        var rounds = Drill.Size(3, 10);
        await using var other = await PortalProcess.StartAsync();
        await using var portal = await PortalProcess.StartAsync("--ConnectionStrings:CareTeam", "Data Source=" + other.Database);
        portal.DatabaseFolder = other.Folder;
        var notes = new NoteWriters(portal);
        await notes.BeginAsync();
        var waits = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            // What the killed node committed last it may have told nobody: the page on the other node finds it by looking.
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            CircuitClient.Awaited = $"9{round:00}";
            using var page = await CircuitClient.OpenAsync(other.Http, "/patients/" + NoteWriters.Maria, await other.TokenAsync("karel.janssens"), () => seen.TrySetResult());
            await notes.StartAsync(10);
            await notes.UntilAsync(notes.Acknowledged.Count + 40, TimeSpan.FromSeconds(60));
            var last = notes.WriteAsync($"{CircuitClient.Mark}{CircuitClient.Awaited}x-n{round:0000}");
            var stored = await last;
            await portal.KillAsync();
            var watch = Stopwatch.StartNew();
            await notes.StopAsync();
            Assert.True(stored);
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(10));
            waits.Add(watch.Elapsed.TotalSeconds);
            await portal.RunAsync();
        }

        await notes.ExpectEachOnceAsync();
        var audit = await NoteWriters.ExpectAuditAsync(portal);
        Drill.Say($"crash between commit and publish: {rounds} rounds, {notes.Acknowledged.Count} notes; the last note of a killed node stood on the other node's open page at most {waits.Max():0.0} s after the kill; {audit}");
    }

    [Fact]
    public async Task A_migration_that_is_killed_at_many_points_is_finished_by_the_next_start()
    {
        var points = Drill.Size(8, 40);
        await using var whole = PortalProcess.Prepare("--Demo:Load", "false");
        var (code, output) = await whole.VerbAsync("migrate");
        Assert.True(code == 0, output);
        var schema = Schema(whole.Database);
        Assert.NotEmpty(schema);

        // How far its log of writes grows, measured here and now: a kill falls each time that it has grown by one more part.
        var whenDone = 0L;
        await using (var measured = PortalProcess.Prepare("--Demo:Load", "false"))
        {
            using var verb = measured.StartVerb("migrate");
            while (!verb.HasExited)
                whenDone = Math.Max(whenDone, Written(measured.Database));
        }

        var (halfWay, slowest, kinds) = (0, TimeSpan.Zero, new HashSet<int>());
        for (var point = 0; point < points; point++)
        {
            await using var portal = PortalProcess.Prepare("--Demo:Load", "false");
            using (var verb = portal.StartVerb("migrate"))
            {
                var enough = 1 + (whenDone * point / points);
                while (!verb.HasExited && Written(portal.Database) < enough)
                    Thread.Yield();
                verb.Kill();
                await verb.WaitForExitAsync();
            }

            var steps = Steps(portal.Database);
            kinds.Add(steps);
            halfWay += steps < Steps(whole.Database) ? 1 : 0;
            var again = Stopwatch.StartNew();
            (code, output) = await portal.VerbAsync("migrate").WaitAsync(TimeSpan.FromSeconds(60));
            slowest = again.Elapsed > slowest ? again.Elapsed : slowest;
            Assert.True(code == 0, output);
            Assert.Equal(schema, Schema(portal.Database));
        }

        Assert.True(halfWay > 0, "no kill came before the end of the migration");
        Drill.Say($"crash of a migration: {points} kills spread over the {whenDone / 1e6:0.0} MB that it writes, {halfWay} of them before its last step ({kinds.Count} different places); the next migrate finished each within {slowest.TotalSeconds:0.0} s with the same schema");
    }

    [Fact]
    public async Task Three_that_start_on_one_empty_database_all_serve_and_nothing_is_there_twice()
    {
        await using var first = PortalProcess.Prepare();
        await using var second = PortalProcess.Prepare("--ConnectionStrings:CareTeam", "Data Source=" + first.Database);
        await using var third = PortalProcess.Prepare("--ConnectionStrings:CareTeam", "Data Source=" + first.Database);
        var times = await Task.WhenAll(first.RunAsync(), second.RunAsync(), third.RunAsync());
        await using var alone = await PortalProcess.StartAsync();
        Assert.Equal(Schema(alone.Database), Schema(first.Database));
        // People, patients, entries and tasks of the demo once, and what the portal's own clock does with them in its first beat: the same on both sides, and it stays so.
        var same = 0;
        await Wait.UntilAsync(() => Task.FromResult((same = Counts(alone.Database).SequenceEqual(Counts(first.Database)) ? same + 1 : 0) >= 50), TimeSpan.FromSeconds(60), "three nodes have what one alone has");
        foreach (var node in new[] { first, second, third })
        {
            var notes = new NoteWriters(node);
            node.DatabaseFolder = first.Folder;
            await notes.BeginAsync();
            Assert.True(await notes.WriteAsync($"start-{node.Id}-n0000"));
            await notes.ExpectEachOnceAsync();
        }

        Drill.Say($"three processes starting on one empty SQLite database: all ready after {times.Max().TotalSeconds:0.0} s, same schema and same demo as one alone");
    }

    /// <summary>Bytes that a database and its log hold.</summary>
    private static long Written(string database) => new[] { database, database + "-wal" }.Sum(f => new FileInfo(f) is { Exists: true } file ? file.Length : 0);

    private static List<string> Schema(string database) => Rows(database, """SELECT "type" || ' ' || "name" || ' ' || COALESCE("sql", '') FROM sqlite_master WHERE "name" NOT LIKE 'sqlite_%' AND "name" <> '__EFMigrationsLock' ORDER BY 1""");

    private static int Steps(string database)
    {
        try
        {
            return Rows(database, """SELECT "MigrationId" FROM "__EFMigrationsHistory" """).Count;
        }
        catch (SqliteException)
        {
            return 0; // it had not come so far
        }
    }

    private static List<string> Counts(string database) => [.. new[] { "People", "Patients", "TimelineEntries", "Resources", "Tasks" }.SelectMany(t => Rows(database, $"""SELECT '{t} ' || COUNT(*) FROM "{t}" """))];

    private static List<string> Rows(string database, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
