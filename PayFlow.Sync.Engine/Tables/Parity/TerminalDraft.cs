namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>A table of the terminal about to be created or widened.</summary>
internal sealed class TerminalDraft(TablePair pair)
{
    public TablePair Pair { get; } = pair;

    public TableSchema Central { get; } = pair.Central!;

    public bool IsNew => Pair.Terminal is null;

    public string Name => Pair.TerminalName;

    /// <summary>The columns that are missing at the terminal, in central's order.</summary>
    public List<DraftColumn> Columns { get; } = [];

    public IReadOnlyList<string> Key => Pair.Terminal?.Key ?? [.. Central.Key.Select(Pair.ToTerminal)];

    /// <summary>The one number that SQLite can hand out itself: https://www.sqlite.org/lang_createtable.html#rowid</summary>
    public ColumnSchema? RowidKey => IsNew && Central.Key is [var key] && Central.Find(key) is { Logical: LogicalType.Integer, IsGenerated: false } column ? column : null;

    public DraftColumn? Find(string terminalColumn) => Columns.Find(c => string.Equals(c.Name, terminalColumn, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a column of central becomes: in a linked table, a reference to central's key becomes one to the terminal's own.</summary>
    public string ToTerminal(string centralColumn) => Pair.IsLinkedKey(centralColumn) && Key.Count == 1 ? Key[0] : Pair.ToTerminal(centralColumn);
}
