using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Commands;

/// <summary>The table map of <c>--map</c>, and the one that central has.</summary>
internal static class MapFile
{
    /// <summary>Reads the file of <c>--map</c>, before anything is opened; null when none is given.</summary>
    /// <exception cref="SyncException">It cannot be read, or is no table map.</exception>
    public static TableMap? Read(Invocation call) => call.MapFile is { } path ? TableMapJson.ParseFile(path) : null;

    /// <summary>The given map, else central's own; null when there is neither, and tables of the same name belong together.</summary>
    public static async Task<TableMap?> OrStoredAsync(TableMap? given, OpenedCentral central, CancellationToken cancellationToken)
    {
        if (given is not null)
            return given;
        var stored = await new TableMapStore(central.Source).LoadAsync(cancellationToken);
        return stored.Map.Tables.Count == 0 ? null : stored.Map;
    }

    /// <summary>Checks a map against both databases as they are, and only then makes it central's.</summary>
    /// <exception cref="SyncException">The map does not fit; central keeps the one it has.</exception>
    public static async Task SaveAsync(TableMap? map, string terminalFile, OpenedCentral central, CancellationToken cancellationToken)
    {
        if (map is null)
            return;
        using (var terminal = TerminalConnection.Open(terminalFile))
        {
            await using var connection = await central.Source.OpenConnectionAsync(cancellationToken);
            SyncPlanner.Build(map, SqliteSchemaReader.Read(terminal), await PostgresSchemaReader.ReadAsync(connection, cancellationToken));
        }
        await new TableMapStore(central.Source).SaveAsync(map, null, cancellationToken);
    }
}
