namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>Which entries of a terminal's queue; what is null does not matter.</summary>
public sealed record QueueFilter
{
    public string? Table { get; init; }

    /// <summary>The row's key in the terminal; of a row that was set aside, central's.</summary>
    public string? Key { get; init; }

    /// <summary><c>PENDING</c>, <c>SYNCING</c>, <c>FAILED</c> or <c>CONFLICT</c>; <see cref="DeadLetter"/>, and <see cref="SetAside"/> for rows on their way down.</summary>
    public string? Status { get; init; }

    /// <summary>The row's key begins with this.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>These rows and no others.</summary>
    public IReadOnlyList<QueueRowId>? Rows { get; init; }

    /// <summary>The word for refused rows that are not tried again by themselves; they are among those that <c>FAILED</c>.</summary>
    public const string DeadLetter = "DEAD";

    /// <summary>The word for rows that came down and that the terminal refused.</summary>
    public const string SetAside = "ASIDE";

    public bool IncludesQueue => Status != SetAside;

    public bool IncludesAside => Status is null or SetAside;
}
