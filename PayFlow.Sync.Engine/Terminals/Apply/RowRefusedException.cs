namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>A row that came down cannot be written here; the reason names table and column, or the row waited for.</summary>
internal sealed class RowRefusedException(string message) : Exception(message);
