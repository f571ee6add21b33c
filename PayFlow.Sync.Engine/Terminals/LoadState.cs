namespace PayFlow.Sync.Engine.Terminals;

/// <summary>Where a table's first load stands.</summary>
internal enum LoadState
{
    Waiting,

    /// <summary>Begun on an empty table without open entries: rows are inserted without a look at either.</summary>
    LoadingEmpty,

    /// <summary>Begun on a table with rows or open entries: each row is compared.</summary>
    Loading,

    /// <summary>Begun because the change log has a hole here: rows are compared, and then those that central no longer has are looked for.</summary>
    Reloading,

    /// <summary>The looking for rows that central no longer has.</summary>
    Sweeping,
    Done,
}
