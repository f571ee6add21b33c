using Npgsql;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Terminals that have not yet fetched what was decided about their conflicts.</summary>
public static class WaitingDecisions
{
    // What a policy decided, or the terminal withdrew, went back with the answer to the upload.
    private const string Waiting = "state <> 'OPEN' AND delivered_at IS NULL AND resolved_by <> 'policy' AND resolution <> 'withdrawn'";

    private const string Find = $"SELECT DISTINCT terminal_id FROM payflow.conflicts WHERE {Waiting} AND resolved_at > now() - $1";

    private const string Count = $"SELECT count(*) FILTER (WHERE state = 'OPEN'), count(*) FILTER (WHERE {Waiting}) FROM payflow.conflicts WHERE terminal_id = $1";

    /// <summary>Those with decisions of the last while.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(NpgsqlConnection connection, TimeSpan lately, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = lately } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var terminals = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            terminals.Add(reader.GetString(0));
        return terminals;
    }

    /// <summary>One terminal's conflicts that wait for a decision, and decisions that wait for the terminal.</summary>
    public static async Task<(long Open, long Decided)> CountAsync(NpgsqlConnection connection, string terminal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Count, connection) { Parameters = { new() { Value = terminal } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
