namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/fetch</c>: the rows of these keys as they are now.</summary>
public sealed record FetchRequest(string Table, IReadOnlyList<string> Keys);
