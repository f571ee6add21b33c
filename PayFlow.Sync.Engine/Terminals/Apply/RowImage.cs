namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>A row as it stood before a delete took it, or took something from it.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Key">Its own key.</param>
/// <param name="Json">All its columns.</param>
internal readonly record struct RowImage(string Table, string Key, string Json);
