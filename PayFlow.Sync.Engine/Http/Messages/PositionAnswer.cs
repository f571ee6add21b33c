using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>GET /api/sync/position</c>: where the change log is now.</summary>
public sealed record PositionAnswer(LogPosition Position);
