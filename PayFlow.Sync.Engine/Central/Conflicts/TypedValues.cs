using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Checks the values that somebody typed against the columns' types, and names the column that does not take one.</summary>
internal static class TypedValues
{
    /// <exception cref="SyncException">A column does not take its value.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, TablePlan table, ConflictDetail conflict, ConflictChoice choice, CancellationToken cancellationToken)
    {
        foreach (var (field, chosen) in choice.Fields.Where(f => f.Value.Source == FieldSource.Value))
        {
            var column = table.Columns.Single(c => string.Equals(c.Terminal.Name, field, StringComparison.OrdinalIgnoreCase));
            var reason = column.Central.NotNull && chosen.Value.IsNull ? "central does not allow an empty value here" : await FindFaultAsync(connection, ColumnCodecs.For(column.Central), chosen.Value, cancellationToken);
            if (reason is not null)
                throw new SyncException(SyncErrorCode.ValueRefused, $"Conflict {conflict.Id} ({conflict.Row}) was not decided: {table.Name}.{column.Terminal.Name}: {reason}", $"Give a value of the type {column.Central.Type}.")
                { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.Key };
        }
    }

    /// <summary>Reads what somebody typed; null stands for NULL.</summary>
    public static async Task<TypedField> ReadAsync(NpgsqlConnection connection, TablePlan table, string field, string? text, CancellationToken cancellationToken)
    {
        var column = table.Columns.FirstOrDefault(c => string.Equals(c.Terminal.Name, field, StringComparison.OrdinalIgnoreCase));
        if (column is null || column.IsKey || column.IsGeneratedInCentral)
            return new TypedField(CellValue.Null, column is null ? $"{table.Name} has no column {field}" : column.IsKey ? "it is the row's key" : "central computes it");
        if (!TypedText.TryRead(column, text, out var value, out var refusal))
            return new TypedField(value, refusal);
        return new TypedField(value, await FindFaultAsync(connection, ColumnCodecs.For(column.Central), value, cancellationToken));
    }

    // Types that travel by their text form are read by the server alone.
    private static async Task<string?> FindFaultAsync(NpgsqlConnection connection, ColumnCodec codec, CellValue value, CancellationToken cancellationToken)
    {
        if (!codec.TryEncode(value, out _, out var refusal))
            return refusal;
        if (value.IsNull || codec.StageType != "text")
            return null;
        await using var savepoint = new NpgsqlCommand("SAVEPOINT typed", connection);
        await savepoint.ExecuteNonQueryAsync(cancellationToken);
        string? fault = null;
        try
        {
            await using var command = new NpgsqlCommand($"SELECT ({codec.FromStage("$1")}) IS NULL", connection) { Parameters = { new() { Value = value.ToString(), NpgsqlDbType = NpgsqlDbType.Text } } };
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            fault = e.MessageText;
        }
        await using var back = new NpgsqlCommand(fault is null ? "RELEASE SAVEPOINT typed" : "ROLLBACK TO SAVEPOINT typed; RELEASE SAVEPOINT typed", connection);
        await back.ExecuteNonQueryAsync(cancellationToken);
        return fault;
    }
}
