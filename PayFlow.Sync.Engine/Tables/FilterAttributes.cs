namespace PayFlow.Sync.Engine.Tables;

/// <summary>What the filters of a map ask of a terminal: a run of one that has it not is refused.</summary>
public static class FilterAttributes
{
    /// <summary>The attributes that filters ask for and the terminal has not, each with the tables whose filters do.</summary>
    /// <param name="map">The map.</param>
    /// <param name="has">The terminal's attributes.</param>
    /// <param name="isElsewhere">What the terminal writes is limited as well (<see cref="TableMapEntry.WriteFilter"/>).</param>
    /// <exception cref="SyncException">A filter cannot be read.</exception>
    public static IReadOnlyList<(string Attribute, IReadOnlyList<string> Tables)> Missing(TableMap map, IReadOnlyDictionary<string, string> has, bool isElsewhere)
    {
        ArgumentNullException.ThrowIfNull(map);
        return
        [
            .. map.Tables
                .SelectMany(t => Asked(t, isElsewhere).Where(a => !has.ContainsKey(a)).Select(a => (Attribute: a, Table: t.Name)))
                .GroupBy(m => m.Attribute, m => m.Table)
                .Select(m => (m.Key, (IReadOnlyList<string>)[.. m])),
        ];
    }

    // As a run, which has all of them before it looks at what travels.
    private static IEnumerable<string> Asked(TableMapEntry table, bool isElsewhere)
    {
        var limit = isElsewhere && !WriteLimit.IsAny(table.WriteFilter) ? table.WriteFilter : null;
        return new[] { table.Filter, limit }.Where(c => !string.IsNullOrWhiteSpace(c)).SelectMany(c => RowFilter.Parse(table.Name, c!).Attributes).Distinct(StringComparer.Ordinal);
    }
}
