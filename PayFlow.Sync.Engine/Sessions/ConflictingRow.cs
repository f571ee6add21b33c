namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A row of the terminal whose queue entry waits for a decision.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Key">The row's key in the terminal, as text.</param>
public readonly record struct ConflictingRow(string Table, string Key);
