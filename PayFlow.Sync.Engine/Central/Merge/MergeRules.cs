using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// The merge's whole judgement, as a function of how a row compares: no database, no clock. Fast-forward where central still equals the before-image,
/// the table's policy where it does not, and only what the terminal changed is ever written. Two kinds of columns are never in dispute: additive ones, whose changes
/// add up under every policy, and the timestamp of the last change, of which the later one stands.
/// </summary>
internal static class MergeRules
{
    private const string Central = "central";
    private const string Terminal = "terminal";

    public static MergeDecision Decide(in MergePolicy policy, in RowComparison row) =>
        row.IsDelete ? DecideDelete(policy, row)
        : !row.Found ? DecideMissing(policy, row)
        : row.HasBase ? DecideChange(policy, row)
        : DecideWithoutBase(policy, row);

    /// <summary>For tables that only travel down: central's row stands, and the terminal takes it over.</summary>
    public static MergeDecision LinkOnly(in RowComparison row) => new(MergeAction.Keep, Answer: ColumnSet.Any(row.Differs));

    private static MergeDecision DecideDelete(in MergePolicy policy, in RowComparison row)
    {
        // Both deleted it, or the one's delete is not the other's business.
        if (!row.Found || row.IsMarkedInCentral || policy.IgnoresDeletes)
            return new(MergeAction.Keep);
        var changed = Plain(policy, row, row.ChangedInCentral);
        if (!ColumnSet.Any(changed))
            return new(MergeAction.Delete);
        // A deleted row has no timestamp left, so the last writer cannot be told: the row that still exists is the safe one.
        return policy.OfWholeRows switch
        {
            ConflictPolicy.LocalWins => new(MergeAction.Delete, Conflict: "delete-update", Disputed: changed, Resolution: Terminal),
            ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins => new(MergeAction.Keep, Conflict: "delete-update", Disputed: changed, Answer: true, Resolution: Central),
            _ => new(MergeAction.Ask, Conflict: "delete-update", Disputed: changed),
        };
    }

    private static MergeDecision DecideMissing(in MergePolicy policy, in RowComparison row)
    {
        if (!row.HasBase || !row.IsLinked || row.IsRevived)
            return new(MergeAction.Insert);
        // The terminal went back to what both had: then the delete is all that happened.
        if (!ColumnSet.Any(row.ChangedInTerminal))
            return new(MergeAction.Keep, Answer: !policy.IgnoresDeletes);
        if (policy.IgnoresDeletes)
            return new(MergeAction.Insert);
        var changed = Plain(policy, row, row.ChangedInTerminal);
        // What was added to a row that is gone is not worth a question, but it is written down.
        var winner = policy.OfWholeRows is var whole && !ColumnSet.Any(changed) && whole != ConflictPolicy.LocalWins ? ConflictPolicy.ServerWins : whole;
        return winner switch
        {
            ConflictPolicy.LocalWins => new(MergeAction.Insert, Conflict: "update-delete", Disputed: row.ChangedInTerminal, Resolution: Terminal),
            ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins => new(MergeAction.Keep, Conflict: "update-delete", Disputed: row.ChangedInTerminal, Answer: true, Resolution: Central),
            _ => new(MergeAction.Ask, Conflict: "update-delete", Disputed: row.ChangedInTerminal),
        };
    }

    private static MergeDecision DecideChange(in MergePolicy policy, in RowComparison row)
    {
        var wanted = Plain(policy, row, ColumnSet.And(row.ChangedInTerminal, row.Differs));
        var changed = Plain(policy, row, row.ChangedInCentral);
        var disputed = ColumnSet.And(wanted, changed);
        if (!ColumnSet.Any(wanted) || !ColumnSet.Any(changed) || (policy.Conflicts == ConflictPolicy.Merge && !ColumnSet.Any(disputed)))
            return Write(policy, row, wanted);
        return policy.Conflicts switch
        {
            ConflictPolicy.Merge => DecideDisputed(policy, row, wanted, disputed),
            ConflictPolicy.LocalWins => Won(policy, row, wanted, disputed),
            ConflictPolicy.LastWriterWins when row.TerminalIsNewer => Won(policy, row, wanted, disputed),
            ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins => Lost(policy, row, ColumnSet.Any(disputed) ? disputed : wanted),
            _ => Ask(policy, row, ColumnSet.Except(wanted, wanted), ColumnSet.Any(disputed) ? disputed : wanted, ColumnSet.Not(Added(row))),
        };
    }

    // Fields that only one side changed come from that side, whoever gets the others.
    private static MergeDecision DecideDisputed(in MergePolicy policy, in RowComparison row, string wanted, string disputed) => policy.Fallback switch
    {
        ConflictPolicy.LocalWins => Won(policy, row, wanted, disputed),
        ConflictPolicy.LastWriterWins when row.TerminalIsNewer => Won(policy, row, wanted, disputed),
        ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins =>
            Write(policy, row, ColumnSet.Except(wanted, disputed)) with { Conflict = "update-update", Disputed = disputed, Resolution = Central, Answer = true },
        _ => Ask(policy, row, ColumnSet.Except(wanted, disputed), disputed, disputed),
    };

    private static MergeDecision Won(in MergePolicy policy, in RowComparison row, string wanted, string disputed)
    {
        var columns = ColumnSet.Or(wanted, Added(row));
        if (IsStampWanted(policy, row))
            columns = ColumnSet.With(columns, policy.Stamp);
        var decision = new MergeDecision(MergeAction.Update, columns, Answer: IsNews(row, columns));
        return ColumnSet.Any(disputed) ? decision with { Conflict = "update-update", Disputed = disputed, Resolution = Terminal } : decision;
    }

    private static MergeDecision Lost(in MergePolicy policy, in RowComparison row, string disputed)
    {
        var added = Added(row);
        return new(ColumnSet.Any(added) ? MergeAction.Update : MergeAction.Keep, ColumnSet.Any(added) ? added : null, "update-update", disputed, Answer: true, Resolution: Central);
    }

    private static MergeDecision Ask(in MergePolicy policy, in RowComparison row, string wanted, string disputed, string open)
    {
        var decision = policy.Conflicts == ConflictPolicy.Merge ? Write(policy, row, wanted) : Write(policy with { Stamp = -1 }, row, wanted);
        // Nothing of the row is agreed on, so there is nothing to say of it.
        if (decision.Action == MergeAction.Keep && !ColumnSet.Any(ColumnSet.Not(open)))
            return new(MergeAction.Ask, Conflict: "update-update", Disputed: disputed);
        return decision with { Action = decision.Action == MergeAction.Keep ? MergeAction.Ask : decision.Action, Conflict = "update-update", Disputed = disputed, Open = open, Answer = true };
    }

    // These columns of the terminal's, and with them what adds up and the later timestamp.
    private static MergeDecision Write(in MergePolicy policy, in RowComparison row, string wanted)
    {
        var columns = ColumnSet.Or(wanted, Added(row));
        if (IsStampWanted(policy, row) && (row.TerminalIsNewer || !ColumnSet.Has(row.ChangedInCentral, policy.Stamp)))
            columns = ColumnSet.With(columns, policy.Stamp);
        return ColumnSet.Any(columns)
            ? new(MergeAction.Update, columns, Answer: IsNews(row, columns))
            : new(MergeAction.Keep, Answer: ColumnSet.Any(row.Differs));
    }

    private static MergeDecision DecideWithoutBase(in MergePolicy policy, in RowComparison row)
    {
        // A row that was deleted has been made again.
        if (row.IsMarkedInCentral)
            return new(MergeAction.Update, row.Differs, Revives: true);
        if (!ColumnSet.Any(row.Differs))
            return new(MergeAction.Keep);
        if (row.TouchedInCentral == false)
            return new(MergeAction.Update, row.Differs);
        var kind = row.TouchedInCentral is null ? "insert-insert" : "update-update";
        return policy.OfWholeRows switch
        {
            ConflictPolicy.LocalWins => new(MergeAction.Update, row.Differs, kind, row.Differs, Resolution: Terminal),
            ConflictPolicy.LastWriterWins when row.TerminalIsNewer => new(MergeAction.Update, row.Differs, kind, row.Differs, Resolution: Terminal),
            ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins => new(MergeAction.Keep, Conflict: kind, Disputed: row.Differs, Answer: true, Resolution: Central),
            _ => new(MergeAction.Ask, Conflict: kind, Disputed: row.Differs),
        };
    }

    private static string Plain(in MergePolicy policy, in RowComparison row, string columns) => ColumnSet.Except(ColumnSet.Except(columns, row.Adds), policy.Stamp);

    // Even where both sides have the same value: each of them counts.
    private static string Added(in RowComparison row) => ColumnSet.And(row.ChangedInTerminal, row.Adds);

    private static bool IsStampWanted(in MergePolicy policy, in RowComparison row) => ColumnSet.Has(row.ChangedInTerminal, policy.Stamp) && ColumnSet.Has(row.Differs, policy.Stamp);

    // Central ends with something else than was sent: columns that are not written and differ, and sums to which others have added, too.
    private static bool IsNews(in RowComparison row, string written)
    {
        for (var i = 0; i < row.Differs.Length; i++)
        {
            if (ColumnSet.Has(written, i) ? ColumnSet.Has(row.Adds, i) && ColumnSet.Has(row.ChangedInCentral, i) : ColumnSet.Has(row.Differs, i))
                return true;
        }
        return false;
    }
}
