using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>How a conflict was decided.</summary>
public sealed record ResolutionOutcome
{
    public required long Id { get; init; }

    public required string Terminal { get; init; }

    /// <summary>The row as people name it: <c>customers/17</c>.</summary>
    public required string Row { get; init; }

    /// <summary><c>terminal</c>, <c>central</c> or <c>values</c>.</summary>
    public required string Resolution { get; init; }

    /// <summary>It had been decided in the same way before; nothing was done now.</summary>
    public bool WasResolved { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The run under which history and rollback know it; null when nothing was done.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Central's row as decided; null when it is gone.</summary>
    public IReadOnlyDictionary<string, CellValue>? Values { get; init; }

    /// <summary>What else there is to know, a sentence; null when there is nothing.</summary>
    public string? Note { get; init; }
}
