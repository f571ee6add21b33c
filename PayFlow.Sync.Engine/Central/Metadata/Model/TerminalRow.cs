namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.terminals</c>: one registered terminal.</summary>
public sealed class TerminalRow
{
    public required string Id { get; set; }

    /// <summary>A small number of its own, for key blocks.</summary>
    public int Number { get; set; }

    public string? Name { get; set; }

    /// <summary>A JSON object of texts, for row filters.</summary>
    public string Attributes { get; set; } = "{}";

    /// <summary>Where an attached terminal's file lies.</summary>
    public string? FilePath { get; set; }

    public string? Fingerprint { get; set; }

    /// <summary><c>active</c> or <c>detached</c>.</summary>
    public string State { get; set; } = "active";

    public DateTimeOffset RegisteredAt { get; set; }

    public DateTimeOffset? LastSeenAt { get; set; }

    public Guid? LastRunId { get; set; }

    public string? LastStatus { get; set; }

    /// <summary>Advanced by every run on both sides.</summary>
    public long Counter { get; set; }

    public Guid? Nonce { get; set; }

    public Guid Lineage { get; set; }

    /// <summary>Up to where the change log was read: generation, transaction, entry.</summary>
    public int LogGeneration { get; set; }

    public ulong LogXid { get; set; }

    public long LogId { get; set; }

    /// <summary>What the terminal last reported of its queue, a JSON object.</summary>
    public string Queue { get; set; } = "{}";

    /// <summary>The rows of it that are dead letters, as the terminal last reported, a JSON array.</summary>
    public string DeadLetters { get; set; } = "[]";

    /// <summary>The terminal's schema as it was last seen, as JSON, so that central can plan without the file.</summary>
    public string? Schema { get; set; }

    /// <summary>Which state of the terminal's schema that was.</summary>
    public string? SchemaVersion { get; set; }

    /// <summary>Rows that wait for bootstrap.</summary>
    public long WaitingRows { get; set; }
}
