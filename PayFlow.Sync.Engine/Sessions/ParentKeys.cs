using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Which rows of which pulled tables a row of one table refers to: a parent that central does not have yet goes first, whatever its priority.</summary>
internal sealed class ParentKeys
{
    private readonly List<(TablePlan Parent, int[] Columns)> _references = [];

    public ParentKeys(SyncPlan plan, TablePlan table)
    {
        foreach (var foreignKey in table.Terminal.ForeignKeys)
        {
            if (plan.Find(foreignKey.ParentTable) is not { Pulls: true } parent || parent.TerminalKey.Count != foreignKey.Columns.Count)
                continue;
            // The parent's key order, because that is how its entries are called.
            var columns = parent.TerminalKey.Select(k => ColumnOf(table, foreignKey, k.Name)).ToArray();
            if (!columns.Contains(-1))
                _references.Add((parent, columns));
        }
    }

    public bool IsEmpty => _references.Count == 0;

    /// <summary>The parents a row names, by their local keys; those that are in central for certain are left out.</summary>
    public IEnumerable<(TablePlan Parent, string Key)> Of(CellValue[] row)
    {
        foreach (var (parent, columns) in _references)
        {
            var key = columns.Select(c => row[c]).ToArray();
            if (key.Any(v => v.IsNull) || (parent.KeyMode == KeyMode.Linked && key[0].Kind != CellKind.LocalReference))
                continue;
            yield return (parent, RowKey.Format(key));
        }
    }

    private static int ColumnOf(TablePlan table, ForeignKeySchema foreignKey, string parentColumn)
    {
        for (var i = 0; i < foreignKey.ParentColumns.Count; i++)
        {
            if (!string.Equals(foreignKey.ParentColumns[i], parentColumn, StringComparison.OrdinalIgnoreCase))
                continue;
            for (var c = 0; c < table.Columns.Count; c++)
            {
                if (string.Equals(table.Columns[c].Terminal.Name, foreignKey.Columns[i], StringComparison.OrdinalIgnoreCase))
                    return c;
            }
        }
        return -1;
    }
}
