namespace PayFlow.Sync.Engine.Terminals;

/// <summary>Entries of the queue that share priority and status.</summary>
public sealed record QueueCount(int Priority, string Status, long Entries);
