using CareTeamPortal.Platform.Access;
using CareTeamPortal.Tests.Support;

namespace CareTeamPortal.Tests.Data;

/// <summary>What came in with a label before labels counted is closed by the upgrade, as it would be today.</summary>
[Trait("Database", "Sqlite")]
public sealed class LabelMigrationTests
{
    [Fact]
    public async Task An_upgrade_closes_labelled_notes_and_tasks_that_are_there_and_nothing_else()
    {
        await using var ward = await Ward.WithAsync(A.Patient().WithWholeTeam());
        string Of(string type, string id, string tie, string label, string members) =>
            $$$"""{"resourceType":"{{{type}}}","id":"{{{id}}}","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"},{"code":"{{{label}}}"}]},"{{{tie}}}":{"reference":"Patient/maria-verhoeven"},{{{members}}}}""";
        await ward.TakeAsync([],
            Of("Communication", "n1", "subject", "PSY", "\"status\":\"completed\",\"sent\":\"2026-11-20T08:00:00Z\",\"payload\":[{\"contentString\":\"geheim\"}]"),
            Of("Communication", "n2", "subject", "HIV", "\"status\":\"completed\",\"payload\":[{\"contentString\":\"geheim\"}]"),
            Of("Communication", "n3", "subject", "TBOO", "\"status\":\"completed\",\"sent\":\"2026-11-20T08:00:00Z\",\"payload\":[{\"contentString\":\"over PSY\"}]"),
            Of("Task", "t1", "for", "ETH", "\"status\":\"requested\",\"intent\":\"order\",\"description\":\"geheim\",\"authoredOn\":\"2026-11-20T08:00:00Z\",\"owner\":{\"reference\":\"Practitioner/pieter.wouters\"}"));
        async Task<string> CategoriesAsync() => string.Join(' ', (await ward.RowsAsync("""
            SELECT "Id" || '=' || "Category" FROM "Resources" WHERE "Type" IN ('Communication', 'Task') UNION SELECT "ResourceId" || ':' || "Category" FROM "TimelineEntries" UNION SELECT "Id" || '/' || "Category" FROM "Tasks" ORDER BY 1
            """)).Select(r => r[0]));
        var before = await CategoriesAsync();
        Assert.Equal("n1:256 n1=256 n2=512 n3:16 n3=16 t1/256 t1:256 t1=256", before);
        await ward.Database.WriteAsync((session, _) =>
        {
            foreach (var table in new[] { "Resources", "TimelineEntries", "Tasks" })
                session.Sql($"UPDATE \"{table}\" SET \"Category\" = {(table == "Tasks" ? 4 : 16)}").With().Run();
            session.Sql("DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%_Contacts'").With().Run();
            foreach (var (table, column) in new[] { ("TimelineEntries", "AskedRole"), ("People", "Phone"), ("People", "Email") })
                session.Sql($"ALTER TABLE \"{table}\" DROP COLUMN \"{column}\"").With().Run();
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        await ward.Database.MigrateAsync(CancellationToken.None);
        Assert.Equal(before, await CategoriesAsync());
        Assert.DoesNotContain(await ward.PageAsync(Who.Pieter, ward.Maria), e => e.Title.Contains("geheim", StringComparison.Ordinal) || e.Text?.Contains("geheim", StringComparison.Ordinal) == true);
    }
}
