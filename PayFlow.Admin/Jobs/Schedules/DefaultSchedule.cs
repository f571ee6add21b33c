using Npgsql;
using PayFlow.Admin.Jobs.Settings;

namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>The schedule that the specification's <c>SYNC_MODE</c> and <c>SYNC_CRON</c> stand for: made where it is absent, kept in step with them until somebody edits it in the console.</summary>
internal sealed class DefaultSchedule(NpgsqlDataSource central, SyncSettings settings)
{
    public const string Name = "default";

    private const string By = "environment";

    private const string Upsert = """
        INSERT INTO console.schedules AS s (name, cron, zone, direction, overlap, attempts, first_delay, longest_delay, is_inherited, created_by, updated_by)
        VALUES ($1, $2, 'UTC', 'both', 'skip', $3, $4, $5, true, $6, $6)
        ON CONFLICT (lower(name)) DO UPDATE SET cron = excluded.cron, version = s.version + 1, updated_at = now(), updated_by = $6,
          paused_at = CASE WHEN s.paused_by = $6 THEN NULL ELSE s.paused_at END
        WHERE s.is_inherited AND (s.cron <> excluded.cron OR s.paused_at IS NOT NULL AND s.paused_by = $6)
        """;

    private const string Rest = """
        UPDATE console.schedules SET paused_at = now(), paused_by = $2, paused_reason = 'SYNC_MODE=manual', version = version + 1 WHERE lower(name) = $1 AND is_inherited AND paused_at IS NULL
        """;

    /// <summary>Idempotent; the triggers follow by the next sweep.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (settings.Schedule is { } schedule)
        {
            var retry = new JobRetry();
            await using var upsert = central.CreateCommand(Upsert);
            foreach (var value in new object[] { Name, schedule.Text, retry.Attempts, retry.FirstDelay, retry.LongestDelay, By })
                upsert.Parameters.Add(new() { Value = value });
            await upsert.ExecuteNonQueryAsync(cancellationToken);
        }
        // A host that says nothing leaves it alone: another one may have made it.
        else if (settings.IsModeGiven)
        {
            await using var rest = central.CreateCommand(Rest);
            rest.Parameters.Add(new() { Value = Name });
            rest.Parameters.Add(new() { Value = By });
            await rest.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
