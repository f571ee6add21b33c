using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PayFlow.Sync.Engine.Central.Metadata.Migrations;

/// <summary>What deciding conflicts and undoing runs needs: versions of a conflict, who decided what, and each terminal's schema.</summary>
[DbContext(typeof(PayFlowContext))]
[Migration(Id)]
internal sealed class Integrity : Migration
{
    public const string Id = "2026112102_Integrity";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE payflow.conflicts
            ADD version      integer     NOT NULL DEFAULT 1,
            ADD updated_at   timestamptz,
            ADD other_key    text,
            ADD resolved     jsonb,
            ADD delivered_at timestamptz;
        CREATE INDEX conflicts_terminal_id_table_name_local_key ON payflow.conflicts (terminal_id, table_name, local_key);

        ALTER TABLE payflow.terminals
            ADD schema         jsonb,
            ADD schema_version text;

        -- undoes: the run that a rollback took back. journal_pruned_at: its journal is gone, or going.
        ALTER TABLE payflow.sync_log
            ADD undoes            uuid,
            ADD journal_pruned_at timestamptz;
        CREATE INDEX sync_log_undoes ON payflow.sync_log (undoes) WHERE undoes IS NOT NULL;
        CREATE INDEX journal_at ON payflow.journal (at);

        CREATE TABLE payflow.audit (
            id          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at          timestamptz NOT NULL DEFAULT now(),
            actor       text        NOT NULL,
            action      text        NOT NULL,
            terminal_id text,
            table_name  text,
            key         text,
            run_id      uuid,
            detail      jsonb       NOT NULL DEFAULT '{}'
        );
        CREATE INDEX audit_at ON payflow.audit (at DESC);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TABLE payflow.audit;
        DROP INDEX payflow.journal_at;
        ALTER TABLE payflow.sync_log DROP undoes, DROP journal_pruned_at;
        ALTER TABLE payflow.terminals DROP schema, DROP schema_version;
        DROP INDEX payflow.conflicts_terminal_id_table_name_local_key;
        ALTER TABLE payflow.conflicts DROP version, DROP updated_at, DROP other_key, DROP resolved, DROP delivered_at;
        """);
}
