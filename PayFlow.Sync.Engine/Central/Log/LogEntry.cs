using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>One line of the change log.</summary>
internal readonly record struct LogEntry(LogPosition Position, int Table, char Op, string? Key, string? Origin);
