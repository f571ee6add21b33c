using Npgsql;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>
/// Looks again at rows that seemed to differ: at the terminal, at central, and at the terminal once more. A row that stood still in the terminal between its two looks is compared as it was
/// at one moment; one that did not is looked at again, and in the end counts as in flight.
/// </summary>
internal sealed class VerifyRecheck(NpgsqlConnection connection, SqliteDatabase database, VerifyTable table, VerifyScope scope)
{
    public const int RowsAtOnce = 1_000;

    private const int Rounds = 3;
    private const string IgnoredDeletes = "on one side only, and the map says to ignore deletes";

    private readonly VerifyTerminalLook _terminal = new(database, table);
    private readonly VerifyCentralLook _central = new(connection, table, scope);
    private readonly VerifyTypedComparison _typed = new(connection, table);

    private TablePlan Plan => table.Plan;

    /// <summary>What each of the findings is.</summary>
    public async Task<IReadOnlyList<VerifyVerdict>> JudgeAsync(IReadOnlyList<VerifyFinding> findings, CancellationToken cancellationToken)
    {
        var verdicts = new List<VerifyVerdict>(findings.Count);
        var left = findings;
        for (var round = 1; left.Count > 0; round++)
        {
            var (judged, restless) = await LookAsync(left, cancellationToken);
            verdicts.AddRange(judged);
            if (round == Rounds)
            {
                verdicts.AddRange(restless.Select(f => new VerifyVerdict(f, VerifyOutcome.InFlight)));
                break;
            }
            left = restless;
        }
        return await SettleTypedAsync(verdicts, cancellationToken);
    }

    private async Task<(List<VerifyVerdict> Judged, List<VerifyFinding> Restless)> LookAsync(IReadOnlyList<VerifyFinding> findings, CancellationToken cancellationToken)
    {
        var (state, before) = _terminal.Read(findings);
        var central = await _central.ReadAsync(findings, [.. before.Select(r => r.LocalKey)], state, cancellationToken);
        var (_, after) = _terminal.Read(findings, [.. central.Select(c => c.LinkedKey)]);
        var judged = new List<VerifyVerdict>();
        var restless = new List<VerifyFinding>();
        for (var i = 0; i < findings.Count; i++)
        {
            if (before[i].IsBusy || after[i].IsBusy || central[i].IsComing)
                judged.Add(new VerifyVerdict(findings[i], VerifyOutcome.InFlight));
            else if (!before[i].IsStill(after[i]))
                restless.Add(findings[i]);
            else
                judged.Add(Judge(findings[i], central[i], after[i]));
        }
        return (judged, restless);
    }

    private VerifyVerdict Judge(VerifyFinding finding, VerifyCentralRow central, VerifyTerminalRow terminal)
    {
        var verdict = new VerifyVerdict(finding, VerifyOutcome.Differs) { Central = central.Values, Terminal = terminal.Cells, LocalKey = terminal.LocalKey };
        return (central.Values, terminal.Cells) switch
        {
            (null, null) => verdict with { Outcome = VerifyOutcome.Gone },
            ({ }, null) when !Plan.Pushes => verdict with { Outcome = VerifyOutcome.Gone },
            ({ }, null) when Plan.Entry.Deletes == DeleteMode.Ignore => verdict with { Outcome = VerifyOutcome.Excluded, Reason = IgnoredDeletes },
            ({ } values, null) => JudgeMissing(verdict, values),
            (null, { }) => JudgeExtra(verdict, central, terminal.Cells),
            _ when terminal.IsSecond => verdict with { Kind = DifferenceKind.MissingInCentral, Central = null },
            ({ } values, { } cells) => table.Differing(values, cells) is { Count: > 0 } columns
                ? verdict with { Kind = DifferenceKind.Different, Columns = columns }
                : verdict with { Outcome = VerifyOutcome.Equal },
        };
    }

    private VerifyVerdict JudgeMissing(VerifyVerdict verdict, Changes.CellValue[] values) =>
        // A delete that went up where both sides have the column only marked the row.
        Plan.SoftDelete is { } soft && !values[Plan.Columns.ToList().IndexOf(soft)].IsNull
            ? verdict with { Outcome = VerifyOutcome.Excluded, Reason = "deleted here, marked as deleted in central" }
            : verdict with { Kind = DifferenceKind.MissingInTerminal };

    private VerifyVerdict JudgeExtra(VerifyVerdict verdict, VerifyCentralRow central, Changes.CellValue[] cells)
    {
        verdict = verdict with { Kind = DifferenceKind.MissingInCentral };
        if (table.IsLinked && cells[Plan.Columns.Count].IsNull && Plan.Entry.Unlinked == UnlinkedRows.Skip)
            return Excluded("not linked, and the map says to skip such rows");
        if (central.IsHidden && Plan.Pulls)
            return Excluded("outside the terminal's filter");
        if (Plan.Entry.Deletes == DeleteMode.Ignore)
            return Excluded(IgnoredDeletes);
        // A delete that comes down where both sides have the column only marks the row.
        if (Plan.SoftDelete is { } soft && !cells[Plan.Columns.ToList().IndexOf(soft)].IsNull)
            return Excluded("deleted in central, marked as deleted here");
        return verdict;

        VerifyVerdict Excluded(string reason) => verdict with { Outcome = VerifyOutcome.Excluded, Reason = reason };
    }

    private async Task<IReadOnlyList<VerifyVerdict>> SettleTypedAsync(List<VerifyVerdict> verdicts, CancellationToken cancellationToken)
    {
        var doubtful = verdicts.Where(v => v is { Outcome: VerifyOutcome.Differs, Kind: DifferenceKind.Different } && v.Columns.Any(_typed.NeedsCentral)).Select(v => (Verdict: v, Columns: v.Columns.ToList())).ToList();
        if (doubtful.Count == 0)
            return verdicts;
        await _typed.SettleAsync([.. doubtful.Select(d => (d.Verdict.Central!, d.Verdict.Terminal!, d.Columns))], cancellationToken);
        var settled = new Dictionary<VerifyVerdict, List<int>>(ReferenceEqualityComparer.Instance);
        doubtful.ForEach(d => settled.Add(d.Verdict, d.Columns));
        return [.. verdicts.Select(v => !settled.TryGetValue(v, out var columns) ? v : columns.Count == 0 ? v with { Outcome = VerifyOutcome.Equal, Columns = [] } : v with { Columns = columns })];
    }
}
