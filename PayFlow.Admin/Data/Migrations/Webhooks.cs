using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>
/// Other systems that want to be told, what is to be told to them, and what came of it. A run's end and a conflict write the deliveries in their own transaction, by trigger: what is committed is told, whoever dies.
/// </summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class Webhooks : Migration
{
    public const string Id = "2026112230_Webhooks";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Emit);
        migrationBuilder.Sql(Facts);
        migrationBuilder.Sql(Live);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER payflow_webhooks_insert ON payflow.sync_log;
        DROP TRIGGER payflow_webhooks_update ON payflow.sync_log;
        DROP TRIGGER payflow_webhooks_insert ON payflow.conflicts;
        DROP TRIGGER payflow_webhooks_update ON payflow.conflicts;
        DROP TRIGGER payflow_webhooks_pruning ON payflow.central;
        DROP FUNCTION console.webhook_run(), console.webhook_conflict(), console.webhook_pruning(), console.webhook_emit(text, text, text, text, timestamptz, json);
        DROP TABLE console.webhook_attempts, console.webhook_deliveries, console.webhook_episodes, console.webhook_cursor, console.webhooks;
        DROP FUNCTION console.notify_deliveries();
        """);

    private const string Tables = """
        CREATE TABLE console.webhooks (
            id               uuid        NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
            name             text        NOT NULL,
            url              text        NOT NULL,
            events           text[]      NOT NULL,
            terminals        text[],
            tables           text[],
            -- encrypted with the keys that the hosts share
            secret           text        NOT NULL,
            old_secret       text,
            old_secret_until timestamptz,
            enabled          boolean     NOT NULL DEFAULT true,
            -- who switched it off and why; by is null when it was its own failures
            disabled_at      timestamptz,
            disabled_by      text,
            disabled_reason  text,
            -- attempts that failed in a row, and since when
            failures         integer     NOT NULL DEFAULT 0,
            failing_since    timestamptz,
            delivered_at     timestamptz,
            version          integer     NOT NULL DEFAULT 1,
            created_at       timestamptz NOT NULL DEFAULT now(),
            created_by       text        NOT NULL,
            updated_at       timestamptz NOT NULL DEFAULT now(),
            updated_by       text        NOT NULL
        ) WITH (fillfactor = 80);
        CREATE UNIQUE INDEX webhooks_name ON console.webhooks (lower(name));

        CREATE TABLE console.webhook_deliveries (
            id            bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            webhook_id    uuid        NOT NULL REFERENCES console.webhooks ON DELETE CASCADE,
            -- the same for every webhook that is told of it, and for every attempt
            event_id      text        NOT NULL,
            type          text        NOT NULL,
            terminal_id   text,
            table_name    text,
            -- as it is sent, byte for byte
            body          text        NOT NULL,
            origin        text        NOT NULL CHECK (origin IN ('event', 'test', 'again')),
            state         text        NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'RUNNING', 'RETRYING', 'SUCCEEDED', 'FAILED')),
            attempt       integer     NOT NULL DEFAULT 0,
            -- of a running one: whoever has not said by then how it went is taken for dead
            due_at        timestamptz NOT NULL DEFAULT now(),
            claim         uuid,
            host          text,
            created_at    timestamptz NOT NULL DEFAULT now(),
            created_by    text,
            finished_at   timestamptz,
            status        integer,
            duration_ms   bigint,
            error         text,
            hint          text
        ) WITH (fillfactor = 80);
        CREATE INDEX webhook_deliveries_due ON console.webhook_deliveries (webhook_id, due_at) WHERE finished_at IS NULL;
        CREATE INDEX webhook_deliveries_list ON console.webhook_deliveries (webhook_id, id);
        CREATE INDEX webhook_deliveries_failed ON console.webhook_deliveries (webhook_id, id) WHERE state = 'FAILED';
        CREATE INDEX webhook_deliveries_finished ON console.webhook_deliveries (finished_at) WHERE finished_at IS NOT NULL;
        CREATE INDEX webhook_deliveries_event ON console.webhook_deliveries (event_id);

        CREATE TABLE console.webhook_attempts (
            delivery_id      bigint      NOT NULL REFERENCES console.webhook_deliveries ON DELETE CASCADE,
            attempt          integer     NOT NULL,
            at               timestamptz NOT NULL,
            host             text        NOT NULL,
            duration_ms      bigint      NOT NULL,
            request_headers  jsonb       NOT NULL,
            status           integer,
            response_headers jsonb,
            response_body    text,
            is_cut           boolean     NOT NULL DEFAULT false,
            error            text,
            hint             text,
            PRIMARY KEY (delivery_id, attempt)
        );

        -- What has been told of and is not over: silence, a full queue; and the dead letters that are known.
        CREATE TABLE console.webhook_episodes (
            kind        text        NOT NULL,
            terminal_id text        NOT NULL,
            since       timestamptz NOT NULL DEFAULT now(),
            figure      bigint      NOT NULL DEFAULT 0,
            PRIMARY KEY (kind, terminal_id)
        );

        -- How far the change log has been told; no row while nobody wants to know.
        CREATE TABLE console.webhook_cursor (
            singleton  boolean     NOT NULL DEFAULT true PRIMARY KEY CHECK (singleton),
            generation integer     NOT NULL,
            xid        xid8        NOT NULL,
            id         bigint      NOT NULL,
            moved_at   timestamptz NOT NULL DEFAULT now()
        );
        """;

    // The id is made of the fact, so that every webhook is told the same one. Its owner's rights: whoever syncs by the command line need not be allowed to write into the console's tables.
    private const string Emit = """
        CREATE FUNCTION console.webhook_emit(event_type text, fact text, terminal text, subject text, happened timestamptz, data json) RETURNS void
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            INSERT INTO console.webhook_deliveries (webhook_id, event_id, type, terminal_id, table_name, body, origin)
            SELECT w.id, e.id, event_type, terminal, subject,
                json_build_object('type', event_type, 'version', 1, 'id', e.id, 'timestamp', to_char(happened AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                    'central', (SELECT c.id FROM payflow.central c), 'terminal', terminal, 'table', subject, 'data', data)::text, 'event'
            FROM console.webhooks w, (SELECT 'evt_' || md5((SELECT c.id::text FROM payflow.central c) || ' ' || event_type || ' ' || fact) AS id) e
            WHERE w.enabled AND event_type = ANY (w.events)
              AND (terminal IS NULL OR w.terminals IS NULL OR terminal = ANY (w.terminals))
              AND (subject IS NULL OR w.tables IS NULL OR subject = ANY (w.tables));
        $$;
        """;

    // A run that was taken for lost and ends after all is told of once more: its end is another fact.
    private const string Facts = """
        CREATE FUNCTION console.webhook_run() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            event_type text := CASE WHEN NEW.status = 'FAILED' AND NEW.error_message IS NOT NULL THEN 'run.failed' ELSE 'run.finished' END;
        BEGIN
            IF NOT EXISTS (SELECT FROM console.webhooks w WHERE w.enabled AND event_type = ANY (w.events)) THEN
                RETURN NULL;
            END IF;
            PERFORM console.webhook_emit(event_type, NEW.id || ' ' || NEW.status, NEW.terminal_id, NULL, coalesce(NEW.completed_at, now()), json_build_object(
                'run', NEW.id, 'trigger', NEW.sync_type, 'direction', NEW.direction, 'status', NEW.status,
                'startedAt', to_char(NEW.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'completedAt', to_char(NEW.completed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'rows', NEW.records_count, 'conflicts', NEW.conflicts, 'refused', NEW.failed, 'waiting', NEW.waiting, 'error', NEW.error_message, 'hint', NEW.hint, 'host', NEW.host,
                'tables', (SELECT coalesce(json_agg(json_build_object('table', t.table_name, 'direction', t.direction, 'inserted', t.inserted, 'updated', t.updated, 'deleted', t.deleted, 'conflicts', t.conflicts, 'refused', t.failed)
                    ORDER BY t.table_name, t.direction), '[]') FROM payflow.sync_log_tables t WHERE t.run_id = NEW.id)));
            RETURN NULL;
        END $$;
        CREATE TRIGGER payflow_webhooks_insert AFTER INSERT ON payflow.sync_log FOR EACH ROW WHEN (NEW.status <> 'RUNNING') EXECUTE FUNCTION console.webhook_run();
        CREATE TRIGGER payflow_webhooks_update AFTER UPDATE OF status ON payflow.sync_log FOR EACH ROW WHEN (NEW.status <> 'RUNNING' AND OLD.status <> NEW.status) EXECUTE FUNCTION console.webhook_run();

        CREATE FUNCTION console.webhook_conflict() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            event_type text := CASE NEW.state WHEN 'OPEN' THEN 'conflict.opened' ELSE 'conflict.resolved' END;
        BEGIN
            IF NOT EXISTS (SELECT FROM console.webhooks w WHERE w.enabled AND event_type = ANY (w.events)) THEN
                RETURN NULL;
            END IF;
            PERFORM console.webhook_emit(event_type, NEW.id::text, NEW.terminal_id, NEW.table_name, coalesce(CASE NEW.state WHEN 'OPEN' THEN NEW.detected_at ELSE NEW.resolved_at END, now()),
                CASE NEW.state
                WHEN 'OPEN' THEN json_build_object('conflict', NEW.id, 'kind', NEW.kind, 'policy', NEW.policy, 'key', NEW.key, 'localKey', NEW.local_key, 'fields', NEW.fields, 'run', NEW.run_id)
                ELSE json_build_object('conflict', NEW.id, 'kind', NEW.kind, 'key', NEW.key, 'localKey', NEW.local_key, 'resolution', NEW.resolution, 'resolvedBy', NEW.resolved_by, 'reason', NEW.reason) END);
            RETURN NULL;
        END $$;
        CREATE TRIGGER payflow_webhooks_insert AFTER INSERT ON payflow.conflicts FOR EACH ROW WHEN (NEW.state = 'OPEN') EXECUTE FUNCTION console.webhook_conflict();
        CREATE TRIGGER payflow_webhooks_update AFTER UPDATE OF state ON payflow.conflicts FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state = 'RESOLVED') EXECUTE FUNCTION console.webhook_conflict();

        -- The log is not pruned before it has been told, unless nobody has told anything for a week.
        CREATE FUNCTION console.webhook_pruning() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            told console.webhook_cursor;
        BEGIN
            SELECT * INTO told FROM console.webhook_cursor c WHERE c.moved_at > now() - interval '7 days';
            IF FOUND AND (told.generation, told.xid, told.id) < (NEW.pruned_generation, NEW.pruned_xid, NEW.pruned_id) THEN
                IF (told.generation, told.xid, told.id) > (OLD.pruned_generation, OLD.pruned_xid, OLD.pruned_id) THEN
                    NEW.pruned_generation := told.generation;
                    NEW.pruned_xid := told.xid;
                    NEW.pruned_id := told.id;
                ELSE
                    NEW.pruned_generation := OLD.pruned_generation;
                    NEW.pruned_xid := OLD.pruned_xid;
                    NEW.pruned_id := OLD.pruned_id;
                END IF;
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER payflow_webhooks_pruning BEFORE UPDATE OF pruned_generation, pruned_xid, pruned_id ON payflow.central FOR EACH ROW EXECUTE FUNCTION console.webhook_pruning();
        """;

    // Two words: what wakes the hosts, and what only the open pages want to know.
    private const string Live = """
        CREATE TRIGGER webhooks_live AFTER INSERT OR DELETE ON console.webhooks FOR EACH STATEMENT EXECUTE FUNCTION console.notify_live('webhooks');
        CREATE TRIGGER webhooks_live_update AFTER UPDATE OF version ON console.webhooks FOR EACH STATEMENT EXECUTE FUNCTION console.notify_live('webhooks');

        -- A statement that changes nothing is no news.
        CREATE FUNCTION console.notify_deliveries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            IF EXISTS (SELECT FROM touched) THEN
                PERFORM pg_notify('payflow_live', TG_ARGV[0]);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER webhook_deliveries_live_insert AFTER INSERT ON console.webhook_deliveries REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION console.notify_deliveries('webhooks');
        CREATE TRIGGER webhook_deliveries_live_update AFTER UPDATE ON console.webhook_deliveries REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION console.notify_deliveries('deliveries');
        CREATE TRIGGER webhook_deliveries_live_delete AFTER DELETE ON console.webhook_deliveries REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION console.notify_deliveries('deliveries');
        """;
}
