using System.Collections.Concurrent;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Npgsql;

namespace CareTeamPortal.Tests.Data;

/// <summary>What is particular to the database on a PostgreSQL server: how it is made, and what a write is worth when the server or the connection fails.</summary>
public sealed class PostgreSqlTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static PostgreSqlCareDatabase New(PostgreSqlServer server) => new(server.ConnectionString(PostgreSqlServer.NewName()));

    private static Task<bool> PutAsync(CareDatabase database, string name) => database.WriteAsync((session, _) =>
        ValueTask.FromResult(session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES (@p0, 'x')").With(name).Run() == 1), None);

    private static async Task<HashSet<string>> NamesAsync(CareDatabase database)
    {
        using var session = await database.RentAsync(None);
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var reader = session.Sql("SELECT \"Name\" FROM \"Settings\" WHERE \"Name\" NOT LIKE 'commit:%'").With().Read();
        while (reader.Read())
            Assert.True(names.Add(reader.GetString(0)));
        return names;
    }

    [SkippableFact]
    public async Task Three_nodes_that_start_at_once_make_one_database_where_there_was_none()
    {
        var server = Need.PostgreSql();
        var name = PostgreSqlServer.NewName();
        var nodes = Enumerable.Range(0, 3).Select(_ => new PostgreSqlCareDatabase(server.ConnectionString(name))).ToList();
        await Task.WhenAll(nodes.Select(n => n.MigrateAsync(None)));
        await nodes[0].MigrateAsync(None); // and again changes nothing
        Assert.True(await PutAsync(nodes[1], "one"));
        Assert.Equal(["one"], await NamesAsync(nodes[2]));
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_database_of_a_later_version_is_refused_and_left_alone()
    {
        await using var database = New(Need.PostgreSql());
        await database.MigrateAsync(None);
        await database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES ('20991231000000_Later', '10.0.14')").With().Run()), None);
        Assert.Contains("20991231000000_Later", (await Assert.ThrowsAsync<InvalidOperationException>(() => database.MigrateAsync(None))).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_reader_cannot_write()
    {
        await using var database = New(Need.PostgreSql());
        await database.MigrateAsync(None);
        using var session = await database.RentAsync(None);
        Assert.Throws<PostgresException>(() => session.Sql("DELETE FROM \"Settings\"").With().Run());
    }

    [SkippableFact]
    public async Task A_commit_without_an_answer_is_looked_up_and_done_once()
    {
        await using var database = New(Need.PostgreSql());
        await database.MigrateAsync(None);
        var runs = 0;
        // The commit took place, its answer did not come.
        database.AfterCommit = number => throw new NpgsqlException("gone", new IOException("the answer of try " + number + " was lost"));
        Assert.True(await database.WriteAsync((session, _) =>
        {
            runs++;
            return ValueTask.FromResult(session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES ('once', 'x')").With().Run() == 1);
        }, None));
        Assert.Equal(1, runs);
        database.AfterCommit = null;
        Assert.Equal(["once"], await NamesAsync(database));
    }

    [SkippableFact]
    public async Task What_fails_before_the_commit_is_undone_and_done_again()
    {
        await using var database = New(Need.PostgreSql());
        await database.MigrateAsync(None);
        database.BeforeCommit = number =>
        {
            if (number == 1)
                throw new NpgsqlException("gone", new IOException("the connection broke"));
            if (number == 2)
                throw new PostgresException("could not serialize access", "ERROR", "ERROR", PostgresErrorCodes.SerializationFailure);
        };
        Assert.True(await PutAsync(database, "third time"));
        database.BeforeCommit = null;
        Assert.Equal(["third time"], await NamesAsync(database));
    }

    [SkippableFact]
    public async Task What_the_job_itself_refuses_is_not_tried_again_and_leaves_nothing()
    {
        await using var database = New(Need.PostgreSql());
        await database.MigrateAsync(None);
        var runs = 0;
        await Assert.ThrowsAsync<InvalidDataException>(() => database.WriteAsync<bool>((session, _) =>
        {
            runs++;
            session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES ('never', 'x')").With().Run();
            throw new InvalidDataException();
        }, None));
        Assert.Equal(1, runs);
        Assert.Empty(await NamesAsync(database));
    }

    [SkippableFact]
    public async Task Two_that_wait_for_each_other_both_get_through()
    {
        await using var database = New(Need.PostgreSql());
        await database.MigrateAsync(None);
        var (a, b) = (new PatientId("a"), new PatientId("b"));
        using var both = new Barrier(2);
        Task<int> Take(PatientId first, PatientId second)
        {
            var runs = 0;
            return database.WriteAsync((session, _) =>
            {
                session.Lock(first);
                if (++runs == 1)
                    both.SignalAndWait(TimeSpan.FromSeconds(10));
                session.Lock(second);
                return ValueTask.FromResult(runs);
            }, None);
        }

        var runs = await Task.WhenAll(Take(a, b), Take(b, a));
        Assert.Equal([1, 2], runs.Order());
    }

    [SkippableFact]
    public async Task Writers_of_one_file_on_two_nodes_take_turns()
    {
        var server = Need.PostgreSql();
        var text = server.ConnectionString(PostgreSqlServer.NewName());
        await using var one = new PostgreSqlCareDatabase(text);
        await using var two = new PostgreSqlCareDatabase(text);
        await one.MigrateAsync(None);
        var patient = new PatientId("maria");
        await one.WriteAsync((session, _) => ValueTask.FromResult(CareStore.UpsertPatient(session, new PatientRow { Id = patient, DisplayName = "M", SortName = "m", HasResource = true, LastChangeAt = DateTime.UnixEpoch })), None);
        var cursors = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : two).WriteAsync((session, _) => ValueTask.FromResult(CareStore.RaiseCursor(session, patient, DateTime.UnixEpoch)), None)));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), cursors.Order());
    }

    [SkippableFact]
    public async Task What_was_acknowledged_before_the_server_was_killed_is_there_once_and_writers_go_on_when_it_is_back()
    {
        Need.PostgreSql();
        using var server = new PostgreSqlServer(isSafe: true);
        await using var database = new PostgreSqlCareDatabase(server.ConnectionString("careteam"));
        await database.MigrateAsync(None);
        var acknowledged = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 20).Select(w => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var name = $"{w}-{i}";
                try
                {
                    await PutAsync(database, name);
                    acknowledged.Add(name);
                }
                catch (System.Data.Common.DbException)
                {
                    // Told that it is not known, or that it was not done.
                }
            }
        }, None)).ToList();
        async Task MoreAsync(int by)
        {
            for (var goal = acknowledged.Count + by; acknowledged.Count < goal;)
                await Task.Delay(20);
        }

        await MoreAsync(100);
        server.Kill();
        server.Start();
        await MoreAsync(100);
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        var kept = await NamesAsync(database); // each once: the name is the key
        Assert.Empty(acknowledged.Except(kept));
    }

    [SkippableFact]
    public async Task Text_that_a_server_refuses_is_kept_alike_everywhere()
    {
        // A half of a sign of two halves, which no attribute can carry.
        var (texts, kept) = (new[] { "a\0b", "a" + (char)0xD800 + "b", "\ud83d\ude00", "" }, new[] { "a\ufffdb", "a\ufffdb", "\ud83d\ude00", "" });
        await using var server = New(Need.PostgreSql());
        var folder = Directory.CreateTempSubdirectory("careteam-text-");
        await using (var file = new SqliteCareDatabase("Data Source=" + Path.Combine(folder.FullName, "x.db")))
        {
            foreach (var database in new CareDatabase[] { server, file })
            {
                await database.MigrateAsync(None);
                for (var i = 0; i < texts.Length; i++)
                {
                    var (name, text) = ("text" + i, texts[i]);
                    await database.WriteAsync((session, _) => ValueTask.FromResult(session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES (@p0, @p1)").With(name, text).Run()), None);
                    using var session = await database.RentAsync(None);
                    Assert.Equal(kept[i], SettingSql.Read(session, name));
                }
            }
        }

        folder.Delete(recursive: true);
    }
}
