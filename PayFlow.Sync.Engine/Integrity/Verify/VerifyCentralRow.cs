using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>One row of central at one moment.</summary>
/// <param name="Values">The plan's columns; null when it is not there, or none of the terminal's business.</param>
/// <param name="IsComing">A change of it has still to come down, or a conflict of it is open.</param>
/// <param name="IsHidden">It is there, but outside of the terminal's filter.</param>
/// <param name="LinkedKey">The terminal's own key of it, as the link table has it.</param>
internal sealed record VerifyCentralRow(CellValue[]? Values, bool IsComing, bool IsHidden, string? LinkedKey);
