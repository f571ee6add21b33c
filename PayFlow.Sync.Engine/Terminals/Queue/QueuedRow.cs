namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>One row that waits, on its way up or down.</summary>
public sealed record QueuedRow
{
    public required string Table { get; init; }

    /// <summary>The row's key in the terminal; of a row that was set aside, central's.</summary>
    public required string Key { get; init; }

    /// <summary><c>PENDING</c>, <c>SYNCING</c>, <c>FAILED</c> or <c>CONFLICT</c>; <c>ASIDE</c> for a row that came down and that the terminal refused.</summary>
    public required string Status { get; init; }

    /// <summary><c>INSERT</c>, <c>UPDATE</c> or <c>DELETE</c>; null for a row on its way down.</summary>
    public string? Action { get; init; }

    public long Attempts { get; init; }

    /// <summary>Why it still waits, in words; null when it has only not been its turn yet.</summary>
    public string? Error { get; init; }

    /// <summary>When it is tried again by itself; null: at the next run, or never, see <see cref="IsDeadLetter"/>.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>The row that it waits for, as <c>orders/17</c>.</summary>
    public string? WaitsFor => Error is { } error && error.StartsWith(WaitsPrefix, StringComparison.Ordinal) ? error[WaitsPrefix.Length..] : null;

    /// <summary>It was refused as often as is allowed: nothing happens until somebody edits, requeues or discards it.</summary>
    public bool IsDeadLetter => Status == "FAILED" && NextAttemptAt is null;

    private const string WaitsPrefix = "waits for ";
}
