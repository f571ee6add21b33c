namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Everything that the comparison of two schemas found, by table, the worst first within a table.</summary>
public sealed record SchemaReport(IReadOnlyList<SchemaFinding> Findings)
{
    /// <summary>False when at least one table cannot be synced as it is.</summary>
    public bool IsUsable => Findings.All(f => f.Severity != FindingSeverity.Error);

    public int Count(FindingSeverity severity) => Findings.Count(f => f.Severity == severity);
}
