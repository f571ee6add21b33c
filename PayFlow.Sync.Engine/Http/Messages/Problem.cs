namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary>A problem document (RFC 9457) with what <see cref="SyncException"/> says.</summary>
public sealed record Problem
{
    public int? Status { get; init; }

    public string? Code { get; init; }

    public string? Detail { get; init; }

    public string? Hint { get; init; }

    public string? Terminal { get; init; }

    public string? Table { get; init; }

    public string? Key { get; init; }

    public bool Transient { get; init; }
}
