using Npgsql;

namespace PayFlow.Sync.Engine.Central.Runs;

/// <summary>Ends the log row of a run whose terminal, far away, has fallen silent. Only the log: the run can still go on, and whatever opens next closes it in any case.</summary>
public static class SilentRun
{
    private const string Sql = """
        UPDATE payflow.sync_log l SET status = 'FAILED', completed_at = now(), error_message = 'The till fell silent during the run.', hint = 'Nothing was lost: the next run goes on where this one stopped.'
        WHERE l.id = $1 AND l.status = 'RUNNING'
        """;

    /// <exception cref="SyncException">Central cannot be reached.</exception>
    public static async Task CloseAsync(NpgsqlDataSource central, Guid run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(central);
        try
        {
            await using var command = central.CreateCommand(Sql);
            command.Parameters.Add(new() { Value = run });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw CentralFailure.Translate(e, CentralFailure.Place(central.ConnectionString));
        }
    }
}
