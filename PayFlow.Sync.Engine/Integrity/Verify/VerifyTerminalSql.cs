using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>The SQL that reads one table of a terminal; in all of it <c>t</c> is the row.</summary>
internal sealed class VerifyTerminalSql(VerifyTable table)
{
    private TablePlan Plan => table.Plan;

    public string Name => SqliteName.Quote(Plan.Name);

    public IReadOnlyList<string> OwnKey => [.. Plan.TerminalKey.Select(Column)];

    /// <summary>A row without a key of its own cannot be told from another; SQLite allows it where a primary key is no INTEGER.</summary>
    public string HasOwnKey => string.Join(" AND ", OwnKey.Select(k => $"{k} IS NOT NULL"));

    /// <summary>The row as <see cref="VerifyTable"/> describes it.</summary>
    public string Cells
    {
        get
        {
            var cells = Plan.Columns.Select(Cell).ToList();
            if (table.IsLinked)
                cells.AddRange([ServerId, .. OwnKey]);
            return string.Join(", ", cells);
        }
    }

    public string ServerId => "t." + SqliteName.Quote(Plan.ServerIdColumn!);

    /// <summary>What the rows are read in the order of where an index of the file has it.</summary>
    public IReadOnlyList<string> NativeOrder => table.IsLinked ? [ServerId, .. OwnKey] : OwnKey;

    /// <summary>A chunk in the order of the file's own index, behind <c>?1…</c>.</summary>
    public string Native(bool resumes, int limit)
    {
        var behind = resumes ? $" AND ({string.Join(", ", NativeOrder)}) > ({Parameters(NativeOrder.Count)})" : string.Empty;
        var linked = table.IsLinked ? $" AND {ServerId} IS NOT NULL" : string.Empty;
        return $"SELECT {Cells} FROM {Name} t WHERE {HasOwnKey}{linked}{behind} ORDER BY {string.Join(", ", NativeOrder.Select(c => c + " COLLATE BINARY"))} LIMIT {limit}";
    }

    /// <summary>A chunk in the order of the sorted keys, behind <c>?1…</c>.</summary>
    public string Sorted(bool resumes, int limit)
    {
        var order = SortedColumns.Select(c => "o." + c).ToList();
        var behind = resumes ? $" WHERE ({string.Join(", ", order)}) > ({Parameters(order.Count)})" : string.Empty;
        var same = string.Join(" AND ", OwnKey.Select((k, i) => $"{k} = o.o{i}"));
        return $"SELECT {Cells}, {string.Join(", ", order)} FROM temp.payflow_sorted o CROSS JOIN {Name} t ON {same}{behind} ORDER BY {string.Join(", ", order)} LIMIT {limit}";
    }

    /// <summary>Central's key in a form that sorts, and the terminal's own.</summary>
    public IReadOnlyList<string> SortedColumns => [.. Enumerable.Range(0, table.Order.Count).Select(i => $"k{i}"), .. Enumerable.Range(0, OwnKey.Count).Select(i => $"o{i}")];

    public string CreateSorted => $"""
        PRAGMA temp_store = FILE;
        DROP TABLE IF EXISTS temp.payflow_sorted;
        CREATE TEMP TABLE payflow_sorted ({string.Join(", ", SortedColumns)}, PRIMARY KEY ({string.Join(", ", SortedColumns)})) WITHOUT ROWID
        """;

    public string InsertSorted => $"INSERT INTO temp.payflow_sorted VALUES ({Parameters(SortedColumns.Count)})";

    /// <summary>A chunk of keys in whatever order the table's own key has: central's key as the terminal knows it, then the table's key columns.</summary>
    public string Keys(bool resumes, int limit)
    {
        var order = OrderedOwnKey;
        var behind = resumes ? $" AND ({string.Join(", ", order)}) > ({Parameters(order.Count)})" : string.Empty;
        return $"SELECT {Cells}, {string.Join(", ", order)} FROM {Name} t WHERE {HasOwnKey}{(table.IsLinked ? $" AND {ServerId} IS NOT NULL" : string.Empty)}{behind} ORDER BY {string.Join(", ", order)} LIMIT {limit}";
    }

    /// <summary>A chunk of the rows that know no central row.</summary>
    public string Unlinked(bool resumes, int limit)
    {
        var order = OrderedOwnKey;
        var behind = resumes ? $" AND ({string.Join(", ", order)}) > ({Parameters(order.Count)})" : string.Empty;
        return $"SELECT {Cells}, {string.Join(", ", order)} FROM {Name} t WHERE {ServerId} IS NULL AND {HasOwnKey}{behind} ORDER BY {string.Join(", ", order)} LIMIT {limit}";
    }

    /// <summary>The row of an own key.</summary>
    public string ByOwnKey => $"SELECT {Cells} FROM {Name} t WHERE {string.Join(" AND ", OwnKey.Select((k, i) => $"{k} = ?{i + 1}"))}";

    /// <summary>The table's key columns in the order in which its index has them.</summary>
    public IReadOnlyList<string> OrderedOwnKey => [.. Plan.Terminal.Key.Select(k => "t." + SqliteName.Quote(k))];

    public static string Parameters(int count) => string.Join(", ", Enumerable.Range(1, count).Select(i => $"?{i}"));

    private static string Column(ColumnSchema column) => "t." + SqliteName.Quote(column.Name);

    // A parent by central's key, which of a replaced or deleted one only its open entry knows; where the terminal does not know it, the local one as bytes, which no central key ever is.
    private string Cell(ColumnPlan column)
    {
        var own = Column(column.Terminal);
        if (column.References is not { } parent || column.IsKey || table.All.Find(parent) is not { } linked)
            return own;
        var key = $"SELECT p.{SqliteName.Quote(linked.ServerIdColumn!)} FROM {SqliteName.Quote(linked.Name)} p WHERE p.{SqliteName.Quote(linked.TerminalKey[0].Name)} = {own}";
        var place = SqliteName.Literal($"$.\"{linked.ServerIdColumn}\"");
        var agreed = $"SELECT CASE json_type(q.base, {place}) WHEN 'text' THEN substr(json_extract(q.base, {place}), 2) ELSE json_extract(q.base, {place}) END FROM sync_queue q WHERE q.entity_type = {SqliteName.Literal(linked.Name)} AND q.entity_id = CAST({own} AS TEXT)";
        return $"CASE WHEN {own} IS NULL THEN NULL ELSE coalesce(({key}), ({agreed}), CAST({own} AS BLOB)) END";
    }
}
