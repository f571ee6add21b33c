using Npgsql;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>
/// Removes the journals of old runs, and of the oldest ones when there is too much. A run says that its journal goes before the first entry does, so that half a run is never rolled back.
/// </summary>
public static class JournalPruning
{
    private const int RowsPerStatement = 5_000;

    // A day's work of a large chain at a time: whoever ends its run just now waits for it.
    private const int Statements = 20;

    // Runs that wrote nothing have none. The last days' are looked at again: the process may have died before all was removed.
    private const string Choose = """
        WITH runs AS (
          SELECT l.id, l.started_at, coalesce(sum(t.rows) OVER (ORDER BY l.started_at DESC, l.id), 0) AS rows
          FROM payflow.sync_log l
          LEFT JOIN LATERAL (SELECT sum(s.inserted + s.updated + s.deleted) AS rows FROM payflow.sync_log_tables s WHERE s.run_id = l.id AND s.direction = 'pull') t ON true
          WHERE l.journal_pruned_at IS NULL AND l.status <> 'RUNNING' AND (l.records_count > 0 OR l.status <> 'SYNCED')),
        gone AS (
          UPDATE payflow.sync_log l SET journal_pruned_at = now() FROM runs
          WHERE l.id = runs.id AND l.status <> 'RUNNING' AND (runs.started_at < now() - $1 OR runs.rows > $2)
          RETURNING l.id)
        SELECT array_agg(id) FROM (SELECT id FROM gone UNION SELECT id FROM payflow.sync_log WHERE journal_pruned_at > now() - interval '2 days') g
        """;

    private const string Remove = "DELETE FROM payflow.journal WHERE id IN (SELECT id FROM payflow.journal WHERE run_id = ANY ($1) LIMIT $2)";

    /// <returns>Entries removed; more may be left for the next time.</returns>
    public static async Task<long> ExecuteAsync(NpgsqlConnection connection, JournalRetention retention, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(retention);
        await using var choose = new NpgsqlCommand(Choose, connection) { Parameters = { new() { Value = TimeSpan.FromDays(retention.CentralDays) }, new() { Value = retention.CentralRows } } };
        if (await choose.ExecuteScalarAsync(cancellationToken) is not Guid[] runs)
            return 0;
        var removed = 0L;
        for (var i = 0; i < Statements; i++)
        {
            await using var remove = new NpgsqlCommand(Remove, connection) { Parameters = { new() { Value = runs }, new() { Value = RowsPerStatement } } };
            var rows = await remove.ExecuteNonQueryAsync(cancellationToken);
            removed += rows;
            if (rows < RowsPerStatement)
                break;
        }
        return removed;
    }
}
