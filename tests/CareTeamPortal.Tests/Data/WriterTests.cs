using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Data;

[Trait("Database", "Sqlite")]
public sealed class WriterTests
{
    private static ValueTask<int> Put(WriteSession session, string name) =>
        ValueTask.FromResult(session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES (@p0, 'x')").With(name).Run());

    [Fact]
    public async Task A_job_that_throws_leaves_nothing_and_its_neighbours_in_the_same_commit_stand()
    {
        await using var ward = await Ward.OpenAsync();
        var gate = new TaskCompletionSource();
        // The first job holds the writer, so that the others wait and are committed together.
        var first = Task.Run(() => ward.Database.WriteAsync(async (s, _) =>
        {
            await gate.Task;
            return await Put(s, "first");
        }, CancellationToken.None));
        var jobs = Enumerable.Range(0, 60).Select(i => ward.Database.WriteAsync(async (s, _) =>
        {
            await Put(s, $"job{i:00}");
            if (i % 3 == 0)
                throw new InvalidDataException($"job {i}");
            if (i % 3 == 1)
                await Put(s, "job02"); // taken already, or about to be: the statement itself fails
            return i;
        }, CancellationToken.None)).ToList();
        gate.SetResult();
        await first;
        var outcomes = await Task.WhenAll(jobs.Select(async j =>
        {
            try
            {
                await j;
                return "written";
            }
            catch (Exception fault)
            {
                return fault.GetType().Name;
            }
        }));

        for (var i = 0; i < outcomes.Length; i++)
            Assert.Equal(i % 3 == 0 ? "InvalidDataException" : i % 3 == 1 && i > 1 ? "SqliteException" : i == 2 ? "SqliteException" : "written", outcomes[i]);
        var names = (await ward.RowsAsync("SELECT \"Name\" FROM \"Settings\" WHERE \"Name\" LIKE 'job%' ORDER BY 1")).Select(r => (string)r[0]!).ToList();
        var expected = Enumerable.Range(0, 60).Where(i => outcomes[i] == "written").SelectMany(i => i == 1 ? new[] { "job01", "job02" } : [$"job{i:00}"]).Order(StringComparer.Ordinal);
        Assert.Equal(expected, names);
    }

    [Fact]
    public async Task When_the_first_of_a_commit_throws_nothing_of_it_stays_and_the_others_stand()
    {
        await using var ward = await Ward.OpenAsync();
        var gate = new TaskCompletionSource();
        var first = Task.Run(() => ward.Database.WriteAsync<int>(async (s, _) =>
        {
            await gate.Task;
            await Put(s, "first");
            throw new InvalidDataException("first");
        }, CancellationToken.None));
        var jobs = new[] { "a", "b", "a", "c" }.Select(name => ward.Database.WriteAsync((s, _) => Put(s, name), CancellationToken.None)).ToList();
        gate.SetResult();
        await Assert.ThrowsAsync<InvalidDataException>(() => first);
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(jobs));
        Assert.Equal([true, true, false, true], jobs.Select(j => j.IsCompletedSuccessfully));
        Assert.Equal(["a", "b", "c"], (await ward.RowsAsync("SELECT \"Name\" FROM \"Settings\" WHERE \"Value\" = 'x' ORDER BY 1")).Select(r => (string)r[0]!));
    }

    [Fact]
    public async Task A_job_that_was_called_off_before_its_turn_does_not_run()
    {
        await using var ward = await Ward.OpenAsync();
        var gate = new TaskCompletionSource();
        var first = Task.Run(() => ward.Database.WriteAsync(async (s, _) =>
        {
            await gate.Task;
            return await Put(s, "first");
        }, CancellationToken.None));
        using var off = new CancellationTokenSource();
        var late = ward.Database.WriteAsync((s, _) => Put(s, "late"), off.Token);
        await off.CancelAsync();
        gate.SetResult();
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        Assert.Equal(0, await ward.NumberAsync("SELECT COUNT(*) FROM \"Settings\" WHERE \"Name\" = 'late'"));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_when_another_process_looks()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await using var other = await ward.AnotherNodeAsync();
        var notes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            var note = await ward.NoteAsync(Who.Sofie, ward.Maria, $"note {i}");
            Assert.Equal(1, await other.NumberAsync("SELECT COUNT(*) FROM \"Resources\" WHERE \"Id\" = @p0", note.ResourceId));
            return note;
        })));
        // Writers of two processes: the numbers are dense and nobody's note is lost or doubled.
        var more = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => (i % 2 == 0 ? ward : other).NoteAsync(Who.Sofie, ward.Maria, $"more {i}"))));
        Assert.Equal(Enumerable.Range(1, 110).Select(i => (long)i), notes.Concat(more).Select(n => n.Cursor).Order());
        Assert.Equal(110, await ward.NumberAsync("SELECT \"Cursor\" FROM \"Patients\" WHERE \"Id\" = @p0", Who.Maria));
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await using var ward = await Ward.OpenAsync();
        using var session = await ward.Database.RentAsync(CancellationToken.None);
        Assert.ThrowsAny<System.Data.Common.DbException>(() => session.Sql("DELETE FROM \"Settings\"").Run());
    }

    [Fact]
    public async Task A_file_that_is_moved_away_takes_no_acknowledged_write_and_serves_again_when_it_is_back()
    {
        var folder = Directory.CreateTempSubdirectory("careteam-moved-").FullName;
        var file = Path.Combine(folder, "care.db");
        await using (var database = new SqliteCareDatabase("Data Source=" + file))
        {
            await database.MigrateAsync(CancellationToken.None);
            Task<int> KeepAsync(string name) => database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES (@p0, 'x')").With(name).Run()), CancellationToken.None);
            await KeepAsync("before");
            using (await database.RentAsync(CancellationToken.None))
            {
            }

            var parts = Directory.GetFiles(folder, "care.db*");
            foreach (var part in parts)
                File.Move(part, part + ".away");
            await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => KeepAsync("meanwhile"));
            await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => KeepAsync("and again"));
            Assert.False(File.Exists(file)); // no empty one was made in its place
            foreach (var part in parts)
                File.Move(part + ".away", part);
            await KeepAsync("after");
            using var session = await database.RentAsync(CancellationToken.None);
            Assert.Equal(2, session.Sql("SELECT COUNT(*) FROM \"Settings\" WHERE \"Name\" IN ('before', 'after', 'meanwhile', 'and again')").With().Number());
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Jobs_that_change_megabytes_share_a_commit_and_the_one_that_throws_leaves_nothing()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.Database.WriteAsync((s, _) =>
        {
            for (var i = 0; i < 1_000; i++)
                s.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES (@p0, @p1)").With($"large{i:000}", new string('a', 4_000)).Run();
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        Task<int> Change(string letter, Task? gate = null, bool fails = false) => Task.Run(() => ward.Database.WriteAsync(async (s, _) =>
        {
            if (gate is not null)
                await gate;
            var changed = s.Sql("UPDATE \"Settings\" SET \"Value\" = @p0 WHERE \"Name\" LIKE 'large%'").With(new string(letter[0], 4_000)).Run();
            return fails ? throw new InvalidDataException(letter) : changed;
        }, CancellationToken.None));
        var gate = new TaskCompletionSource();
        var first = Change("b", gate.Task);
        var small = Enumerable.Range(0, 5).Select(i => ward.Database.WriteAsync((s, _) => Put(s, $"small{i}"), CancellationToken.None)).ToList();
        var (second, third) = (Change("c"), Change("d", fails: true));
        gate.SetResult();
        Assert.Equal(1_000, await first);
        Assert.Equal(1_000, await second);
        await Assert.ThrowsAsync<InvalidDataException>(() => third);
        await Task.WhenAll(small);
        Assert.Contains((await ward.RowsAsync("SELECT DISTINCT substr(Value, 1, 1) FROM Settings WHERE Name LIKE 'large%'")).Single()[0], (string[])["b", "c"]);
    }
}
