namespace PayFlow.Admin.Jobs.Running;

/// <summary>How long a running job may be without a heartbeat. Longer than a busy machine halts a program; a host that was wrongly taken for dead loses its claim, and the engine lets no two runs of a terminal meet.</summary>
internal static class JobPatience
{
    /// <summary>Between two heartbeats.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Progress is written so often at most.</summary>
    public static readonly TimeSpan News = TimeSpan.FromMilliseconds(500);

    /// <summary>When Quartz's cluster, too, has missed the host.</summary>
    public static readonly TimeSpan Confirmed = TimeSpan.FromSeconds(3);

    /// <summary>When nothing else speaks against the host.</summary>
    public static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);
}
