using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Running;

namespace PayFlow.Admin.Api;

/// <summary>How the chain stands.</summary>
internal sealed record StatusResponse
{
    public DateTimeOffset At { get; init; }

    /// <summary>The hosts that share the work.</summary>
    public IReadOnlyList<JobHost> Hosts { get; init; } = [];

    public IReadOnlyList<TerminalStatusResponse> Terminals { get; init; } = [];

    /// <summary>All terminals' queues together, as they last reported them.</summary>
    public IReadOnlyDictionary<string, long> Queue { get; init; } = new Dictionary<string, long>();

    public long OpenConflicts { get; init; }

    public required JobCounts Jobs { get; init; }

    /// <summary>The default schedule first.</summary>
    public IReadOnlyList<ScheduleResponse> Schedules { get; init; } = [];
}
