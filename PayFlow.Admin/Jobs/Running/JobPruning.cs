using Npgsql;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>Forgets jobs that ended long ago. Those that failed stay until somebody has looked at them.</summary>
internal static class JobPruning
{
    private const int Days = 30;
    private const int Rows = 200_000;

    private const string Sql = """
        DELETE FROM console.jobs WHERE state IN ('SUCCEEDED', 'CANCELLED')
          AND (finished_at < now() - make_interval(days => $1) OR id <= (SELECT max(id) FROM console.jobs) - $2)
        """;

    // Looked for first: a statement that changes nothing would be told to every open page.
    private const string Any = """
        SELECT EXISTS (SELECT FROM console.jobs WHERE state IN ('SUCCEEDED', 'CANCELLED') AND (finished_at < now() - make_interval(days => $1) OR id <= (SELECT max(id) FROM console.jobs) - $2))
        """;

    public static async Task ExecuteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var sql in new[] { Any, Sql })
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Days }, new() { Value = Rows } } };
            if (sql == Sql)
                await command.ExecuteNonQueryAsync(cancellationToken);
            else if (await command.ExecuteScalarAsync(cancellationToken) is not true)
                return;
        }
    }
}
