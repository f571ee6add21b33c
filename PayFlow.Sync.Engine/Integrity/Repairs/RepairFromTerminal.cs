using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>
/// Sends the terminal's rows to central as a pull does: one batch, one transaction, journaled there. Central's row as it was looked at is the before-image, so that one that has
/// moved since is not overwritten but settled by the table's policy.
/// </summary>
internal sealed class RepairFromTerminal(RunContext run, RepairTally tally) : IRepairSide
{
    public async Task<IReadOnlyList<VerifyFinding>> RepairAsync(TablePlan table, VerifyTable subject, IReadOnlyList<VerifyVerdict> rows, bool isLast, CancellationToken cancellationToken)
    {
        var sent = rows.Select(r => (Row: r, Change: Change(subject, r))).ToList();
        var batch = new ChangeBatch
        {
            Id = Guid.NewGuid(),
            RunId = run.RunId,
            Seen = run.Tables.TryGetValue(table.Name, out var state) ? state.Position : default,
            Sections = [new TableSection { Table = table.Name, Columns = run.Tools.Queues[table.Name].Columns, Rows = [.. sent.Select(s => s.Change)] }],
        }.Sealed();
        var result = await run.Central.UploadAsync(batch, cancellationToken);
        run.Step("repair-batch-applied");
        foreach (var section in result.Sections)
            run.Of(table.Name, SyncDirection.Pull).Add(section, TimeSpan.Zero);
        var outcomes = result.Sections.SelectMany(s => s.Outcomes).ToDictionary(o => o.Key, StringComparer.Ordinal);
        run.Database.WriteUncaptured(() => sent.ForEach(s => Close(table, s.Change, outcomes.GetValueOrDefault(s.Change.Key))));
        return Count(table, sent, outcomes, isLast);
    }

    private static RowChange Change(VerifyTable subject, VerifyVerdict row)
    {
        var values = row.Terminal is { } cells ? Neutral(subject, cells) : null;
        var serverKey = !subject.IsLinked ? null : row.Terminal is null ? row.Finding.Key : Text(row.Terminal[subject.Plan.Columns.Count]);
        return new RowChange { Key = row.LocalKey ?? row.Finding.Key!, ServerKey = serverKey, Values = values, Base = row.Central };
    }

    private static string? Text(in CellValue value) => value.IsNull ? null : value.ToString();

    private static CellValue[] Neutral(VerifyTable subject, CellValue[] cells)
    {
        var values = new CellValue[subject.Plan.Columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var isParent = subject.Plan.Columns[i].References is not null;
            // A parent that central does not know yet is named by its local key, which was read as bytes.
            values[i] = isParent && cells[i].Kind == CellKind.Blob
                ? CellValue.LocalReference(System.Text.Encoding.UTF8.GetString(cells[i].AsBlob))
                : isParent ? cells[i] : subject.Terminal[i].ToNeutral(cells[i]);
        }
        return values;
    }

    // As bootstrap does it: central's answer is taken over, unless the POS program has changed the row meanwhile.
    private void Close(TablePlan table, RowChange change, RowOutcome? outcome)
    {
        if (change.IsDelete || HasEntry(table, change.Key))
            return;
        if (outcome is { Status: RowStatus.Conflict })
            run.Tools.Acknowledgement.Keep(table, change.Key, outcome);
        else if (outcome is { Status: RowStatus.Applied, Central: { } central })
            run.Tools.Acknowledgement.TakeOver(table.Name, change.Key, central, outcome.ServerKey);
        if (outcome is null or { Status: RowStatus.Applied })
            run.Tools.Appliers[table.Name].MarkSynced(change.Key, outcome?.ServerKey ?? change.ServerKey ?? (table.KeyMode == KeyMode.Shared ? change.Key : null), run.Now);
    }

    private List<VerifyFinding> Count(TablePlan table, List<(VerifyVerdict Row, RowChange Change)> sent, Dictionary<string, RowOutcome> outcomes, bool isLast)
    {
        var waiting = new List<VerifyFinding>();
        foreach (var (row, change) in sent)
        {
            switch (outcomes.GetValueOrDefault(change.Key))
            {
                case null or { Status: RowStatus.Applied }:
                    tally.Add(table.Name, written: change.IsDelete ? 0 : 1, removed: change.IsDelete ? 1 : 0);
                    break;
                case { Status: RowStatus.Waits } when !isLast:
                    waiting.Add(row.Finding);
                    break;
                case { Status: RowStatus.Waits } outcome:
                    tally.Refuse(table.Name, change.Key, "waits for " + outcome.Reason);
                    break;
                case { Status: RowStatus.Conflict } outcome:
                    tally.Refuse(table.Name, change.Key, outcome.Reason ?? "central changed it meanwhile; it waits for a decision");
                    break;
                case { } outcome:
                    tally.Refuse(table.Name, change.Key, outcome.Reason ?? "central does not take it");
                    break;
            }
        }
        return waiting;
    }

    private bool HasEntry(TablePlan table, string key)
    {
        var statement = run.Database.Prepare("SELECT 1 FROM sync_queue WHERE entity_type = ? AND entity_id = ?").Bind(1, table.Name).Bind(2, key);
        var any = statement.Step();
        statement.Reset();
        return any;
    }
}
