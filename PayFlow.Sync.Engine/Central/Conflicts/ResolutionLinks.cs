using Npgsql;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Which central row the terminal's row is after a decision. A table with one key on both sides has no links.</summary>
internal sealed class ResolutionLinks(NpgsqlConnection connection, TablePlan table, ConflictDetail conflict)
{
    private const string Taken = "SELECT local_key FROM payflow.links WHERE terminal_id = $1 AND table_name = $2 AND server_key = $3 AND local_key <> $4";

    private const string Link = """
        INSERT INTO payflow.links (terminal_id, table_name, local_key, server_key) VALUES ($1, $2, $4, $3)
        ON CONFLICT (terminal_id, table_name, local_key) DO UPDATE SET server_key = excluded.server_key
        """;

    private const string Unlink = "DELETE FROM payflow.links WHERE terminal_id = $1 AND table_name = $2 AND local_key = $3";

    /// <summary>The terminal's row, which central never had, becomes central's row that has its value.</summary>
    /// <returns>The key of that row; null when the terminal's row has to go instead.</returns>
    /// <exception cref="SyncException">That row is gone, or another row of the terminal is it already.</exception>
    public async Task<string?> TakeOtherAsync(bool isThere, CancellationToken cancellationToken)
    {
        if (!isThere)
            throw Refused($"central's row {conflict.OtherKey} is gone", "Take terminal: the value is free now.");
        if (table.KeyMode != KeyMode.Linked)
            return null;
        await using (var find = Command(Taken, conflict.OtherKey!, conflict.LocalKey!))
        {
            if (await find.ExecuteScalarAsync(cancellationToken) is string other)
                throw Refused($"terminal {conflict.Terminal} has central's row {conflict.OtherKey} already, as {conflict.Table}/{other}", "Give the new row another value, or delete it at the terminal.");
        }
        await using var link = Command(Link, conflict.OtherKey!, conflict.LocalKey!);
        await link.ExecuteNonQueryAsync(cancellationToken);
        return conflict.OtherKey;
    }

    /// <summary>A row that the terminal deleted, or will delete, frees its number there.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        if (table.KeyMode != KeyMode.Linked || conflict.LocalKey is null || conflict.TerminalRow is not null && conflict.CentralRow is not null)
            return;
        await using var command = Command(Unlink, conflict.LocalKey);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<string> more)
    {
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = conflict.Terminal }, new() { Value = table.Name } } };
        foreach (var value in more)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    private SyncException Refused(string why, string hint) =>
        new(SyncErrorCode.ValueRefused, $"Conflict {conflict.Id} ({conflict.Row}) was not decided: {why}", hint) { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.LocalKey };
}
