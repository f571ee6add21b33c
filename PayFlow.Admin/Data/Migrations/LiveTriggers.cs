using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>
/// Tells the hosts when the engine's own tables change, whoever changes them: a run on another host, the command line. One word for each statement, which PostgreSQL sends once for each transaction.
/// </summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class LiveTriggers : Migration
{
    public const string Id = "2026112202_Live";

    private static readonly (string Table, string Topic)[] Told =
        [("sync_log", "runs"), ("terminals", "terminals"), ("conflicts", "conflicts"), ("table_map", "map"), ("audit", "audit")];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var (table, topic) in Told)
            migrationBuilder.Sql($"CREATE TRIGGER payflow_live AFTER INSERT OR UPDATE OR DELETE ON payflow.{table} FOR EACH STATEMENT EXECUTE FUNCTION console.notify_live('{topic}')");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var (table, _) in Told)
            migrationBuilder.Sql($"DROP TRIGGER payflow_live ON payflow.{table}");
    }
}
