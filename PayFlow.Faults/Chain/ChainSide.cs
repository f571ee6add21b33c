namespace PayFlow.Faults.Chain;

/// <summary>Whose words a statement is in, and what its tables look like there.</summary>
/// <param name="IsTerminal">A till, not central.</param>
/// <param name="Name">Who writes: the till's id or <c>central</c>.</param>
/// <param name="Store">The till's store; central writes for any.</param>
/// <param name="Day">How many days the writer's clock is off.</param>
internal sealed record ChainSide(bool IsTerminal, string Name, string? Store, int Day = 0);
