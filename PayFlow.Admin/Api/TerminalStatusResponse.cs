using PayFlow.Admin.Views.Terminals;

namespace PayFlow.Admin.Api;

/// <summary>How one terminal stands.</summary>
internal sealed record TerminalStatusResponse
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    /// <summary>STALLED, DIFFERENT, LATE, NEVER, RUNNING, ONLINE, IDLE or DETACHED.</summary>
    public required string Status { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? LastSeenAt { get; init; }

    public DateTimeOffset? LastRunAt { get; init; }

    public string? LastRunStatus { get; init; }

    public string? LastError { get; init; }

    public string? LastHint { get; init; }

    /// <summary>Central's changes that it has not read yet; at least so many when <see cref="IsLagMore"/>.</summary>
    public long LagRows { get; init; }

    public bool IsLagMore { get; init; }

    /// <summary>How long the oldest of them has waited.</summary>
    public double LagSeconds { get; init; }

    /// <summary>Entries of its queue by state, as it last reported them.</summary>
    public IReadOnlyDictionary<string, long> Queue { get; init; } = new Dictionary<string, long>();

    public long Conflicts { get; init; }

    public static TerminalStatusResponse Of(TerminalRow row, DateTimeOffset now) => new()
    {
        Id = row.Id,
        Name = row.Record.Name,
        Status = row.Standing.Status,
        Reason = row.Standing.Why,
        LastSeenAt = row.Record.LastSeenAt,
        LastRunAt = row.LastRun?.StartedAt,
        LastRunStatus = row.LastRun?.Status,
        LastError = row.LastRun?.Error,
        LastHint = row.LastRun?.Hint,
        LagRows = row.LagRows,
        IsLagMore = row.IsLagMore,
        LagSeconds = row.LagSince is { } since ? Math.Max(0, Math.Round((now - since).TotalSeconds, 1)) : 0,
        Queue = row.Queue,
        Conflicts = row.Conflicts,
    };
}
