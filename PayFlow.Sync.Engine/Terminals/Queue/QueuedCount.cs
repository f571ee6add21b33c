namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>How many rows of a table wait in one state; dead letters and rows set aside are states of their own here.</summary>
public sealed record QueuedCount(string Table, string Status, long Rows);
