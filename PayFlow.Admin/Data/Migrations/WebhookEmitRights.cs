using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Only the console's own role, and triggers in its name, write events: another role of the same database must not make some up.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class WebhookEmitRights : Migration
{
    public const string Id = "2026112233_WebhookEmitRights";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("REVOKE EXECUTE ON FUNCTION console.webhook_emit(text, text, text, text, timestamptz, json) FROM PUBLIC");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("GRANT EXECUTE ON FUNCTION console.webhook_emit(text, text, text, text, timestamptz, json) TO PUBLIC");
}
