using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Settings that administrators change in the console.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class ConsoleSettings : Migration
{
    public const string Id = "2026112221_Settings";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE console.settings (
            name       text        NOT NULL PRIMARY KEY,
            value      text        NOT NULL,
            updated_at timestamptz NOT NULL DEFAULT now(),
            updated_by text        NOT NULL
        )
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE console.settings");
}
