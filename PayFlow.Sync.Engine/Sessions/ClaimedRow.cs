namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A queue entry that is on its way in a batch.</summary>
internal readonly record struct ClaimedRow(string Table, string Key);
