namespace PayFlow.Faults.Chain;

/// <summary>Which rows a side had at one moment, by token.</summary>
internal sealed record ChainSnapshot(IReadOnlyDictionary<string, ChainRow> Rows);
