namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>A row that could not be repaired, and why.</summary>
public sealed record RefusedRow(string Table, string Key, string Reason);
