namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>Which entries of a terminal's queue; what is null does not matter.</summary>
public sealed record QueueFilter
{
    public string? Table { get; init; }

    /// <summary>The row's key in the terminal; of a row that was set aside, central's.</summary>
    public string? Key { get; init; }

    /// <summary><c>PENDING</c>, <c>SYNCING</c>, <c>FAILED</c> or <c>CONFLICT</c>; <see cref="SetAside"/> for rows on their way down.</summary>
    public string? Status { get; init; }

    /// <summary>The word for rows that came down and that the terminal refused.</summary>
    public const string SetAside = "ASIDE";

    public bool IncludesQueue => Status != SetAside;

    public bool IncludesAside => Status is null or SetAside;
}
