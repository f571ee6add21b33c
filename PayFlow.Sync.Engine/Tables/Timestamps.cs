namespace PayFlow.Sync.Engine.Tables;

/// <summary>Finds the column that says when a row was last written: <c>updated_at</c>, <c>last_updated</c> or <c>created_at</c>, in that order.</summary>
internal static class Timestamps
{
    public const string Names = "updated_at, last_updated or created_at";

    private static readonly string[] InOrder = ["updated_at", "last_updated", "created_at"];

    /// <summary>By its own name, or by the name that a rename gives it in central.</summary>
    public static ColumnSchema? OfTerminal(TableSchema terminal, IReadOnlyList<ColumnPlan> columns) =>
        InOrder.Select(name => terminal.Find(name) ?? columns.FirstOrDefault(c => Is(c.Central, name))?.Terminal).FirstOrDefault(c => c is not null);

    public static ColumnSchema? OfCentral(TableSchema central, IReadOnlyList<ColumnPlan> columns) =>
        InOrder.Select(name => central.Find(name) ?? columns.FirstOrDefault(c => Is(c.Terminal, name))?.Central)
            .FirstOrDefault(c => c?.Logical is LogicalType.Timestamp or LogicalType.TimestampTz);

    private static bool Is(ColumnSchema column, string name) => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
