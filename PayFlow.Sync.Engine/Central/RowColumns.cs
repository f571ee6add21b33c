using Npgsql;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central;

/// <summary>The columns of a terminal's table that travel, from what central knows of it: its file need not be at hand.</summary>
public static class RowColumns
{
    /// <param name="central">Central.</param>
    /// <param name="terminal">The terminal's id.</param>
    /// <param name="table">The terminal's table.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>In the terminal's order; none when the table is not synced.</returns>
    /// <exception cref="SyncException">Central does not know the terminal, or has not seen its tables.</exception>
    public static async Task<IReadOnlyList<RowColumn>> LoadAsync(NpgsqlDataSource central, string terminal, string table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(central);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var plan = await CentralPlan.LoadStoredAsync(connection, terminal, cancellationToken);
        return plan.Plan.Find(table) is { } found ? [.. found.Columns.Select(RowColumn.Of)] : [];
    }
}
