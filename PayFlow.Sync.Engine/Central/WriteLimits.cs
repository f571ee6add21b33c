using Npgsql;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central;

/// <summary>A terminal's write limits, asked of PostgreSQL before rows depend on them.</summary>
internal static class WriteLimits
{
    /// <summary>Those of all tables of a plan.</summary>
    /// <exception cref="SyncException">The terminal lacks an attribute, or PostgreSQL refuses a condition.</exception>
    public static async Task<IReadOnlyDictionary<string, WriteLimit?>> LoadAsync(NpgsqlConnection connection, SyncPlan plan, string terminal, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellationToken)
    {
        var limits = new Dictionary<string, WriteLimit?>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in plan.Tables)
        {
            limits[table.Name] = WriteLimit.Of(table, terminal, attributes, PostgresName.Literal);
            if (limits[table.Name] is { } limit && await FindFaultAsync(connection, table, limit, cancellationToken) is { } fault)
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"table {table.Name}: {fault}", "Correct the condition in the table map, or the terminal's attributes.") { Terminal = terminal, Table = table.Name };
        }
        return limits;
    }

    /// <summary>
    /// SQL: whether central's row with that alias is one that the terminal may write. The condition has nothing but the row's columns in scope, so that none of another table can be meant.
    /// A filter often leaves deleted rows out, and whoever marks a row as deleted takes it out of that filter: where the map does not say what may be written, a row fits that would fit without its mark.
    /// </summary>
    public static string Fits(WriteLimit limit, TablePlan table, string alias)
    {
        var asItIs = $"(SELECT {limit.Condition} FROM (SELECT {alias}.*) AS t)";
        if (table.CentralSoftDelete is not { } mark || limit.IsOwn)
            return asItIs;
        var unmarked = string.Join(", ", table.Central.Columns.Select(c => c == mark ? $"{SoftDeleteSql.Unmarked(c)}::{c.Type} AS {PostgresName.Quote(c.Name)}" : $"{alias}.{PostgresName.Quote(c.Name)}"));
        return $"({asItIs} OR (SELECT {limit.Condition} FROM (SELECT {unmarked}) AS t))";
    }

    /// <summary>What PostgreSQL has against a limit; null when nothing. No row is read for it. Asked as the merge will, of a row's columns alone: no table to which the row belongs, nor what only a stored row has.</summary>
    public static async Task<string?> FindFaultAsync(NpgsqlConnection connection, TablePlan table, WriteLimit limit, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand($"SELECT 1 FROM (SELECT * FROM {PostgresName.Quote(table.Central)}) AS t WHERE {limit.Condition} LIMIT 0", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("42", StringComparison.Ordinal) || e.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            return $"the {limit.Field} \"{limit.Text}\" is refused by PostgreSQL: {e.MessageText}";
        }
    }
}
