namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/advance</c>: moves the counter by compare-and-set.</summary>
public sealed record AdvanceRequest(long From, long To, Guid Nonce);
