namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>The rows of one set with what was decided of each; a row is known by its <c>ord</c>, from 1.</summary>
internal sealed class MergeSet(List<StagedRow> rows, bool withBase)
{
    // Rows nobody decided otherwise are inserted: central has no such row.
    private readonly MergeDecision?[] _decisions = [.. Enumerable.Repeat<MergeDecision?>(new MergeDecision(MergeAction.Insert), rows.Count)];
    private readonly bool[] _answers = [.. rows.Select(r => r.IsAltered)];
    private bool _isCompared;

    /// <summary>The bit of a row's mask that says that its mark of a deleted row goes.</summary>
    public const int RevivedBit = 61;

    public bool WithBase { get; } = withBase;

    public bool Revives => _decisions.Any(d => d is { Revives: true });

    /// <summary>Rows that are still in the set.</summary>
    public int Left => _decisions.Count(d => d is not null);

    public bool IsAllInserts => !_isCompared;

    /// <summary>The rows' keys rise, as texts.</summary>
    public bool IsInKeyOrder
    {
        get
        {
            for (var i = 1; i < rows.Count; i++)
            {
                if (string.CompareOrdinal(rows[i - 1].Change.Key, rows[i].Change.Key) >= 0)
                    return false;
            }
            return true;
        }
    }

    public bool WritesAnything => _decisions.Any(d => d is { Action: MergeAction.Insert or MergeAction.Update });

    public StagedRow Row(int ord) => rows[ord - 1];

    public void TakeOut(int ord) => _decisions[ord - 1] = null;

    public void Decide(int ord, MergeDecision decision)
    {
        _decisions[ord - 1] = decision;
        _answers[ord - 1] |= decision.Answer;
        _isCompared = true;
    }

    public void NeedsAnswer(int ord) => _answers[ord - 1] = true;

    public bool IsAnswered(int ord) => _answers[ord - 1];

    /// <summary>Some rows were deleted at the terminal, whatever was decided of them.</summary>
    public bool HasDeletes => rows.Any(r => r.Change.IsDelete && r.WithBase);

    /// <summary>The terminal named central's key of some rows.</summary>
    public bool KnowsServerKeys => rows.Any(r => r.Change.ServerKey is not null);

    public bool Any(MergeAction action) => _decisions.Any(d => d?.Action == action);

    /// <summary>Counts what is about to be done.</summary>
    public void Count(MergeTally tally)
    {
        if (!_isCompared)
            return;
        foreach (var decision in _decisions)
        {
            switch (decision?.Action)
            {
                case MergeAction.Insert:
                    tally.Inserted(1);
                    break;
                case MergeAction.Update:
                    tally.Updated(1);
                    break;
                case MergeAction.Delete:
                    tally.Deleted(1);
                    break;
                case MergeAction.Keep:
                    tally.Unchanged(1);
                    break;
            }
        }
    }

    public bool HasLocalReferences(StagedTable table)
    {
        foreach (var reference in table.References)
        {
            if (rows.Any(r => IsLocal(r.Change.Values, reference.Ordinal) || IsLocal(r.Change.Base, reference.Ordinal)))
                return true;
        }
        return false;

        static bool IsLocal(Changes.CellValue[]? values, int ordinal) => values is not null && values[ordinal].Kind == Changes.CellKind.LocalReference;
    }

    /// <summary>One letter a row.</summary>
    public byte[] Actions() => [.. _decisions.Select(d => d?.Action switch
    {
        MergeAction.Insert => (byte)'I',
        MergeAction.Update => (byte)'U',
        MergeAction.Delete => (byte)'D',
        MergeAction.Ask => (byte)'?',
        _ => (byte)'-',
    })];

    /// <summary>One letter a row: U for those that update this column, and no other letter.</summary>
    public byte[] ActionsOn(int column) => [.. _decisions.Select(d => d is { Action: MergeAction.Update } && ColumnSet.Has(d.Value.Columns!, column) ? (byte)'U' : (byte)'-')];

    /// <summary>The columns that any row updates.</summary>
    public IEnumerable<int> UpdatedColumns(int columns) =>
        Enumerable.Range(0, columns).Where(c => _decisions.Any(d => d is { Action: MergeAction.Update } && d.Value.Columns![c] == '1'));

    /// <summary>One number a row: bit i says whether it writes <paramref name="columns"/>[i].</summary>
    public long[] Masks(int[] columns) => [.. _decisions.Select(d =>
    {
        if (d is not { Action: MergeAction.Update })
            return 0L;
        var mask = d.Value.Revives ? 1L << RevivedBit : 0L;
        for (var bit = 0; bit < columns.Length; bit++)
        {
            if (d.Value.Columns![columns[bit]] == '1')
                mask |= 1L << bit;
        }
        return mask;
    })];

    public IEnumerable<(int Ord, StagedRow Row, MergeDecision Decision)> Decided
    {
        get
        {
            for (var i = 0; i < _decisions.Length; i++)
            {
                if (_decisions[i] is { } decision)
                    yield return (i + 1, rows[i], decision);
            }
        }
    }

    /// <summary>The rows whose central values the terminal needs.</summary>
    public bool[] Answered() => [.. _decisions.Select((d, i) => d is not null && _answers[i])];

    /// <summary>The rows whose central values a conflict's record needs, as they were before.</summary>
    public bool[] Disputed() => [.. _decisions.Select(d => d?.Conflict is not null)];
}
