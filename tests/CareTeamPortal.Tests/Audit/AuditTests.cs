using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Audit;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Audit;

public sealed class AuditTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("careteam-audit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "checkpoints.ndjson");

    private AuditCheckpoints Checkpoints(Ward ward) => new(ward.Desk, new AuditFiles(_folder), ward.Clock);

    private Task<VerifyAudit.Result> VerifyAsync(Ward ward) => new VerifyAudit(ward.Desk, Checkpoints(ward)).RunAsync(CancellationToken.None);

    private static Task DamageAsync(Ward ward, string sql) => ward.Database.WriteAsync((session, _) =>
        ValueTask.FromResult(sql.Split(';').Sum(statement => session.Sql(SqlNames.Quoted(statement)).With().Run())), CancellationToken.None);

    /// <summary>Two files with eight openings each, an hour apart.</summary>
    private static async Task<Ward> OpenedAsync()
    {
        var ward = await Ward.WithAsync(A.Patient().WithWholeTeam(), A.Patient("georges").WithTeam(Who.Karel, Who.Sofie));
        for (var i = 0; i < 8; i++)
        {
            ward.Clock.Advance(TimeSpan.FromHours(1));
            foreach (var patient in new[] { ward.Maria, new PatientId("georges") })
                await ward.PageAsync(i % 2 == 0 ? Who.Karel : Who.Sofie, patient);
        }

        return ward;
    }

    [Fact]
    public async Task Records_that_nobody_touched_are_as_they_were_written()
    {
        await using var ward = await OpenedAsync();
        var result = await VerifyAsync(ward);
        Assert.Null(result.Fault);
        Assert.Equal((await ward.NumberAsync("SELECT COUNT(*) FROM AccessRecords"), 2, 0), (result.Records, result.Chains, result.Older));
    }

    [Theory]
    [InlineData("UPDATE AccessRecords SET PersonId = 'nadia.benali' WHERE PatientId = 'maria-verhoeven' AND Position = 4", 4, "was changed")]
    [InlineData("UPDATE AccessRecords SET At = At + 1 WHERE PatientId = 'maria-verhoeven' AND Position = 1", 1, "was changed")]
    [InlineData("UPDATE AccessRecords SET Allowed = 0 WHERE PatientId = 'maria-verhoeven' AND Position = 6", 6, "was changed")]
    [InlineData("DELETE FROM AccessRecords WHERE PatientId = 'maria-verhoeven' AND Position = 3", 3, "is missing")]
    [InlineData("UPDATE AccessRecords SET Position = CASE Position WHEN 3 THEN 1004 ELSE 1003 END WHERE PatientId = 'maria-verhoeven' AND Position IN (3, 4); UPDATE AccessRecords SET Position = Position - 1000 WHERE Position > 1000", 3, "changed places with the next")]
    [InlineData("DELETE FROM AccessRecords WHERE PatientId = 'maria-verhoeven' AND Position >= 7", 7, "is cut off here")]
    [InlineData("INSERT INTO AccessRecords (PatientId, PersonId, At, Purpose, Source, Action, Allowed, Format) VALUES ('maria-verhoeven', 'nadia.benali', 1, 0, 0, 0, 1, 0)", 0, "it was put in")]
    [InlineData("DELETE FROM AccessRecords WHERE PatientId = 'maria-verhoeven'", 1, "is missing with all")]
    public async Task The_first_bad_record_is_named(string damage, long position, string words)
    {
        await using var ward = await OpenedAsync();
        await DamageAsync(ward, damage);
        var fault = (await VerifyAsync(ward)).Fault!;
        Assert.Equal(("maria-verhoeven", position), (fault.Chain, fault.Position));
        Assert.Contains(words, fault.Words, StringComparison.Ordinal);
    }

    private const string CutAndMend = """
        DELETE FROM AccessRecords WHERE PatientId = 'maria-verhoeven' AND Position >= 7;
        UPDATE AuditChains SET Length = 6, Hash = (SELECT r.Hash FROM AccessRecords r WHERE r.PatientId = 'maria-verhoeven' AND r.Position = 6) WHERE PatientId = 'maria-verhoeven'
        """;

    [Fact]
    public async Task A_tail_that_was_cut_off_carefully_shows_against_the_checkpoint()
    {
        await using var ward = await OpenedAsync();
        Assert.True(await Checkpoints(ward).WriteAsync(CancellationToken.None));
        Assert.False(await Checkpoints(ward).WriteAsync(CancellationToken.None)); // nothing new
        await DamageAsync(ward, CutAndMend);
        var fault = (await VerifyAsync(ward)).Fault!;
        Assert.Equal(("maria-verhoeven", 7), (fault.Chain, fault.Position));
        Assert.Contains("a checkpoint saw", fault.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_was_written_anew_or_taken_away_shows_against_the_checkpoint()
    {
        await using var ward = await OpenedAsync();
        await Checkpoints(ward).WriteAsync(CancellationToken.None);
        await DamageAsync(ward, "DELETE FROM AccessRecords WHERE PatientId = 'georges'; DELETE FROM AuditChains WHERE PatientId = 'georges'");
        Assert.Contains("is missing with all", (await VerifyAsync(ward)).Fault!.Words, StringComparison.Ordinal);

        for (var i = 0; i < 20; i++)
        {
            ward.Clock.Advance(TimeSpan.FromHours(1));
            await ward.PageAsync(Who.Sofie, new PatientId("georges")); // another story, longer than the one that is gone
        }

        Assert.Contains("written anew", (await VerifyAsync(ward)).Fault!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoints_go_on_over_restarts_and_show_when_somebody_touched_them()
    {
        await using var ward = await OpenedAsync();
        for (var i = 0; i < 4; i++)
        {
            await Checkpoints(ward).WriteAsync(CancellationToken.None);
            ward.Clock.Advance(TimeSpan.FromHours(1));
            await ward.PageAsync(Who.Karel, ward.Maria);
        }

        Assert.Equal((4, (AuditFault?)null), ((await VerifyAsync(ward)).Checkpoints, (await VerifyAsync(ward)).Fault));
        Assert.DoesNotContain("maria", await System.IO.File.ReadAllTextAsync(File), StringComparison.Ordinal);

        var lines = await System.IO.File.ReadAllLinesAsync(File);
        await System.IO.File.WriteAllLinesAsync(File, [lines[0], lines[1].Replace("\"number\":2", "\"number\":2 ", StringComparison.Ordinal), lines[2], lines[3]]);
        Assert.Contains("line 2 of the checkpoint file was changed", (await VerifyAsync(ward)).Fault!.Words, StringComparison.Ordinal);
        await System.IO.File.WriteAllLinesAsync(File, lines[..2]);
        Assert.Contains("ends at 2, and 4", (await VerifyAsync(ward)).Fault!.Words, StringComparison.Ordinal);
        System.IO.File.Delete(File);
        Assert.Contains("is gone", (await VerifyAsync(ward)).Fault!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_nodes_that_write_at_once_keep_one_chain()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        await using var other = await ward.AnotherNodeAsync();
        for (var i = 0; i < 20; i++)
        {
            ward.Clock.Advance(TimeSpan.FromHours(1));
            await Task.WhenAll(ward.PageAsync(Who.Karel, ward.Maria), other.PageAsync(Who.Sofie, ward.Maria), ward.PageAsync(Who.Nadia, ward.Maria), other.PageAsync(Who.An, ward.Maria));
        }

        Assert.Null((await VerifyAsync(ward)).Fault);
    }
}
