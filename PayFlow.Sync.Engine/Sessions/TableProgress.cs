using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What one direction of one table did in a run; a row of <c>sync_log_tables</c>.</summary>
public sealed class TableProgress(string table, SyncDirection direction)
{
    public string Table { get; } = table;

    public SyncDirection Direction { get; } = direction;

    public long Read { get; set; }

    public long Inserted { get; set; }

    public long Updated { get; set; }

    public long Deleted { get; set; }

    public long Unchanged { get; set; }

    public long Conflicts { get; set; }

    public long Failed { get; set; }

    public long Waiting { get; set; }

    public long Skipped { get; set; }

    public string? CheckpointFrom { get; set; }

    public string? CheckpointTo { get; set; }

    public TimeSpan Duration { get; set; }

    /// <summary>Rows that made a difference on the other side.</summary>
    public long Moved => Inserted + Updated + Deleted;
}
