using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class TimelineSides : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_ByPatients",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Discipline", "Time", "Seq" },
                filter: "\"Discipline\" = 13");

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_Goals",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Kind", "Time", "Seq" },
                filter: "\"Kind\" = 9");

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_Pinned",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Time", "Seq" },
                filter: "\"PinnedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_Questions",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Kind", "Time", "Seq" },
                filter: "\"Kind\" = 1");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_TimelineEntries_ByPatients",
                table: "TimelineEntries");

            migrationBuilder.DropIndex(
                name: "IX_TimelineEntries_Goals",
                table: "TimelineEntries");

            migrationBuilder.DropIndex(
                name: "IX_TimelineEntries_Pinned",
                table: "TimelineEntries");

            migrationBuilder.DropIndex(
                name: "IX_TimelineEntries_Questions",
                table: "TimelineEntries");
        }
    }
}
