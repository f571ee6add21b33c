using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>GET /api/sync/result</c>: what became of a batch.</summary>
/// <param name="Result">Null when central never applied it.</param>
public sealed record ResultAnswer(UploadResult? Result);
