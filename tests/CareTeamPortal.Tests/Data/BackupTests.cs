using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;
using Microsoft.Data.Sqlite;

namespace CareTeamPortal.Tests.Data;

[Trait("Database", "Sqlite")]
public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("careteam-backup-").FullName;

    private string In(string name) => Path.Combine(_folder, name);

    [Fact]
    public async Task A_backup_brings_back_what_stood_there()
    {
        await using var ward = await Ward.OpenAsync();
        await PutAsync(ward.Database, "before");
        await ward.Database.BackupAsync(In("backup.db"), CancellationToken.None);
        await using var other = new SqliteCareDatabase("Data Source=" + In("other.db"));
        await other.RestoreAsync(In("backup.db"), CancellationToken.None);
        Assert.Equal(["before"], Names(In("other.db")));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("text")]
    [InlineData("foreign")]
    public async Task What_is_no_backup_of_the_portal_takes_the_place_of_nothing(string what)
    {
        if (what == "text")
            await File.WriteAllTextAsync(In(what), new string('x', 5_000));
        if (what == "foreign")
            Run(In(what), "CREATE TABLE Customers (Id INTEGER)");
        await using var ward = await Ward.OpenAsync();
        await PutAsync(ward.Database, "kept");
        await ward.Database.BackupAsync(In("mine.db"), CancellationToken.None);
        await using var mine = new SqliteCareDatabase("Data Source=" + In("mine.db"));

        var fault = await Record.ExceptionAsync(() => mine.RestoreAsync(In(what), CancellationToken.None));

        Assert.True(fault is FileNotFoundException or InvalidDataException, fault?.ToString());
        Assert.Contains("nothing was changed", fault!.Message, StringComparison.Ordinal);
        Assert.Equal(["kept"], Names(In("mine.db")));
    }

    private static Task PutAsync(CareDatabase database, string name) =>
        database.WriteAsync((s, _) => ValueTask.FromResult(s.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES (@p0, 'backup-test')").With(name).Run()), CancellationToken.None);

    private static List<string> Names(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"Name\" FROM \"Settings\" WHERE \"Value\" = 'backup-test'";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }

    private static void Run(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
