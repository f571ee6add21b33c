namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>What is to be repaired.</summary>
public sealed record RepairRequest
{
    /// <summary>So many rows, none of them removed, are repaired without <see cref="IsConfirmed"/>.</summary>
    public const int SmallRepair = 10;

    public required RepairSource From { get; init; }

    /// <summary>Terminal tables; all that are synced when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }

    /// <summary>Compare and say what would be done; change nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>With more differences than this nothing is done at all: a wrong filter must not empty a till. No limit when null.</summary>
    public long? Limit { get; init; }

    /// <summary>Somebody has seen the preview and says yes.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Who asks for it, for the audit.</summary>
    public string Actor { get; init; } = "payflow";

    /// <summary>Differences to show per table, and rows that could not be repaired.</summary>
    public int Samples { get; init; } = 5;
}
