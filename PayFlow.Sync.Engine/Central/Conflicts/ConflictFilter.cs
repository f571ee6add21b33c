namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Which conflicts; what is null does not matter.</summary>
public sealed record ConflictFilter
{
    public string? Terminal { get; init; }

    /// <summary>The table by its name in the terminal.</summary>
    public string? Table { get; init; }

    /// <summary><c>update-update</c>, <c>update-delete</c>, <c>delete-update</c>, <c>insert-insert</c> or <c>unique</c>.</summary>
    public string? Kind { get; init; }

    public ConflictState? State { get; init; } = ConflictState.Open;

    /// <summary>Detected then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The row's key, on either side, begins with this.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>These numbers and no others.</summary>
    public IReadOnlyList<long>? Ids { get; init; }
}
