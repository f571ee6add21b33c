using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What a run did: printed, logged on both sides.</summary>
public sealed record RunReport
{
    public required Guid RunId { get; init; }

    public required string Terminal { get; init; }

    public required RunStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public IReadOnlyList<TableProgress> Tables { get; init; } = [];

    /// <summary>Entries of the queue by status, after the run.</summary>
    public IReadOnlyDictionary<string, long> Queue { get; init; } = new Dictionary<string, long>();

    /// <summary>Rows that central has refused for the last time, at most <see cref="DeadLetter.Reported"/> of them.</summary>
    public IReadOnlyList<DeadLetter> DeadLetters { get; init; } = [];

    /// <summary>Rows that wait for bootstrap.</summary>
    public long WaitingForBootstrap { get; init; }

    /// <summary>Rows that came down and were refused by the terminal, so far.</summary>
    public long SetAside { get; init; }

    /// <summary>The run has given way to something more pressing (<see cref="SyncRequest.Pressing"/>) and is to be gone on with at once.</summary>
    public bool HasMore { get; init; }

    /// <summary>How far the change log has been read by every table.</summary>
    public LogPosition? Position { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public string? Error { get; init; }

    public string? Hint { get; init; }

    public long Moved => Tables.Sum(t => t.Moved);

    public long Conflicts => Queue.GetValueOrDefault("CONFLICT");

    /// <summary>Rows that both sides had changed and that the table's policy decided; each is kept in payflow.conflicts.</summary>
    public long Settled => Math.Max(0, Tables.Sum(t => t.Conflicts) - Conflicts);

    public long FailedRows => Queue.GetValueOrDefault("FAILED") + SetAside;

    public bool IsClean => Status == RunStatus.Synced && Conflicts == 0 && FailedRows == 0;
}
