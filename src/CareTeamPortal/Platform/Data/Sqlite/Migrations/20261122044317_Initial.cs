using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AccessRecords",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Purpose = table.Column<int>(type: "INTEGER", nullable: false),
                    Source = table.Column<int>(type: "INTEGER", nullable: false),
                    Action = table.Column<int>(type: "INTEGER", nullable: false),
                    Allowed = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccessRecords", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "AccountabilityPeriods",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccountabilityPeriods", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Attachments",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: true),
                    FileName = table.Column<string>(type: "TEXT", nullable: false),
                    ContentType = table.Column<string>(type: "TEXT", nullable: false),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    Bytes = table.Column<byte[]>(type: "BLOB", nullable: false),
                    UploadedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Attachments", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CareTeamMembers",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    RoleTitle = table.Column<string>(type: "TEXT", nullable: true),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    GrantedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    GrantReason = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CareTeamMembers", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Drafts",
                columns: table => new
                {
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Slot = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Drafts", x => new { x.PersonId, x.PatientId, x.Slot });
                });

            migrationBuilder.CreateTable(
                name: "Measurements",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Label = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<decimal>(type: "TEXT", precision: 18, scale: 6, nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: true),
                    Unit = table.Column<string>(type: "TEXT", nullable: true),
                    Ucum = table.Column<string>(type: "TEXT", nullable: true),
                    Low = table.Column<decimal>(type: "TEXT", precision: 18, scale: 6, nullable: true),
                    High = table.Column<decimal>(type: "TEXT", precision: 18, scale: 6, nullable: true),
                    Interpretation = table.Column<string>(type: "TEXT", nullable: true),
                    Time = table.Column<long>(type: "INTEGER", nullable: false),
                    Line = table.Column<int>(type: "INTEGER", nullable: true),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Measurements", x => new { x.PatientId, x.Seq, x.Position });
                });

            migrationBuilder.CreateTable(
                name: "Mentions",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Mentions", x => new { x.PatientId, x.Seq, x.PersonId });
                });

            migrationBuilder.CreateTable(
                name: "Patients",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    FamilyName = table.Column<string>(type: "TEXT", nullable: true),
                    GivenName = table.Column<string>(type: "TEXT", nullable: true),
                    DisplayName = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    SortName = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    BirthDate = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    BirthDatePrecision = table.Column<int>(type: "INTEGER", nullable: false),
                    Gender = table.Column<string>(type: "TEXT", nullable: true),
                    Deceased = table.Column<bool>(type: "INTEGER", nullable: false),
                    DeceasedOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Insz = table.Column<string>(type: "TEXT", nullable: true),
                    City = table.Column<string>(type: "TEXT", nullable: true),
                    AddressLine = table.Column<string>(type: "TEXT", nullable: true),
                    Phone = table.Column<string>(type: "TEXT", nullable: true),
                    HasResource = table.Column<bool>(type: "INTEGER", nullable: false),
                    Cursor = table.Column<long>(type: "INTEGER", nullable: false),
                    LastChangeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AccountableId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    AccountableSince = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Patients", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "People",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    DisplayName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Discipline = table.Column<int>(type: "INTEGER", nullable: false),
                    Line = table.Column<int>(type: "INTEGER", nullable: false),
                    RoleTitle = table.Column<string>(type: "TEXT", nullable: false),
                    Organisation = table.Column<string>(type: "TEXT", nullable: true),
                    FhirType = table.Column<string>(type: "TEXT", nullable: false),
                    OwnFile = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    ExternalSubject = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    ProfessionalNumber = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_People", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ResourceIdentifiers",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Type = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    System = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResourceIdentifiers", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Resources",
                columns: table => new
                {
                    Key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Type = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    BroughtBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    DateFrom = table.Column<long>(type: "INTEGER", nullable: true),
                    DateTo = table.Column<long>(type: "INTEGER", nullable: true),
                    Tokens = table.Column<string>(type: "TEXT", nullable: true),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Json = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Origin = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Resources", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "ResourceVersions",
                columns: table => new
                {
                    Type = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    LastUpdated = table.Column<long>(type: "INTEGER", nullable: false),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false),
                    ReplacedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Json = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResourceVersions", x => new { x.Type, x.Id, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "Settings",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Settings", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "TimelineEntries",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Cursor = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Time = table.Column<long>(type: "INTEGER", nullable: false),
                    Precision = table.Column<int>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<int>(type: "INTEGER", nullable: false),
                    Audience = table.Column<int>(type: "INTEGER", nullable: false),
                    Line = table.Column<int>(type: "INTEGER", nullable: true),
                    Discipline = table.Column<int>(type: "INTEGER", nullable: false),
                    AuthorId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    AuthorName = table.Column<string>(type: "TEXT", nullable: true),
                    AuthorRole = table.Column<string>(type: "TEXT", nullable: true),
                    Source = table.Column<string>(type: "TEXT", nullable: true),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: true),
                    Values = table.Column<string>(type: "TEXT", nullable: true),
                    ResourceType = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    ResourceId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    AnswersSeq = table.Column<long>(type: "INTEGER", nullable: true),
                    ReplyBy = table.Column<long>(type: "INTEGER", nullable: true),
                    ReplyOwner = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    AnsweredSeq = table.Column<long>(type: "INTEGER", nullable: true),
                    PinnedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    PinnedBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    Retracted = table.Column<bool>(type: "INTEGER", nullable: false),
                    RetractReason = table.Column<string>(type: "TEXT", nullable: true),
                    CorrectedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attachments = table.Column<string>(type: "TEXT", nullable: true),
                    Status = table.Column<string>(type: "TEXT", nullable: true),
                    Search = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TimelineEntries", x => new { x.PatientId, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "Visits",
                columns: table => new
                {
                    PersonId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    PatientId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    SeenCursor = table.Column<long>(type: "INTEGER", nullable: false),
                    BaselineCursor = table.Column<long>(type: "INTEGER", nullable: false),
                    PreviousAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Visits", x => new { x.PersonId, x.PatientId });
                });

            migrationBuilder.CreateIndex(
                name: "IX_AccessRecords_PatientId_At",
                table: "AccessRecords",
                columns: new[] { "PatientId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_AccountabilityPeriods_PatientId_Since",
                table: "AccountabilityPeriods",
                columns: new[] { "PatientId", "Since" });

            migrationBuilder.CreateIndex(
                name: "IX_Attachments_PatientId_Seq",
                table: "Attachments",
                columns: new[] { "PatientId", "Seq" });

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_PatientId_PersonId_Until",
                table: "CareTeamMembers",
                columns: new[] { "PatientId", "PersonId", "Until" });

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_PersonId_Until_PatientId",
                table: "CareTeamMembers",
                columns: new[] { "PersonId", "Until", "PatientId" });

            migrationBuilder.CreateIndex(
                name: "IX_Measurements_PatientId_Code_Time",
                table: "Measurements",
                columns: new[] { "PatientId", "Code", "Time" });

            migrationBuilder.CreateIndex(
                name: "IX_Mentions_PersonId_SeenAt_At",
                table: "Mentions",
                columns: new[] { "PersonId", "SeenAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Patients_Insz",
                table: "Patients",
                column: "Insz");

            migrationBuilder.CreateIndex(
                name: "IX_Patients_LastChangeAt_Id",
                table: "Patients",
                columns: new[] { "LastChangeAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Patients_SortName_Id",
                table: "Patients",
                columns: new[] { "SortName", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_People_ExternalSubject",
                table: "People",
                column: "ExternalSubject");

            migrationBuilder.CreateIndex(
                name: "IX_ResourceIdentifiers_Type_Id",
                table: "ResourceIdentifiers",
                columns: new[] { "Type", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ResourceIdentifiers_Value_System_Type",
                table: "ResourceIdentifiers",
                columns: new[] { "Value", "System", "Type" });

            migrationBuilder.CreateIndex(
                name: "IX_Resources_PatientId_Type_LastUpdated",
                table: "Resources",
                columns: new[] { "PatientId", "Type", "LastUpdated" });

            migrationBuilder.CreateIndex(
                name: "IX_Resources_Type_Id",
                table: "Resources",
                columns: new[] { "Type", "Id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_PatientId_AnswersSeq",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "AnswersSeq" },
                filter: "\"AnswersSeq\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_PatientId_Cursor",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Cursor" });

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_PatientId_Time_Seq",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Time", "Seq" });

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_ReplyOwner_AnsweredSeq",
                table: "TimelineEntries",
                columns: new[] { "ReplyOwner", "AnsweredSeq" },
                filter: "\"ReplyOwner\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_TimelineEntries_ResourceType_ResourceId",
                table: "TimelineEntries",
                columns: new[] { "ResourceType", "ResourceId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AccessRecords");

            migrationBuilder.DropTable(
                name: "AccountabilityPeriods");

            migrationBuilder.DropTable(
                name: "Attachments");

            migrationBuilder.DropTable(
                name: "CareTeamMembers");

            migrationBuilder.DropTable(
                name: "Drafts");

            migrationBuilder.DropTable(
                name: "Measurements");

            migrationBuilder.DropTable(
                name: "Mentions");

            migrationBuilder.DropTable(
                name: "Patients");

            migrationBuilder.DropTable(
                name: "People");

            migrationBuilder.DropTable(
                name: "ResourceIdentifiers");

            migrationBuilder.DropTable(
                name: "Resources");

            migrationBuilder.DropTable(
                name: "ResourceVersions");

            migrationBuilder.DropTable(
                name: "Settings");

            migrationBuilder.DropTable(
                name: "TimelineEntries");

            migrationBuilder.DropTable(
                name: "Visits");
        }
    }
}
