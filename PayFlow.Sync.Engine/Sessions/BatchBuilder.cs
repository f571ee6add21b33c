using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Takes due entries out of the queue, batch by batch: by priority, a row's new parents with it. Rows are read and marked in one transaction, so that what is
/// sent is what was marked. Entries that came to nothing (changed back, never sent and deleted again) are closed on the way.
/// </summary>
internal sealed class BatchBuilder
{
    // A longer chain of new rows goes in several rounds.
    private const int MaxAncestors = 200;

    private readonly RunContext _run;
    private readonly bool _deletes;
    private readonly List<TablePlan> _tables;
    private readonly Dictionary<string, ParentKeys> _parents;
    private readonly UploadRoom _room;
    private readonly HashSet<ClaimedRow> _givenUp = [];
    private int _table;
    private string? _after;

    /// <param name="run">The run.</param>
    /// <param name="deletes">Deleted rows, children first; or all others, by priority.</param>
    /// <param name="only">This table alone, but for the new parents of its rows.</param>
    public BatchBuilder(RunContext run, bool deletes, TablePlan? only = null)
    {
        _run = run;
        _room = new UploadRoom(run.Central);
        _deletes = deletes;
        var pulled = run.Plan.Tables.Where(t => t.Pulls && run.IsSelected(t)).ToList();
        var tables = pulled.Where(t => only is null || t == only);
        _tables = [.. deletes ? tables.Reverse() : tables.OrderBy(t => t.Entry.Priority).ThenBy(t => t.Rank)];
        _parents = pulled.ToDictionary(t => t.Name, t => new ParentKeys(run.Plan, t), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Of the table that comes next; null when none does.</summary>
    public int? Priority => _table < _tables.Count ? _tables[_table].Entry.Priority : null;

    /// <summary>Rows that were left for another round, because their new parents alone fill a batch.</summary>
    public long Left { get; private set; }

    /// <summary>The next batch; null when nothing is due any more.</summary>
    public ClaimedBatch? Next()
    {
        while (_table < _tables.Count)
        {
            var batch = _run.Database.Write(Collect);
            if (batch.Rows.Count > 0)
                return batch;
        }
        return null;
    }

    private ClaimedBatch Collect()
    {
        var id = Guid.NewGuid();
        var rows = new Dictionary<string, List<RowChange>>(StringComparer.OrdinalIgnoreCase);
        var claimed = new HashSet<ClaimedRow>();
        var weight = 0L;
        var most = _run.RowsPerBatch;
        while (_table < _tables.Count && claimed.Count < most && weight < _room.Weight)
        {
            var table = _tables[_table];
            var limit = Math.Min(table.Entry.BatchSize ?? most, most - claimed.Count);
            var entries = _run.Tools.Queues[table.Name].Read(_after, _deletes, _run.Now, limit, out var isLast);
            foreach (var entry in entries)
            {
                var together = new List<GatheredRow>(1);
                Gather(table, entry, together, claimed);
                var more = together.Sum(r => r.Weight);
                // A heavy row begins a batch, so that what it cannot take along is known before anything is claimed.
                if (weight > 0 && weight + more > _room.Weight)
                {
                    claimed.ExceptWith(together.Select(r => r.Name));
                    return new ClaimedBatch(ToBatch(id, rows), [.. claimed]);
                }
                if (more > _room.Weight)
                    claimed.ExceptWith(LeaveOut(together));
                foreach (var row in together)
                    Claim(row, id, rows);
                weight += more;
                _after = entry.Key;
            }
            if (isLast)
            {
                _table++;
                _after = null;
            }
            // A table with a batch size of its own ends the batch.
            else if (table.Entry.BatchSize is not null)
            {
                break;
            }
        }
        return new ClaimedBatch(ToBatch(id, rows), [.. claimed]);
    }

    // The row's new parents first. It may have come along already, as the parent of another row.
    private void Gather(TablePlan table, QueueEntry entry, List<GatheredRow> together, HashSet<ClaimedRow> claimed, int depth = 0)
    {
        if (claimed.Contains(new ClaimedRow(table.Name, entry.Key)))
            return;
        if (entry.IsNothing)
        {
            Close(table, entry);
            return;
        }
        claimed.Add(new ClaimedRow(table.Name, entry.Key));
        if (entry.Values is not null && depth < MaxAncestors && !_parents[table.Name].IsEmpty)
        {
            foreach (var (parent, key) in _parents[table.Name].Of(entry.Values))
            {
                // One that was too long for another child is not read and measured again.
                if (_run.IsSelected(parent) && !_givenUp.Contains(new ClaimedRow(parent.Name, key)) && _run.Tools.Queues[parent.Name].FindNew(key) is { Values: not null } missing)
                    Gather(parent, missing, together, claimed, depth + 1);
            }
        }
        together.Add(new GatheredRow(table, new RowChange { Key = entry.Key, ServerKey = entry.ServerKey, Values = entry.Values, Base = entry.Base, Attempts = entry.IsConflict ? Math.Max(1, entry.Attempts) : entry.Attempts }));
    }

    // Heavier than a batch usually is, so it is measured. A row that is too long by itself never goes; one that is so only with its parents goes when they are there.
    private List<ClaimedRow> LeaveOut(List<GatheredRow> together)
    {
        var left = new List<ClaimedRow>();
        foreach (var row in together.ToList())
        {
            if (_room.Refuse(row.Table.Name, row.Change) is not { } reason)
                continue;
            GiveUp(row, reason);
            left.Add(row.Name);
            together.Remove(row);
        }
        if (together.Count == 0)
            return left;
        var fitting = _room.CountFitting([.. together.Select(r => r.Change)]);
        Left += together.Count - fitting;
        left.AddRange(together.Skip(fitting).Select(r => r.Name));
        together.RemoveRange(fitting, together.Count - fitting);
        return left;
    }

    private void Claim(GatheredRow row, Guid batch, Dictionary<string, List<RowChange>> rows)
    {
        Acknowledgement.Claim(_run.Database, row.Table.Name, row.Change.Key, batch);
        if (!rows.TryGetValue(row.Table.Name, out var list))
            rows.Add(row.Table.Name, list = []);
        list.Add(row.Change);
    }

    private void GiveUp(GatheredRow row, string reason)
    {
        _run.Database.Execute("UPDATE payflow_state SET applying = 1");
        _run.Tools.Acknowledgement.GiveUp(row.Table.Name, row.Change.Key, reason);
        _givenUp.Add(row.Name);
        _run.Database.Execute("UPDATE payflow_state SET applying = 0");
        var progress = _run.Of(row.Table.Name, SyncDirection.Pull);
        progress.Read++;
        progress.Failed++;
    }

    private void Close(TablePlan table, QueueEntry entry)
    {
        var database = _run.Database;
        database.Prepare("DELETE FROM sync_queue WHERE entity_type = ? AND entity_id = ?").Bind(1, table.Name).Bind(2, entry.Key).Run();
        database.Execute("UPDATE payflow_state SET applying = 1");
        _run.Tools.Appliers[table.Name].MarkSynced(entry.Key, entry.ServerKey, _run.Now);
        database.Execute("UPDATE payflow_state SET applying = 0");
    }

    private ChangeBatch ToBatch(Guid id, Dictionary<string, List<RowChange>> rows)
    {
        var order = _deletes ? _run.Plan.Tables.Reverse() : _run.Plan.Tables;
        return new ChangeBatch
        {
            Id = id,
            RunId = _run.RunId,
            IsRestored = _run.IsRestored,
            Sections = [.. order.Where(t => rows.ContainsKey(t.Name)).Select(t => new TableSection
            {
                Table = t.Name,
                Columns = _run.Tools.Queues[t.Name].Columns,
                Rows = rows[t.Name],
                BaseUnknown = t.Entry.TerminalCapture == CaptureMode.Timestamp,
                IsLinked = !_run.Tables.TryGetValue(t.Name, out var state) || !state.WaitsForBootstrap,
            })],
        }.Sealed();
    }

    private readonly record struct GatheredRow(TablePlan Table, RowChange Change)
    {
        public ClaimedRow Name => new(Table.Name, Change.Key);

        public long Weight => UploadRoom.WeightOf(Change);
    }
}
