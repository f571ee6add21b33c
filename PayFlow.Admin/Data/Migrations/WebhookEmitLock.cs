using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>An event keeps hold of the webhooks that it is written for: a run that ends while one of them is deleted leaves that one out, instead of failing over a delivery to nobody.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class WebhookEmitLock : Migration
{
    public const string Id = "2026112232_WebhookEmitLock";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Emit("FOR KEY SHARE OF w"));

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Emit(string.Empty));

    private static string Emit(string hold) => $$"""
        CREATE OR REPLACE FUNCTION console.webhook_emit(event_type text, fact text, terminal text, subject text, happened timestamptz, data json) RETURNS void
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            INSERT INTO console.webhook_deliveries (webhook_id, event_id, type, terminal_id, table_name, body, origin)
            SELECT w.id, e.id, event_type, terminal, subject,
                json_build_object('type', event_type, 'version', 1, 'id', e.id, 'timestamp', to_char(happened AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                    'central', (SELECT c.id FROM payflow.central c), 'terminal', terminal, 'table', subject, 'data', data)::text, 'event'
            FROM console.webhooks w, (SELECT 'evt_' || md5((SELECT c.id::text FROM payflow.central c) || ' ' || event_type || ' ' || fact) AS id) e
            WHERE w.enabled AND event_type = ANY (w.events)
              AND (terminal IS NULL OR w.terminals IS NULL OR terminal = ANY (w.terminals))
              AND (subject IS NULL OR w.tables IS NULL OR subject = ANY (w.tables))
            {{hold}};
        $$;
        """;
}
