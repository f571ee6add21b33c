using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// The merge's whole judgement, as a function of how a row compares: no database, no clock. Fast-forward where central still equals the before-image,
/// the table's policy where it does not, and only what the terminal changed is ever written.
/// </summary>
internal static class MergeRules
{
    public static MergeDecision Decide(ConflictPolicy policy, in RowComparison row) =>
        row.IsDelete ? DecideDelete(policy, row)
        : !row.Found ? DecideMissing(policy, row)
        : row.HasBase ? DecideChange(policy, row)
        : DecideWithoutBase(policy, row);

    /// <summary>For tables that only travel down: central's row stands, and the terminal takes it over.</summary>
    public static MergeDecision LinkOnly(in RowComparison row) => new(MergeAction.Keep, Answer: Any(row.Differs));

    private static MergeDecision DecideDelete(ConflictPolicy policy, in RowComparison row)
    {
        if (!row.Found)
            return new(MergeAction.Keep);
        if (!Any(row.ChangedInCentral))
            return new(MergeAction.Delete);
        // A deleted row has no timestamp left, so the last writer cannot be told: the row that still exists is the safe one.
        return policy switch
        {
            ConflictPolicy.LocalWins => new(MergeAction.Delete, Conflict: "delete-update", Disputed: row.ChangedInCentral),
            ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins => new(MergeAction.Keep, Conflict: "delete-update", Disputed: row.ChangedInCentral, Answer: true),
            _ => new(MergeAction.Ask, Conflict: "delete-update", Disputed: row.ChangedInCentral),
        };
    }

    private static MergeDecision DecideMissing(ConflictPolicy policy, in RowComparison row)
    {
        if (!row.HasBase || !row.IsLinked)
            return new(MergeAction.Insert);
        return policy switch
        {
            ConflictPolicy.LocalWins => new(MergeAction.Insert, Conflict: "update-delete", Disputed: row.ChangedInTerminal),
            ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins => new(MergeAction.Keep, Conflict: "update-delete", Disputed: row.ChangedInTerminal, Answer: true),
            _ => new(MergeAction.Ask, Conflict: "update-delete", Disputed: row.ChangedInTerminal),
        };
    }

    private static MergeDecision DecideChange(ConflictPolicy policy, in RowComparison row)
    {
        var wanted = Both(row.ChangedInTerminal, row.Differs);
        var differs = Any(row.Differs);
        if (!Any(wanted))
            return new(MergeAction.Keep, Answer: differs);
        // What central changed and the terminal did not is news to the terminal.
        var answer = row.Differs != wanted;
        if (!Any(row.ChangedInCentral))
            return new(MergeAction.Update, wanted, Answer: answer);
        var disputed = Both(wanted, row.ChangedInCentral);
        return policy switch
        {
            ConflictPolicy.LocalWins => Won(row, wanted, disputed, answer),
            ConflictPolicy.LastWriterWins when row.TerminalIsNewer => Won(row, wanted, disputed, answer),
            ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins => new(MergeAction.Keep, Conflict: "update-update", Disputed: Any(disputed) ? disputed : wanted, Answer: true),
            ConflictPolicy.Merge when !Any(disputed) => new(MergeAction.Update, wanted, Answer: answer),
            _ => new(MergeAction.Ask, Conflict: "update-update", Disputed: Any(disputed) ? disputed : wanted),
        };
    }

    private static MergeDecision Won(in RowComparison row, string wanted, string disputed, bool answer) =>
        Any(disputed) ? new(MergeAction.Update, wanted, "update-update", disputed, answer) : new(MergeAction.Update, wanted, Answer: row.Differs != wanted);

    private static MergeDecision DecideWithoutBase(ConflictPolicy policy, in RowComparison row)
    {
        if (!Any(row.Differs))
            return new(MergeAction.Keep);
        if (row.TouchedInCentral == false)
            return new(MergeAction.Update, row.Differs);
        var kind = row.TouchedInCentral is null ? "insert-insert" : "update-update";
        return policy switch
        {
            ConflictPolicy.LocalWins => new(MergeAction.Update, row.Differs, kind, row.Differs),
            ConflictPolicy.LastWriterWins when row.TerminalIsNewer => new(MergeAction.Update, row.Differs, kind, row.Differs),
            ConflictPolicy.ServerWins or ConflictPolicy.LastWriterWins => new(MergeAction.Keep, Conflict: kind, Disputed: row.Differs, Answer: true),
            _ => new(MergeAction.Ask, Conflict: kind, Disputed: row.Differs),
        };
    }

    private static bool Any(string columns) => columns.Contains('1', StringComparison.Ordinal);

    private static string Both(string left, string right) => string.Create(left.Length, (left, right), static (span, pair) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = pair.left[i] == '1' && pair.right[i] == '1' ? '1' : '0';
    });
}
