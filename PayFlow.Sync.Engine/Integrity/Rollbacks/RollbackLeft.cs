namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>A row that did not go back.</summary>
/// <param name="Side">Where it stands.</param>
/// <param name="Table">The terminal's name of its table.</param>
/// <param name="Key">Its key there.</param>
/// <param name="Reason">Why, in words without a full stop.</param>
public sealed record RollbackLeft(RollbackSide Side, string Table, string Key, string Reason);
