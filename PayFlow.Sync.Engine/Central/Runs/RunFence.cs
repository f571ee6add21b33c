using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Central.Runs;

/// <summary>
/// Lets a run that gave its connection back go on: under the terminal's lock, and only as long as central names it as the terminal's last one. So a request that was under way for long
/// cannot do anything in a run that another one has followed, whichever host it reaches.
/// </summary>
internal static class RunFence
{
    private const string Lock = "SELECT pg_try_advisory_lock(1346786137, hashtext($1))";

    // A statement of its own: one that takes the lock still sees what was true before it had it.
    private const string Own = """
        SELECT t.state, t.last_run_id IS NOT DISTINCT FROM $2, t.attributes::jsonb = $3 AND c.map_version::text = split_part($4, '/', 1)
        FROM payflow.terminals t, payflow.central c WHERE t.id = $1
        """;

    /// <param name="connection">Central.</param>
    /// <param name="terminal">Whose run it is.</param>
    /// <param name="run">The run.</param>
    /// <param name="opened">What it found when it began. What a terminal may read and write follows from the map and its attributes: a run that is kept open must not outlast them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SyncException">The lock is taken, or the run is over.</exception>
    public static async Task TakeAsync(NpgsqlConnection connection, string terminal, Guid run, OpenedRun opened, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Lock) { Parameters = { new() { Value = terminal } } },
                new NpgsqlBatchCommand(Own)
                {
                    Parameters =
                    {
                        new() { Value = terminal },
                        new() { Value = run },
                        new() { Value = JsonSerializer.Serialize(opened.Attributes), NpgsqlDbType = NpgsqlDbType.Jsonb },
                        new() { Value = opened.PlanVersion },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(0))
            throw Over(terminal, $"Terminal {terminal} is being synced by another run, or an earlier request of this one is still at work");
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || reader.GetString(0) != "active")
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {terminal} was detached during the run", "Register it again, with a code from the console.") { Terminal = terminal };
        if (!reader.GetBoolean(1))
            throw Over(terminal, $"Another run of terminal {terminal} has followed this one");
        if (!reader.GetBoolean(2))
            throw Over(terminal, $"The table map, or an attribute of terminal {terminal}, was changed since the run began");
    }

    /// <summary>What a terminal meets whose run does not go on: it begins a new one by itself.</summary>
    public static SyncException Over(string terminal, string why) => new(SyncErrorCode.Busy, why, "It begins anew by itself; nothing is lost.") { Terminal = terminal, IsTransient = true };
}
