namespace PayFlow.Sync.Engine.Terminals;

/// <summary>A row that did not get through.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Key">The row's key as text.</param>
/// <param name="Status"><c>FAILED</c> or <c>CONFLICT</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="NextAttemptAt">When it is tried again by itself; null when it waits for somebody.</param>
public sealed record StuckRow(string Table, string Key, string Status, long Attempts, string? Reason, DateTimeOffset? NextAttemptAt);
