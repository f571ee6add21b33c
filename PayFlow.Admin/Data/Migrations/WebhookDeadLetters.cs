using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Tells of each row that becomes a dead letter, in the transaction in which its terminal reports it.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class WebhookDeadLetters : Migration
{
    public const string Id = "2026112231_WebhookDeadLetters";

    // One that was sent again and refused again is told of again: the run tells them apart.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE FUNCTION console.webhook_dead_letters() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM console.webhooks w WHERE w.enabled AND 'row.dead_letter' = ANY (w.events)) THEN
                RETURN NULL;
            END IF;
            PERFORM console.webhook_emit('row.dead_letter', NEW.id || ' ' || coalesce(NEW.last_run_id::text, '') || ' ' || (d.letter ->> 'table') || ' ' || (d.letter ->> 'key'), NEW.id, d.letter ->> 'table', now(),
                json_build_object('localKey', d.letter ->> 'key', 'reason', d.letter ->> 'reason', 'run', NEW.last_run_id, 'deadLetters', jsonb_array_length(NEW.dead_letters)))
            FROM jsonb_array_elements(NEW.dead_letters) d(letter)
            WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(OLD.dead_letters) o(letter) WHERE o.letter ->> 'table' = d.letter ->> 'table' AND o.letter ->> 'key' = d.letter ->> 'key');
            RETURN NULL;
        END $$;
        CREATE TRIGGER payflow_webhooks_dead_letters AFTER UPDATE OF dead_letters ON payflow.terminals FOR EACH ROW WHEN (OLD.dead_letters IS DISTINCT FROM NEW.dead_letters) EXECUTE FUNCTION console.webhook_dead_letters();
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER payflow_webhooks_dead_letters ON payflow.terminals;
        DROP FUNCTION console.webhook_dead_letters();
        """);
}
