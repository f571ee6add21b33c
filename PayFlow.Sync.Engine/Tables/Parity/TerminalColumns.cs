namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Decides which columns a terminal gets for a central table, and of what type.</summary>
internal sealed class TerminalColumns(List<SchemaFinding> notes)
{
    /// <summary>Fills in the columns that the terminal does not have.</summary>
    public void Fill(TerminalDraft draft)
    {
        foreach (var column in draft.Central.Columns)
        {
            var name = draft.Pair.ToTerminal(column.Name);
            if (draft.Pair.IsLinkedKey(column.Name) || draft.Pair.IsExcluded(name) || draft.Pair.Terminal?.Find(name) is not null)
                continue;
            draft.Columns.Add(Choose(draft, column, name));
        }
    }

    /// <summary>
    /// The declared type whose affinity leaves every neutral form of <see cref="Changes.CellValue"/> as it is: exact decimals and everything spelled out are text,
    /// because SQLite would turn them into doubles.
    /// </summary>
    public static string TypeOf(LogicalType type) => type switch
    {
        LogicalType.Boolean or LogicalType.Integer => "INTEGER",
        LogicalType.Float => "REAL",
        LogicalType.Bytes => "BLOB",
        _ => "TEXT",
    };

    private DraftColumn Choose(TerminalDraft draft, ColumnSchema column, string name)
    {
        var isKey = draft.IsNew && draft.Central.Key.Contains(column.Name);
        var translated = column.Default is null || column.IsAutoNumber ? null : TerminalDefault.Of(column.Default, column.Logical);
        var isAllowed = translated is null || draft.IsNew || TerminalDefault.IsConstant(translated);
        if (!isAllowed || (translated is null && column is { Default: { } expression, IsAutoNumber: false } && SqlDefault.Parse(expression).Kind != SqlDefaultKind.None))
            Note(draft, column, $"the default {column.Default} is not carried over");
        if (column.IsGenerated)
            Note(draft, column, $"{column.Name} is computed by central; at the terminal it is an ordinary column");
        if (column.IsCaseInsensitive)
            Note(draft, column, $"{column.Name} ignores case in central; at the terminal it does not");
        return new DraftColumn
        {
            Name = name,
            Source = column,
            Type = TypeOf(column.Logical),
            // Rows that the terminal has already would have no value, and SQLite refuses the column: https://www.sqlite.org/lang_altertable.html#alter_table_add_column
            // What central computes is not known to the till when it makes a row.
            NotNull = isKey || (column is { NotNull: true, IsGenerated: false } && (draft.IsNew || (translated is not null && isAllowed))),
            Default = isAllowed ? translated : null,
        };
    }

    private void Note(TerminalDraft draft, ColumnSchema column, string message) =>
        notes.Add(new SchemaFinding(FindingSeverity.Info, DatabaseSide.Central, draft.Central.Name, column.Name, message));
}
