using Npgsql;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>
/// Makes a registration that of a new file: a lineage of its own, the counter at the start, and no links, because the new file gives out the old file's local keys again.
/// </summary>
public static class TerminalReset
{
    private const string Sql = """
        WITH unlinked AS (DELETE FROM payflow.links WHERE terminal_id = $1)
        UPDATE payflow.terminals SET lineage = gen_random_uuid(), counter = 0, nonce = NULL, fingerprint = NULL, log_generation = 1, log_xid = '0', log_id = 0, queue = '{}', waiting_rows = 0
        WHERE id = $1
        """;

    public static async Task ExecuteAsync(NpgsqlDataSource central, string terminal, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, terminal, cancellationToken);
    }

    /// <summary>The same within the caller's transaction.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, string terminal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = terminal } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
