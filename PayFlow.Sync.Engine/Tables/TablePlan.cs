namespace PayFlow.Sync.Engine.Tables;

/// <summary>One table ready to be synced: the map's entry resolved and checked against both live schemas.</summary>
public sealed record TablePlan
{
    public required TableMapEntry Entry { get; init; }

    public required TableSchema Terminal { get; init; }

    public required TableSchema Central { get; init; }

    public required KeyMode KeyMode { get; init; }

    /// <summary>The columns that travel, in the terminal's order; in <see cref="KeyMode.Shared"/> tables the key columns are among them.</summary>
    public required IReadOnlyList<ColumnPlan> Columns { get; init; }

    /// <summary>The terminal's own key columns, in key order (<c>local_id</c> in a linked table).</summary>
    public required IReadOnlyList<ColumnSchema> TerminalKey { get; init; }

    /// <summary>Central's key columns, in key order.</summary>
    public required IReadOnlyList<ColumnSchema> CentralKey { get; init; }

    /// <summary>Terminal bookkeeping columns that exist here and are kept up to date by the engine.</summary>
    public string? ServerIdColumn { get; init; }

    public string? SyncStatusColumn { get; init; }

    public string? LastSyncColumn { get; init; }

    /// <summary>The timestamp column on either side: for <c>timestamp</c> capture and <c>last-writer-wins</c>.</summary>
    public ColumnSchema? TerminalTimestamp { get; init; }

    public ColumnSchema? CentralTimestamp { get; init; }

    /// <summary>What a delete at the terminal sets in central instead of deleting the row; null when deletes are deletes.</summary>
    public ColumnSchema? CentralSoftDelete { get; init; }

    /// <summary>What a delete in central sets at the terminal instead of deleting the row; null when deletes are deletes.</summary>
    public ColumnSchema? TerminalSoftDelete { get; init; }

    /// <summary>The soft-delete column that both sides have and that travels; null when there is none.</summary>
    public ColumnPlan? SoftDelete => CentralSoftDelete is null ? null : Columns.FirstOrDefault(c => c.Central == CentralSoftDelete && c.Terminal == TerminalSoftDelete);

    /// <summary>A row deleted on one side stays on the other.</summary>
    public bool IgnoresDeletes => Entry.Deletes == DeleteMode.Ignore;

    /// <summary>Position in foreign-key order, parents first; equal in a cycle.</summary>
    public int Rank { get; init; }

    /// <summary>The name by which everything but SQL against central calls the table: the terminal's.</summary>
    public string Name => Terminal.Name;

    public bool Pulls => Entry is { Enabled: true, Direction: not SyncDirection.Push };

    public bool Pushes => Entry is { Enabled: true, Direction: not SyncDirection.Pull };
}
