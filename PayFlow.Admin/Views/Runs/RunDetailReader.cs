using Npgsql;

namespace PayFlow.Admin.Views.Runs;

/// <summary>Reads one run: its log row, its tables, what it is related to.</summary>
internal sealed class RunDetailReader(NpgsqlDataSource central)
{
    private const string Run = $"""
        SELECT l.id, l.terminal_id, l.sync_type, l.direction, l.started_at, l.completed_at, {RunReader.Status}, l.records_count, l.conflicts, l.failed, l.error_message, l.hint, l.host,
          l.undoes, (SELECT u.id FROM payflow.sync_log u WHERE u.undoes = l.id ORDER BY u.started_at DESC LIMIT 1), l.journal_pruned_at,
          EXISTS (SELECT FROM payflow.journal j WHERE j.run_id = l.id),
          (SELECT j.id FROM console.jobs j WHERE j.run_ids @> ARRAY[l.id] ORDER BY j.id DESC LIMIT 1),
          (SELECT count(*) FROM payflow.conflicts c WHERE c.terminal_id = l.terminal_id AND c.run_id = l.id AND c.state = 'OPEN'),
          (SELECT count(*) FROM payflow.conflicts c WHERE c.terminal_id = l.terminal_id AND c.run_id = l.id AND c.state <> 'OPEN')
        FROM payflow.sync_log l
        WHERE l.id = $1
        """;

    // Bigger ones first: they took the time.
    private const string Tables = """
        SELECT table_name, direction, rows_read, inserted, updated, deleted, unchanged, conflicts, failed, waiting, skipped, checkpoint_from, checkpoint_to, duration_ms
        FROM payflow.sync_log_tables
        WHERE run_id = $1
        ORDER BY direction, duration_ms DESC, table_name
        """;

    /// <summary>The run; null when there is none of that id.</summary>
    public async Task<RunDetail?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[] { Run, Tables })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter { Value = id } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var detail = Detail(reader);
        await reader.NextResultAsync(cancellationToken);
        var tables = new List<RunTableRow>();
        while (await reader.ReadAsync(cancellationToken))
            tables.Add(Table(reader));
        return detail with { Tables = tables };
    }

    private static RunDetail Detail(NpgsqlDataReader reader) => new()
    {
        Run = RunReader.Row(reader),
        Undoes = reader.IsDBNull(13) ? null : reader.GetGuid(13),
        UndoneBy = reader.IsDBNull(14) ? null : reader.GetGuid(14),
        JournalPrunedAt = reader.IsDBNull(15) ? null : reader.GetFieldValue<DateTimeOffset>(15),
        HasJournal = reader.GetBoolean(16),
        Job = reader.IsDBNull(17) ? null : reader.GetInt64(17),
        OpenConflicts = reader.GetInt64(18),
        ClosedConflicts = reader.GetInt64(19),
    };

    private static RunTableRow Table(NpgsqlDataReader reader) => new()
    {
        Table = reader.GetString(0),
        Direction = reader.GetString(1),
        Read = reader.GetInt64(2),
        Inserted = reader.GetInt64(3),
        Updated = reader.GetInt64(4),
        Deleted = reader.GetInt64(5),
        Unchanged = reader.GetInt64(6),
        Conflicts = reader.GetInt64(7),
        Failed = reader.GetInt64(8),
        Waiting = reader.GetInt64(9),
        Skipped = reader.GetInt64(10),
        CheckpointFrom = reader.IsDBNull(11) ? null : reader.GetString(11),
        CheckpointTo = reader.IsDBNull(12) ? null : reader.GetString(12),
        Duration = TimeSpan.FromMilliseconds(reader.GetInt64(13)),
    };
}
