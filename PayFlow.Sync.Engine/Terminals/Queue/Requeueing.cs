namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>Makes refused rows due again at once, with all of their attempts before them.</summary>
public static class Requeueing
{
    // What is on its way is central's to answer, and a conflict is decided there.
    private const string Entries = """
        UPDATE sync_queue SET status = 'PENDING', attempts = 0, next_attempt_at = NULL, last_error = NULL
        WHERE entity_type = ?1 AND entity_id = ?2 AND status IN ('PENDING', 'FAILED') AND batch_id IS NULL
        """;

    // Such a row is asked for at every run anyway.
    private const string Aside = "UPDATE payflow_aside SET attempts = 0 WHERE table_name = ?1 AND key = ?2";

    /// <summary>The rows that were requeued; what is on its way or in conflict is left as it is.</summary>
    /// <param name="path">The terminal's file.</param>
    /// <param name="filter">Which rows.</param>
    /// <exception cref="SyncException">The file cannot be opened; or one row was named, and it cannot be requeued.</exception>
    public static IReadOnlyList<QueuedRow> Requeue(string path, QueueFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var database = SqliteDatabase.Open(path);
        new TerminalStore(database).ReadState();
        return database.Write(() =>
        {
            var rows = QueueReading.List(database, filter, int.MaxValue);
            if (filter is { Table: { } table, Key: { } key })
                RequireFree(rows.FirstOrDefault() ?? throw QueueReading.NotQueued(table, key));
            return rows.Where(r => database.Prepare(r.Status == QueueFilter.SetAside ? Aside : Entries).Bind(1, r.Table).Bind(2, r.Key).Run() > 0).ToList();
        });
    }

    internal static void RequireFree(QueuedRow row)
    {
        if (row.Status == "SYNCING")
            throw new SyncException(SyncErrorCode.Busy, $"{row.Table}/{row.Key} is on its way to central", "Sync the till first: what became of the row is asked for at the start of a run.") { Table = row.Table, Key = row.Key };
        if (row.Status == "CONFLICT")
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{row.Table}/{row.Key} is in conflict, which is decided in central", $"payflow conflicts list --table {row.Table} shows it; payflow conflicts resolve decides it.") { Table = row.Table, Key = row.Key };
    }
}
