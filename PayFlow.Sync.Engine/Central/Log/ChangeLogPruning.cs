using Npgsql;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>
/// Shortens what grows: the change log behind the slowest active terminal, or behind the retention; and the results of batches that nobody will ask for any more.
/// A terminal that was away longer than the retention compares its tables instead of missing something.
/// </summary>
public static class ChangeLogPruning
{
    /// <summary>How long the log is kept for a terminal that does not come.</summary>
    public static TimeSpan Retention { get; } = TimeSpan.FromDays(45);

    private const string Prune = """
        WITH slowest AS (
          SELECT t.log_generation AS generation, t.log_xid AS xid, t.log_id AS id FROM payflow.terminals t WHERE t.state = 'active'
          ORDER BY t.log_generation, t.log_xid, t.log_id LIMIT 1),
        expired AS (
          SELECT l.generation, l.xid, l.id FROM payflow.change_log l WHERE l.logged_at < now() - $1
          ORDER BY l.generation DESC, l.xid DESC, l.id DESC LIMIT 1),
        border AS (SELECT * FROM slowest UNION ALL SELECT * FROM expired ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT 1),
        kept AS (
          UPDATE payflow.central c SET pruned_generation = border.generation, pruned_xid = border.xid, pruned_id = border.id
          FROM border WHERE (border.generation, border.xid, border.id) > (c.pruned_generation, c.pruned_xid, c.pruned_id)
          RETURNING 1),
        answered AS (DELETE FROM payflow.batches WHERE applied_at < now() - $1)
        DELETE FROM payflow.change_log l USING border WHERE (l.generation, l.xid, l.id) <= (border.generation, border.xid, border.id)
        """;

    /// <returns>Log entries removed.</returns>
    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, TimeSpan retention, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Prune, connection) { Parameters = { new() { Value = retention } } };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
