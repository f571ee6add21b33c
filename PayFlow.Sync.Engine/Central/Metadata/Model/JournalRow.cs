namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.journal</c>: what a run changed in central, with before and after images, for rollback.</summary>
public sealed class JournalRow
{
    public long Id { get; set; }

    public Guid? RunId { get; set; }

    public Guid? BatchId { get; set; }

    public string? TerminalId { get; set; }

    public string Direction { get; set; } = "pull";

    public required string TableName { get; set; }

    public char Op { get; set; }

    public string? Key { get; set; }

    /// <summary>Several rows in one entry, where only the keys matter.</summary>
    public string[]? Keys { get; set; }

    /// <summary>Beside <see cref="Keys"/>: a hash of each row as it was written, by which rollback knows whether it still stands so.</summary>
    public long[]? Hashes { get; set; }

    /// <summary>JSON; null for an insert.</summary>
    public string? Before { get; set; }

    /// <summary>JSON; null for a delete.</summary>
    public string? After { get; set; }

    public DateTimeOffset At { get; set; }
}
