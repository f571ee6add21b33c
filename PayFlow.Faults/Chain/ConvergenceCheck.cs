using System.Data.Common;
using System.Globalization;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Faults.Chain;

/// <summary>What must hold when everything has settled: both sides are equal, row by row, except where an open entry says why not; and nothing was lost or made twice.</summary>
internal sealed class ConvergenceCheck(ChainWorld world)
{
    private readonly List<Finding> _found = [];
    private readonly HashSet<(string Till, string Table)> _stale = [];

    /// <summary>
    /// Tables that only travel up in which a till holds an older state of a row of another till's: a decision gave it central's row of that moment, and what the other
    /// till changed later does not come down there. What must hold of them is that verify names them and a repair ends it.
    /// </summary>
    public IReadOnlySet<(string Till, string Table)> Stale => _stale;

    public IReadOnlyList<Finding> Run()
    {
        foreach (var till in world.Tills)
        {
            foreach (var damage in Rows(till, "PRAGMA integrity_check").Where(r => r[0] != "ok"))
                Add(FindingKind.Lost, $"{till.Id}: the file is damaged: {damage[0]}");
            foreach (var entry in Rows(till, "SELECT entity_type, entity_id, status, coalesce(last_error, '') FROM sync_queue WHERE status = 'SYNCING' OR batch_id IS NOT NULL OR status = 'PENDING' AND last_error IS NULL"))
                Add(FindingKind.Wedged, $"{till.Id}: {string.Join(' ', entry)} is not settled");
            foreach (var table in world.Shape.Tables)
            {
                // A row with an open entry is asked for as soon as that is closed.
                var explained = Explained(till, table);
                foreach (var aside in Rows(till, $"SELECT key FROM payflow_aside WHERE table_name = '{table.Name}' AND attempts = 0").Where(a => !explained.Contains(a[0])))
                    Add(FindingKind.Wedged, $"{till.Id}: {table.Name} {aside[0]} was asked for and never came");
                Compare(till, table, explained);
            }
        }
        CheckTokens();
        CheckChanges();
        return _found;
    }

    private void Compare(IChainTill till, ChainTable table, HashSet<string> explained)
    {
        var columns = Compared(till, table);
        var central = Read(Query(world.Central, CentralSql(table, columns) + (table.IsFiltered ? $" WHERE store = '{ChainWorld.StoreOf(till)}'" : string.Empty)), table, columns);
        var local = Read(Rows(till, TerminalSql(till, table, columns)), table, columns);
        var given = table.Direction == SyncDirection.Pull ? GivenByDecision(till, table) : [];
        foreach (var (key, row) in local.Where(l => !explained.Contains(l.Key)))
        {
            if (!central.TryGetValue(key, out var other))
            {
                if (!IsSoftDeleted(columns, row))
                    Add(FindingKind.Divergent, $"{till.Id}: {table.Name} {key} is not in central: {Show(row)}");
            }
            else if (!row.SequenceEqual(other) && given.Contains(key) && IsOlder(columns, row, other))
            {
                _stale.Add((till.Id, table.Name));
            }
            else if (!row.SequenceEqual(other))
            {
                Add(FindingKind.Divergent, $"{till.Id}: {table.Name} {key} differs: {Show(row)} here, {Show(other)} in central");
            }
        }
        if (table.Direction == SyncDirection.Pull)
            return;
        foreach (var (key, row) in central.Where(c => !explained.Contains(c.Key) && !local.ContainsKey(c.Key) && !IsSoftDeleted(columns, c.Value)))
            Add(FindingKind.Divergent, $"{till.Id}: {table.Name} {key} is missing here: {Show(row)}");
    }

    private HashSet<string> GivenByDecision(IChainTill till, ChainTable table) =>
        [.. Query(world.Central, $"SELECT DISTINCT key FROM payflow.conflicts WHERE terminal_id = '{till.Id}' AND table_name = '{table.Name}' AND state = 'RESOLVED' AND resolution = 'central' AND key IS NOT NULL").Select(r => r[0])];

    // Each mark is central's, or one over which, change by change, central's was written.
    private bool IsOlder(List<string> columns, string[] row, string[] central) =>
        row[columns.IndexOf("token")] is var token && token == central[columns.IndexOf("token")] && new[] { columns.IndexOf("v1"), columns.IndexOf("v2") }.All(at => Follows(token, row[at], central[at]));

    private bool Follows(string token, string mark, string later)
    {
        for (var at = mark; at is not null; at = world.Ledger.Successor(token, at))
        {
            if (at == later)
                return true;
        }
        return false;
    }

    private static bool IsSoftDeleted(List<string> columns, string[] row) => columns.IndexOf("deleted_at") is >= 0 and var at && row[at].Length > 0;

    // What both sides have at this moment.
    private List<string> Compared(IChainTill till, ChainTable table)
    {
        var central = world.Columns.Of(table, ChainColumns.Central).Select(c => c.Meaning).ToHashSet();
        return [.. world.Columns.Of(table, till.Id).Select(c => c.Meaning).Where(central.Contains)];
    }

    private static string Show(string[] row) => string.Join('|', row);

    // Rows by central's key; a row that central never had is known by its local key.
    private static Dictionary<string, string[]> Read(List<string[]> rows, ChainTable table, List<string> data)
    {
        var read = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var keys = table.Key == ChainKey.Composite ? 2 : 1;
            var key = keys == 2 ? RowKey.Join(row[..2]) : row[0];
            var columns = data.Append("parent").ToList();
            read[key] = [.. row[keys..].Select((value, i) => Canonical(columns[i], value))];
        }
        return read;
    }

    private static string Canonical(string column, string value) => column switch
    {
        _ when value.Length == 0 => string.Empty,
        "price" => decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture),
        "is_on" => value is "1" or "true" ? "1" : "0",
        "updated_at" => DateTime.Parse(value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        "deleted_at" => "deleted",
        _ => value,
    };

    private string CentralSql(ChainTable table, List<string> data)
    {
        var columns = data.Select(c => $"coalesce({(c == "name" ? "'=' || name" : world.Columns.NameOf(table, c, ChainColumns.Central) + "::text")}, '')").ToList();
        if (table.Target is not null)
            columns.Add("coalesce(parent::text, '')");
        return $"SELECT {string.Join(", ", table.CentralKeyColumn.Split(", ").Select(c => c + "::text").Concat(columns))} FROM {table.Name}";
    }

    private string TerminalSql(IChainTill till, ChainTable table, List<string> data)
    {
        var keys = table.IsLinked ? ["coalesce(t.server_id, 'local ' || t.local_id)"] : table.TerminalKeyColumn.Split(", ").Select(c => $"CAST(t.{c} AS TEXT)").ToArray();
        var columns = data.Select(c => $"coalesce({(c == "name" ? "'=' || t.name" : $"CAST(t.{world.Columns.NameOf(table, c, till.Id)} AS TEXT)")}, '')").ToList();
        if (table.Target is { } target)
            columns.Add(target.IsLinked ? $"coalesce((SELECT coalesce(p.server_id, {ReplacedKey(target)}) FROM {target.Name} p WHERE p.local_id = t.parent), t.parent, '')" : "coalesce(t.parent, '')");
        return $"SELECT {string.Join(", ", keys.Concat(columns))} FROM {table.Name} t";
    }

    // A row that was replaced and not sent yet has lost central's key; its open entry remembers it.
    private static string ReplacedKey(ChainTable table) => $"(SELECT substr(json_extract(q.base, '$.server_id'), 2) FROM sync_queue q WHERE q.entity_type = '{table.Name}' AND q.entity_id = CAST(p.local_id AS TEXT))";

    /// <summary>Keys of rows that somebody has to decide on, or that wait for such a row.</summary>
    private HashSet<string> Explained(IChainTill till, ChainTable table)
    {
        var links = Query(world.Central, $"SELECT local_key, server_key FROM payflow.links WHERE terminal_id = '{till.Id}' AND table_name = '{table.Name}'").ToDictionary(l => l[0], l => l[1]);
        var explained = Rows(till, $"SELECT key FROM payflow_aside WHERE table_name = '{table.Name}' AND attempts > 0").Select(r => r[0]).ToHashSet();
        foreach (var entry in Rows(till, $"SELECT entity_id, coalesce(substr(json_extract(base, '$.server_id'), 2), '') FROM sync_queue WHERE entity_type = '{table.Name}' AND (status IN ('FAILED', 'CONFLICT') OR last_error IS NOT NULL)"))
        {
            explained.Add(table.IsLinked ? links.GetValueOrDefault(entry[0], "local " + entry[0]) : entry[0]);
            if (!table.IsLinked)
                continue;
            explained.Add("local " + entry[0]);
            explained.Add(entry[1]);
            foreach (var server in Rows(till, $"SELECT server_id FROM {table.Name} WHERE local_id = {entry[0]} AND server_id IS NOT NULL"))
                explained.Add(server[0]);
        }
        return explained;
    }

    private void Add(FindingKind kind, string text) => _found.Add(new Finding(kind, text));

    // The last change of a row is there: one that somebody wrote over has come back only where a conflict was decided so, and then that stands in central.
    private void CheckChanges()
    {
        foreach (var table in world.Shape.Tables)
        {
            var decidedAsAWhole = Query(world.Central, $"SELECT DISTINCT coalesce(key, local_key) FROM payflow.conflicts WHERE table_name = '{table.Name}' AND (base IS NULL OR kind <> 'update-update')").Select(r => r[0]).ToHashSet(StringComparer.Ordinal);
            var decided = Query(world.Central, $"SELECT DISTINCT coalesce(key, local_key) FROM payflow.conflicts WHERE table_name = '{table.Name}'").Select(r => r[0]).ToHashSet(StringComparer.Ordinal);
            var explained = world.Tills.SelectMany(t => Explained(t, table)).ToHashSet(StringComparer.Ordinal);
            var columns = world.Columns.Of(table, ChainColumns.Central).Select(c => c.Meaning).ToList();
            foreach (var (key, row) in Read(Query(world.Central, CentralSql(table, columns)), table, columns).Where(r => !explained.Contains(r.Key)))
            {
                var token = row[columns.IndexOf("token")];
                if (!decidedAsAWhole.Contains(key) && !world.Ledger.IsForgiven(token))
                    CheckQuantity(table, key, token, columns.IndexOf("qty") is >= 0 and var at ? row[at] : null);
                if (decided.Contains(key))
                    continue;
                foreach (var mark in new[] { "v1", "v2" })
                {
                    var change = row[columns.IndexOf(mark)];
                    if (!world.Ledger.IsForgiven(token) && change.Length > 0 && world.Ledger.Successor(token, change) is { } successor)
                        Add(FindingKind.Lost, $"{table.Name} {key} ({token}) has {mark} = {change} in central, over which {successor} was written, and no conflict says why");
                }
            }
        }
    }

    // Whatever was added anywhere is there once.
    private void CheckQuantity(ChainTable table, string key, string token, string? quantity)
    {
        if (quantity is null || table is { IsLinked: true, ReusesLocalKeys: true } || world.Ledger.Quantity(token) is not { } expected)
            return;
        var found = quantity.Length == 0 ? 0 : long.Parse(quantity, CultureInfo.InvariantCulture);
        if (found != expected)
            Add(Math.Abs(found) > Math.Abs(expected) ? FindingKind.Duplicated : FindingKind.Lost, $"{table.Name} {key} ({token}) has {found} in central; all that was added makes {expected}");
    }

    private void CheckTokens()
    {
        foreach (var table in world.Shape.Tables)
        {
            var counts = Query(world.Central, $"SELECT token, count(*)::text FROM {table.Name} GROUP BY token").ToDictionary(r => r[0], r => int.Parse(r[1], CultureInfo.InvariantCulture));
            foreach (var (token, count) in counts.Where(c => c.Value > 1 && (table.IsLinked || !world.Ledger.IsForgiven(c.Key))))
                Add(FindingKind.Duplicated, $"central has {token} {count} times");
            var parentsGone = table is { Cascades: true, Target: not null } && world.Ledger.Committed.Any(c => c.Value == table.Target && world.Ledger.IsForgiven(c.Key));
            // Without AUTOINCREMENT a new row can take the number of one just deleted: to the queue it is the same row, changed.
            if (parentsGone || table is { IsLinked: true, ReusesLocalKeys: true })
                continue;
            foreach (var (token, _) in world.Ledger.Committed.Where(c => c.Value == table && !counts.ContainsKey(c.Key) && !world.Ledger.IsForgiven(c.Key)))
            {
                if (!world.Tills.Any(t => IsExplained(t, table, token)))
                    Add(FindingKind.Lost, $"central has lost {token}");
            }
        }
    }

    private bool IsExplained(IChainTill till, ChainTable table, string token)
    {
        var explained = Explained(till, table);
        var columns = Compared(till, table);
        return Read(Rows(till, TerminalSql(till, table, columns)), table, columns).Any(r => r.Value[0] == token && explained.Contains(r.Key));
    }

    private static List<string[]> Rows(IChainTill till, string sql) => [.. till.File.Rows(sql).Select(r => r.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? string.Empty).ToArray())];

    private static List<string[]> Query(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i))]);
        return rows;
    }
}
