using Npgsql;

namespace PayFlow.Admin.Views.Consistency;

/// <summary>Which terminals are proven to differ from central: the one answer for every page that says how a terminal stands.</summary>
internal static class ProvenDifferences
{
    /// <summary>
    /// The worst first. A comparison proves a difference, and so does a rollback that left rows apart. A repair that wrote something ends it; what else became of it, the next comparison says.
    /// </summary>
    public const string Sql = """
        SELECT t.id, v.rows, v.finished_at
        FROM payflow.terminals t
        CROSS JOIN LATERAL (
          (SELECT j.id, (j.result ->> 'differences')::bigint AS rows, j.finished_at FROM console.jobs j
           WHERE j.terminal_id = t.id AND j.kind = 'verify' AND j.state = 'SUCCEEDED' ORDER BY j.id DESC LIMIT 1)
          UNION ALL
          (SELECT j.id, (j.result ->> 'apart')::bigint, j.finished_at FROM console.jobs j
           WHERE j.terminal_id = t.id AND j.kind = 'rollback' AND j.state = 'SUCCEEDED' AND j.result ->> 'rollback' IS NOT NULL AND (j.result ->> 'apart')::bigint > 0 ORDER BY j.id DESC LIMIT 1)
          ORDER BY id DESC LIMIT 1) v
        WHERE t.state = 'active' AND v.rows > 0
          AND NOT EXISTS (SELECT FROM console.jobs r WHERE r.terminal_id = t.id AND r.kind = 'repair' AND r.state = 'SUCCEEDED' AND r.id > v.id AND r.result ->> 'runId' IS NOT NULL)
        ORDER BY 2 DESC, 1
        """;

    /// <summary>A row of <see cref="Sql"/>.</summary>
    public static ProvenDifference Row(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
}
