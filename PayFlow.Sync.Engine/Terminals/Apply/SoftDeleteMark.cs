using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Values;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>What a terminal's soft-delete column holds of a row that central deleted.</summary>
internal static class SoftDeleteMark
{
    /// <param name="table">A table with such a column.</param>
    /// <param name="now">The instant as <see cref="TerminalStore.Instant"/> spells it.</param>
    public static CellValue Of(TablePlan table, string now)
    {
        if (table.SoftDelete is not { } column)
            return SoftDeletes.IsFlagAtTerminal(table) ? CellValue.Of(1) : CellValue.Of(now);
        var neutral = column.Central.Logical switch
        {
            LogicalType.Boolean or LogicalType.Integer => CellValue.Of(1),
            LogicalType.Timestamp => CellValue.Of(now.TrimEnd('Z')),
            LogicalType.Date => CellValue.Of(now[..10]),
            _ => CellValue.Of(now),
        };
        return TerminalCodec.For(column).TryToTerminal(neutral, out var stored, out _) ? stored : CellValue.Of(now);
    }
}
