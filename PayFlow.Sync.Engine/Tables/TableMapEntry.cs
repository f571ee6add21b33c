namespace PayFlow.Sync.Engine.Tables;

/// <summary>One synced table as configured. Every field but <see cref="Name"/> has a default; the defaults stand here and nowhere else.</summary>
public sealed record TableMapEntry
{
    /// <summary>The table's name in the terminal.</summary>
    public required string Name { get; init; }

    /// <summary>The table's name in central; the same name when null. May be <c>schema.table</c>; without a schema the search path decides.</summary>
    public string? CentralName { get; init; }

    /// <summary>Terminal column to central column.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>();

    /// <summary>Terminal columns that never travel, besides the local-only ones.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    public SyncDirection Direction { get; init; } = SyncDirection.Both;

    /// <summary>1 (first) to 6.</summary>
    public int Priority { get; init; } = 3;

    public ConflictPolicy Conflicts { get; init; } = ConflictPolicy.ServerWins;

    /// <summary>Under <see cref="ConflictPolicy.Merge"/>: who wins the fields that both sides changed.</summary>
    public ConflictPolicy Fallback { get; init; } = ConflictPolicy.Manual;

    /// <summary>Numeric terminal columns whose changes add up instead of replacing each other: two tills that sell 3 and 2 of one product make −5, and no conflict.</summary>
    public IReadOnlyList<string> Additive { get; init; } = [];

    public DeleteMode Deletes { get; init; } = DeleteMode.Auto;

    /// <summary>The column that marks a deleted row, by its name in the terminal or in central: an instant, or yes and no. <c>deleted_at</c> when null.</summary>
    public string? SoftDelete { get; init; }

    public CaptureMode TerminalCapture { get; init; } = CaptureMode.Trigger;

    public CaptureMode CentralCapture { get; init; } = CaptureMode.Trigger;

    /// <summary>A condition on central's columns, with <c>{terminal.NAME}</c> for an attribute of the terminal: <c>store_id = {terminal.store_id}</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Which rows a till elsewhere may write, in the same words; <c>any</c> for all of them. As <see cref="Filter"/> when null. What comes from an attached file is not asked for it.</summary>
    public string? WriteFilter { get; init; }

    public UnlinkedRows Unlinked { get; init; } = UnlinkedRows.Create;

    /// <summary>Terminal columns of a natural key by which bootstrap recognises rows that both sides have already.</summary>
    public IReadOnlyList<string> Match { get; init; } = [];

    /// <summary>Rows per batch; the run's own size when null.</summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Integer keys that several tills hand out offline: each terminal counts in a block of so many of its own, set through <c>sqlite_sequence</c>. Only for AUTOINCREMENT
    /// tables that travel up only: rows of other tills that come down would carry the count out of its block.
    /// </summary>
    public long? KeyBlock { get; init; }

    public bool Enabled { get; init; } = true;
}
