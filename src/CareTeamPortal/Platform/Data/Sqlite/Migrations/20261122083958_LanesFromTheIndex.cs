using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LanesFromTheIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_TimelineEntries_PatientId_Time_Seq",
                table: "TimelineEntries");

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_PatientId_Time_Seq_Line_Kind_Audience_Category_Retracted_Until_Status",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Time", "Seq", "Line", "Kind", "Audience", "Category", "Retracted", "Until", "Status" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_TimelineEntries_PatientId_Time_Seq_Line_Kind_Audience_Category_Retracted_Until_Status",
                table: "TimelineEntries");

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_PatientId_Time_Seq",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Time", "Seq" });
        }
    }
}
