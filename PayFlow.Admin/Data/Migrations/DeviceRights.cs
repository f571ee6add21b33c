using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>What devices tell of themselves and are allowed beyond syncing, and the key that will follow the one they have.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class DeviceRights : Migration
{
    public const string Id = "2026112230_DeviceRights";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE console.devices
            -- how often it syncs by itself, as it said when it opened its last run
            ADD interval_seconds integer,
            ADD may_resolve      boolean NOT NULL DEFAULT false,
            -- takes the place of key_hash with its first use
            ADD next_key_hash    bytea UNIQUE;
        ALTER TABLE console.device_codes ADD may_resolve boolean NOT NULL DEFAULT false;
        CREATE TRIGGER payflow_live AFTER INSERT OR UPDATE OF revoked_at, may_resolve ON console.devices FOR EACH STATEMENT EXECUTE FUNCTION console.notify_live('terminals');
        CREATE TRIGGER payflow_live AFTER INSERT OR UPDATE OR DELETE ON console.device_codes FOR EACH STATEMENT EXECUTE FUNCTION console.notify_live('terminals');
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER payflow_live ON console.device_codes;
        DROP TRIGGER payflow_live ON console.devices;
        ALTER TABLE console.device_codes DROP COLUMN may_resolve;
        ALTER TABLE console.devices DROP COLUMN next_key_hash, DROP COLUMN may_resolve, DROP COLUMN interval_seconds;
        """);
}
