using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>GET /api/sync/download</c>: a page of changes, and the token of the next one.</summary>
public sealed record DownloadAnswer(ChangePage Page, string Token);
