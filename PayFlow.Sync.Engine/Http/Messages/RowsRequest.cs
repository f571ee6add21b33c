namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/rows</c>: a piece of a whole table, in key order behind a key.</summary>
public sealed record RowsRequest(string Table, string? After = null, int Limit = 10_000);
