using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>What reading again means for one direction of one table.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Direction">Which way its rows go.</param>
/// <param name="Rows">Rows that will be read again.</param>
/// <param name="From">The checkpoint as it stands.</param>
/// <param name="To">The checkpoint as it will stand; null for the very start.</param>
/// <param name="Refusal">Why it stays as it is, in words; null when it moves.</param>
public sealed record RereadTable(string Table, SyncDirection Direction, long Rows, string? From, string? To, string? Refusal = null)
{
    /// <summary>The checkpoint moves.</summary>
    public bool Moves => Refusal is null;
}
