using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>Takes running jobs from hosts that no longer answer, so that another one can take them over. That costs no attempt; but a job that one host after the other dies of is given up.</summary>
internal static class JobRelease
{
    private const int MostHosts = 5;

    // Looked for first: a statement that changes nothing would be told to every open page.
    private const string Any = "SELECT EXISTS (SELECT FROM console.jobs WHERE state = 'RUNNING' AND heartbeat_at < now() - $1 AND ($2 IS NULL OR id = $2))";

    private const string Sql = """
        WITH lost AS (
          SELECT id, 1 + (SELECT count(*) FROM jsonb_array_elements(history) h WHERE h ? 'isHostLost') AS hosts
          FROM console.jobs WHERE state = 'RUNNING' AND heartbeat_at < now() - $1 AND ($2 IS NULL OR id = $2) ORDER BY id FOR UPDATE)
        UPDATE console.jobs j SET
          state = CASE WHEN lost.hosts < $3 AND j.cancel_by IS NULL THEN 'WAITING' WHEN j.cancel_by IS NULL THEN 'FAILED' ELSE 'CANCELLED' END,
          finished_at = CASE WHEN lost.hosts < $3 AND j.cancel_by IS NULL THEN NULL ELSE now() END,
          error = CASE WHEN lost.hosts < $3 THEN j.error ELSE format('%s hosts ended one after the other while they ran this job.', lost.hosts) END,
          hint = CASE WHEN lost.hosts < $3 THEN j.hint ELSE 'See in their logs whether they ran out of memory or were stopped; then requeue the job.' END,
          attempt = j.attempt - 1, due_at = now(), turn = j.turn + 1, claim = NULL,
          history = j.history || jsonb_build_object('attempt', j.attempt, 'at', now(), 'host', j.host, 'error', 'The host ended during the run.', 'hint', 'Another host takes the job over; nothing was lost.', 'isHostLost', true)
        FROM lost WHERE j.id = lost.id
        RETURNING j.id, j.turn, j.due_at, j.state = 'WAITING'
        """;

    /// <param name="connection">In a transaction.</param>
    /// <param name="patience">How long without a heartbeat.</param>
    /// <param name="id">Only this job; all when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is to be armed.</returns>
    public static async Task<IReadOnlyList<ArmedJob>> ExecuteAsync(NpgsqlConnection connection, TimeSpan patience, long? id, CancellationToken cancellationToken)
    {
        await using var look = Command(Any, connection, patience, id);
        if (await look.ExecuteScalarAsync(cancellationToken) is not true)
            return [];
        await using var release = Command(Sql, connection, patience, id);
        release.Parameters.Add(new() { Value = MostHosts });
        await using var reader = await release.ExecuteReaderAsync(cancellationToken);
        var released = new List<ArmedJob>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(3))
                released.Add(new ArmedJob(reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }
        return released;
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, TimeSpan patience, long? id) => new(sql, connection)
    {
        Parameters = { new() { Value = patience }, new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint } },
    };
}
