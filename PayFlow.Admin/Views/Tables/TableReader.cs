using Npgsql;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using TerminalRow = PayFlow.Admin.Views.Terminals.TerminalRow;

namespace PayFlow.Admin.Views.Tables;

/// <summary>Reads how the tables of the map stand, over all terminals.</summary>
internal sealed class TableReader(NpgsqlDataSource central, TerminalReader terminals, TimeProvider time)
{
    /// <summary>Changes that are counted of a terminal that is far behind.</summary>
    private const int LagLimit = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private const string Activity = """
        SELECT lower(t.table_name), sum(t.inserted + t.updated + t.deleted)::bigint, sum(t.failed)::bigint, max(l.started_at) FILTER (WHERE t.inserted + t.updated + t.deleted > 0)
        FROM payflow.sync_log l JOIN payflow.sync_log_tables t ON t.run_id = l.id
        WHERE l.started_at >= $1 AND (l.records_count > 0 OR l.failed > 0)
        GROUP BY 1
        """;

    private const string Conflicts = "SELECT lower(table_name), count(*) FROM payflow.conflicts WHERE state = 'OPEN' GROUP BY 1";

    private const string Lag = """
        SELECT lower(c.schema_name), lower(c.table_name), count(DISTINCT (t.id, l.key)), min(l.logged_at)
        FROM payflow.terminals t
        CROSS JOIN LATERAL (
          SELECT e.table_id, e.key, e.logged_at FROM payflow.change_log e
          WHERE (e.generation, e.xid, e.id) > (t.log_generation, t.log_xid, t.log_id) AND e.origin IS DISTINCT FROM t.id
          ORDER BY e.generation, e.xid, e.id LIMIT $1) l
        JOIN payflow.captured_tables c ON c.id = l.table_id
        WHERE t.state = 'active' AND t.last_run_id IS NOT NULL
        GROUP BY 1, 2
        """;

    /// <summary>The tables that a filter finds, in the map's order. A map has tens of them: they are all on one page.</summary>
    public async Task<Page<TableRow>> ListAsync(TableFilter filter, CancellationToken cancellationToken)
    {
        var map = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map;
        var standing = await terminals.JudgeAsync(cancellationToken);
        var figures = await ReadFiguresAsync(cancellationToken);
        var rows = map.Tables.Where(e => Fits(e, filter)).Select(e => Row(e, standing, figures)).ToList();
        return new Page<TableRow>(rows, rows.Count);
    }

    /// <summary>One table; null when the map does not have it.</summary>
    public async Task<TableRow?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ListAsync(new TableFilter(), cancellationToken)).Items.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool Fits(TableMapEntry entry, TableFilter filter) =>
        (filter.Direction is null || entry.Direction.ToString().Equals(filter.Direction, StringComparison.OrdinalIgnoreCase))
        && (filter.Text is not { Length: > 0 } text || entry.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || entry.CentralName?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);

    private static TableRow Row(TableMapEntry entry, IReadOnlyList<TerminalRow> terminals, TableFigures figures)
    {
        var name = entry.Name.ToLowerInvariant();
        var (moved, failed, at) = figures.Activity.GetValueOrDefault(name);
        var lag = entry.Direction == SyncDirection.Pull ? default : figures.LagOf(entry);
        var (status, why) = TableFreshness.Of(entry.Enabled, terminals, lag.Rows);
        return new TableRow
        {
            Entry = entry,
            Moved = moved,
            Failed = failed,
            MovedAt = at,
            Conflicts = figures.Conflicts.GetValueOrDefault(name),
            LagRows = lag.Rows,
            IsLagMore = lag.Rows >= LagLimit,
            LagSince = lag.Since,
            Status = status,
            Why = why,
        };
    }

    private async Task<TableFigures> ReadFiguresAsync(CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Activity) { Parameters = { new() { Value = time.GetUtcNow() - Window } } },
                new(Conflicts),
                new(Lag) { Parameters = { new() { Value = LagLimit } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var figures = new TableFigures();
        while (await reader.ReadAsync(cancellationToken))
            figures.Activity[reader.GetString(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            figures.Conflicts[reader.GetString(0)] = reader.GetInt64(1);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            figures.Lag.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)));
        return figures;
    }

    private sealed record TableFigures
    {
        public Dictionary<string, (long Moved, long Failed, DateTimeOffset? At)> Activity { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> Conflicts { get; } = new(StringComparer.Ordinal);

        public List<(string Schema, string Table, long Rows, DateTimeOffset? Since)> Lag { get; } = [];

        /// <summary>The log knows central's names, with their schema; the map may leave it out.</summary>
        public (long Rows, DateTimeOffset? Since) LagOf(TableMapEntry entry)
        {
            var name = (entry.CentralName ?? entry.Name).ToLowerInvariant();
            var found = Lag.Where(l => l.Table == name || $"{l.Schema}.{l.Table}" == name).ToList();
            return (found.Sum(f => f.Rows), found.Min(f => f.Since));
        }
    }
}
