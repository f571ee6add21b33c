namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A page of rows in order of timestamp and key.</summary>
/// <param name="Rows">Without those that the terminal itself uploaded.</param>
/// <param name="Next">Where the next page begins.</param>
/// <param name="IsLast">Nothing more is to be had at the moment.</param>
public sealed record StampedPage(IReadOnlyList<DownloadedRow> Rows, StampPosition Next, bool IsLast)
{
    /// <summary>Where the next run begins: not behind what may still commit, nor in the future. Null where the page does not move it.</summary>
    public StampPosition? Checkpoint { get; init; }

    /// <summary>Made by <see cref="Sealed"/> where the page is built; a page without one is not written.</summary>
    public ulong? Checksum { get; init; }

    /// <summary>The page with its checksum.</summary>
    public StampedPage Sealed() => this with { Checksum = PageChecksum.Of(this) };

    /// <summary>Checks that the page is what was sealed.</summary>
    /// <exception cref="SyncException">It is not; nothing of it must be written.</exception>
    public void RequireIntact()
    {
        if (Checksum != PageChecksum.Of(this))
            throw PageChecksum.Damaged("A page of changes by timestamp");
    }
}
