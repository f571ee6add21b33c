namespace PayFlow.Faults.Chain;

/// <summary>What the ledger looks at in a row.</summary>
/// <param name="Table">Its table.</param>
/// <param name="V1">The last change of its first mark.</param>
/// <param name="V2">The last change of its second one.</param>
/// <param name="Quantity">What adds up; 0 where nothing does.</param>
internal sealed record ChainRow(ChainTable Table, string V1, string V2, long Quantity);
