namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>Names one row that waits.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Key">The row's key in the terminal; of a row that was set aside, central's.</param>
/// <param name="IsAside">It came down and was set aside; the same key may wait on its way up as well.</param>
public readonly record struct QueueRowId(string Table, string Key, bool IsAside = false);
