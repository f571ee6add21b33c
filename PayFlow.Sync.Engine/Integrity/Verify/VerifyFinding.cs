using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>A row that differs, or looked as if it did.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Kind">How it differs.</param>
/// <param name="Key">Central's key as text; null for a row of a linked table that knows none.</param>
/// <param name="OwnKey">The terminal's own key as it is stored; null when the terminal has no such row.</param>
internal sealed record VerifyFinding(string Table, DifferenceKind Kind, string? Key, CellValue[]? OwnKey);
