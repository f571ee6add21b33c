using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Finds a terminal's last rollback among the many jobs that only synced it: it may have left rows apart, which the overview says.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class RollbackIndex : Migration
{
    public const string Id = "2026112223_Rollback";

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE INDEX jobs_rolled_back ON console.jobs (terminal_id, id) WHERE kind = 'rollback' AND state = 'SUCCEEDED'");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX console.jobs_rolled_back");
}
