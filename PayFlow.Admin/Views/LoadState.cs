namespace PayFlow.Admin.Views;

/// <summary>How far the reading of what a page shows has come.</summary>
public enum LoadState
{
    /// <summary>Nothing is there yet: a skeleton is shown, the first time only.</summary>
    Loading,

    Ready,

    /// <summary>Nothing could be read.</summary>
    Failed,

    /// <summary>It was read once, and could not be read again: what is shown is of then.</summary>
    Stale,
}
