namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.change_log</c>: one change in central, read in the order of generation, transaction, entry.</summary>
public sealed class ChangeLogRow
{
    public int Generation { get; set; }

    public ulong Xid { get; set; }

    public long Id { get; set; }

    public int TableId { get; set; }

    /// <summary><c>I</c>, <c>U</c>, <c>D</c>, or <c>T</c> for a truncated table.</summary>
    public char Op { get; set; }

    /// <summary>Null for a truncated table.</summary>
    public string? Key { get; set; }

    /// <summary>The terminal whose upload made the change; null when the chain itself did.</summary>
    public string? Origin { get; set; }

    public DateTimeOffset LoggedAt { get; set; }
}
