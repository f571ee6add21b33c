using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>A schedule as somebody wants it; <see cref="ScheduleCheck"/> says what is wrong with it, field by field.</summary>
public sealed record ScheduleDraft
{
    public string Name { get; init; } = string.Empty;

    /// <summary>Five fields as in Unix, or six or seven as in Quartz.</summary>
    public string Cron { get; init; } = string.Empty;

    /// <summary>An IANA name, such as <c>Europe/Berlin</c>.</summary>
    public string Zone { get; init; } = "UTC";

    public SyncDirection Direction { get; init; } = SyncDirection.Both;

    /// <summary>All attached ones when null.</summary>
    public IReadOnlyList<string>? Terminals { get; init; }

    /// <summary>All when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }

    public OverlapRule Overlap { get; init; } = OverlapRule.Skip;

    public JobRetry Retry { get; init; } = new();
}
