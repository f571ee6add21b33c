using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>What somebody typed into a field.</summary>
/// <param name="Value">The value; means nothing with a fault.</param>
/// <param name="Fault">Why it is no value of the column, in words without a full stop; null when it is one.</param>
public sealed record TypedField(CellValue Value, string? Fault);
