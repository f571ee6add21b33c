using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What became of a conflict that a terminal waits for.</summary>
public sealed record Decision
{
    public required ConflictingRow Row { get; init; }

    public required DecisionState State { get; init; }

    /// <summary>The conflict's number; 0 when central knows none.</summary>
    public long Conflict { get; init; }

    /// <summary>Central's row as it is now, in the plan's columns; null when it is gone or none of this terminal's business (its filter).</summary>
    public CellValue[]? Values { get; init; }

    /// <summary>The terminal's row that was decided upon, by its column names; null when the terminal had deleted it. What the POS program changed since is newer than the decision.</summary>
    public IReadOnlyDictionary<string, CellValue>? DecidedUpon { get; init; }

    /// <summary>The columns that were in dispute, by the terminal's names.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Central's key of the row; null when central has none.</summary>
    public string? ServerKey { get; init; }

    /// <summary>The terminal took it over before: whoever asks again is a file from a backup.</summary>
    public bool WasDelivered { get; init; }
}
