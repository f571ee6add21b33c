namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>One registered terminal as central knows it.</summary>
public sealed record TerminalRecord
{
    public required string Id { get; init; }

    /// <summary>A small number of its own, for key blocks.</summary>
    public required int Number { get; init; }

    public string? Name { get; init; }

    /// <summary>What row filters may name: <c>{terminal.store_id}</c>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Where an attached terminal's file lies; null for a remote one.</summary>
    public string? FilePath { get; init; }

    /// <summary>What the terminal's last run said of its file, to recognise a copy.</summary>
    public string? Fingerprint { get; init; }

    public TerminalState State { get; init; }

    public DateTimeOffset RegisteredAt { get; init; }

    public DateTimeOffset? LastSeenAt { get; init; }

    public Guid? LastRunId { get; init; }

    /// <summary>How the last run ended: a status of <c>sync_log</c>.</summary>
    public string? LastStatus { get; init; }

    /// <summary>Advanced by every run, here and in the terminal.</summary>
    public long Counter { get; init; }

    public Guid? Nonce { get; init; }

    public Guid Lineage { get; init; }

    /// <summary>Up to where the change log was read: generation, transaction, entry.</summary>
    public int LogGeneration { get; init; }

    public ulong LogXid { get; init; }

    public long LogId { get; init; }

    /// <summary>What the terminal last reported of its queue, a JSON object.</summary>
    public string Queue { get; init; } = "{}";

    /// <summary>Rows that wait for bootstrap.</summary>
    public long WaitingRows { get; init; }
}
