using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>How a terminal is synced, with the defaults that fit a POS.</summary>
public sealed record SyncOptions
{
    /// <summary>Rows per batch (the specification's <c>SYNC_BATCH_SIZE</c>), 1 to 100,000.</summary>
    public int BatchSize { get; init; } = 5_000;

    /// <summary>When a refused row is tried again.</summary>
    public RetryDelay Retry { get; init; } = new();

    /// <summary>How often a run that meets a passing trouble begins again.</summary>
    public int TransientAttempts { get; init; } = 5;

    /// <summary>The first pause before that; it doubles.</summary>
    public TimeSpan TransientDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long to wait for a POS program that holds the file's write lock.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long runs can be rolled back.</summary>
    public JournalRetention Journal { get; init; } = new();

    /// <summary>Called at every named step of a run, in order; for tests that end the process there.</summary>
    public Action<string>? Step { get; init; }

    internal Sabotage Sabotage { get; init; }
}
