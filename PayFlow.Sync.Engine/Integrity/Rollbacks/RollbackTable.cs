namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>What a rollback did to one table of one side.</summary>
/// <param name="Side">Which side.</param>
/// <param name="Table">The terminal's name of the table.</param>
public sealed record RollbackTable(RollbackSide Side, string Table)
{
    /// <summary>Rows that the run had deleted, and are there again.</summary>
    public long Inserted { get; set; }

    /// <summary>Rows that the run had changed, and are as before.</summary>
    public long Updated { get; set; }

    /// <summary>Rows that the run had inserted, and are gone.</summary>
    public long Deleted { get; set; }

    /// <summary>Rows that stood as before the run already.</summary>
    public long AlreadyBack { get; set; }

    /// <summary>Rows that did not go back.</summary>
    public long Left { get; set; }

    /// <summary>Rows that went back while the other side keeps what it has, and no sync tells it: the two sides differ in them.</summary>
    public long Apart { get; set; }

    /// <summary>Rows that went back.</summary>
    public long Moved => Inserted + Updated + Deleted;
}
