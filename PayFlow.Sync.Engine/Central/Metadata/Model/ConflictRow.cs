namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.conflicts</c>: a row that both sides changed since they last agreed.</summary>
public sealed class ConflictRow
{
    public long Id { get; set; }

    public required string TerminalId { get; set; }

    public required string TableName { get; set; }

    public string? Key { get; set; }

    public string? LocalKey { get; set; }

    /// <summary><c>update-update</c>, <c>update-delete</c>, <c>delete-update</c>, <c>insert-insert</c> or <c>unique</c>.</summary>
    public required string Kind { get; set; }

    public required string Policy { get; set; }

    /// <summary><c>OPEN</c> or <c>RESOLVED</c>.</summary>
    public string State { get; set; } = "OPEN";

    /// <summary>What both sides last agreed on, as JSON.</summary>
    public string? Base { get; set; }

    /// <summary>The terminal's values as JSON.</summary>
    public string? Terminal { get; set; }

    /// <summary>Central's values as JSON.</summary>
    public string? Central { get; set; }

    /// <summary>The columns in dispute.</summary>
    public string[] Fields { get; set; } = [];

    public DateTimeOffset DetectedAt { get; set; }

    public Guid? RunId { get; set; }

    public Guid? BatchId { get; set; }

    public string? Resolution { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    public string? ResolvedBy { get; set; }

    public string? Reason { get; set; }

    /// <summary>Counts the changes of the images: whoever decides names the one that was looked at.</summary>
    public int Version { get; set; } = 1;

    /// <summary>When an image last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>A <c>unique</c> conflict: the key of central's row that has the value.</summary>
    public string? OtherKey { get; set; }

    /// <summary>The values that were decided, as JSON; null while open, and for a row that was to go.</summary>
    public string? Resolved { get; set; }

    /// <summary>When the terminal took the decision over.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }
}
