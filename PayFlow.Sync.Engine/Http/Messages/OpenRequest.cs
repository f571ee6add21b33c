using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/open</c>: begins a run.</summary>
public sealed record OpenRequest
{
    public required string Terminal { get; init; }

    public required Guid RunId { get; init; }

    public string SyncType { get; init; } = "manual";

    public SyncDirection Direction { get; init; }

    /// <summary>A text that stands for <see cref="Schema"/>: equal for equal tables, different for different ones.</summary>
    public required string SchemaVersion { get; init; }

    /// <summary>The terminal's tables; left out as long as the host knows this version.</summary>
    public DatabaseSchema? Schema { get; init; }

    /// <summary>Where the file lies on which machine.</summary>
    public string Fingerprint { get; init; } = string.Empty;

    /// <summary>How many seconds pass at most until the terminal syncs again by itself, so that its silence is noticed; null when that is not known.</summary>
    public int? IntervalSeconds { get; init; }

    /// <summary>The plan that the terminal has; the answer leaves it out when it still holds.</summary>
    public string? KnownPlan { get; init; }
}
