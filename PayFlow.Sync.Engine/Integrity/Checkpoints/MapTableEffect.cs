namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>What becomes of one table of a terminal.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Change">In a word.</param>
public sealed record MapTableEffect(string Table, MapChange Change)
{
    /// <summary>Central's rows that the terminal reads, or reads again.</summary>
    public long RowsDown { get; init; }

    /// <summary>The terminal's rows that are compared with central.</summary>
    public long RowsUp { get; init; }

    /// <summary>The comparison waits until somebody starts bootstrap; otherwise the next run does it.</summary>
    public bool NeedsBootstrap { get; init; }

    /// <summary>Of a table that stops: changes that were captured and not sent yet.</summary>
    public long Unsent { get; init; }
}
