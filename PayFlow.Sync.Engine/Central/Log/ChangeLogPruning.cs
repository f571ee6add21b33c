using Npgsql;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>
/// Shortens what grows: the change log behind the slowest active terminal, or behind the retention; and the results of batches that nobody will ask for any more.
/// A terminal that was away longer than the retention compares its tables instead of missing something. In steps, so that no statement holds its locks for long.
/// </summary>
public static class ChangeLogPruning
{
    private const int RowsPerStatement = 10_000;

    /// <summary>How long the log is kept for a terminal that does not come.</summary>
    public static TimeSpan Retention { get; } = TimeSpan.FromDays(45);

    // Said before anything is removed: whoever reads behind the border is told to compare. Never past the horizon: nobody can have read what is behind it, and
    // a terminal that compares notes the horizon as its place; with the border beyond, it would be told to compare again and again until the oldest transaction ends.
    private const string MoveBorder = $"""
        WITH slowest AS (
          SELECT t.log_generation AS generation, t.log_xid AS xid, t.log_id AS id FROM payflow.terminals t WHERE t.state = 'active'
          ORDER BY t.log_generation, t.log_xid, t.log_id LIMIT 1),
        expired AS (
          SELECT l.generation, l.xid, l.id FROM payflow.change_log l, (SELECT c.generation, ({LogHorizon.Sql}) AS horizon FROM payflow.central c) open
          WHERE l.logged_at < now() - $1 AND (l.generation < open.generation OR l.xid < open.horizon)
          ORDER BY l.generation DESC, l.xid DESC, l.id DESC LIMIT 1),
        border AS (SELECT * FROM slowest UNION ALL SELECT * FROM expired ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT 1)
        UPDATE payflow.central c SET pruned_generation = border.generation, pruned_xid = border.xid, pruned_id = border.id
        FROM border WHERE (border.generation, border.xid, border.id) > (c.pruned_generation, c.pruned_xid, c.pruned_id)
        """;

    private const string RemoveLog = """
        DELETE FROM payflow.change_log l USING (
          SELECT o.generation, o.xid, o.id FROM payflow.change_log o, payflow.central c
          WHERE (o.generation, o.xid, o.id) <= (c.pruned_generation, c.pruned_xid, c.pruned_id)
          ORDER BY o.generation, o.xid, o.id LIMIT $1) g
        WHERE l.generation = g.generation AND l.xid = g.xid AND l.id = g.id
        """;

    private const string RemoveBatches = "DELETE FROM payflow.batches WHERE id IN (SELECT id FROM payflow.batches WHERE applied_at < now() - $2 ORDER BY applied_at LIMIT $1)";

    /// <returns>Log entries removed.</returns>
    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, TimeSpan retention, CancellationToken cancellationToken)
    {
        await using (var border = new NpgsqlCommand(MoveBorder, connection) { Parameters = { new() { Value = retention } } })
            await border.ExecuteNonQueryAsync(cancellationToken);
        await RemoveAsync(connection, RemoveBatches, [RowsPerStatement, retention], cancellationToken);
        return await RemoveAsync(connection, RemoveLog, [RowsPerStatement], cancellationToken);
    }

    private static async Task<int> RemoveAsync(NpgsqlConnection connection, string sql, object[] parameters, CancellationToken cancellationToken)
    {
        for (var removed = 0; ;)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in parameters)
                command.Parameters.Add(new() { Value = value });
            var rows = await command.ExecuteNonQueryAsync(cancellationToken);
            removed += rows;
            if (rows < RowsPerStatement)
                return removed;
        }
    }
}
