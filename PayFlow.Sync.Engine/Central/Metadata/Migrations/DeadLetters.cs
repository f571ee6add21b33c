using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Sync.Engine.Central.Metadata.Migrations;

/// <summary>Which rows central has refused for the last time, as each terminal last reported: [{"table", "key", "reason"}].</summary>
[DbContext(typeof(PayFlowContext))]
[Migration(Id)]
internal sealed class DeadLetters : Migration
{
    public const string Id = "2026112231_DeadLetters";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("ALTER TABLE payflow.terminals ADD dead_letters jsonb NOT NULL DEFAULT '[]'");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("ALTER TABLE payflow.terminals DROP dead_letters");
}
