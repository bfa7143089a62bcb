using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class WorklistFromTheIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_CareTeamMembers_PatientId_PersonId_Until",
                table: "CareTeamMembers");

            migrationBuilder.CreateIndex(
                name: "IX_Patients_Id_DisplayName",
                table: "Patients",
                columns: new[] { "Id", "DisplayName" });

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_PatientId_PersonId_Until_Since_AllowsUntil_Allows_Kind",
                table: "CareTeamMembers",
                columns: new[] { "PatientId", "PersonId", "Until", "Since", "AllowsUntil", "Allows", "Kind" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Patients_Id_DisplayName",
                table: "Patients");

            migrationBuilder.DropIndex(
                name: "IX_CareTeamMembers_PatientId_PersonId_Until_Since_AllowsUntil_Allows_Kind",
                table: "CareTeamMembers");

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_PatientId_PersonId_Until",
                table: "CareTeamMembers",
                columns: new[] { "PatientId", "PersonId", "Until" });
        }
    }
}
