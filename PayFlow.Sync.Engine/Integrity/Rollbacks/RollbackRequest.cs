namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>Which run to take back.</summary>
public sealed record RollbackRequest
{
    /// <summary>The run's id, or an unambiguous beginning of it.</summary>
    public required string Run { get; init; }

    /// <summary>Terminal tables; all when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }

    /// <summary>Say what would go back, and change nothing on either side.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The terminal's SQLite file; null for the one that central knows, if it is on this machine.</summary>
    public string? TerminalPath { get; init; }

    /// <summary>Who asks for it, for the audit.</summary>
    public required string Actor { get; init; }

    /// <summary>Called at every named step, in order; for tests that end the process there.</summary>
    public Action<string>? Step { get; init; }
}
