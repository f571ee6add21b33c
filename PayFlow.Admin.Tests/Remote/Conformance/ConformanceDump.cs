using System.Globalization;
using System.Text.RegularExpressions;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>
/// Everything that a case has left on both sides, a line a row: the data, and what PayFlow itself keeps. Keys that are made up by chance are numbered in the order in which they appear, clocks are left out.
/// </summary>
internal sealed partial class ConformanceDump(SyncFixture chain, ConformanceSchema schema, string terminal)
{
    private static readonly string[] Bookkeeping =
    [
        "SELECT 'queue', entity_type, entity_id, action, payload, priority, status, attempts, last_error, base, batch_id IS NULL, next_attempt_at IS NULL FROM sync_queue ORDER BY 2, 3",
        "SELECT 'table', name, boot_state, boot_key, load_state, load_key, shape, log_xid > 0 FROM payflow_tables ORDER BY name",
        "SELECT 'aside', table_name, key, reason, attempts FROM payflow_aside ORDER BY 2, 3",
        "SELECT 'state', applying, counter > 0, nonce IS NULL, pending_counter, pending_nonce, restored FROM payflow_state",
        "SELECT 'made', type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
    ];

    private readonly Dictionary<string, string> _ids = [];

    public async Task<List<string>> ReadAsync(TerminalFile file)
    {
        var lines = new List<string>();
        foreach (var query in schema.Compare["central"])
            lines.AddRange((await chain.TextsAsync(query)).Select(t => Plain($"central {t}")));
        lines.AddRange((await chain.TextsAsync($"""
            SELECT concat_ws(' ', 'conflict', table_name, key, local_key, kind, policy, state, base, terminal, central, fields, resolution) FROM payflow.conflicts WHERE terminal_id = '{terminal}'
            ORDER BY table_name, local_key, id
            """)).Select(t => Plain(t!)));
        lines.AddRange((await chain.TextsAsync($"SELECT concat_ws(' ', 'link', table_name, local_key, server_key) FROM payflow.links WHERE terminal_id = '{terminal}' ORDER BY table_name, local_key::bigint")).Select(t => Plain(t!)));
        foreach (var query in schema.Compare["till"].Concat(Bookkeeping))
            lines.AddRange(file.Rows(query).Select(r => Plain("till " + string.Join('|', r.Select(Spell)))));
        lines.AddRange(Journal(file).Order(StringComparer.Ordinal));
        return lines;
    }

    // What runs wrote into the till's rows, whatever the pieces in which it arrived.
    private IEnumerable<string> Journal(TerminalFile file)
    {
        foreach (var row in file.Rows("SELECT table_name, op, key, keys, before, after FROM payflow_journal ORDER BY seq"))
        {
            if (row[3] is not byte[] keys)
                yield return Plain($"journal {row[0]} {row[1]} {row[2]} {row[4]} {row[5]}");
            else
                foreach (var (key, hash) in KeyChunk.Read(keys))
                    yield return Plain($"journal {row[0]} {row[1]} {key} {hash:x16}");
        }
    }

    private string Plain(string line)
    {
        line = Uuid().Replace(line, m => _ids.TryGetValue(m.Value, out var known) ? known : _ids[m.Value] = $"#{_ids.Count + 1}");
        return Clock().Replace(line, "@");
    }

    private static string Spell(object? value) => value switch
    {
        null => "NULL",
        string text => "'" + text.Replace("\0", "\\0", StringComparison.Ordinal) + "'",
        byte[] bytes => CellValue.Of(bytes).ToString(),
        double real => "r" + real.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Clock();
}
