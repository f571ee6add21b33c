namespace PayFlow.Sync.Engine.Tables;

/// <summary>How rows of one table know each other, with both keys in the same order.</summary>
internal sealed record KeyChoice(KeyMode Mode, IReadOnlyList<ColumnSchema> Terminal, IReadOnlyList<ColumnSchema> Central)
{
    /// <summary>
    /// Marks the key among the columns of a shared table. In a linked table the keys of both sides and <c>server_id</c> belong to the link and leave the columns:
    /// one till's own numbers mean nothing in central or at another till.
    /// </summary>
    public IReadOnlyList<ColumnPlan> Apply(List<ColumnPlan> columns) => Mode == KeyMode.Linked
        ? [.. columns.Where(c => !Central.Contains(c.Central) && !Terminal.Contains(c.Terminal) && !IsServerId(c.Terminal))]
        : [.. columns.Select(c => c with { IsKey = Central.Contains(c.Central), KeyOrdinal = IndexOf(Central, c.Central) })];

    private static int IndexOf(IReadOnlyList<ColumnSchema> key, ColumnSchema column)
    {
        for (var i = 0; i < key.Count; i++)
            if (key[i] == column)
                return i;
        return -1;
    }

    private static bool IsServerId(ColumnSchema column) => column.Name.Equals(LocalOnly.ServerId, StringComparison.OrdinalIgnoreCase);
}
