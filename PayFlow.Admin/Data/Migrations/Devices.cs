using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Tills that sync over HTTP, and the codes by which they are let in. Of keys and codes there are only hashes, so that a copy of the database opens nothing.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class Devices : Migration
{
    public const string Id = "2026112222_Devices";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE console.devices (
            id             uuid        NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
            terminal_id    text        NOT NULL,
            key_hash       bytea       NOT NULL UNIQUE,
            registered_at  timestamptz NOT NULL DEFAULT now(),
            last_seen_at   timestamptz,
            revoked_at     timestamptz,
            revoked_by     text,
            revoked_reason text
        );
        -- one key a terminal
        CREATE UNIQUE INDEX devices_terminal ON console.devices (terminal_id) WHERE revoked_at IS NULL;

        CREATE TABLE console.device_codes (
            code_hash    bytea       NOT NULL PRIMARY KEY,
            -- null: the device names its own, which must be new
            terminal_id  text,
            name         text,
            attributes   jsonb,
            created_at   timestamptz NOT NULL DEFAULT now(),
            created_by   text        NOT NULL,
            expires_at   timestamptz NOT NULL,
            -- the request that used it up, which may be repeated until its answer has arrived
            attempt_hash bytea,
            device_id    uuid        REFERENCES console.devices
        );
        CREATE INDEX device_codes_expires ON console.device_codes (expires_at);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE console.device_codes, console.devices;");
}
