namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A page of rows in order of timestamp and key.</summary>
/// <param name="Rows">Without those that the terminal itself uploaded.</param>
/// <param name="Next">Where the next page begins.</param>
/// <param name="IsLast">Nothing more is to be had at the moment.</param>
public sealed record StampedPage(IReadOnlyList<DownloadedRow> Rows, StampPosition Next, bool IsLast)
{
    /// <summary>Where the next run begins: not behind what may still commit, nor in the future. Null where the page does not move it.</summary>
    public StampPosition? Checkpoint { get; init; }
}
