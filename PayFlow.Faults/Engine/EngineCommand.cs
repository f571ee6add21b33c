using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Faults.Engine;

/// <summary>One line to the engine's process: sync this till now.</summary>
internal sealed record EngineCommand
{
    public required string Path { get; init; }

    /// <summary>Central's connection string; null for a till that reaches it by a host, which its device's file names.</summary>
    public required string? Central { get; init; }

    /// <summary>How long a till elsewhere waits for a sign of life from its host.</summary>
    public int LineMilliseconds { get; init; } = 5_000;

    public required int BatchSize { get; init; }

    public SyncDirection Direction { get; init; }

    public IReadOnlyList<string>? Tables { get; init; }

    public bool Bootstrap { get; init; }

    /// <summary>The run stops at every named step, says so, and waits for a line.</summary>
    public bool Watched { get; init; }

    public int BusyMilliseconds { get; init; } = 1_000;

    /// <summary>How often the run begins again by itself after passing troubles.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How far this process's clock is off.</summary>
    public int ClockHours { get; init; }

    /// <summary>Close everything, and do no more.</summary>
    public bool CloseOnly { get; init; }
}
