using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>Reads what one run wrote into a terminal's rows, one entry for each row.</summary>
internal sealed class TerminalRunJournal(SqliteDatabase database, SyncPlan plan)
{
    private readonly Dictionary<string, RowFinder> _finders = plan.Tables.ToDictionary(t => t.Name, t => new RowFinder(database, t), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the terminal knows of anything that the run wrote.</summary>
    public static bool Has(SqliteDatabase database, Guid run)
    {
        if (!JournalTable.Exists(database))
            return false;
        var entry = database.Prepare("SELECT 1 FROM payflow_journal WHERE run_id = ? LIMIT 1").Bind(1, run.ToString());
        var has = entry.Step();
        entry.Reset();
        return has && !JournalPruning.HasBegun(database, run);
    }

    /// <param name="run">The run.</param>
    /// <param name="tables">Only these tables; all when null.</param>
    public List<TerminalRollbackRow> Read(Guid run, IReadOnlyList<string>? tables)
    {
        var rows = new Dictionary<(string, string), TerminalRollbackRow>();
        var entries = Entries(run, tables);
        var gone = GoneRows(entries);
        foreach (var entry in entries)
        {
            if (entry.Keys is null)
            {
                Add(rows, entry.Table, entry.Key!, null, entry.Before, entry.After, null);
                continue;
            }
            foreach (var (serverKey, hash) in KeyChunk.Read(entry.Keys))
                Add(rows, entry.Table, OwnKey(entry.Table, serverKey, gone), serverKey, null, null, hash);
        }
        return [.. rows.Values];
    }

    private static void Add(Dictionary<(string, string), TerminalRollbackRow> rows, string table, string? key, string? serverKey, string? before, string? after, ulong? hash)
    {
        if (!rows.TryGetValue((table, key ?? "\0" + serverKey), out var row))
            rows.Add((table, key ?? "\0" + serverKey), row = new TerminalRollbackRow { Table = table, Key = key, ServerKey = serverKey, Existed = before is not null, Before = before });
        (row.Remained, row.After, row.Hash) = (after is not null || hash is not null, after, hash);
    }

    private string? OwnKey(string table, string serverKey, Dictionary<(string, string), string> gone)
    {
        if (plan.Find(table) is not { KeyMode: KeyMode.Linked })
            return serverKey;
        _finders[table].Find(serverKey, out var key);
        return key ?? gone.GetValueOrDefault((table, serverKey));
    }

    // A row that the run inserted and deleted again is known by central's key first, and then by its own.
    private Dictionary<(string, string), string> GoneRows(List<Entry> entries)
    {
        var gone = new Dictionary<(string, string), string>();
        foreach (var entry in entries.Where(e => e is { After: null, Before: not null } && plan.Find(e.Table) is { KeyMode: KeyMode.Linked }))
        {
            if (ImageJson.ReadNamed(entry.Before!).GetValueOrDefault(plan.Find(entry.Table)!.ServerIdColumn!) is { IsNull: false } serverKey)
                gone[(entry.Table, serverKey.ToString())] = entry.Key!;
        }
        return gone;
    }

    private List<Entry> Entries(Guid run, IReadOnlyList<string>? tables)
    {
        var entries = new List<Entry>();
        var row = database.Prepare("SELECT table_name, key, keys, before, after FROM payflow_journal WHERE run_id = ? ORDER BY seq").Bind(1, run.ToString());
        while (row.Step())
        {
            if (tables is null || tables.Contains(row.Text(0)!, StringComparer.OrdinalIgnoreCase))
                entries.Add(new Entry(row.Text(0)!, row.Text(1), row.Column(2) is { Kind: CellKind.Blob } keys ? keys.AsBlob : null, row.Text(3), row.Text(4)));
        }
        return entries;
    }

    private sealed record Entry(string Table, string? Key, byte[]? Keys, string? Before, string? After);
}
