using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Finds a terminal's last comparison and repair among the many jobs that only synced it: the overview asks for them all the time.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class VerifyIndex : Migration
{
    public const string Id = "2026112209_Verify";

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE INDEX jobs_compared ON console.jobs (terminal_id, kind, id) WHERE kind IN ('verify', 'repair') AND state = 'SUCCEEDED'");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX console.jobs_compared");
}
