using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Finds columns that only one side has, and pairs of columns that do not fit.</summary>
internal static class ColumnComparer
{
    public static IEnumerable<SchemaFinding> Compare(TablePair pair, Remedies remedies)
    {
        foreach (var column in pair.Terminal!.Columns.Where(c => pair.Travels(c.Name)))
        {
            if (pair.Central!.Find(pair.ToCentral(column.Name)) is not { } end)
            {
                yield return MissingInCentral(pair, column, remedies);
                continue;
            }
            if (TypeFit.Check(pair, column, end) is { } misfit)
                yield return misfit;
            if (CheckNull(pair, column, end) is { } mismatch)
                yield return mismatch;
        }
        foreach (var column in pair.Central!.Columns.Where(c => !pair.IsLinkedKey(c.Name)))
        {
            var name = pair.ToTerminal(column.Name);
            if (pair.Terminal.Find(name) is null && !pair.IsExcluded(name))
                yield return MissingAtTerminal(pair, column, name, remedies);
            else if (pair.IsExcluded(name) && IsRequired(column))
                yield return Unfilled(pair, column, $"{name} is excluded from the sync, but central requires a value");
        }
    }

    private static SchemaFinding MissingInCentral(TablePair pair, ColumnSchema column, Remedies remedies)
    {
        var name = pair.ToCentral(column.Name);
        return new SchemaFinding(
            pair.Pulls ? FindingSeverity.Error : FindingSeverity.Warning, DatabaseSide.Central, pair.CentralName, name,
            $"central has no column {name}; the terminal's values would stay behind",
            $"{remedies.ForColumn(DatabaseSide.Central, pair.CentralName, name)} Or exclude {column.Name} in the map.".TrimStart());
    }

    private static SchemaFinding MissingAtTerminal(TablePair pair, ColumnSchema column, string name, Remedies remedies)
    {
        if (pair.Pulls && IsRequired(column))
            return Unfilled(pair, column, $"central requires a value, but the terminal has no column {name}");
        return new SchemaFinding(
            pair.Pushes ? FindingSeverity.Warning : FindingSeverity.Info, DatabaseSide.Terminal, pair.TerminalName, name,
            $"the terminal has no column {name}; central's values do not reach it", remedies.ForColumn(DatabaseSide.Terminal, pair.TerminalName, name));
    }

    private static SchemaFinding Unfilled(TablePair pair, ColumnSchema column, string message)
    {
        var alter = $"ALTER TABLE {PostgresName.Quote(pair.Central!)} ALTER COLUMN {PostgresName.Quote(column.Name)}";
        return new SchemaFinding(
            pair.Pulls ? FindingSeverity.Error : FindingSeverity.Info, DatabaseSide.Central, pair.CentralName, column.Name, message + ": no new row of a terminal would be accepted",
            $"{alter} SET DEFAULT …; or {alter} DROP NOT NULL;");
    }

    private static SchemaFinding? CheckNull(TablePair pair, ColumnSchema terminal, ColumnSchema central)
    {
        var isTerminalKey = pair.Terminal!.Key.Contains(terminal.Name, StringComparer.OrdinalIgnoreCase);
        if (pair.Pulls && IsRequired(central) && !terminal.NotNull && !terminal.IsAutoNumber && !isTerminalKey)
        {
            var alter = $"ALTER TABLE {PostgresName.Quote(pair.Central!)} ALTER COLUMN {PostgresName.Quote(central.Name)}";
            return new SchemaFinding(
                FindingSeverity.Warning, DatabaseSide.Central, pair.CentralName, central.Name,
                "the column is NOT NULL without a default, but the terminal allows NULL: such rows will be refused",
                $"{alter} DROP NOT NULL; or see to it that the till always fills {terminal.Name}.");
        }
        if (pair.Pushes && terminal is { NotNull: true, IsGenerated: false } && !central.NotNull)
        {
            return new SchemaFinding(
                FindingSeverity.Warning, DatabaseSide.Central, pair.CentralName, central.Name,
                $"the column allows NULL, but the terminal's {terminal.Name} is NOT NULL: such rows will be set aside there",
                $"ALTER TABLE {PostgresName.Quote(pair.Central!)} ALTER COLUMN {PostgresName.Quote(central.Name)} SET NOT NULL;");
        }
        return null;
    }

    private static bool IsRequired(ColumnSchema column) => column is { NotNull: true, Default: null, IsGenerated: false, IsAutoNumber: false };
}
