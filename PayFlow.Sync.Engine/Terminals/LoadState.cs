namespace PayFlow.Sync.Engine.Terminals;

/// <summary>Where a table's first load stands.</summary>
internal enum LoadState
{
    Waiting,

    /// <summary>Begun on an empty table.</summary>
    LoadingEmpty,

    /// <summary>Begun on a table with rows: each is compared.</summary>
    Loading,
    Done,
}
