using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Jobs;

/// <summary>Work to be done: made by one of the methods below, handed to <see cref="JobDesk"/>, kept with the job.</summary>
public sealed record JobRequest
{
    public required JobKind Kind { get; init; }

    /// <summary>One job for each of these; for a sync or a verify null stands for all attached terminals.</summary>
    public IReadOnlyList<string>? Terminals { get; init; }

    /// <summary>The terminal's tables; all when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }

    /// <summary>Of a sync.</summary>
    public SyncDirection Direction { get; init; } = SyncDirection.Both;

    /// <summary>Of a sync: compare the rows that are older than the capture, instead of following what changed.</summary>
    public bool IsBootstrap { get; init; }

    /// <summary>Of a repair: the side to believe.</summary>
    public RepairSource? From { get; init; }

    /// <summary>Of a repair: with more differences nothing is done at all.</summary>
    public long? Limit { get; init; }

    /// <summary>Of a repair, a rollback or a bootstrap: say what it would do, and change nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Of a repair: somebody has seen the preview and says yes.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Of a rollback: the run's id, or an unambiguous beginning of it.</summary>
    public string? Run { get; init; }

    /// <summary>Of a resolve: which open conflicts.</summary>
    public ConflictFilter? Filter { get; init; }

    /// <summary>Of a resolve: what becomes of each.</summary>
    public ConflictChoice? Choice { get; init; }

    /// <summary>Why, for the audit.</summary>
    public string? Reason { get; init; }

    public JobOrigin Origin { get; init; } = JobOrigin.Manual;

    /// <summary>Not before; at once when null.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How often it is tried, and when again.</summary>
    public JobRetry Retry { get; init; } = new();

    public static JobRequest Sync(SyncDirection direction = SyncDirection.Both, IReadOnlyList<string>? terminals = null, IReadOnlyList<string>? tables = null, JobOrigin origin = JobOrigin.Manual) =>
        new() { Kind = JobKind.Sync, Direction = direction, Terminals = terminals, Tables = tables, Origin = origin };

    public static JobRequest Bootstrap(string terminal, bool isDryRun = false, string? reason = null) =>
        new() { Kind = JobKind.Sync, IsBootstrap = true, Terminals = [terminal], IsDryRun = isDryRun, Reason = reason };

    public static JobRequest Verify(IReadOnlyList<string>? terminals = null, IReadOnlyList<string>? tables = null, JobOrigin origin = JobOrigin.Manual) =>
        new() { Kind = JobKind.Verify, Terminals = terminals, Tables = tables, Origin = origin };

    public static JobRequest Repair(string terminal, RepairSource from, IReadOnlyList<string>? tables = null, long? limit = null, bool isDryRun = false, bool isConfirmed = false, string? reason = null) =>
        new() { Kind = JobKind.Repair, Terminals = [terminal], From = from, Tables = tables, Limit = limit, IsDryRun = isDryRun, IsConfirmed = isConfirmed, Reason = reason };

    public static JobRequest Rollback(string run, IReadOnlyList<string>? tables = null, bool isDryRun = false, string? reason = null) =>
        new() { Kind = JobKind.Rollback, Run = run, Tables = tables, IsDryRun = isDryRun, Reason = reason };

    public static JobRequest Resolve(ConflictFilter filter, ConflictChoice choice, string? reason = null, JobOrigin origin = JobOrigin.Manual) =>
        new() { Kind = JobKind.Resolve, Filter = filter, Choice = choice, Reason = reason, Origin = origin };
}
