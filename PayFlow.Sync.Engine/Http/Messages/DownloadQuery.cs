namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/download</c>: what <c>GET</c> has in its address, for a token that is too long for one.</summary>
public sealed record DownloadQuery(string Token, int? Limit = null, bool? Own = null);
