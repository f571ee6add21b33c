using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>One row of a terminal at one moment.</summary>
/// <param name="Cells">The row; null when it is not there.</param>
/// <param name="LocalKey">The terminal's own key as the queue spells it, where known.</param>
/// <param name="IsBusy">A change of it is on its way, or it was set aside.</param>
/// <param name="IsSecond">Another row names the same central row.</param>
internal sealed record VerifyTerminalRow(CellValue[]? Cells, string? LocalKey, bool IsBusy, bool IsSecond)
{
    /// <summary>Nothing happened to it between two looks.</summary>
    public bool IsStill(VerifyTerminalRow later) =>
        Cells is null ? later.Cells is null : later.Cells is not null && Cells.AsSpan().SequenceEqual(later.Cells);
}
