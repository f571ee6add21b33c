namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.sync_log_tables</c>: one table of one run in one direction.</summary>
public sealed class SyncLogTableRow
{
    public Guid RunId { get; set; }

    public required string TableName { get; set; }

    public required string Direction { get; set; }

    public long RowsRead { get; set; }

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

    public long DurationMs { get; set; }
}
