namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>How many conflicts of one kind a table has.</summary>
public sealed record ConflictCount(string Table, string Kind, long Conflicts);
