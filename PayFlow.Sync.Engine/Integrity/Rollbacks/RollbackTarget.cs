using Npgsql;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>Finds the run that is to be taken back, by its id or the beginning of it, and sees that it can be.</summary>
internal static class RollbackTarget
{
    private const string Find = """
        SELECT l.id, l.terminal_id, l.sync_type, l.direction, l.started_at, l.completed_at, l.status, l.records_count, l.error_message, l.hint, l.journal_pruned_at
        FROM payflow.sync_log l WHERE starts_with(l.id::text, $1) ORDER BY l.started_at DESC LIMIT 3
        """;

    /// <exception cref="SyncException">There is no such run, more than one, or its journal is gone.</exception>
    public static async Task<LoggedRun> FindAsync(NpgsqlConnection connection, string run, CancellationToken cancellationToken)
    {
        var runs = await ReadAsync(connection, run.Trim().ToLowerInvariant(), cancellationToken);
        var found = runs switch
        {
            [] => throw Wrong($"There is no run {run}", "payflow runs lists the last ones with their ids."),
            [var only] => only,
            _ => throw Wrong($"More than one run begins with {run}: {string.Join(", ", runs.Take(2).Select(r => r.Run.Id))}{(runs.Count > 2 ? "…" : string.Empty)}", "Give more of its id."),
        };
        if (found.PrunedAt is { } at)
            throw Pruned(found.Run.Id, at.UtcDateTime);
        if (found.Run.Terminal is null)
            throw Wrong($"Run {found.Run.Id} belongs to no terminal", "Only runs that moved rows between a terminal and central can be rolled back.");
        return found.Run;
    }

    public static SyncException Pruned(Guid run, DateTime at) => Wrong($"The journal of run {run} was removed on {at:yyyy-MM-dd}, so that it cannot be rolled back", "payflow verify shows what differs, and payflow repair mends it.");

    private static async Task<List<(LoggedRun Run, DateTimeOffset? PrunedAt)>> ReadAsync(NpgsqlConnection connection, string run, CancellationToken cancellationToken)
    {
        if (run.Length == 0)
            return [];
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = run } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new List<(LoggedRun, DateTimeOffset?)>();
        while (await reader.ReadAsync(cancellationToken))
            runs.Add((RunHistory.Read(reader), reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10)));
        return runs;
    }

    private static SyncException Wrong(string message, string hint) => new(SyncErrorCode.InvalidConfiguration, message, hint);
}
