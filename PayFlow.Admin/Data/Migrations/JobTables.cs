using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Admin.Data.Migrations;

/// <summary>Schedules and jobs, and who is told when they change.</summary>
[DbContext(typeof(ConsoleContext))]
[Migration(Id)]
internal sealed class JobTables : Migration
{
    public const string Id = "2026112201_Jobs";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE console.schedules (
            id            uuid        NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
            name          text        NOT NULL,
            cron          text        NOT NULL,
            zone          text        NOT NULL,
            direction     text        NOT NULL CHECK (direction IN ('both', 'pull', 'push')),
            terminals     text[],
            tables        text[],
            overlap       text        NOT NULL CHECK (overlap IN ('skip', 'queue')),
            attempts      integer     NOT NULL CHECK (attempts >= 1),
            first_delay   interval    NOT NULL,
            longest_delay interval    NOT NULL,
            paused_at     timestamptz,
            paused_by     text,
            paused_reason text,
            -- true until somebody edits it here: such a schedule follows SYNC_MODE and SYNC_CRON
            is_inherited  boolean     NOT NULL DEFAULT false,
            version       integer     NOT NULL DEFAULT 1,
            created_at    timestamptz NOT NULL DEFAULT now(),
            created_by    text        NOT NULL,
            updated_at    timestamptz NOT NULL DEFAULT now(),
            updated_by    text        NOT NULL,
            -- the last time it was due, and what came of it
            fired_at      timestamptz,
            fired_jobs    integer     NOT NULL DEFAULT 0,
            fired_skipped integer     NOT NULL DEFAULT 0
        );
        CREATE UNIQUE INDEX schedules_name ON console.schedules (lower(name));

        CREATE TABLE console.jobs (
            id            bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            group_id      uuid,
            kind          text        NOT NULL CHECK (kind IN ('sync', 'verify', 'repair', 'rollback', 'resolve')),
            request       jsonb       NOT NULL,
            terminal_id   text,
            state         text        NOT NULL CHECK (state IN ('SCHEDULED', 'WAITING', 'RUNNING', 'RETRYING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
            origin        text        NOT NULL CHECK (origin IN ('manual', 'schedule', 'api', 'connectivity')),
            actor         text        NOT NULL,
            schedule_id   uuid        REFERENCES console.schedules ON DELETE SET NULL,
            schedule_name text,
            fire_time     timestamptz,
            attempt       integer     NOT NULL DEFAULT 0,
            attempts      integer     NOT NULL CHECK (attempts >= 1),
            first_delay   interval    NOT NULL,
            longest_delay interval    NOT NULL,
            due_at        timestamptz NOT NULL DEFAULT now(),
            -- names its trigger: every time that it is armed it gets another one
            turn          integer     NOT NULL DEFAULT 1,
            -- who runs it: only the holder of the claim may say how it went
            claim         uuid,
            host          text,
            heartbeat_at  timestamptz,
            cancel_by     text,
            created_at    timestamptz NOT NULL DEFAULT now(),
            started_at    timestamptz,
            attempt_at    timestamptz,
            finished_at   timestamptz,
            error         text,
            hint          text,
            -- [{"attempt", "at", "host", "error", "hint"}], oldest first
            history       jsonb       NOT NULL DEFAULT '[]',
            progress      jsonb,
            result        jsonb,
            run_ids       uuid[]      NOT NULL DEFAULT '{}'
        ) WITH (fillfactor = 80);
        CREATE UNIQUE INDEX jobs_fire ON console.jobs (schedule_id, fire_time, terminal_id);
        CREATE INDEX jobs_due ON console.jobs (due_at) WHERE state IN ('SCHEDULED', 'WAITING', 'RETRYING');
        CREATE INDEX jobs_running ON console.jobs (id) WHERE state = 'RUNNING';
        CREATE INDEX jobs_state ON console.jobs (state, id);
        CREATE INDEX jobs_terminal ON console.jobs (terminal_id, id);
        CREATE INDEX jobs_schedule ON console.jobs (schedule_id, id);
        CREATE INDEX jobs_group ON console.jobs (group_id) WHERE group_id IS NOT NULL;
        CREATE INDEX jobs_finished ON console.jobs (finished_at) WHERE finished_at IS NOT NULL;
        CREATE INDEX jobs_run_ids ON console.jobs USING gin (run_ids);

        CREATE FUNCTION console.notify_live() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('payflow_live', TG_ARGV[0]);
            RETURN NULL;
        END $$;
        CREATE TRIGGER schedules_live AFTER INSERT OR UPDATE OR DELETE ON console.schedules FOR EACH STATEMENT EXECUTE FUNCTION console.notify_live('schedules');
        CREATE TRIGGER jobs_live AFTER INSERT OR DELETE ON console.jobs FOR EACH STATEMENT EXECUTE FUNCTION console.notify_live('jobs');
        -- A heartbeat is no news.
        CREATE TRIGGER jobs_live_update AFTER UPDATE OF state, progress, cancel_by ON console.jobs FOR EACH STATEMENT EXECUTE FUNCTION console.notify_live('jobs');
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TABLE console.jobs;
        DROP TABLE console.schedules;
        DROP FUNCTION console.notify_live();
        """);
}
