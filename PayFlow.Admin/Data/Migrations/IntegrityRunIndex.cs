using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Finds the few repairs and rollbacks among millions of syncs.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class IntegrityRunIndex : Migration
{
    public const string Id = "2026112205_IntegrityRuns";

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE INDEX sync_log_integrity ON payflow.sync_log (started_at DESC) WHERE sync_type IN ('repair', 'rollback')");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX payflow.sync_log_integrity");
}
