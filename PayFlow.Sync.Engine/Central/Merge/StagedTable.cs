using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// One table as it is merged: its columns with their codecs, the names and the definition of its two staging tables. New rows take the narrow one,
/// rows with a before-image the wide one.
/// </summary>
internal sealed class StagedTable
{
    private readonly string _stem;

    public StagedTable(TablePlan plan, string stem, IReadOnlyList<CascadedChild>? cascaded = null)
    {
        Plan = plan;
        Cascaded = cascaded ?? [];
        _stem = stem;
        Columns = [.. plan.Columns.Select((c, i) => new StagedColumn(c, ColumnCodecs.For(c.Central), i))];
        Keys = [.. plan.CentralKey.Select(ColumnCodecs.For)];
        Merged = [.. Columns.Where(c => c.IsMerged)];
        References = [.. Columns.Where(c => c.Plan.References is not null)];
        Policy = new MergePolicy(plan.Entry.Conflicts, plan.Entry.Fallback, Stamped(), plan.IgnoresDeletes);
    }

    public TablePlan Plan { get; }

    /// <summary>Children that central would delete together with a row of this table.</summary>
    public IReadOnlyList<CascadedChild> Cascaded { get; }

    /// <summary>Whether a row <c>t</c> of central's is the terminal's business, as a condition.</summary>
    public string Visible { get; init; } = "true";

    /// <summary>Which rows may be written, where that is not all of them.</summary>
    public WriteLimit? Limit { get; init; }

    /// <summary>Central's timestamp column and its codec; null when there is none.</summary>
    public (string Target, ColumnCodec Codec)? Stamp => Plan.CentralTimestamp is { } stamp ? ("t." + PostgresName.Quote(stamp.Name), ColumnCodecs.For(stamp)) : null;

    public bool IsLinked => Plan.KeyMode == KeyMode.Linked;

    /// <summary>Every column that travels, in the section's order.</summary>
    public IReadOnlyList<StagedColumn> Columns { get; }

    /// <summary>Codecs of central's key columns.</summary>
    public IReadOnlyList<ColumnCodec> Keys { get; }

    /// <summary>The columns that are compared and written; comparisons have one character for each.</summary>
    public IReadOnlyList<StagedColumn> Merged { get; }

    /// <summary>What the map says of conflicts, in places of <see cref="Merged"/>.</summary>
    public MergePolicy Policy { get; }

    /// <summary>Columns whose changes add up.</summary>
    public bool IsAdditive(StagedColumn column) => Plan.Entry.Additive.Contains(column.Plan.Terminal.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Foreign keys to parents with a key of their own in the terminal.</summary>
    public IReadOnlyList<StagedColumn> References { get; }

    public string Target => PostgresName.Quote(Plan.Central);

    public string Name(bool withBase) => _stem + (withBase ? "_changed" : "_new");

    /// <summary>Central's row <c>t</c> is the staged row <c>s</c>.</summary>
    public string SameRow => IsLinked
        ? $"t.{PostgresName.Quote(Plan.CentralKey[0].Name)} = {Keys[0].FromStage("s.sk")}"
        : string.Join(" AND ", KeyColumns.Select(c => $"{c.Target} = {c.NewValue}"));

    /// <summary>Whether an outer join found central's row <c>t</c>.</summary>
    public string Found => $"t.{PostgresName.Quote(Plan.CentralKey[0].Name)} IS NOT NULL";

    /// <summary>Orders by central's key, so that inserts run along its index.</summary>
    public string KeyOrder => IsLinked ? Keys[0].FromStage("s.sk") : string.Join(", ", KeyColumns.Select(c => c.NewValue));

    /// <summary>
    /// Central's first key column as <c>t</c> has it and as it is staged, where both are of one type, so that an index answers to a range; null otherwise.
    /// </summary>
    public (string Target, string Staged)? FirstKey => Plan.CentralKey[0] is { BaseType: "varchar" or "text" or "uuid" or "int2" or "int4" or "int8" } key
        ? ($"t.{PostgresName.Quote(key.Name)}", IsLinked ? Keys[0].FromStage("s.sk") : KeyColumns.First().NewValue)
        : null;

    /// <summary>The key's text form of the row with that alias.</summary>
    public string KeyText(string alias) => KeyTextSql.For(Plan, Keys, alias);

    /// <summary>The staged row's key as text: what links keep.</summary>
    public string StagedKeyText => Keys[0].KeyText(Keys[0].FromStage("s.sk"));

    public string CreateSql(bool withBase)
    {
        var columns = new List<string> { "ord int4 NOT NULL" };
        if (IsLinked)
            columns.AddRange(["lk text", $"sk {Keys[0].StageType}", "isnew boolean"]);
        columns.AddRange(Columns.Select(c => $"n{c.Ordinal} {c.Codec.StageType}"));
        columns.AddRange(References.Select(c => $"l{c.Ordinal} text"));
        if (withBase)
        {
            columns.Add("del boolean");
            columns.AddRange(Columns.Select(c => $"b{c.Ordinal} {c.Codec.StageType}"));
            columns.AddRange(References.Select(c => $"m{c.Ordinal} text"));
        }
        return $"CREATE TEMP TABLE IF NOT EXISTS {Name(withBase)} ({string.Join(", ", columns)}) ON COMMIT DELETE ROWS";
    }

    public string CopySql(bool withBase) => $"COPY {Name(withBase)} ({string.Join(", ", CopiedColumns(withBase))}) FROM STDIN (FORMAT BINARY)";

    /// <summary>How many columns <see cref="CopySql"/> names.</summary>
    public int StagedColumns(bool withBase) => CopiedColumns(withBase).Count;

    private List<string> CopiedColumns(bool withBase)
    {
        var columns = new List<string> { "ord" };
        if (IsLinked)
            columns.AddRange(["lk", "sk"]);
        columns.AddRange(Columns.Select(c => $"n{c.Ordinal}"));
        columns.AddRange(References.Select(c => $"l{c.Ordinal}"));
        if (withBase)
        {
            columns.Add("del");
            columns.AddRange(Columns.Select(c => $"b{c.Ordinal}"));
            columns.AddRange(References.Select(c => $"m{c.Ordinal}"));
        }
        return columns;
    }

    // When a row was made is data like any other.
    private int Stamped() => Plan.CentralTimestamp is { } stamp && !stamp.Name.Equals("created_at", StringComparison.OrdinalIgnoreCase)
        ? Merged.ToList().FindIndex(c => c.Plan.Central.Name == stamp.Name)
        : -1;

    private IEnumerable<StagedColumn> KeyColumns => Columns.Where(c => c.Plan.IsKey).OrderBy(c => c.Plan.KeyOrdinal);
}
