using PayFlow.Admin.Views.Tables;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
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
    /// <param name="map">The map; null changes nothing.</param>
    /// <param name="terminalFile">The till at hand.</param>
    /// <param name="central">The chain's central.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="given">A terminal that is given other attributes with the map.</param>
    /// <exception cref="SyncException">The map does not fit, or a terminal lacks what its filters ask for; central keeps the one it has.</exception>
    /// <returns>The version that central has now; null when there was nothing to save.</returns>
    public static async Task<long?> SaveAsync(TableMap? map, string terminalFile, OpenedCentral central, CancellationToken cancellationToken, AttachRequest? given = null)
    {
        if (map is null)
            return null;
        using (var terminal = TerminalConnection.Open(terminalFile))
        {
            await using var connection = await central.Source.OpenConnectionAsync(cancellationToken);
            SyncPlanner.Build(map, SqliteSchemaReader.Read(terminal), await PostgresSchemaReader.ReadAsync(connection, cancellationToken));
        }
        await RequireAttributesAsync(map, central, given, cancellationToken);
        return await new TableMapStore(central.Source).SaveAsync(map, null, cancellationToken);
    }

    // The map is every till's: one that lacks what a filter asks for would not sync any more.
    private static async Task RequireAttributesAsync(TableMap map, OpenedCentral central, AttachRequest? given, CancellationToken cancellationToken)
    {
        var check = await AttributeCheck.LoadAsync(central.Source, cancellationToken);
        var terminals = check.Terminals.Where(t => t.Id != given?.Terminal).Select(t => (t.Id, t.Attributes, IsElsewhere: t.FilePath is null)).ToList();
        if (given is not null)
            terminals.Add((given.Terminal, given.Attributes ?? (await new TerminalRegistry(central.Source).FindAsync(given.Terminal, cancellationToken))?.Attributes ?? new Dictionary<string, string>(), IsElsewhere: false));
        var lacking = terminals
            .SelectMany(t => check.Missing(map, t.Attributes, t.IsElsewhere).Select(m => (Terminal: t, m.Attribute, Table: m.Tables[0])))
            .GroupBy(m => (m.Attribute, m.Table), m => m.Terminal)
            .FirstOrDefault();
        if (lacking is null)
            return;
        var (attribute, table) = lacking.Key;
        var one = lacking.Count() == 1;
        throw new SyncException(
            SyncErrorCode.InvalidConfiguration,
            $"{(one ? "terminal" : "terminals")} {string.Join(", ", lacking.Select(t => t.Id))} {(one ? "has" : "have")} no attribute {attribute}, which the filter of table {table} asks for",
            $"Give it first ({(lacking.Any(t => t.IsElsewhere) ? "in the console, on the terminal's page" : $"payflow attach --sqlite FILE --attribute {attribute}=VALUE, with those that it has: they are replaced as a whole")}), or change the filter. The map was not saved.")
        { Table = table };
    }
}
