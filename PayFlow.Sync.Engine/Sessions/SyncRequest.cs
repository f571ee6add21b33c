using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What one run is to do.</summary>
public sealed record SyncRequest
{
    public SyncDirection Direction { get; init; } = SyncDirection.Both;

    /// <summary>Terminal tables; all when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }

    /// <summary>Why it runs, for the log: <c>manual</c>, <c>schedule</c>, <c>bootstrap</c>, <c>demo</c>.</summary>
    public string SyncType { get; init; } = "manual";

    /// <summary>Compare and link the rows that are older than the capture.</summary>
    public bool Bootstrap { get; init; }

    /// <summary>With <see cref="Bootstrap"/>: say what it would do, and change nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The file was moved, or restored, to where it is now on purpose: an administrator says so.</summary>
    public bool AcceptMoved { get; init; }

    /// <summary>Told the run's id before it is logged; again when the run begins anew after a passing trouble.</summary>
    public Action<Guid>? Begun { get; init; }

    /// <summary>
    /// The best priority of what has come into the queue since the run began (1 is the most pressing; 0 asks for an end whatever it is); null for nothing. Asked between two batches going up and two pieces coming down, from any thread.
    /// A run that is busy with less ends there, in order and with its place kept, and says so by <see cref="RunReport.HasMore"/>: the next one sends first.
    /// </summary>
    public Func<int?>? Pressing { get; init; }

    /// <summary>What the run does instead of syncing: a repair, for example. It begins anew when the run does.</summary>
    internal Func<RunContext, CancellationToken, Task>? Work { get; init; }
}
