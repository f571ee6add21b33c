using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/stamped</c>: rows changed since a time, of a table that central captures by timestamp.</summary>
public sealed record StampedRequest(string Table, StampPosition After, int Limit);
