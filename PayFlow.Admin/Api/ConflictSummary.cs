using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Api;

/// <summary>A conflict without its images.</summary>
internal sealed record ConflictSummary
{
    public required long Id { get; init; }

    /// <summary>To be sent as <c>expectedVersion</c>.</summary>
    public required int Version { get; init; }

    public required string Terminal { get; init; }

    /// <summary>By its name in the terminal.</summary>
    public required string Table { get; init; }

    /// <summary>Central's key of the row; null when central never had it.</summary>
    public string? Key { get; init; }

    /// <summary>The terminal's own key of the row.</summary>
    public string? LocalKey { get; init; }

    /// <summary>Of kind <c>unique</c>: central's row that has the value. A device is told it only with one conflict, and where the row travels to it.</summary>
    public string? OtherKey { get; init; }

    /// <summary><c>update-update</c>, <c>update-delete</c>, <c>delete-update</c>, <c>insert-insert</c> or <c>unique</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The table's policy when it was found.</summary>
    public required string Policy { get; init; }

    public required ConflictState State { get; init; }

    /// <summary>The columns in dispute, by their names in the terminal.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    public required DateTimeOffset DetectedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>How it was decided: <c>terminal</c>, <c>central</c>, <c>values</c> or <c>withdrawn</c>.</summary>
    public string? Resolution { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public string? ResolvedBy { get; init; }

    public string? Reason { get; init; }

    /// <summary>When the terminal took the decision over.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    public static ConflictSummary Of(Conflict conflict) => new()
    {
        Id = conflict.Id,
        Version = conflict.Version,
        Terminal = conflict.Terminal,
        Table = conflict.Table,
        Key = conflict.Key,
        LocalKey = conflict.LocalKey,
        OtherKey = conflict.OtherKey,
        Kind = conflict.Kind,
        Policy = conflict.Policy,
        State = conflict.State,
        Fields = conflict.Fields,
        DetectedAt = conflict.DetectedAt,
        UpdatedAt = conflict.UpdatedAt,
        Resolution = conflict.Resolution,
        ResolvedAt = conflict.ResolvedAt,
        ResolvedBy = conflict.ResolvedBy,
        Reason = conflict.Reason,
        DeliveredAt = conflict.DeliveredAt,
    };
}
