using System.Data;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>Looks rows of central up by their keys, and whether a change of them has still to come down: all of a handful in one snapshot.</summary>
internal sealed class VerifyCentralLook(NpgsqlConnection connection, VerifyTable table, VerifyScope scope)
{
    private const string Conflicts = """
        SELECT coalesce(key, ''), coalesce(local_key, '') FROM payflow.conflicts
        WHERE terminal_id = $1 AND table_name = $2 AND state = 'OPEN' AND (key = ANY ($3) OR local_key = ANY ($4))
        """;

    private const string Links = "SELECT server_key, local_key FROM payflow.links WHERE terminal_id = $1 AND table_name = $2 AND server_key = ANY ($3)";

    // Entries without a key: the table was truncated, or is to be read again for another reason. A log that was pruned behind the terminal's place means the same.
    private const string Reload = """
        SELECT (c.pruned_generation, c.pruned_xid, c.pruned_id) > ($2, $3, $4)
          OR EXISTS (SELECT 1 FROM payflow.change_log l WHERE l.table_id = $1 AND l.key IS NULL AND (l.generation, l.xid, l.id) > ($2, $3, $4) AND (l.op = 'T' OR l.origin IS DISTINCT FROM $5 OR $6))
        FROM payflow.central c
        """;

    private TablePlan Plan => table.Plan;

    /// <summary>Each finding's row as it is now.</summary>
    public async Task<VerifyCentralRow[]> ReadAsync(IReadOnlyList<VerifyFinding> findings, IReadOnlyList<string?> localKeys, TableState state, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var keys = findings.Select(f => f.Key).OfType<string>().Where(CanBeInCentral).Distinct(StringComparer.Ordinal).ToList();
        var rows = (await RowFetch.ReadAsync(connection, table.Central, keys, cancellationToken)).ToDictionary(r => r.Key, r => r.Values, StringComparer.Ordinal);
        var hidden = await ReadHiddenAsync(keys.Where(k => rows[k] is null).ToList(), cancellationToken);
        var coming = await ReadComingAsync(keys, state, cancellationToken);
        var (conflicting, locallyConflicting) = await ReadConflictsAsync(keys, [.. localKeys.OfType<string>()], cancellationToken);
        var links = await ReadLinksAsync(keys, cancellationToken);
        var reloads = await ReloadsAsync(state, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [.. findings.Select((f, i) => new VerifyCentralRow(
            f.Key is { } key ? rows.GetValueOrDefault(key) : null,
            reloads || (f.Key is not null && (coming.Contains(f.Key) || conflicting.Contains(f.Key))) || (localKeys[i] is { } local && locallyConflicting.Contains(local)),
            f.Key is not null && hidden.Contains(f.Key),
            f.Key is { } linked ? links.GetValueOrDefault(linked) : null))];
    }

    private bool CanBeInCentral(string key)
    {
        var parts = RowKey.Parse(key, Plan.CentralKey.Count);
        return table.CanBeInCentral([.. parts.Select((p, i) => KeyCell(p, Plan.CentralKey[i]))]);
    }

    // Bytes stand in a key as \x0a1b.
    private static CellValue KeyCell(string text, ColumnSchema column) => column.Logical == LogicalType.Bytes && text.StartsWith("\\x", StringComparison.Ordinal)
        ? CellValue.Of(Convert.FromHexString(text.AsSpan(2)))
        : CellValue.Of(text);

    // A new row of the terminal that central has taken, before the terminal has heard of its key there.
    private async Task<Dictionary<string, string>> ReadLinksAsync(List<string> keys, CancellationToken cancellationToken)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!table.IsLinked || keys.Count == 0)
            return links;
        await using var command = new NpgsqlCommand(Links, connection)
        {
            Parameters = { new() { Value = scope.Terminal }, new() { Value = Plan.Name }, new() { Value = keys.ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            links[reader.GetString(0)] = reader.GetString(1);
        return links;
    }

    // Rows that are there, but outside of the terminal's filter.
    private async Task<HashSet<string>> ReadHiddenAsync(List<string> missing, CancellationToken cancellationToken)
    {
        if (missing.Count == 0 || Plan.Entry.Filter is not { Length: > 0 })
            return [];
        var unfiltered = scope.Columns(Plan with { Entry = Plan.Entry with { Filter = null } });
        return [.. (await RowFetch.ReadAsync(connection, unfiltered, missing, cancellationToken)).Where(r => r.Values is not null).Select(r => r.Key)];
    }

    private async Task<HashSet<string>> ReadComingAsync(List<string> keys, TableState state, CancellationToken cancellationToken)
    {
        if (!Plan.Pushes || keys.Count == 0)
            return [];
        await using var command = new NpgsqlCommand { Connection = connection };
        var parts = keys.Select(k => RowKey.Parse(k, Plan.CentralKey.Count)).ToList();
        for (var i = 0; i < Plan.CentralKey.Count; i++)
            command.Parameters.Add(new NpgsqlParameter($"k{i}", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = parts.Select(p => p[i]).ToArray() });
        command.CommandText = Plan.Entry.CentralCapture == CaptureMode.Timestamp ? BindStamp(command, state) : BindLog(command, state);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var coming = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            coming.Add(keys[(int)reader.GetInt64(0) - 1]);
        return coming;
    }

    private string BindLog(NpgsqlCommand command, TableState state)
    {
        command.Parameters.Add(new("table", scope.Captured.GetValueOrDefault(Plan.Name)));
        command.Parameters.Add(new("generation", state.Position.Generation));
        command.Parameters.Add(new("xid", NpgsqlDbType.Xid8) { Value = (ulong)state.Position.Transaction });
        command.Parameters.Add(new("entry", state.Position.Entry));
        command.Parameters.Add(new("terminal", scope.Terminal));
        command.Parameters.Add(new("own", scope.IsRestored));
        // A composite key stands in the log as PostgreSQL spells it.
        var key = Plan.CentralKey.Count == 1 ? "k.k0" : $"json_build_array({string.Join(", ", Plan.CentralKey.Select((_, i) => $"k.k{i}"))})::text";
        return $"""
            SELECT k.ord FROM unnest({Arrays}) WITH ORDINALITY AS k ({Names}, ord)
            WHERE {key} IN (
              SELECT l.key FROM payflow.change_log l
              WHERE l.table_id = @table AND (l.generation, l.xid, l.id) > (@generation, @xid, @entry) AND (l.origin IS DISTINCT FROM @terminal OR @own))
            """;
    }

    private string BindStamp(NpgsqlCommand command, TableState state)
    {
        command.Parameters.Add(new("stamp", NpgsqlDbType.Text) { Value = (object?)state.PushStamp ?? DBNull.Value });
        var codec = ColumnCodecs.For(Plan.CentralTimestamp!);
        var join = string.Join(" AND ", Plan.CentralKey.Select((c, i) => $"t.{PostgresName.Quote(c.Name)} = {table.Central.Keys[i].KeyFromText($"k.k{i}")}"));
        return $"""
            SELECT k.ord FROM unnest({Arrays}) WITH ORDINALITY AS k ({Names}, ord) JOIN {PostgresName.Quote(Plan.Central)} t ON {join}
            WHERE @stamp IS NULL OR t.{PostgresName.Quote(Plan.CentralTimestamp!.Name)} > {codec.KeyFromText("@stamp")} - interval '2 minutes'
            """;
    }

    private string Arrays => string.Join(", ", Plan.CentralKey.Select((_, i) => $"@k{i}"));

    private string Names => string.Join(", ", Plan.CentralKey.Select((_, i) => $"k{i}"));

    private async Task<(HashSet<string> Keys, HashSet<string> LocalKeys)> ReadConflictsAsync(List<string> keys, string[] localKeys, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Conflicts, connection)
        {
            Parameters = { new() { Value = scope.Terminal }, new() { Value = Plan.Name }, new() { Value = keys.ToArray() }, new() { Value = localKeys } },
        };
        var (open, local) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            open.Add(reader.GetString(0));
            local.Add(reader.GetString(1));
        }
        return (open, local);
    }

    private async Task<bool> ReloadsAsync(TableState state, CancellationToken cancellationToken)
    {
        if (!Plan.Pushes || Plan.Entry.CentralCapture == CaptureMode.Timestamp)
            return false;
        await using var command = new NpgsqlCommand(Reload, connection)
        {
            Parameters =
            {
                new() { Value = scope.Captured.GetValueOrDefault(Plan.Name) },
                new() { Value = state.Position.Generation },
                new() { Value = (ulong)state.Position.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 },
                new() { Value = state.Position.Entry },
                new() { Value = scope.Terminal },
                new() { Value = scope.IsRestored },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
