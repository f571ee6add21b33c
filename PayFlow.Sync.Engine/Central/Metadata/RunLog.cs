using Npgsql;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Reads what central has logged of runs.</summary>
public sealed class RunLog(NpgsqlDataSource central)
{
    private const string Last = """
        SELECT l.id, l.terminal_id, l.sync_type, l.direction, l.started_at, l.completed_at, l.status, l.records_count, l.error_message, l.hint
        FROM payflow.terminals t
        JOIN payflow.sync_log l ON l.id = t.last_run_id
        """;

    /// <summary>The last run of every terminal that has run, by terminal.</summary>
    public async Task<IReadOnlyDictionary<string, LoggedRun>> LastRunsAsync(CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Last);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new Dictionary<string, LoggedRun>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var run = RunHistory.Read(reader);
            runs[run.Terminal!] = run;
        }
        return runs;
    }
}
