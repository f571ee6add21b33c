namespace PayFlow.Admin.Api;

/// <summary>Some conflicts, the oldest first.</summary>
/// <param name="Conflicts">Without their images.</param>
/// <param name="After">Sent as <c>after</c> it goes on behind them; null at the end.</param>
internal sealed record ConflictListResponse(IReadOnlyList<ConflictSummary> Conflicts, long? After);
