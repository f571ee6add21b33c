using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Tells a terminal what became of its conflicts, and remembers what it took over.</summary>
internal static class ConflictDecisions
{
    // The newest record of a row speaks for it; one that is open before all others. What a policy decided, or the terminal withdrew, went back with the answer to the upload.
    private const string Latest = """
        SELECT DISTINCT ON (c.table_name, c.local_key) c.table_name, c.local_key, c.id, c.state = 'OPEN', c.resolved_by <> 'policy' AND c.resolution <> 'withdrawn', c.key, c.terminal::text, c.delivered_at IS NOT NULL, c.fields
        FROM unnest($2::text[], $3::text[]) AS r (table_name, local_key)
        JOIN payflow.conflicts c ON c.terminal_id = $1 AND c.table_name = r.table_name AND c.local_key = r.local_key
        ORDER BY c.table_name, c.local_key, (c.state = 'OPEN') DESC, c.id DESC
        """;

    private const string Deliver = "UPDATE payflow.conflicts SET delivered_at = now() WHERE id = ANY ($2) AND terminal_id = $1 AND delivered_at IS NULL";

    public static async Task<IReadOnlyList<Decision>> ReadAsync(NpgsqlConnection connection, CentralPlan plan, string terminal, IReadOnlyList<ConflictingRow> rows, CancellationToken cancellationToken)
    {
        var known = new Dictionary<ConflictingRow, Decision>();
        await using (var command = new NpgsqlCommand(Latest, connection) { Parameters = { new() { Value = terminal }, new() { Value = rows.Select(r => r.Table).ToArray() }, new() { Value = rows.Select(r => r.Key).ToArray() } } })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var decision = Decision(reader, plan);
                known[decision.Row] = decision;
            }
        }
        var result = rows.Select(r => known.GetValueOrDefault(r) ?? new Decision { Row = r, State = DecisionState.Unknown }).ToList();
        return await WithRowsAsync(connection, plan, result, cancellationToken);
    }

    public static async Task DeliveredAsync(NpgsqlConnection connection, string terminal, IReadOnlyList<long> conflicts, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Deliver, connection)
        {
            Parameters = { new() { Value = terminal }, new() { Value = conflicts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Decision Decision(NpgsqlDataReader row, CentralPlan plan)
    {
        var isDecided = !row.IsDBNull(4) && row.GetBoolean(4);
        var isLinked = plan.Plan.Find(row.GetString(0)) is { KeyMode: KeyMode.Linked };
        return new Decision
        {
            Row = new ConflictingRow(row.GetString(0), row.GetString(1)),
            State = row.GetBoolean(3) ? DecisionState.Open : isDecided ? DecisionState.Decided : DecisionState.Unknown,
            Conflict = row.GetInt64(2),
            ServerKey = !row.IsDBNull(5) ? row.GetString(5) : isLinked ? null : row.GetString(1),
            DecidedUpon = row.IsDBNull(6) ? null : ConflictImage.Read(row.GetString(6)),
            WasDelivered = row.GetBoolean(7),
            Fields = row.GetFieldValue<string[]>(8),
        };
    }

    private static async Task<List<Decision>> WithRowsAsync(NpgsqlConnection connection, CentralPlan plan, List<Decision> decisions, CancellationToken cancellationToken)
    {
        foreach (var table in decisions.Where(d => d is { State: DecisionState.Decided, ServerKey: not null }).GroupBy(d => d.Row.Table, StringComparer.OrdinalIgnoreCase).ToList())
        {
            var keys = table.Select(d => d.ServerKey!).Distinct(StringComparer.Ordinal).ToList();
            var rows = (await RowFetch.ReadAsync(connection, plan.Columns[table.Key], keys, cancellationToken)).ToDictionary(r => r.Key, r => r.Values, StringComparer.Ordinal);
            foreach (var decision in table)
                decisions[decisions.IndexOf(decision)] = decision with { Values = rows[decision.ServerKey!] };
        }
        return decisions;
    }
}
