using Npgsql;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>What all sections of one batch share.</summary>
/// <param name="Connection">Central, inside the batch's transaction.</param>
/// <param name="Terminal">Whose batch it is.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Tables">Captured tables of central by terminal table name: their numbers in the change log; a table that is not captured is not there.</param>
/// <param name="CentralNames">Central table name to terminal table name, to name a missing parent.</param>
internal sealed record MergeContext(
    NpgsqlConnection Connection,
    string Terminal,
    ChangeBatch Batch,
    IReadOnlyDictionary<string, int> Tables,
    IReadOnlyDictionary<string, string> CentralNames)
{
    /// <summary>The terminal has open conflicts: a row that is applied may close one.</summary>
    public bool HasOpenConflicts { get; init; }

    public Sabotage Sabotage { get; init; }

    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlCommand(sql, Connection);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    public async Task<int> ExecuteAsync(string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
