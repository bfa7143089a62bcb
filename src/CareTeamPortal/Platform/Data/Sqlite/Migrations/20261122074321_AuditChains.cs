using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CareTeamPortal.Platform.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AuditChains : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Hash",
                table: "AccessRecords",
                type: "BLOB",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Position",
                table: "AccessRecords",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AuditChains",
                columns: table => new
                {
                    PatientId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Length = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditChains", x => x.PatientId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AccessRecords_PatientId_Position",
                table: "AccessRecords",
                columns: new[] { "PatientId", "Position" },
                unique: true,
                filter: "\"Position\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuditChains_At",
                table: "AuditChains",
                column: "At");

            // Records that stand outside a chain are older than the chains; a later one is a forgery.
            migrationBuilder.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") SELECT 'audit:chained-from', CAST(COALESCE(MAX(\"Key\"), 0) AS TEXT) FROM \"AccessRecords\"");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditChains");

            migrationBuilder.DropIndex(
                name: "IX_AccessRecords_PatientId_Position",
                table: "AccessRecords");

            migrationBuilder.DropColumn(
                name: "Hash",
                table: "AccessRecords");

            migrationBuilder.DropColumn(
                name: "Position",
                table: "AccessRecords");
        }
    }
}
