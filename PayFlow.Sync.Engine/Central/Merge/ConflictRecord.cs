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
    private const string Open = """
        INSERT INTO payflow.conflicts (terminal_id, table_name, key, local_key, kind, policy, state, base, terminal, central, fields, run_id, batch_id)
        VALUES ($1, $2, $3, $4, $5, $6, 'OPEN', $7, $8, $9, $10, $11, $12)
        ON CONFLICT (terminal_id, table_name, coalesce(key, ''), coalesce(local_key, '')) WHERE state = 'OPEN'
        DO UPDATE SET kind = excluded.kind, terminal = excluded.terminal, central = excluded.central, fields = excluded.fields, run_id = excluded.run_id, batch_id = excluded.batch_id
        """;

    private const string Decided = """
        INSERT INTO payflow.conflicts (terminal_id, table_name, key, local_key, kind, policy, state, base, terminal, central, fields, run_id, batch_id, resolution, resolved_at, resolved_by)
        VALUES ($1, $2, $3, $4, $5, $6, 'RESOLVED', $7, $8, $9, $10, $11, $12, $13, now(), 'policy')
        """;

    public static async Task WriteAsync(MergeContext context, StagedTable table, StagedRow row, MergeDecision decision, CellValue[]? central, string? serverKey, CancellationToken cancellationToken)
    {
        var asks = decision.Action == MergeAction.Ask;
        await using var command = context.Command(asks ? Open : Decided, context.Terminal, table.Plan.Name, table.IsLinked ? serverKey : row.Change.Key, row.Change.Key,
            decision.Conflict, PolicyName(table));
        foreach (var image in new[] { row.Change.Base, row.Change.Values, central })
            command.Parameters.Add(new() { Value = image is null ? DBNull.Value : Image(table, image), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = Fields(table, decision.Disputed!) });
        command.Parameters.Add(new() { Value = context.Batch.RunId });
        command.Parameters.Add(new() { Value = context.Batch.Id });
        if (!asks)
            command.Parameters.Add(new() { Value = decision.Action == MergeAction.Keep ? "central" : "terminal" });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string PolicyName(StagedTable table) => JsonNamingPolicy.KebabCaseLower.ConvertName(table.Plan.Entry.Conflicts.ToString());

    // Values keep their storage class, so that a decision can be written back without loss.
    private static string Image(StagedTable table, CellValue[] values) =>
        JsonSerializer.Serialize(table.Columns.Select((c, i) => (c.Plan.Terminal.Name, values[i])).ToDictionary(p => p.Name, p => p.Item2), CellJson.Options);

    private static string[] Fields(StagedTable table, string disputed) =>
        [.. table.Merged.Where((_, i) => i < disputed.Length && disputed[i] == '1').Select(c => c.Plan.Terminal.Name)];
}
