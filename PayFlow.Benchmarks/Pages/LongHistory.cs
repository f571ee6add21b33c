using PayFlow.Benchmarks.Data;

namespace PayFlow.Benchmarks.Pages;

/// <summary>A chain with years behind it: what the console's lists have to page through.</summary>
internal static class LongHistory
{
    public const int Runs = 1_000_000;

    public const int Entries = 100_000;

    public const int Conflicts = 10_000;

    private const string FillTerminals = """
        INSERT INTO payflow.terminals (id, name, last_seen_at, last_status, queue)
        SELECT 'T' || to_char(i, 'FM000'), 'Till ' || i, now() - i * interval '1 minute', CASE WHEN i % 17 = 0 THEN 'FAILED' ELSE 'SYNCED' END, '{"PENDING": 3}'
        FROM generate_series(1, 50) i
        """;

    private const string FillRuns = """
        INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, started_at, completed_at, status, records_count, conflicts, failed, error_message, hint, host)
        SELECT gen_random_uuid(), 'T' || to_char(1 + i % 50, 'FM000'), CASE WHEN i % 9 = 0 THEN 'manual' ELSE 'schedule' END, 'both',
          now() - (1000000 - i) * interval '60 seconds', now() - (1000000 - i) * interval '60 seconds' + interval '1.5 seconds',
          CASE WHEN i % 97 = 0 THEN 'FAILED' WHEN i % 41 = 0 THEN 'CONFLICT' ELSE 'SYNCED' END, CASE WHEN i % 3 = 0 THEN 0 ELSE i % 500 END, (i % 41 = 0)::int, (i % 97 = 0)::int,
          CASE WHEN i % 97 = 0 THEN 'The till''s file is locked by another program' END, CASE WHEN i % 97 = 0 THEN 'It is tried again by itself.' END, 'host-1'
        FROM generate_series(1, 1000000) i
        """;

    private const string FillTables = """
        INSERT INTO payflow.sync_log_tables (run_id, table_name, direction, rows_read, inserted, checkpoint_from, checkpoint_to, duration_ms)
        SELECT id, 'sales', 'pull', records_count, records_count, '1/' || records_count, '1/' || records_count + 1, 20 FROM payflow.sync_log WHERE records_count > 0
        """;

    private const string LastRuns = """
        UPDATE payflow.terminals t SET last_run_id = (SELECT l.id FROM payflow.sync_log l WHERE l.terminal_id = t.id ORDER BY l.started_at DESC LIMIT 1) WHERE t.id <> 'bench'
        """;

    private const string FillConflicts = """
        INSERT INTO payflow.conflicts (terminal_id, table_name, key, local_key, kind, policy, state, base, terminal, central, fields, detected_at)
        SELECT 'bench', 'sales', 'c' || i, 'c' || i, 'update-update', 'manual', 'OPEN',
          jsonb_build_object('id', 'c' || i, 'note', 'base', 'article', 'A' || i, 'amount', '1.50'), jsonb_build_object('id', 'c' || i, 'note', 'till', 'article', 'A' || i, 'amount', '1.60'),
          jsonb_build_object('id', 'c' || i, 'note', 'office', 'article', 'A' || i, 'amount', '1.70'), '{note,amount}', now() - i * interval '3 minutes'
        FROM generate_series(1, 10000) i
        """;

    private const string FillAudit = """
        INSERT INTO payflow.audit (at, actor, action, terminal_id, table_name, key, detail)
        SELECT now() - i * interval '5 minutes', 'admin@chain.example', 'conflict.resolve', 'T' || to_char(1 + i % 50, 'FM000'), 'sales', 'c' || i, '{"reason": "as the receipt says"}' FROM generate_series(1, 100000) i
        """;

    private const string FillJobs = """
        INSERT INTO console.jobs (kind, request, terminal_id, state, origin, actor, attempt, attempts, first_delay, longest_delay, due_at, created_at, started_at, attempt_at, finished_at, host, error, hint)
        SELECT 'sync', '{"kind": "sync", "direction": "both"}', 'T' || to_char(1 + i % 50, 'FM000'), CASE WHEN i % 200 = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END, 'schedule', 'default', 1, 5, interval '30 seconds', interval '1 hour',
          now() - i * interval '60 seconds', now() - i * interval '60 seconds', now() - i * interval '60 seconds', now() - i * interval '60 seconds', now() - i * interval '60 seconds' + interval '2 seconds', 'host-1',
          CASE WHEN i % 200 = 0 THEN 'The till''s file is locked by another program' END, CASE WHEN i % 200 = 0 THEN 'Close it.' END
        FROM generate_series(1, 200000) i
        """;

    // Switched off, so that nothing is sent while pages are measured.
    private const string FillWebhooks = """
        INSERT INTO console.webhooks (name, url, events, secret, enabled, disabled_at, disabled_by, created_by, updated_by)
        SELECT 'Ledger ' || i, 'https://ledger' || i || '.example/hook', '{run.finished,conflict.opened}', '', false, now(), 'admin', 'admin', 'admin' FROM generate_series(1, 20) i;
        INSERT INTO console.webhook_deliveries (webhook_id, event_id, type, terminal_id, body, origin, state, attempt, due_at, created_at, finished_at, status, duration_ms, error)
        SELECT w.id, 'evt_' || md5(i::text), 'run.finished', 'T' || to_char(1 + i % 50, 'FM000'), '{"type":"run.finished","version":1,"data":{"rows":12}}', 'event', CASE WHEN i % 50 = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END, 1,
          now() - i * interval '10 seconds', now() - i * interval '10 seconds', now() - i * interval '10 seconds', CASE WHEN i % 50 = 0 THEN 500 ELSE 200 END, 40, CASE WHEN i % 50 = 0 THEN 'The receiver answered 500' END
        FROM generate_series(1, 200000) i CROSS JOIN (SELECT id FROM console.webhooks WHERE name = 'Ledger 1') w;
        INSERT INTO console.webhook_attempts (delivery_id, attempt, at, host, duration_ms, request_headers, status, response_headers, response_body)
        SELECT id, 1, created_at, 'host-1', 40, '{}', status, '{}', 'ok' FROM console.webhook_deliveries
        """;

    /// <summary>Fills the till's queue; the rows are sales that have not been sent.</summary>
    public static void FillQueue(TillFile till)
    {
        till.Insert(SaleRows.Make(Entries));
        till.Execute("""
            UPDATE sync_queue SET status = 'FAILED', attempts = 10, last_error = 'sales.amount: 12.x is no number' WHERE CAST(substr(entity_id, -2) AS INTEGER) = 7;
            UPDATE sync_queue SET status = 'CONFLICT', attempts = 1 WHERE CAST(substr(entity_id, -2) AS INTEGER) = 8;
            """);
    }

    /// <summary>Fills central; the console's tables have to be there.</summary>
    public static async Task FillAsync(BenchDatabase central)
    {
        foreach (var sql in new[] { FillTerminals, FillRuns, FillTables, LastRuns, FillConflicts, FillAudit, FillJobs, FillWebhooks })
            await central.ExecuteAsync(sql);
        await central.ExecuteAsync($"UPDATE payflow.terminals SET queue = '{{\"PENDING\": {Entries}}}' WHERE id = 'bench'");
        await central.ExecuteAsync("VACUUM ANALYZE");
    }
}
