using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Terminals.Apply;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>
/// What both sides agree on of a row whose answer has arrived, and the terminal's row brought in line with it. What the POS program changed after the row was sent stays on top: a value of
/// its own replaces central's, a change of an additive column is added to it.
/// </summary>
internal sealed class AgreedState(RowApplier applier, string key, CellValue[] sent)
{
    /// <summary>The agreed values as the terminal holds them; what was sent, until <see cref="TakeOver"/> says more.</summary>
    public CellValue[] Values { get; } = (CellValue[])sent.Clone();

    /// <summary>
    /// Puts central's values under what the POS program has changed since. Where the terminal cannot hold central's value, what was sent stands: the next pull finds the difference and settles it
    /// by the table's policy, and of a sum the later changes are counted from there.
    /// </summary>
    /// <param name="central">Central's row, neutral.</param>
    /// <param name="open">Columns that are not agreed on; null for none.</param>
    public void TakeOver(CellValue[] central, bool[]? open = null)
    {
        var current = applier.FindByKey(key);
        var cells = new List<(int Column, CellValue Value)>();
        for (var i = 0; i < sent.Length; i++)
        {
            if (open?[i] == true || !applier.TryToStored(i, central[i], out var stored))
                continue;
            if (current is null || !applier.IsWritable(i) || applier.Same(i, stored, sent[i]))
                Values[i] = stored;
            else if (TryRaise(i, current[i], stored, out var next))
                cells.Add((i, next));
            else if (!applier.IsAdditive(i))
                Values[i] = stored;
        }
        if (cells.Count > 0 && TryWrite(cells))
        {
            foreach (var (column, _) in cells)
                applier.TryToStored(column, central[column], out Values[column]);
        }
    }

    // The value that the terminal's row is to have; false where it keeps its own.
    private bool TryRaise(int column, in CellValue current, in CellValue stored, out CellValue next)
    {
        if (applier.IsAdditive(column) && applier.TryAdd(column, current, stored, sent[column], out next))
            return true;
        next = stored;
        return applier.Same(column, current, sent[column]);
    }

    private bool TryWrite(List<(int, CellValue)> cells)
    {
        try
        {
            applier.Write(key, cells);
            return true;
        }
        catch (SqliteRowException)
        {
            // The terminal's own constraints do not allow central's values beside what was changed here meanwhile: as where a column cannot hold one.
            return false;
        }
    }
}
