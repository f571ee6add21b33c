using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>
/// The journal of one run in central, collapsed to one entry for each row: how it was before the run, and how the run left it. A temporary table, because a run may be large.
/// </summary>
internal static class RollbackJournal
{
    public const string Table = "payflow_rollback";

    // existed and remained: whether there was a row before the run, and after it. undone: how an earlier rollback of the same run left the row; central's
    // triggers may have made something else of it than what it was before.
    private const string Collapse = $"""
        CREATE TEMP TABLE {Table} ON COMMIT DROP AS
        WITH runs AS (SELECT $1::uuid AS id, false AS is_undo UNION ALL SELECT l.id, true FROM payflow.sync_log l WHERE l.undoes = $1),
        written AS (
          SELECT j.id, 0::bigint AS n, runs.is_undo, j.table_name, j.key, j.op, NULL::bigint AS hash, j.before, j.after, j.keys AS links
          FROM runs JOIN payflow.journal j ON j.run_id = runs.id WHERE j.key IS NOT NULL
          UNION ALL
          SELECT j.id, k.n, runs.is_undo, j.table_name, k.key, j.op, k.hash, NULL, NULL, NULL
          FROM runs JOIN payflow.journal j ON j.run_id = runs.id CROSS JOIN LATERAL unnest(j.keys, j.hashes) WITH ORDINALITY AS k (key, hash, n) WHERE j.key IS NULL),
        chosen AS (SELECT * FROM written WHERE $2::text[] IS NULL OR lower(table_name) = ANY ($2)),
        first AS (SELECT DISTINCT ON (table_name, key) * FROM chosen WHERE NOT is_undo ORDER BY table_name, key, id, n),
        last AS (SELECT DISTINCT ON (table_name, key) * FROM chosen WHERE NOT is_undo ORDER BY table_name, key, id DESC, n DESC),
        undone AS (SELECT DISTINCT ON (table_name, key) * FROM chosen WHERE is_undo ORDER BY table_name, key, id DESC, n DESC)
        SELECT row_number() OVER ()::int AS ord, table_name, key, first.op <> 'I' AS existed, first.before, first.links, last.op <> 'D' AS remained, last.after, last.hash,
          undone.after AS undone, undone.hash AS undone_hash, NULL::"char" AS verdict, NULL::text AS reason, false AS held
        FROM first JOIN last USING (table_name, key) LEFT JOIN undone USING (table_name, key)
        """;

    private const string Names = $"SELECT DISTINCT table_name FROM {Table}";

    private const string Counts = $"SELECT table_name, verdict::text, count(*) FROM {Table} GROUP BY 1, 2 ORDER BY 1, 2";

    // Large runs move one way: only where the same run wrote into both sides is it asked which rows went back in both.
    private const string Back = $"""
        SELECT r.table_name, r.key FROM {Table} r
        WHERE r.verdict IN ('B', 'd', 'u', 'i') AND EXISTS (
          SELECT FROM payflow.sync_log_tables t WHERE t.run_id = $1 AND t.direction = 'push' AND t.inserted + t.updated + t.deleted > 0 AND lower(t.table_name) = lower(r.table_name))
        """;

    private const string Left = $"SELECT table_name, key, coalesce(reason, 'central did not let it go') FROM {Table} WHERE verdict NOT IN ('B', 'd', 'u', 'i') ORDER BY table_name, ord LIMIT $1";

    /// <summary>Makes the table, in the caller's transaction.</summary>
    /// <returns>The terminal's names of the tables that the run wrote to.</returns>
    public static async Task<List<string>> CollapseAsync(NpgsqlConnection connection, Guid run, IReadOnlyList<string>? tables, CancellationToken cancellationToken)
    {
        await using (var collapse = new NpgsqlCommand(Collapse, connection))
        {
            collapse.Parameters.Add(new() { Value = run });
            collapse.Parameters.Add(new() { Value = (object?)tables?.Select(t => t.ToLowerInvariant()).ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            await collapse.ExecuteNonQueryAsync(cancellationToken);
        }
        await using (var index = new NpgsqlCommand($"CREATE UNIQUE INDEX ON {Table} (table_name, key); CREATE UNIQUE INDEX ON {Table} (ord); ANALYZE {Table}", connection))
            await index.ExecuteNonQueryAsync(cancellationToken);
        var names = new List<string>();
        await using var command = new NpgsqlCommand(Names, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>Tells a tally which rows are back in central, of tables that the run also brought down.</summary>
    public static async Task NoteBackAsync(NpgsqlConnection connection, Guid run, RollbackTally tally, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Back, connection) { Parameters = { new() { Value = run } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            tally.BackInCentral.Add((reader.GetString(0).ToLowerInvariant(), reader.GetString(1)));
    }

    /// <summary>Adds what became of the rows to a tally.</summary>
    public static async Task CountAsync(NpgsqlConnection connection, RollbackTally tally, CancellationToken cancellationToken)
    {
        await using (var command = new NpgsqlCommand(Counts, connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                Count(tally.Of(RollbackSide.Central, reader.GetString(0)), reader.IsDBNull(1) ? string.Empty : reader.GetString(1), reader.GetInt64(2));
        }
        await using var named = new NpgsqlCommand(Left, connection) { Parameters = { new() { Value = RollbackTally.Named } } };
        await using var rows = await named.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            tally.Name(new RollbackLeft(RollbackSide.Central, rows.GetString(0), rows.GetString(1), rows.GetString(2)));
    }

    private static void Count(RollbackTable table, string verdict, long rows)
    {
        switch (verdict)
        {
            case "B":
                table.AlreadyBack += rows;
                break;
            case "i":
                table.Inserted += rows;
                break;
            case "u":
                table.Updated += rows;
                break;
            case "d":
                table.Deleted += rows;
                break;
            default:
                table.Left += rows;
                break;
        }
    }
}
