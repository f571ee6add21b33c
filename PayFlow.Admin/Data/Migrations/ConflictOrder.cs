using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Lets open conflicts be paged by their number however many were decided before.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class ConflictOrder : Migration
{
    public const string Id = "2026112204_ConflictOrder";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("CREATE INDEX conflicts_state_id ON payflow.conflicts (state, id);");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX payflow.conflicts_state_id;");
}
