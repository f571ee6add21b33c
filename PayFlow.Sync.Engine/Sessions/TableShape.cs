using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Notices that a table travels with more columns than before, or for other rows: a column that came later has values in rows that nobody touched since,
/// and a filter that changed concerns rows that did not.
/// </summary>
internal static class TableShape
{
    /// <summary>The shape of a table as it is planned now.</summary>
    public static string Of(TablePlan table, IReadOnlyDictionary<string, string> attributes)
    {
        var columns = string.Join(',', table.Columns.Select(c => $"{c.Terminal.Name}={c.Central.Name}").Order(StringComparer.Ordinal));
        var scope = table.Entry.Filter is { Length: > 0 } filter
            ? filter + string.Join(',', RowFilter.Parse(table.Name, filter).Attributes.Select(a => $"{a}={attributes.GetValueOrDefault(a)}"))
            : string.Empty;
        return $"{columns}\n{scope}";
    }

    /// <summary>The state with which a table goes on whose shape was another one; the same state when nothing follows from it.</summary>
    public static TableState Adopt(TableState state, TablePlan table, string shape)
    {
        if (state.Shape is not { } before)
            return state with { Shape = shape };
        var (oldColumns, oldScope) = Split(before);
        var (columns, scope) = Split(shape);
        var grown = columns.Except(oldColumns, StringComparer.Ordinal).Any();
        return state with
        {
            Shape = shape,
            WaitsForBootstrap = state.WaitsForBootstrap || (grown && table.Pulls),
            IsResent = state.WaitsForBootstrap ? state.IsResent : grown && table.Pulls,
            Load = (grown || scope != oldScope) && table.Pushes && state.Load == LoadState.Done ? LoadState.Reloading : state.Load,
        };
    }

    private static (string[] Columns, string Scope) Split(string shape)
    {
        var line = shape.IndexOf('\n', StringComparison.Ordinal);
        return (shape[..line].Split(','), shape[(line + 1)..]);
    }
}
