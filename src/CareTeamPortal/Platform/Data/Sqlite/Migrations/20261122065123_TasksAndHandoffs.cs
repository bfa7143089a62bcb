using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class TasksAndHandoffs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "CoordinatorId",
                table: "Patients",
                type: "TEXT",
                unicode: false,
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CoordinatorSince",
                table: "Patients",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "What",
                table: "AccessRecords",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Absences",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    EnteredBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Absences", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Notices",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    TaskId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notices", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "SavedViews",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Filter = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SavedViews", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Tasks",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    IsHandoff = table.Column<bool>(type: "INTEGER", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Business = table.Column<string>(type: "TEXT", nullable: true),
                    Open = table.Column<bool>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Priority = table.Column<int>(type: "INTEGER", nullable: false),
                    RequesterId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    RequesterName = table.Column<string>(type: "TEXT", nullable: true),
                    RequesterLine = table.Column<int>(type: "INTEGER", nullable: true),
                    OwnerKind = table.Column<int>(type: "INTEGER", nullable: false),
                    OwnerId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    OwnerRole = table.Column<int>(type: "INTEGER", nullable: true),
                    OwnerOrganisation = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    OwnerName = table.Column<string>(type: "TEXT", nullable: true),
                    OwnerLine = table.Column<int>(type: "INTEGER", nullable: true),
                    DelegateId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    DelegateName = table.Column<string>(type: "TEXT", nullable: true),
                    AccountableId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    AccountableAs = table.Column<int>(type: "INTEGER", nullable: false),
                    AuthoredOn = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DueSort = table.Column<long>(type: "INTEGER", nullable: false),
                    AcceptBy = table.Column<long>(type: "INTEGER", nullable: true),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Told = table.Column<int>(type: "INTEGER", nullable: false),
                    EscalateAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Series = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    RepeatAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Goal = table.Column<string>(type: "TEXT", nullable: true),
                    Focus = table.Column<string>(type: "TEXT", nullable: true),
                    ChecklistDone = table.Column<int>(type: "INTEGER", nullable: false),
                    ChecklistTotal = table.Column<int>(type: "INTEGER", nullable: false),
                    Scope = table.Column<string>(type: "TEXT", nullable: true),
                    ScopeUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    OfferedCursor = table.Column<long>(type: "INTEGER", nullable: false),
                    AcknowledgedCursor = table.Column<long>(type: "INTEGER", nullable: false),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tasks", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Absences_From_Until",
                table: "Absences",
                columns: new[] { "From", "Until" });

            migrationBuilder.CreateIndex(
                name: "IX_Absences_PersonId_Until",
                table: "Absences",
                columns: new[] { "PersonId", "Until" });

            migrationBuilder.CreateIndex(
                name: "IX_Notices_PersonId_SeenAt_At",
                table: "Notices",
                columns: new[] { "PersonId", "SeenAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Notices_TaskId_Kind_PersonId",
                table: "Notices",
                columns: new[] { "TaskId", "Kind", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_PersonId",
                table: "SavedViews",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_AccountableId_Open_DueSort_Id",
                table: "Tasks",
                columns: new[] { "AccountableId", "Open", "DueSort", "Id" },
                filter: "\"AccountableId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_DelegateId_DueSort_Id",
                table: "Tasks",
                columns: new[] { "DelegateId", "DueSort", "Id" },
                filter: "\"DelegateId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_EscalateAt",
                table: "Tasks",
                column: "EscalateAt",
                filter: "\"EscalateAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_OwnerId_Open_DueSort_Id",
                table: "Tasks",
                columns: new[] { "OwnerId", "Open", "DueSort", "Id" },
                filter: "\"OwnerId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_OwnerOrganisation_Open_DueSort_Id",
                table: "Tasks",
                columns: new[] { "OwnerOrganisation", "Open", "DueSort", "Id" },
                filter: "\"OwnerOrganisation\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_OwnerRole_Open_DueSort_Id",
                table: "Tasks",
                columns: new[] { "OwnerRole", "Open", "DueSort", "Id" },
                filter: "\"OwnerRole\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_PatientId_Open_DueSort_Id",
                table: "Tasks",
                columns: new[] { "PatientId", "Open", "DueSort", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_RepeatAt",
                table: "Tasks",
                column: "RepeatAt",
                filter: "\"RepeatAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Tasks_RequesterId_Open_DueSort_Id",
                table: "Tasks",
                columns: new[] { "RequesterId", "Open", "DueSort", "Id" },
                filter: "\"RequesterId\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Absences");

            migrationBuilder.DropTable(
                name: "Notices");

            migrationBuilder.DropTable(
                name: "SavedViews");

            migrationBuilder.DropTable(
                name: "Tasks");

            migrationBuilder.DropColumn(
                name: "CoordinatorId",
                table: "Patients");

            migrationBuilder.DropColumn(
                name: "CoordinatorSince",
                table: "Patients");

            migrationBuilder.DropColumn(
                name: "What",
                table: "AccessRecords");
        }
    }
}
