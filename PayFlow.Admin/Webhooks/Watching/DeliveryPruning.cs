using Npgsql;

namespace PayFlow.Admin.Webhooks.Watching;

/// <summary>Forgets deliveries that ended long ago, in steps, so that no statement holds its locks for long. What waits stays, however old.</summary>
internal static class DeliveryPruning
{
    /// <summary>However young, only so many are kept.</summary>
    public const int Rows = 200_000;

    private const int AtOnce = 5_000;

    private const string Sql = """
        DELETE FROM console.webhook_deliveries WHERE id IN (
          SELECT id FROM console.webhook_deliveries
          WHERE finished_at < now() - make_interval(days => $1) OR finished_at IS NOT NULL AND id <= (SELECT max(id) FROM console.webhook_deliveries) - $2
          ORDER BY id LIMIT $3)
        """;

    /// <returns>How many have gone.</returns>
    public static async Task<int> ExecuteAsync(NpgsqlDataSource central, int days, int rows, CancellationToken cancellationToken)
    {
        for (var gone = 0; ;)
        {
            await using var command = central.CreateCommand(Sql);
            foreach (var value in new[] { days, rows, AtOnce })
                command.Parameters.Add(new() { Value = value });
            var now = await command.ExecuteNonQueryAsync(cancellationToken);
            gone += now;
            if (now < AtOnce)
                return gone;
        }
    }
}
