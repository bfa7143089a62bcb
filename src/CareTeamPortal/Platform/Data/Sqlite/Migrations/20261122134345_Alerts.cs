using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Alerts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PlanId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    RuleId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    RuleVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    Quantity = table.Column<string>(type: "TEXT", unicode: false, maxLength: 40, nullable: false),
                    Severity = table.Column<int>(type: "INTEGER", nullable: false),
                    TaskId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSeq = table.Column<long>(type: "INTEGER", nullable: true),
                    LastBy = table.Column<decimal>(type: "TEXT", precision: 18, scale: 6, nullable: true),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    Outcome = table.Column<int>(type: "INTEGER", nullable: true),
                    AnsweredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AnsweredBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Alerts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Thresholds",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PlanId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    RuleId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Quantity = table.Column<string>(type: "TEXT", unicode: false, maxLength: 40, nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Side = table.Column<int>(type: "INTEGER", nullable: false),
                    Limit = table.Column<decimal>(type: "TEXT", precision: 18, scale: 6, nullable: true),
                    OrEqual = table.Column<bool>(type: "INTEGER", nullable: false),
                    InPercent = table.Column<bool>(type: "INTEGER", nullable: false),
                    WindowCount = table.Column<int>(type: "INTEGER", nullable: true),
                    WindowInHours = table.Column<bool>(type: "INTEGER", nullable: false),
                    Severity = table.Column<int>(type: "INTEGER", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    MissingAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Thresholds", x => new { x.PatientId, x.PlanId, x.RuleId });
                });

            migrationBuilder.CreateTable(
                name: "Unjudged",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Unjudged", x => new { x.PatientId, x.Seq });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_PatientId_At",
                table: "Alerts",
                columns: new[] { "PatientId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_PatientId_PlanId_RuleId_LastAt",
                table: "Alerts",
                columns: new[] { "PatientId", "PlanId", "RuleId", "LastAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_TaskId",
                table: "Alerts",
                column: "TaskId");

            migrationBuilder.CreateIndex(
                name: "IX_Thresholds_MissingAt",
                table: "Thresholds",
                column: "MissingAt",
                filter: "\"MissingAt\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Alerts");

            migrationBuilder.DropTable(
                name: "Thresholds");

            migrationBuilder.DropTable(
                name: "Unjudged");
        }
    }
}
