namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A place in a table that is captured by timestamp: the timestamp as text of its own side, and the key within it.</summary>
public readonly record struct StampPosition(string? Stamp, string? Key);
