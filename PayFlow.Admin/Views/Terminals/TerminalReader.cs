using System.Text.Json;
using Npgsql;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Admin.Views.Runs;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>Reads how all terminals stand. There are thousands at most: they are judged here, and only what a page shows is looked at more closely.</summary>
internal sealed class TerminalReader(NpgsqlDataSource central, SyncExpectations expectations, TimeProvider time)
{
    // Work by hand on single rows says nothing of how the sync stands.
    private const string LastRuns = $"""
        SELECT l.id, l.terminal_id, l.sync_type, l.direction, l.started_at, l.completed_at, {RunReader.Status}, l.records_count, l.conflicts, l.failed, l.error_message, l.hint, l.host
        FROM payflow.terminals t
        CROSS JOIN LATERAL (
          SELECT * FROM payflow.sync_log l
          WHERE l.terminal_id = t.id AND l.sync_type NOT IN ('attach', 'edit', 'requeue', 'discard', 'reread', 'resolve', 'repair', 'rollback')
          ORDER BY l.started_at DESC LIMIT 1) l
        """;

    private const string Lag = """
        SELECT t.id,
          (SELECT count(*) FROM payflow.conflicts c WHERE c.terminal_id = t.id AND c.state = 'OPEN'),
          count(l.key), min(l.logged_at)
        FROM payflow.terminals t
        LEFT JOIN LATERAL (
          SELECT DISTINCT ON (e.table_id, e.key) e.key, e.logged_at FROM (
            SELECT * FROM payflow.change_log e
            WHERE (e.generation, e.xid, e.id) > (t.log_generation, t.log_xid, t.log_id) AND e.origin IS DISTINCT FROM t.id
            ORDER BY e.generation, e.xid, e.id LIMIT $2) e
          ORDER BY e.table_id, e.key, e.logged_at) l ON t.state = 'active'
        WHERE t.id = ANY ($1)
        GROUP BY t.id
        """;

    /// <summary>Changes that are counted of one that is far behind.</summary>
    private const int LagLimit = 10_000;

    /// <summary>A page of terminals, what needs somebody first.</summary>
    public async Task<Page<TerminalRow>> ListAsync(TerminalFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var all = (await JudgeAsync(cancellationToken)).Where(r => Fits(r, filter)).OrderBy(Urgency).ThenBy(r => r.Record.Number).ToList();
        var shown = all.Skip((int)page.Offset).Take(page.Size).ToList();
        return new Page<TerminalRow>(await WithLagAsync(shown, cancellationToken), all.Count);
    }

    /// <summary>How many terminals stand how.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellationToken) =>
        (await JudgeAsync(cancellationToken)).GroupBy(r => r.Standing.Status).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>One terminal; null when there is none of that id.</summary>
    public async Task<TerminalRow?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await JudgeAsync(cancellationToken)).Where(r => r.Id == id).ToList() is { Count: 1 } found ? (await WithLagAsync(found, cancellationToken))[0] : null;

    /// <summary>All terminals as they stand, in the order of their registration, without their lag.</summary>
    public async Task<IReadOnlyList<TerminalRow>> JudgeAsync(CancellationToken cancellationToken)
    {
        var expected = await expectations.ReadAsync(cancellationToken);
        var runs = await ReadRunsAsync(cancellationToken);
        var different = await ReadDifferencesAsync(cancellationToken);
        var now = time.GetUtcNow();
        return [.. (await new TerminalRegistry(central).ListAsync(cancellationToken)).Select(record => Judge(record, runs.GetValueOrDefault(record.Id), different.GetValueOrDefault(record.Id), expected(record.Id), now))];
    }

    private static TerminalRow Judge(TerminalRecord record, RunRow? run, ProvenDifference? different, SyncExpectation? expected, DateTimeOffset now)
    {
        var queue = JsonSerializer.Deserialize<Dictionary<string, long>>(record.Queue) ?? [];
        var facts = new TerminalFacts { IsDetached = record.State == TerminalState.Detached, RegisteredAt = record.RegisteredAt, LastRun = run, Open = queue.Values.Sum(), Waiting = record.WaitingRows, Different = different };
        return new TerminalRow { Record = record, LastRun = run, Queue = queue, Different = different, Standing = TerminalStanding.Judge(facts, expected, now) };
    }

    private static int Urgency(TerminalRow row) => ((List<string>)[.. TerminalStanding.All]).IndexOf(row.Standing.Status);

    private static bool Fits(TerminalRow row, TerminalFilter filter) =>
        (filter.Status is null || row.Standing.Status == filter.Status)
        && (filter.Text is not { Length: > 0 } text
            || new[] { row.Id, row.Record.Name, row.Record.FilePath }.Concat(row.Record.Attributes.Select(a => $"{a.Key}={a.Value}")).Any(t => t?.Contains(text, StringComparison.OrdinalIgnoreCase) == true));

    private async Task<Dictionary<string, RunRow>> ReadRunsAsync(CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(LastRuns);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new Dictionary<string, RunRow>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var run = RunReader.Row(reader);
            runs[run.Terminal!] = run;
        }
        return runs;
    }

    private async Task<Dictionary<string, ProvenDifference>> ReadDifferencesAsync(CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(ProvenDifferences.Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var different = new Dictionary<string, ProvenDifference>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = ProvenDifferences.Row(reader);
            different[row.Terminal] = row;
        }
        return different;
    }

    private async Task<List<TerminalRow>> WithLagAsync(List<TerminalRow> rows, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Lag);
        command.Parameters.Add(new NpgsqlParameter { Value = rows.Select(r => r.Id).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = LagLimit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, (long Conflicts, long Lag, DateTimeOffset? Since)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            found[reader.GetString(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3));
        return [.. rows.Select(r => found.TryGetValue(r.Id, out var f) ? r with { Conflicts = f.Conflicts, LagRows = f.Lag, IsLagMore = f.Lag >= LagLimit, LagSince = f.Since } : r)];
    }
}
