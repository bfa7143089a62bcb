using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.BrowserTests.Drills;

/// <summary>The database is locked, full, or being copied while people write.</summary>
[Collection(DrillCollection.Name)]
[Trait(Drill.Trait, Drill.Value)]
public sealed class DatabaseDrills
{
    // A writer is told after ten seconds; the lock is asked for in turns of at most a second and a half, and this machine may be busy.
    private const double LongestAnswer = 14;

    [Theory]
    [InlineData(8)]
    [InlineData(60)]
    public async Task While_another_process_holds_the_write_lock_nobody_waits_for_ever_and_nothing_is_lost(int lockedSeconds)
    {
        var held = lockedSeconds == 60 ? Drill.Size(20, 60) : lockedSeconds;
        await using var portal = await PortalProcess.StartAsync();
        var notes = new NoteWriters(portal);
        await notes.BeginAsync();
        await notes.StartAsync(20);
        await notes.UntilAsync(60, TimeSpan.FromSeconds(60));

        await using (var foreign = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = portal.Database, Pooling = false }.ToString()))
        {
            await foreign.OpenAsync();
            await using var transaction = foreign.BeginTransaction(deferred: false);
            var locked = Stopwatch.StartNew();
            var reader = await portal.TokenAsync("sofie.maes");
            await Wait.UntilAsync(async () =>
            {
                using var read = await portal.FhirAsync(reader, HttpMethod.Get, $"Patient/{NoteWriters.Maria}/$timeline?_count=5");
                Assert.Equal(HttpStatusCode.OK, read.StatusCode); // reading goes on
                return locked.Elapsed.TotalSeconds >= held;
            }, TimeSpan.FromSeconds(held + 30), "the lock is held");
            if (held > 10)
                Assert.Contains("another process holds the database's write lock", (await portal.HealthAsync()).Says, StringComparison.Ordinal);
            await transaction.RollbackAsync();
        }

        var before = notes.Acknowledged.Count;
        var recovered = await notes.UntilAsync(before + 20, TimeSpan.FromSeconds(15)); // without a restart
        await notes.FinishAsync();
        Assert.Equal((200, "ready"), await portal.HealthAsync());
        await notes.ExpectEachOnceAsync();
        var audit = await NoteWriters.ExpectAuditAsync(portal);
        var longest = notes.Seconds.Concat(notes.Refused.Select(r => r.Seconds)).Max();
        Assert.True(longest < LongestAnswer, $"somebody waited {longest:0.0} s");
        Assert.All(notes.Refused, r => Assert.Equal(HttpStatusCode.ServiceUnavailable, r.Status));
        Assert.True(held > 10 ? !notes.Refused.Any() is false : !notes.Refused.Any(), $"{notes.Refused.Count} were refused");
        Drill.Say($"foreign write lock for {held} s: {notes.Acknowledged.Count} notes acknowledged, none lost; {notes.Refused.Count} writers told that nothing was stored (503); longest answer {longest:0.0} s; writing again {recovered.TotalSeconds:0.0} s after the lock; {audit}");
    }

    [SkippableFact]
    public async Task When_the_disk_is_full_people_are_told_and_read_on_and_writing_goes_on_once_there_is_room()
    {
        using var disk = SmallDisk.Mount(megabytes: 160);
        await using var portal = PortalProcess.Prepare();
        portal.DatabaseFolder = disk.Folder;
        await portal.RunAsync();
        var notes = new NoteWriters(portal);
        await notes.BeginAsync();
        await notes.StartAsync(10);
        await notes.UntilAsync(50, TimeSpan.FromSeconds(60));
        var ballast = Path.Combine(disk.Folder, "ballast");
        disk.Fill(ballast, leave: 64 * 1024);

        await Wait.UntilAsync(() => Task.FromResult(notes.Refused.Count >= 20), TimeSpan.FromSeconds(60), "writers are told that the disk is full");
        var reader = await portal.TokenAsync("sofie.maes");
        using (var read = await portal.FhirAsync(reader, HttpMethod.Get, $"Patient/{NoteWriters.Maria}/$timeline?_count=5"))
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        var (status, says) = await portal.HealthAsync();
        Assert.Equal(200, status);
        Assert.StartsWith("degraded: ", says, StringComparison.Ordinal);
        Assert.Contains("disk", says, StringComparison.Ordinal);

        File.Delete(ballast);
        var before = notes.Acknowledged.Count;
        var recovered = await notes.UntilAsync(before + 20, TimeSpan.FromSeconds(20)); // the same process
        await notes.FinishAsync();
        Assert.All(notes.Refused, r => Assert.Equal(HttpStatusCode.ServiceUnavailable, r.Status));
        await notes.ExpectEachOnceAsync();
        var audit = await NoteWriters.ExpectAuditAsync(portal);
        Drill.Say($"disk full: {notes.Acknowledged.Count} notes acknowledged, none lost; {notes.Refused.Count} writers told (503); the check said '{says}'; writing again {recovered.TotalSeconds:0.0} s after there was room, without restart; {audit}");
    }

    [Fact]
    public async Task A_backup_taken_while_twenty_write_restores_elsewhere_with_everything_acknowledged_before_it()
    {
        await using var portal = await PortalProcess.StartAsync();
        var notes = new NoteWriters(portal);
        await notes.BeginAsync();
        await notes.StartAsync(20);
        await notes.UntilAsync(100, TimeSpan.FromSeconds(60));
        var file = Path.Combine(portal.Folder, "copy.db");
        var slowestBefore = notes.Seconds.Max();
        var promised = notes.Acknowledged.ToHashSet(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        var (code, output) = await portal.VerbAsync("backup", file);
        var took = watch.Elapsed;
        Assert.True(code == 0, output);
        await notes.UntilAsync(notes.Acknowledged.Count + 50, TimeSpan.FromSeconds(60));
        await notes.FinishAsync();
        await notes.ExpectEachOnceAsync();

        await using var elsewhere = PortalProcess.Prepare();
        (code, output) = await elsewhere.VerbAsync("restore", file);
        Assert.True(code == 0, output);
        await elsewhere.RunAsync();
        var found = promised.Count(key => Rows(elsewhere.Database).Contains(key));
        Assert.Equal(promised.Count, found);
        var token = await elsewhere.TokenAsync("sofie.maes");
        using (var write = await elsewhere.FhirAsync(token, HttpMethod.Get, $"Patient/{NoteWriters.Maria}/$timeline?_count=5"))
            Assert.Equal(HttpStatusCode.OK, write.StatusCode);
        var audit = await NoteWriters.ExpectAuditAsync(elsewhere);
        Drill.Say($"backup under 20 writers: {new FileInfo(file).Length / 1e6:0.0} MB in {took.TotalSeconds:0.0} s (start of the program counted in), slowest write {slowestBefore:0.00} s before and {notes.Seconds.Max():0.00} s over all; restored elsewhere with all {promised.Count} notes acknowledged before it; {audit}");
    }

    /// <summary>Identifiers of the notes in a database that nobody else knows of.</summary>
    private static HashSet<string> Rows(string database)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """SELECT "Value" FROM "ResourceIdentifiers" """;
        using var reader = command.ExecuteReader();
        var rows = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
