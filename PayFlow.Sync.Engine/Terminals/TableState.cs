using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>How far one table has got: a row of <c>payflow_tables</c>.</summary>
internal sealed record TableState
{
    public required string Name { get; init; }

    /// <summary>Rows that were there before the capture still wait to be compared.</summary>
    public bool WaitsForBootstrap { get; init; }

    /// <summary>They wait because central was restored to an earlier point: they are compared by the next run, unasked, and what central lost is sent again.</summary>
    public bool IsResent { get; init; }

    /// <summary>The key up to which they have been.</summary>
    public string? BootstrapKey { get; init; }

    public LoadState Load { get; init; }

    /// <summary>The key up to which the first load has come.</summary>
    public string? LoadKey { get; init; }

    /// <summary>Up to where the change log was read.</summary>
    public LogPosition Position { get; init; }

    public string? PushStamp { get; init; }

    public string? PushKey { get; init; }

    public string? PullStamp { get; init; }

    public string? PullKey { get; init; }

    /// <summary>The columns that travel, and behind a line break what decides which rows come down, as they were when the table was last in order.</summary>
    public string? Shape { get; init; }
}
