namespace PayFlow.Admin.Views.Runs;

/// <summary>Which runs; what is null does not matter.</summary>
public sealed record RunFilter
{
    public string? Terminal { get; init; }

    /// <summary>A status of <c>sync_log</c>.</summary>
    public string? Status { get; init; }

    public string? Trigger { get; init; }

    /// <summary>Runs that moved, or failed to move, rows of this terminal table.</summary>
    public string? Table { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Runs with nothing to do as well.</summary>
    public bool IncludesIdle { get; init; }

    public bool IsEmpty => this with { IncludesIdle = false } == new RunFilter();
}
