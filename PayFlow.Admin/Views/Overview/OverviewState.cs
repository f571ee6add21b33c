using PayFlow.Admin.Views.Consistency;

namespace PayFlow.Admin.Views.Overview;

/// <summary>What the first page says: is data flowing, since when, and what needs somebody.</summary>
public sealed record OverviewState
{
    /// <summary>Active terminals.</summary>
    public long Terminals { get; init; }

    /// <summary>Active terminals that have never been synced.</summary>
    public long NeverSynced { get; init; }

    /// <summary>Active terminals whose last run failed to run at all.</summary>
    public IReadOnlyList<BrokenTerminal> Broken { get; init; } = [];

    /// <summary>Terminals that were found to differ from central.</summary>
    public IReadOnlyList<ProvenDifference> Different { get; init; } = [];

    /// <summary>The last run that was done, whatever it moved.</summary>
    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary>The last run that moved rows.</summary>
    public DateTimeOffset? LastMovedAt { get; init; }

    public long RunningRuns { get; init; }

    public long OpenConflicts { get; init; }

    /// <summary>Entries of the terminals' queues as their last runs reported them.</summary>
    public long FailedRows { get; init; }

    public long PendingRows { get; init; }

    public long WaitingForBootstrap { get; init; }

    /// <summary>Jobs that have failed for good.</summary>
    public long FailedJobs { get; init; }

    public long RetryingJobs { get; init; }

    /// <summary>Schedules that run, and the next time that one is due.</summary>
    public long ActiveSchedules { get; init; }

    /// <summary>Webhooks that their failures have switched off.</summary>
    public long StoppedWebhooks { get; init; }

    /// <summary>The oldest transaction that keeps the change log back from being read; null when none has for a minute.</summary>
    public HeldBack? HeldBack { get; init; }

    /// <summary>The last hours, the oldest first.</summary>
    public IReadOnlyList<ActivityHour> Hours { get; init; } = [];

    /// <summary>Terminals by how long ago they were last synced, the longest first.</summary>
    public IReadOnlyList<TerminalLag> Lags { get; init; } = [];
}
