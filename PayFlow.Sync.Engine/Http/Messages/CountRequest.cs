namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/count</c>: how many rows of a table there are for the terminal.</summary>
public sealed record CountRequest(string Table);
