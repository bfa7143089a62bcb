using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Trust : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Allows",
                table: "CareTeamMembers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "AllowsUntil",
                table: "CareTeamMembers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "EndSettled",
                table: "CareTeamMembers",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "Kind",
                table: "CareTeamMembers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "WarnedFor",
                table: "CareTeamMembers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Format",
                table: "AccessRecords",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "OnBehalfOf",
                table: "AccessRecords",
                type: "TEXT",
                unicode: false,
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Relation",
                table: "AccessRecords",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Rule",
                table: "AccessRecords",
                type: "TEXT",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "RuleVersion",
                table: "AccessRecords",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Shared",
                table: "AccessRecords",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "BrokenGlasses",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<int>(type: "INTEGER", nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    SignedInAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ReviewedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    ReviewedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Outcome = table.Column<int>(type: "INTEGER", nullable: true),
                    ReviewNote = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BrokenGlasses", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Consents",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Scope = table.Column<int>(type: "INTEGER", nullable: false),
                    Categories = table.Column<int>(type: "INTEGER", nullable: false),
                    Organisation = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Permits = table.Column<bool>(type: "INTEGER", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    Source = table.Column<int>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Note = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Consents", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Contests",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Record = table.Column<long>(type: "INTEGER", nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    By = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Consent = table.Column<long>(type: "INTEGER", nullable: true),
                    AnsweredBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    AnsweredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Answer = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Contests", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "FileNotices",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    About = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FileNotices", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "RelationSteps",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Step = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    By = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RelationSteps", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "RuleVersions",
                columns: table => new
                {
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false),
                    MadeBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ProposedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    ProposedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ApprovedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    ApprovedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Note = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RuleVersions", x => x.Number);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_AllowsUntil",
                table: "CareTeamMembers",
                column: "AllowsUntil",
                filter: "\"AllowsUntil\" < 3155378975999999999");

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_PersonId_Limited",
                table: "CareTeamMembers",
                column: "PersonId",
                filter: "\"Allows\" <> 8191");

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_Until",
                table: "CareTeamMembers",
                column: "Until",
                filter: "\"Until\" IS NOT NULL AND \"EndSettled\" = 0");

            migrationBuilder.CreateIndex(
                name: "IX_BrokenGlasses_PatientId_At",
                table: "BrokenGlasses",
                columns: new[] { "PatientId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_BrokenGlasses_ReviewedAt_At",
                table: "BrokenGlasses",
                columns: new[] { "ReviewedAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Consents_PatientId_EndedAt_Key",
                table: "Consents",
                columns: new[] { "PatientId", "EndedAt", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_Contests_AnsweredAt_DueAt",
                table: "Contests",
                columns: new[] { "AnsweredAt", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Contests_PatientId_At",
                table: "Contests",
                columns: new[] { "PatientId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_FileNotices_PatientId_Kind_At",
                table: "FileNotices",
                columns: new[] { "PatientId", "Kind", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_FileNotices_PersonId_SeenAt_At",
                table: "FileNotices",
                columns: new[] { "PersonId", "SeenAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_RelationSteps_PatientId_Key",
                table: "RelationSteps",
                columns: new[] { "PatientId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_RelationSteps_PersonId_Key",
                table: "RelationSteps",
                columns: new[] { "PersonId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_RuleVersions_State_Number",
                table: "RuleVersions",
                columns: new[] { "State", "Number" });

            // Nothing closes by the upgrade: sharing stays as it was, registered as such, and every relation begins anew with the usual term of its kind.
            migrationBuilder.Sql("INSERT INTO \"Consents\" (\"PatientId\", \"Scope\", \"Categories\", \"Permits\", \"From\", \"Source\", \"At\", \"Note\") SELECT \"Id\", 0, 8191, 1, 0, 4, CAST(strftime('%s', 'now') AS INTEGER) * 10000000 + 621355968000000000, 'upgrade' FROM \"Patients\"");
            migrationBuilder.Sql("""
                UPDATE "CareTeamMembers" SET "Allows" = 8191, "AllowsUntil" = 3155378975999999999, "EndSettled" = CASE WHEN "Until" IS NULL THEN 0 ELSE 1 END,
                  "Kind" = COALESCE((SELECT CASE WHEN p."OwnFile" = "CareTeamMembers"."PatientId" THEN 7 WHEN p."Discipline" = 1 THEN 1 WHEN p."Discipline" IN (2, 4) THEN 3 WHEN p."Discipline" IN (12, 13) THEN 8 WHEN p."Discipline" = 14 THEN 9 ELSE 6 END FROM "People" p WHERE p."Id" = "CareTeamMembers"."PersonId"), 6)
                """);
            migrationBuilder.Sql("""
                UPDATE "CareTeamMembers" SET "Until" = CAST(strftime('%s', 'now', CASE WHEN "Kind" = 3 THEN '+3 months' ELSE '+12 months' END) AS INTEGER) * 10000000 + 621355968000000000
                WHERE "Until" IS NULL AND "Kind" IN (1, 3, 6)
                """);
            migrationBuilder.Sql("""
                INSERT INTO "RelationSteps" ("PatientId", "PersonId", "Step", "Kind", "From", "Until", "By", "At", "Reason")
                SELECT "PatientId", "PersonId", 0, "Kind", "Since", "Until", "GrantedBy", CAST(strftime('%s', 'now') AS INTEGER) * 10000000 + 621355968000000000, 'upgrade' FROM "CareTeamMembers" WHERE "EndSettled" = 0
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BrokenGlasses");

            migrationBuilder.DropTable(
                name: "Consents");

            migrationBuilder.DropTable(
                name: "Contests");

            migrationBuilder.DropTable(
                name: "FileNotices");

            migrationBuilder.DropTable(
                name: "RelationSteps");

            migrationBuilder.DropTable(
                name: "RuleVersions");

            migrationBuilder.DropIndex(
                name: "IX_CareTeamMembers_AllowsUntil",
                table: "CareTeamMembers");

            migrationBuilder.DropIndex(
                name: "IX_CareTeamMembers_PersonId_Limited",
                table: "CareTeamMembers");

            migrationBuilder.DropIndex(
                name: "IX_CareTeamMembers_Until",
                table: "CareTeamMembers");

            migrationBuilder.DropColumn(
                name: "Allows",
                table: "CareTeamMembers");

            migrationBuilder.DropColumn(
                name: "AllowsUntil",
                table: "CareTeamMembers");

            migrationBuilder.DropColumn(
                name: "EndSettled",
                table: "CareTeamMembers");

            migrationBuilder.DropColumn(
                name: "Kind",
                table: "CareTeamMembers");

            migrationBuilder.DropColumn(
                name: "WarnedFor",
                table: "CareTeamMembers");

            migrationBuilder.DropColumn(
                name: "Format",
                table: "AccessRecords");

            migrationBuilder.DropColumn(
                name: "OnBehalfOf",
                table: "AccessRecords");

            migrationBuilder.DropColumn(
                name: "Relation",
                table: "AccessRecords");

            migrationBuilder.DropColumn(
                name: "Rule",
                table: "AccessRecords");

            migrationBuilder.DropColumn(
                name: "RuleVersion",
                table: "AccessRecords");

            migrationBuilder.DropColumn(
                name: "Shared",
                table: "AccessRecords");
        }
    }
}
