using System.Text.Json;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// Keeps every conflict in <c>payflow.conflicts</c>, with base, terminal and central values: open ones for whoever decides, and those that the policy decided,
/// so that nothing is decided behind anybody's back.
/// </summary>
internal static class ConflictRecord
{
    // A newer change of the row joins the conflict that is open already. Its version counts only when there is something new to look at, or a decision would be refused for nothing.
    private const string Open = """
        WITH joined AS (
          UPDATE payflow.conflicts SET key = $3, kind = $5, policy = $6, base = $7, terminal = $8, central = $9, fields = $10, other_key = $13, run_id = $11, batch_id = $12,
            version = version + 1, updated_at = now()
          WHERE terminal_id = $1 AND table_name = $2 AND local_key = $4 AND state = 'OPEN'
            AND (kind, base, terminal, central, fields, other_key) IS DISTINCT FROM ($5, $7, $8, $9, $10, $13))
        INSERT INTO payflow.conflicts (terminal_id, table_name, key, local_key, kind, policy, state, base, terminal, central, fields, run_id, batch_id, other_key)
        SELECT $1, $2, $3, $4, $5, $6, 'OPEN', $7, $8, $9, $10, $11, $12, $13
        WHERE NOT EXISTS (SELECT 1 FROM payflow.conflicts WHERE terminal_id = $1 AND table_name = $2 AND local_key = $4 AND state = 'OPEN')
        """;

    private const string Decided = """
        INSERT INTO payflow.conflicts (terminal_id, table_name, key, local_key, kind, policy, state, base, terminal, central, fields, run_id, batch_id, resolution, resolved_at, resolved_by)
        VALUES ($1, $2, $3, $4, $5, $6, 'RESOLVED', $7, $8, $9, $10, $11, $12, $13, now(), 'policy')
        """;

    private const string Withdrawn = """
        UPDATE payflow.conflicts SET state = 'RESOLVED', resolution = 'withdrawn', resolved_by = 'terminal', resolved_at = now()
        WHERE terminal_id = $1 AND table_name = $2 AND local_key = ANY ($3) AND state = 'OPEN'
        RETURNING local_key, key
        """;

    public static async Task WriteAsync(MergeContext context, StagedTable table, ConflictImages images, MergeDecision decision, CancellationToken cancellationToken)
    {
        await using var command = context.Command(decision.IsOpen ? Open : Decided);
        foreach (var text in new[] { context.Terminal, table.Plan.Name, images.Key, images.LocalKey, decision.Conflict, PolicyName(table) })
            command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        // Where central has no row, deciding for the terminal's makes it anew: then every value is needed.
        IReadOnlyList<string> added = images.Central is null ? [] : images.Added;
        foreach (var image in new[] { images.Base, images.Terminal, images.Central })
            command.Parameters.Add(new() { Value = image is null ? DBNull.Value : Image(table, image, added), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = Fields(table, decision.Disputed!) });
        command.Parameters.Add(new() { Value = context.Batch.RunId });
        command.Parameters.Add(new() { Value = context.Batch.Id });
        command.Parameters.Add(new() { Value = (object?)(decision.IsOpen ? images.OtherKey : decision.Resolution) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Closes the open conflicts of rows that no longer conflict.</summary>
    /// <returns>Local key to central's key of those that were open.</returns>
    public static async Task<Dictionary<string, string?>> WithdrawAsync(MergeContext context, string table, IReadOnlyCollection<string> localKeys, CancellationToken cancellationToken)
    {
        var closed = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (!context.HasOpenConflicts || localKeys.Count == 0)
            return closed;
        await using var command = context.Command(Withdrawn, context.Terminal, table, localKeys.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            closed[reader.GetString(0)] = reader.IsDBNull(1) ? null : reader.GetString(1);
        return closed;
    }

    /// <summary>The terminal's names of these columns of <see cref="StagedTable.Merged"/>.</summary>
    public static string[] Fields(StagedTable table, string columns) => [.. table.Merged.Where((_, i) => ColumnSet.Has(columns, i)).Select(c => c.Plan.Terminal.Name)];

    private static string PolicyName(StagedTable table) => JsonNamingPolicy.KebabCaseLower.ConvertName(table.Plan.Entry.Conflicts.ToString());

    // Values keep their storage class, so that a decision can be written back without loss. What adds up is not in dispute, and would make every sale a new state of the conflict.
    private static string Image(StagedTable table, CellValue[] values, IReadOnlyList<string> added) =>
        JsonSerializer.Serialize(table.Columns.Select((c, i) => (c.Plan.Terminal.Name, Value: values[i])).Where(p => !added.Contains(p.Name)).ToDictionary(p => p.Name, p => p.Value), CellJson.Options);
}
