using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Finds the few runs that met a conflict among millions that met none.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class RunConflictIndex : Migration
{
    public const string Id = "2026112220_RunConflicts";

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE INDEX sync_log_tables_conflicts ON payflow.sync_log_tables (run_id) WHERE conflicts > 0");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX payflow.sync_log_tables_conflicts");
}
