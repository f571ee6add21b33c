namespace PayFlow.Faults.Chain;

/// <summary>Which rows a side had at one moment, by token, and the last change of each of their two marks.</summary>
internal sealed record ChainSnapshot(IReadOnlyDictionary<string, (ChainTable Table, string V1, string V2)> Rows);
