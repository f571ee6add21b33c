namespace PayFlow.Sync.Engine.Changes;

/// <summary>The rows of one table in a batch.</summary>
public sealed record TableSection
{
    /// <summary>The terminal's table.</summary>
    public required string Table { get; init; }

    /// <summary>Terminal column names; the order of <see cref="RowChange.Values"/> and <see cref="RowChange.Base"/>.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<RowChange> Rows { get; init; }

    /// <summary>Rows older than the capture, compared by <c>bootstrap</c>: the match columns apply and the journal keeps keys only.</summary>
    public bool IsBootstrap { get; init; }

    /// <summary>The table only travels down: its rows are recognised and linked, never created or changed in central.</summary>
    public bool IsLinkOnly { get; init; }

    /// <summary>
    /// The before-image is not known although there was one: rows of a table captured by timestamp. Whether central changed the row meanwhile
    /// is then read from its change log, behind <see cref="ChangeBatch.Seen"/>.
    /// </summary>
    public bool BaseUnknown { get; init; }

    /// <summary>With <see cref="BaseUnknown"/>, for a table that central captures by timestamp: up to where the terminal has read it.</summary>
    public string? SeenStamp { get; init; }

    /// <summary>The table's old rows were compared and linked; until then a row that central lacks is new to it, not deleted there.</summary>
    public bool IsLinked { get; init; } = true;
}
