using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Pathways : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Outcomes",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    ResponseId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Questionnaire = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PathwayId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Moment = table.Column<int>(type: "INTEGER", nullable: true),
                    Score = table.Column<decimal>(type: "TEXT", precision: 18, scale: 6, nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    ByDiscipline = table.Column<int>(type: "INTEGER", nullable: true),
                    Line = table.Column<int>(type: "INTEGER", nullable: true),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Outcomes", x => new { x.PatientId, x.ResponseId });
                });

            migrationBuilder.CreateTable(
                name: "PathwayDeviations",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PathwayId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Part = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    StepId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PathwayDeviations", x => new { x.PatientId, x.PathwayId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "PathwayPhases",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PathwayId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Phase = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    PlannedFrom = table.Column<long>(type: "INTEGER", nullable: false),
                    PlannedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    EnteredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LeftAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LeftBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    ByCriteria = table.Column<bool>(type: "INTEGER", nullable: false),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PathwayPhases", x => new { x.PatientId, x.PathwayId, x.Phase });
                });

            migrationBuilder.CreateTable(
                name: "Pathways",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Template = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    TemplateVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Phase = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    PhaseNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    PhaseCount = table.Column<int>(type: "INTEGER", nullable: false),
                    PhaseSince = table.Column<long>(type: "INTEGER", nullable: true),
                    PhaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LeadId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    SlipAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SlipInside = table.Column<long>(type: "INTEGER", nullable: true),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Pathways", x => new { x.PatientId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "PathwaySteps",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PathwayId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    StepId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Part = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Phase = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    IsOptional = table.Column<bool>(type: "INTEGER", nullable: false),
                    Repeats = table.Column<bool>(type: "INTEGER", nullable: false),
                    Resource = table.Column<string>(type: "TEXT", unicode: false, maxLength: 100, nullable: true),
                    PlannedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PathwaySteps", x => new { x.PatientId, x.PathwayId, x.StepId });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Outcomes_Questionnaire_Moment_At_Score_Line_PatientId_PathwayId",
                table: "Outcomes",
                columns: new[] { "Questionnaire", "Moment", "At", "Score", "Line", "PatientId", "PathwayId" });

            migrationBuilder.CreateIndex(
                name: "IX_Pathways_Template_Status_PhaseNumber_StartedAt_EndedAt_SlipInside_PhaseUntil_PatientId_Id",
                table: "Pathways",
                columns: new[] { "Template", "Status", "PhaseNumber", "StartedAt", "EndedAt", "SlipInside", "PhaseUntil", "PatientId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_PathwaySteps_Resource",
                table: "PathwaySteps",
                column: "Resource",
                filter: "\"Resource\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Outcomes");

            migrationBuilder.DropTable(
                name: "PathwayDeviations");

            migrationBuilder.DropTable(
                name: "PathwayPhases");

            migrationBuilder.DropTable(
                name: "Pathways");

            migrationBuilder.DropTable(
                name: "PathwaySteps");
        }
    }
}
