using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Contacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "AskedRole",
                table: "TimelineEntries",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Email",
                table: "People",
                type: "TEXT",
                maxLength: 254,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Phone",
                table: "People",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            // What a source labelled as mental or sexual health and came in before labels counted for notes and tasks too: closed from now on, as a new one is.
            const string Mental = "'PSY', 'MH', 'PSYTHPN', 'PSYTHPY', 'BH', 'COGN', 'DVD', 'EMOTDIS', 'ETH', 'ETHUD', 'SUD', 'ALCOHOLUD', 'OPIOIDUD', 'SUBSTANCE', 'SUICIDE'";
            foreach (var (category, labels) in new[] { (256, Mental), (512, "'HIV', 'STD', 'SEX', 'SDV', 'SEXUAL'") })
            {
                migrationBuilder.Sql($"""
                    UPDATE "Resources" SET "Category" = {category} WHERE "Type" <> 'Patient' AND "Category" NOT IN (256, 512) AND instr("Json", CAST('"security"' AS BLOB)) > 0
                      AND EXISTS (SELECT 1 FROM json_each(CAST("Resources"."Json" AS TEXT), '$.meta.security') s WHERE json_extract(s.value, '$.code') IN ({labels}))
                    """);
            }

            migrationBuilder.Sql("""
                UPDATE "TimelineEntries" SET "Category" = (SELECT r."Category" FROM "Resources" r WHERE r."Type" = "ResourceType" AND r."Id" = "ResourceId")
                WHERE "Category" NOT IN (256, 512) AND EXISTS (SELECT 1 FROM "Resources" r WHERE r."Type" = "ResourceType" AND r."Id" = "ResourceId" AND r."Category" IN (256, 512))
                """);
            migrationBuilder.Sql("""
                UPDATE "Tasks" SET "Category" = (SELECT r."Category" FROM "Resources" r WHERE r."Type" = 'Task' AND r."Id" = "Tasks"."Id")
                WHERE "Category" NOT IN (256, 512) AND EXISTS (SELECT 1 FROM "Resources" r WHERE r."Type" = 'Task' AND r."Id" = "Tasks"."Id" AND r."Category" IN (256, 512))
                """);
            migrationBuilder.Sql("""
                UPDATE "Notices" SET "Category" = (SELECT t."Category" FROM "Tasks" t WHERE t."Id" = "TaskId" AND t."PatientId" = "Notices"."PatientId")
                WHERE EXISTS (SELECT 1 FROM "Tasks" t WHERE t."Id" = "TaskId" AND t."PatientId" = "Notices"."PatientId" AND t."Category" IN (256, 512))
                """);
            foreach (var table in new[] { "Mentions", "Measurements" })
            {
                migrationBuilder.Sql($"""
                    UPDATE "{table}" SET "Category" = (SELECT e."Category" FROM "TimelineEntries" e WHERE e."PatientId" = "{table}"."PatientId" AND e."Seq" = "{table}"."Seq")
                    WHERE "Category" NOT IN (256, 512) AND EXISTS (SELECT 1 FROM "TimelineEntries" e WHERE e."PatientId" = "{table}"."PatientId" AND e."Seq" = "{table}"."Seq" AND e."Category" IN (256, 512))
                    """);
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "AskedRole",
                table: "TimelineEntries");

            migrationBuilder.DropColumn(
                name: "Email",
                table: "People");

            migrationBuilder.DropColumn(
                name: "Phone",
                table: "People");
        }
    }
}
