namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>A conflict without its images.</summary>
public record Conflict
{
    public required long Id { get; init; }

    /// <summary>Counts the changes of its images; whoever decides names the one that was looked at.</summary>
    public required int Version { get; init; }

    /// <summary>The terminal whose change met central's.</summary>
    public required string Terminal { get; init; }

    /// <summary>The table by its name in the terminal.</summary>
    public required string Table { get; init; }

    /// <summary>Central's key of the row; null when central never had it.</summary>
    public string? Key { get; init; }

    /// <summary>The terminal's own key of the row.</summary>
    public string? LocalKey { get; init; }

    /// <summary><c>unique</c>: central's row that has the value.</summary>
    public string? OtherKey { get; init; }

    /// <summary><c>update-update</c>, <c>update-delete</c>, <c>delete-update</c>, <c>insert-insert</c> or <c>unique</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The table's policy when it was found.</summary>
    public required string Policy { get; init; }

    public required ConflictState State { get; init; }

    /// <summary>The columns in dispute, by their names in the terminal.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    public required DateTimeOffset DetectedAt { get; init; }

    /// <summary>When an image last changed; null when none has.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>How it was decided: <c>terminal</c>, <c>central</c>, <c>values</c>, <c>withdrawn</c>; null while it is open.</summary>
    public string? Resolution { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public string? ResolvedBy { get; init; }

    public string? Reason { get; init; }

    /// <summary>When the terminal took the decision over.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>The row as people name it: <c>customers/17</c>.</summary>
    public string Row => $"{Table}/{Key ?? LocalKey}";
}
