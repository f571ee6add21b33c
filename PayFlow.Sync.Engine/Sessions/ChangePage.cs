using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A piece of the change log, with the rows as they are now.</summary>
/// <param name="Tables">Terminal table to its changed rows, each once.</param>
/// <param name="Reload">Tables that were truncated, or whose capture had a gap: they are read again as a whole; <c>true</c> where those of the terminal's rows that central no longer has go first.</param>
/// <param name="Next">The place up to which every table of the request has been read now.</param>
/// <param name="Entries">Log entries read.</param>
/// <param name="IsLast">Nothing more is to be had at the moment.</param>
public sealed record ChangePage(
    IReadOnlyDictionary<string, IReadOnlyList<DownloadedRow>> Tables,
    IReadOnlyDictionary<string, bool> Reload,
    LogPosition Next,
    int Entries,
    bool IsLast)
{
    /// <summary>
    /// Asked for the terminal's own changes, too, and some of them cannot be read yet, because an older transaction is still open: a restored file has not caught up until they have been.
    /// </summary>
    public bool IsHeldBack { get; init; }

    /// <summary>Made by <see cref="Sealed"/> where the page is built; a page without one is not written.</summary>
    public ulong? Checksum { get; init; }

    /// <summary>The page with its checksum.</summary>
    public ChangePage Sealed() => this with { Checksum = PageChecksum.Of(this) };

    /// <summary>Checks that the page is what was sealed.</summary>
    /// <exception cref="SyncException">It is not; nothing of it must be written.</exception>
    public void RequireIntact()
    {
        if (Checksum != PageChecksum.Of(this))
            throw PageChecksum.Damaged("A page of changes");
    }
}
