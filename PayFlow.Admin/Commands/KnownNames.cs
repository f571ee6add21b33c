using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Commands;

/// <summary>Refuses filters that name what there is not: an empty list would look as if all were well.</summary>
internal static class KnownNames
{
    /// <exception cref="SyncException">There is no such terminal or table.</exception>
    public static async Task RequireAsync(NpgsqlDataSource central, ConflictFilter filter, CancellationToken cancellationToken)
    {
        await RequireTerminalAsync(central, filter.Terminal, cancellationToken);
        await RequireTableAsync(central, filter.Table, cancellationToken);
    }

    /// <exception cref="SyncException">Central does not know the terminal.</exception>
    public static async Task RequireTerminalAsync(NpgsqlDataSource central, string? terminal, CancellationToken cancellationToken)
    {
        if (terminal is null)
            return;
        var known = (await new TerminalRegistry(central).ListAsync(cancellationToken)).Select(t => t.Id).ToList();
        if (!known.Contains(terminal))
            throw Unknown($"Central does not know a terminal {terminal}", "terminal", known);
    }

    /// <summary>A table counts as known while it is in the map, or conflicts of it are kept.</summary>
    /// <exception cref="SyncException">There is no such table.</exception>
    private static async Task RequireTableAsync(NpgsqlDataSource central, string? table, CancellationToken cancellationToken)
    {
        if (table is null)
            return;
        var known = new List<string>();
        await using var command = central.CreateCommand("SELECT name FROM payflow.table_map UNION SELECT table_name FROM payflow.conflicts UNION SELECT table_name FROM payflow.sync_log_tables ORDER BY 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            known.Add(reader.GetString(0));
        if (!known.Contains(table))
            throw Unknown($"There is no synced table {table}", "table", known);
    }

    /// <exception cref="SyncException">The till's file syncs no such table.</exception>
    public static void RequireTable(string path, string? table)
    {
        if (table is null)
            return;
        var known = TerminalInspection.Read(path).Tables.Select(t => t.Table).ToList();
        if (!known.Contains(table, StringComparer.OrdinalIgnoreCase))
            throw Unknown($"The till syncs no table {table}", "table", known);
    }

    private static SyncException Unknown(string message, string what, List<string> known) =>
        new(SyncErrorCode.InvalidConfiguration, message, known.Count == 0 ? $"There is no {what} yet." : $"There {(known.Count == 1 ? "is" : "are")}: {string.Join(", ", known)}.");
}
