namespace PayFlow.Sync.Engine.Terminals;

/// <summary>A row of the terminal's own <c>sync_log</c>.</summary>
public sealed record TerminalRun(string SyncType, string Direction, long Records, DateTimeOffset StartedAt, DateTimeOffset? CompletedAt, string Status, string? Error);
