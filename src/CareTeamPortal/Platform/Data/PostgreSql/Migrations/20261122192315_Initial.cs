using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace CareTeamPortal.Platform.Data.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Absences",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    From = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: false),
                    EnteredBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    WithdrawnAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Absences", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "AccessRecords",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", maxLength: 64, nullable: false, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Purpose = table.Column<int>(type: "integer", nullable: false),
                    Source = table.Column<int>(type: "integer", nullable: false),
                    Action = table.Column<int>(type: "integer", nullable: false),
                    Allowed = table.Column<int>(type: "integer", nullable: false),
                    What = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Position = table.Column<long>(type: "bigint", nullable: true),
                    Hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: true),
                    Format = table.Column<int>(type: "integer", nullable: false),
                    Relation = table.Column<int>(type: "integer", nullable: true),
                    Shared = table.Column<int>(type: "integer", nullable: true),
                    OnBehalfOf = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    RuleVersion = table.Column<int>(type: "integer", nullable: true),
                    Rule = table.Column<string>(type: "text", maxLength: 20, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccessRecords", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "AccountabilityPeriods",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Since = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccountabilityPeriods", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Alerts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PlanId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    RuleId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    RuleVersion = table.Column<int>(type: "integer", nullable: false),
                    Quantity = table.Column<string>(type: "text", unicode: false, maxLength: 40, nullable: false, collation: "C"),
                    Severity = table.Column<int>(type: "integer", nullable: false),
                    TaskId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    LastAt = table.Column<long>(type: "bigint", nullable: false),
                    LastSeq = table.Column<long>(type: "bigint", nullable: true),
                    LastBy = table.Column<decimal>(type: "numeric", nullable: true),
                    Count = table.Column<int>(type: "integer", nullable: false),
                    Outcome = table.Column<int>(type: "integer", nullable: true),
                    AnsweredAt = table.Column<long>(type: "bigint", nullable: true),
                    AnsweredBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Alerts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Attachments",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: true),
                    FileName = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ContentType = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Bytes = table.Column<byte[]>(type: "bytea", nullable: false),
                    UploadedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Attachments", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AuditChains",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", maxLength: 64, nullable: false, collation: "C"),
                    Length = table.Column<long>(type: "bigint", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditChains", x => x.PatientId);
                });

            migrationBuilder.CreateTable(
                name: "BrokenGlasses",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<int>(type: "integer", nullable: false),
                    Words = table.Column<string>(type: "text", maxLength: 1000, nullable: false, collation: "C"),
                    SignedInAt = table.Column<long>(type: "bigint", nullable: false),
                    ReviewedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    ReviewedAt = table.Column<long>(type: "bigint", nullable: true),
                    Outcome = table.Column<int>(type: "integer", nullable: true),
                    ReviewNote = table.Column<string>(type: "text", maxLength: 1000, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BrokenGlasses", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "CareTeamMembers",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    RoleTitle = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Since = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: true),
                    GrantedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    GrantReason = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Allows = table.Column<int>(type: "integer", nullable: false),
                    AllowsUntil = table.Column<long>(type: "bigint", nullable: false),
                    WarnedFor = table.Column<long>(type: "bigint", nullable: true),
                    EndSettled = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CareTeamMembers", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Consents",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Scope = table.Column<int>(type: "integer", nullable: false),
                    Categories = table.Column<int>(type: "integer", nullable: false),
                    Organisation = table.Column<string>(type: "text", maxLength: 200, nullable: true, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Permits = table.Column<int>(type: "integer", nullable: false),
                    From = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: true),
                    Source = table.Column<int>(type: "integer", nullable: false),
                    By = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Note = table.Column<string>(type: "text", maxLength: 500, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Consents", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Contests",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Record = table.Column<long>(type: "bigint", nullable: false),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    By = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    DueAt = table.Column<long>(type: "bigint", nullable: false),
                    Words = table.Column<string>(type: "text", maxLength: 1000, nullable: true, collation: "C"),
                    Consent = table.Column<long>(type: "bigint", nullable: true),
                    AnsweredBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    AnsweredAt = table.Column<long>(type: "bigint", nullable: true),
                    Answer = table.Column<string>(type: "text", maxLength: 2000, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Contests", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Drafts",
                columns: table => new
                {
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Slot = table.Column<string>(type: "text", maxLength: 120, nullable: false, collation: "C"),
                    Text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Drafts", x => new { x.PersonId, x.PatientId, x.Slot });
                });

            migrationBuilder.CreateTable(
                name: "FileNotices",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    About = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: true),
                    SeenAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FileNotices", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Measurements",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Code = table.Column<string>(type: "text", maxLength: 300, nullable: false, collation: "C"),
                    Label = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Value = table.Column<decimal>(type: "numeric", nullable: true),
                    Text = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Unit = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Ucum = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Low = table.Column<decimal>(type: "numeric", nullable: true),
                    High = table.Column<decimal>(type: "numeric", nullable: true),
                    Interpretation = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Time = table.Column<long>(type: "bigint", nullable: false),
                    Line = table.Column<int>(type: "integer", nullable: true),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Measurements", x => new { x.PatientId, x.Seq, x.Position });
                });

            migrationBuilder.CreateTable(
                name: "Mentions",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    SeenAt = table.Column<long>(type: "bigint", nullable: true),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Mentions", x => new { x.PatientId, x.Seq, x.PersonId });
                });

            migrationBuilder.CreateTable(
                name: "Notices",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    TaskId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    SeenAt = table.Column<long>(type: "bigint", nullable: true),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notices", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Outcomes",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    ResponseId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Questionnaire = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PathwayId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Moment = table.Column<int>(type: "integer", nullable: true),
                    Score = table.Column<decimal>(type: "numeric", nullable: true),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    By = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    ByDiscipline = table.Column<int>(type: "integer", nullable: true),
                    Line = table.Column<int>(type: "integer", nullable: true),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Outcomes", x => new { x.PatientId, x.ResponseId });
                });

            migrationBuilder.CreateTable(
                name: "PathwayDeviations",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PathwayId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Part = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    StepId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    By = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PathwayDeviations", x => new { x.PatientId, x.PathwayId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "PathwayPhases",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PathwayId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Phase = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    PlannedFrom = table.Column<long>(type: "bigint", nullable: false),
                    PlannedUntil = table.Column<long>(type: "bigint", nullable: true),
                    EnteredAt = table.Column<long>(type: "bigint", nullable: true),
                    LeftAt = table.Column<long>(type: "bigint", nullable: true),
                    LeftBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    ByCriteria = table.Column<int>(type: "integer", nullable: false),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PathwayPhases", x => new { x.PatientId, x.PathwayId, x.Phase });
                });

            migrationBuilder.CreateTable(
                name: "Pathways",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    Template = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    TemplateVersion = table.Column<int>(type: "integer", nullable: false),
                    Title = table.Column<string>(type: "text", maxLength: 200, nullable: false, collation: "C"),
                    Status = table.Column<int>(type: "integer", nullable: false),
                    Phase = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    PhaseNumber = table.Column<int>(type: "integer", nullable: false),
                    PhaseCount = table.Column<int>(type: "integer", nullable: false),
                    PhaseSince = table.Column<long>(type: "bigint", nullable: true),
                    PhaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    LeadId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    SlipAt = table.Column<long>(type: "bigint", nullable: true),
                    SlipInside = table.Column<long>(type: "bigint", nullable: true),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Pathways", x => new { x.PatientId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "PathwaySteps",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PathwayId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    StepId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Part = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Phase = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    IsOptional = table.Column<int>(type: "integer", nullable: false),
                    Repeats = table.Column<int>(type: "integer", nullable: false),
                    Resource = table.Column<string>(type: "text", unicode: false, maxLength: 100, nullable: true, collation: "C"),
                    PlannedAt = table.Column<long>(type: "bigint", nullable: false),
                    DueAt = table.Column<long>(type: "bigint", nullable: false),
                    DoneAt = table.Column<long>(type: "bigint", nullable: true),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PathwaySteps", x => new { x.PatientId, x.PathwayId, x.StepId });
                });

            migrationBuilder.CreateTable(
                name: "Patients",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    FamilyName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    GivenName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    DisplayName = table.Column<string>(type: "text", maxLength: 400, nullable: false, collation: "C"),
                    SortName = table.Column<string>(type: "text", maxLength: 400, nullable: false, collation: "C"),
                    BirthDate = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    BirthDatePrecision = table.Column<int>(type: "integer", nullable: false),
                    Gender = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Deceased = table.Column<int>(type: "integer", nullable: false),
                    DeceasedOn = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Insz = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    City = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    AddressLine = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Phone = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    HasResource = table.Column<int>(type: "integer", nullable: false),
                    Cursor = table.Column<long>(type: "bigint", nullable: false),
                    LastChangeAt = table.Column<long>(type: "bigint", nullable: false),
                    AccountableId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    AccountableSince = table.Column<long>(type: "bigint", nullable: true),
                    CoordinatorId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    CoordinatorSince = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Patients", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "People",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    DisplayName = table.Column<string>(type: "text", maxLength: 200, nullable: false, collation: "C"),
                    Discipline = table.Column<int>(type: "integer", nullable: false),
                    Line = table.Column<int>(type: "integer", nullable: false),
                    RoleTitle = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Organisation = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    FhirType = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    OwnFile = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    ExternalSubject = table.Column<string>(type: "text", maxLength: 400, nullable: true, collation: "C"),
                    ProfessionalNumber = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Phone = table.Column<string>(type: "text", maxLength: 40, nullable: true, collation: "C"),
                    Email = table.Column<string>(type: "text", maxLength: 254, nullable: true, collation: "C"),
                    DeactivatedAt = table.Column<long>(type: "bigint", nullable: true),
                    Asks = table.Column<int>(type: "integer", nullable: true),
                    IsAdministrator = table.Column<int>(type: "integer", nullable: false),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_People", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RelationSteps",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Step = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    From = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: true),
                    By = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "text", maxLength: 500, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RelationSteps", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "ResourceIdentifiers",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Type = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    System = table.Column<string>(type: "text", maxLength: 256, nullable: false, collation: "C"),
                    Value = table.Column<string>(type: "text", maxLength: 256, nullable: false, collation: "C"),
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResourceIdentifiers", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Resources",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Type = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    BroughtBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    LastUpdated = table.Column<long>(type: "bigint", nullable: false),
                    Status = table.Column<string>(type: "text", maxLength: 64, nullable: true, collation: "C"),
                    DateFrom = table.Column<long>(type: "bigint", nullable: true),
                    DateTo = table.Column<long>(type: "bigint", nullable: true),
                    Tokens = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    Json = table.Column<byte[]>(type: "bytea", nullable: false),
                    Origin = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Resources", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "ResourceVersions",
                columns: table => new
                {
                    Type = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    LastUpdated = table.Column<long>(type: "bigint", nullable: false),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false),
                    ReplacedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    Json = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResourceVersions", x => new { x.Type, x.Id, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "RuleVersions",
                columns: table => new
                {
                    Number = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    MadeBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    MadeAt = table.Column<long>(type: "bigint", nullable: false),
                    ProposedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    ProposedAt = table.Column<long>(type: "bigint", nullable: true),
                    ApprovedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    ApprovedAt = table.Column<long>(type: "bigint", nullable: true),
                    Note = table.Column<string>(type: "text", maxLength: 1000, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RuleVersions", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "SavedViews",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", maxLength: 80, nullable: false, collation: "C"),
                    Filter = table.Column<string>(type: "text", maxLength: 400, nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SavedViews", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Sessions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 32, nullable: false, collation: "C"),
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    SeenAt = table.Column<long>(type: "bigint", nullable: false),
                    EndsAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedWhy = table.Column<int>(type: "integer", nullable: true),
                    ProvedAt = table.Column<long>(type: "bigint", nullable: true),
                    Browser = table.Column<string>(type: "text", maxLength: 80, nullable: true, collation: "C"),
                    ProviderSession = table.Column<string>(type: "text", maxLength: 200, nullable: true, collation: "C"),
                    ProviderToken = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    CheckedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sessions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Settings",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", maxLength: 100, nullable: false, collation: "C"),
                    Value = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Settings", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Tasks",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    IsHandoff = table.Column<int>(type: "integer", nullable: false),
                    Status = table.Column<int>(type: "integer", nullable: false),
                    Business = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Open = table.Column<int>(type: "integer", nullable: false),
                    Title = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Priority = table.Column<int>(type: "integer", nullable: false),
                    RequesterId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    RequesterName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    RequesterLine = table.Column<int>(type: "integer", nullable: true),
                    OwnerKind = table.Column<int>(type: "integer", nullable: false),
                    OwnerId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    OwnerRole = table.Column<int>(type: "integer", nullable: true),
                    OwnerOrganisation = table.Column<string>(type: "text", maxLength: 200, nullable: true, collation: "C"),
                    OwnerName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    OwnerLine = table.Column<int>(type: "integer", nullable: true),
                    DelegateId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    DelegateName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    AccountableId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    AccountableAs = table.Column<int>(type: "integer", nullable: false),
                    AuthoredOn = table.Column<long>(type: "bigint", nullable: false),
                    DueAt = table.Column<long>(type: "bigint", nullable: true),
                    DueSort = table.Column<long>(type: "bigint", nullable: false),
                    AcceptBy = table.Column<long>(type: "bigint", nullable: true),
                    AcceptedAt = table.Column<long>(type: "bigint", nullable: true),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    Told = table.Column<int>(type: "integer", nullable: false),
                    EscalateAt = table.Column<long>(type: "bigint", nullable: true),
                    Series = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    RepeatAt = table.Column<long>(type: "bigint", nullable: true),
                    Goal = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Focus = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ChecklistDone = table.Column<int>(type: "integer", nullable: false),
                    ChecklistTotal = table.Column<int>(type: "integer", nullable: false),
                    Scope = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ScopeUntil = table.Column<long>(type: "bigint", nullable: true),
                    OfferedCursor = table.Column<long>(type: "bigint", nullable: false),
                    AcknowledgedCursor = table.Column<long>(type: "bigint", nullable: false),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tasks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Thresholds",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PlanId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    RuleId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    Quantity = table.Column<string>(type: "text", unicode: false, maxLength: 40, nullable: false, collation: "C"),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Side = table.Column<int>(type: "integer", nullable: false),
                    Limit = table.Column<decimal>(type: "numeric", nullable: true),
                    OrEqual = table.Column<int>(type: "integer", nullable: false),
                    InPercent = table.Column<int>(type: "integer", nullable: false),
                    WindowCount = table.Column<int>(type: "integer", nullable: true),
                    WindowInHours = table.Column<int>(type: "integer", nullable: false),
                    Severity = table.Column<int>(type: "integer", nullable: false),
                    Since = table.Column<long>(type: "bigint", nullable: false),
                    MissingAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Thresholds", x => new { x.PatientId, x.PlanId, x.RuleId });
                });

            migrationBuilder.CreateTable(
                name: "TimelineEntries",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Cursor = table.Column<long>(type: "bigint", nullable: false),
                    ChangedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Time = table.Column<long>(type: "bigint", nullable: false),
                    Precision = table.Column<int>(type: "integer", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: true),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<int>(type: "integer", nullable: false),
                    Audience = table.Column<int>(type: "integer", nullable: false),
                    Line = table.Column<int>(type: "integer", nullable: true),
                    Discipline = table.Column<int>(type: "integer", nullable: false),
                    AuthorId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    AuthorName = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    AuthorRole = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Source = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Title = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Text = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Values = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ResourceType = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    ResourceId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    AnswersSeq = table.Column<long>(type: "bigint", nullable: true),
                    ReplyBy = table.Column<long>(type: "bigint", nullable: true),
                    ReplyOwner = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    AskedRole = table.Column<int>(type: "integer", nullable: true),
                    AnsweredSeq = table.Column<long>(type: "bigint", nullable: true),
                    PinnedAt = table.Column<long>(type: "bigint", nullable: true),
                    PinnedBy = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: true, collation: "C"),
                    Retracted = table.Column<int>(type: "integer", nullable: false),
                    RetractReason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    CorrectedAt = table.Column<long>(type: "bigint", nullable: true),
                    RecordedAt = table.Column<long>(type: "bigint", nullable: false),
                    Attachments = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Status = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Search = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TimelineEntries", x => new { x.PatientId, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "Unjudged",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Unjudged", x => new { x.PatientId, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "Visits",
                columns: table => new
                {
                    PersonId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    PatientId = table.Column<string>(type: "text", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    SeenCursor = table.Column<long>(type: "bigint", nullable: false),
                    BaselineCursor = table.Column<long>(type: "bigint", nullable: false),
                    PreviousAt = table.Column<long>(type: "bigint", nullable: true),
                    LastAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Visits", x => new { x.PersonId, x.PatientId });
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
                name: "IX_AccessRecords_PatientId_At",
                table: "AccessRecords",
                columns: new[] { "PatientId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_AccessRecords_PatientId_Position",
                table: "AccessRecords",
                columns: new[] { "PatientId", "Position" },
                unique: true,
                filter: "\"Position\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AccountabilityPeriods_PatientId_Since",
                table: "AccountabilityPeriods",
                columns: new[] { "PatientId", "Since" });

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
                name: "IX_Attachments_PatientId_Seq",
                table: "Attachments",
                columns: new[] { "PatientId", "Seq" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditChains_At",
                table: "AuditChains",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_BrokenGlasses_PatientId_At",
                table: "BrokenGlasses",
                columns: new[] { "PatientId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_BrokenGlasses_ReviewedAt_At",
                table: "BrokenGlasses",
                columns: new[] { "ReviewedAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_AllowsUntil",
                table: "CareTeamMembers",
                column: "AllowsUntil",
                filter: "\"AllowsUntil\" < 3155378975999999999");

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_PatientId_PersonId_Until_Since_AllowsUntil_~",
                table: "CareTeamMembers",
                columns: new[] { "PatientId", "PersonId", "Until", "Since", "AllowsUntil", "Allows", "Kind" });

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_PersonId_Limited",
                table: "CareTeamMembers",
                column: "PersonId",
                filter: "\"Allows\" <> 8191");

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_PersonId_Until_PatientId",
                table: "CareTeamMembers",
                columns: new[] { "PersonId", "Until", "PatientId" });

            migrationBuilder.CreateIndex(
                name: "IX_CareTeamMembers_Until",
                table: "CareTeamMembers",
                column: "Until",
                filter: "\"Until\" IS NOT NULL AND \"EndSettled\" = 0");

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
                name: "IX_Measurements_PatientId_Code_Time",
                table: "Measurements",
                columns: new[] { "PatientId", "Code", "Time" });

            migrationBuilder.CreateIndex(
                name: "IX_Mentions_PersonId_SeenAt_At",
                table: "Mentions",
                columns: new[] { "PersonId", "SeenAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Notices_PersonId_SeenAt_At",
                table: "Notices",
                columns: new[] { "PersonId", "SeenAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Notices_TaskId_Kind_PersonId",
                table: "Notices",
                columns: new[] { "TaskId", "Kind", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_Outcomes_Questionnaire_Moment_At_Score_Line_PatientId_Pathw~",
                table: "Outcomes",
                columns: new[] { "Questionnaire", "Moment", "At", "Score", "Line", "PatientId", "PathwayId" });

            migrationBuilder.CreateIndex(
                name: "IX_Pathways_Template_Status_PhaseNumber_StartedAt_EndedAt_Slip~",
                table: "Pathways",
                columns: new[] { "Template", "Status", "PhaseNumber", "StartedAt", "EndedAt", "SlipInside", "PhaseUntil", "PatientId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_PathwaySteps_Resource",
                table: "PathwaySteps",
                column: "Resource",
                filter: "\"Resource\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Patients_Id_DisplayName",
                table: "Patients",
                columns: new[] { "Id", "DisplayName" });

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
                name: "IX_RelationSteps_PatientId_Key",
                table: "RelationSteps",
                columns: new[] { "PatientId", "Key" });

            migrationBuilder.CreateIndex(
                name: "IX_RelationSteps_PersonId_Key",
                table: "RelationSteps",
                columns: new[] { "PersonId", "Key" });

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
                name: "IX_RuleVersions_State_Number",
                table: "RuleVersions",
                columns: new[] { "State", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_PersonId",
                table: "SavedViews",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_EndedAt_SeenAt",
                table: "Sessions",
                columns: new[] { "EndedAt", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_PersonId_EndedAt",
                table: "Sessions",
                columns: new[] { "PersonId", "EndedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_ProviderSession",
                table: "Sessions",
                column: "ProviderSession");

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

            migrationBuilder.CreateIndex(
                name: "IX_Thresholds_MissingAt",
                table: "Thresholds",
                column: "MissingAt",
                filter: "\"MissingAt\" IS NOT NULL");

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
                name: "IX_TimelineEntries_PatientId_Time_Seq_Line_Kind_Audience_Categ~",
                table: "TimelineEntries",
                columns: new[] { "PatientId", "Time", "Seq", "Line", "Kind", "Audience", "Category", "Retracted", "Until", "Status" });

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
                name: "Absences");

            migrationBuilder.DropTable(
                name: "AccessRecords");

            migrationBuilder.DropTable(
                name: "AccountabilityPeriods");

            migrationBuilder.DropTable(
                name: "Alerts");

            migrationBuilder.DropTable(
                name: "Attachments");

            migrationBuilder.DropTable(
                name: "AuditChains");

            migrationBuilder.DropTable(
                name: "BrokenGlasses");

            migrationBuilder.DropTable(
                name: "CareTeamMembers");

            migrationBuilder.DropTable(
                name: "Consents");

            migrationBuilder.DropTable(
                name: "Contests");

            migrationBuilder.DropTable(
                name: "Drafts");

            migrationBuilder.DropTable(
                name: "FileNotices");

            migrationBuilder.DropTable(
                name: "Measurements");

            migrationBuilder.DropTable(
                name: "Mentions");

            migrationBuilder.DropTable(
                name: "Notices");

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

            migrationBuilder.DropTable(
                name: "Patients");

            migrationBuilder.DropTable(
                name: "People");

            migrationBuilder.DropTable(
                name: "RelationSteps");

            migrationBuilder.DropTable(
                name: "ResourceIdentifiers");

            migrationBuilder.DropTable(
                name: "Resources");

            migrationBuilder.DropTable(
                name: "ResourceVersions");

            migrationBuilder.DropTable(
                name: "RuleVersions");

            migrationBuilder.DropTable(
                name: "SavedViews");

            migrationBuilder.DropTable(
                name: "Sessions");

            migrationBuilder.DropTable(
                name: "Settings");

            migrationBuilder.DropTable(
                name: "Tasks");

            migrationBuilder.DropTable(
                name: "Thresholds");

            migrationBuilder.DropTable(
                name: "TimelineEntries");

            migrationBuilder.DropTable(
                name: "Unjudged");

            migrationBuilder.DropTable(
                name: "Visits");
        }
    }
}
