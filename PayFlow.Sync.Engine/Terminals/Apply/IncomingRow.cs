using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>One row of a page that came down.</summary>
/// <param name="Table">Where it belongs.</param>
/// <param name="Key">Central's key as text.</param>
/// <param name="Values">The plan's columns, neutral; null when it is gone.</param>
internal readonly record struct IncomingRow(TablePlan Table, string Key, CellValue[]? Values)
{
    /// <summary>The values as the terminal stores them, where that was made out beforehand.</summary>
    public CellValue[]? Stored { get; init; }

    /// <summary>Of <see cref="Stored"/>, for the journal; meaningless without.</summary>
    public ulong Hash { get; init; }
}
