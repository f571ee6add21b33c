using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>A row that this host runs. Every statement names the claim, so that a host that was taken for dead cannot speak for the one that took over.</summary>
internal sealed class JobClaim(NpgsqlDataSource central, JobRecord job, int turn, Guid claim)
{
    // The terminal must be free: the engine would refuse a second run, but a job that waits for it would hold up a thread.
    private const string Take = $"""
        UPDATE console.jobs j SET state = 'RUNNING', attempt = j.attempt + 1, claim = $3, host = $4, heartbeat_at = now(), started_at = coalesce(j.started_at, now()), attempt_at = now(), progress = NULL
        WHERE j.id = $1 AND j.turn = $2 AND j.state IN ('WAITING', 'RETRYING', 'SCHEDULED')
          AND (j.terminal_id IS NULL OR j.kind = 'verify' OR NOT EXISTS (
            SELECT FROM console.jobs o WHERE o.state = 'RUNNING' AND o.terminal_id = j.terminal_id AND o.id <> j.id AND o.kind <> 'verify'))
        RETURNING {JobRows.Columns}
        """;

    private const string Beat = "UPDATE console.jobs SET heartbeat_at = now() WHERE id = $1 AND claim = $2 AND state = 'RUNNING' RETURNING cancel_by";

    private const string BeatWithNews = "UPDATE console.jobs SET heartbeat_at = now(), progress = $3::jsonb, run_ids = $4 WHERE id = $1 AND claim = $2 AND state = 'RUNNING' RETURNING cancel_by";

    // Only the trouble with the terminal is left: everything else was ruled out when it could not be taken.
    private const string Defer = """
        UPDATE console.jobs SET due_at = now() + $3, turn = turn + 1 WHERE id = $1 AND turn = $2 AND state IN ('WAITING', 'RETRYING', 'SCHEDULED') RETURNING turn, due_at
        """;

    private const string End = """
        UPDATE console.jobs SET state = $3, finished_at = CASE WHEN $3 IN ('SUCCEEDED', 'FAILED', 'CANCELLED') THEN now() END, claim = NULL,
          attempt = attempt - $4, due_at = coalesce(now() + $5, due_at), turn = turn + CASE WHEN $5 IS NULL THEN 0 ELSE 1 END,
          error = $6, hint = $7, history = CASE WHEN $6 IS NULL THEN history ELSE history || jsonb_build_object('attempt', attempt, 'at', now(), 'host', host, 'error', $6::text, 'hint', $7::text) END,
          result = coalesce($8::jsonb, result), run_ids = $9, progress = CASE WHEN $3 = 'SUCCEEDED' THEN NULL ELSE progress END
        WHERE id = $1 AND claim = $2 AND state = 'RUNNING'
        RETURNING turn, due_at
        """;

    private const int StatementSeconds = 5;

    private static readonly TimeSpan BusyDelay = TimeSpan.FromSeconds(1);

    public JobRecord Job => job;

    /// <summary>Takes a row that is due; null when there is nothing to do: somebody else has it, it was called off, or its terminal is at work.</summary>
    public static async Task<JobClaim?> TakeAsync(NpgsqlDataSource central, long id, int turn, string host, CancellationToken cancellationToken)
    {
        var claim = Guid.NewGuid();
        await using var command = central.CreateCommand(Take);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = turn });
        command.Parameters.Add(new() { Value = claim });
        command.Parameters.Add(new() { Value = host });
        var taken = (await JobRows.ReadAllAsync(command, cancellationToken)).SingleOrDefault();
        return taken is null ? null : new JobClaim(central, taken, turn, claim);
    }

    /// <summary>Says that the host lives, and how far it has got.</summary>
    /// <returns>Whether the row is still this host's, and who wants it called off.</returns>
    public async Task<(bool IsHeld, string? CancelBy)> BeatAsync((JobProgress? Progress, IReadOnlyList<Guid> Runs)? news, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(news is null ? Beat : BeatWithNews);
        command.CommandTimeout = StatementSeconds;
        command.Parameters.Add(new() { Value = job.Id });
        command.Parameters.Add(new() { Value = claim });
        if (news is { } told)
        {
            command.Parameters.Add(new() { Value = told.Progress is null ? DBNull.Value : JobJson.Write(told.Progress), NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = AllRuns(told.Runs), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        }
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (true, reader.IsDBNull(0) ? null : reader.GetString(0)) : (false, null);
    }

    /// <summary>Says how it went.</summary>
    /// <returns>What is to be armed; nothing when the job has ended, or is no longer this host's.</returns>
    public async Task<IReadOnlyList<ArmedJob>> EndAsync(NpgsqlConnection connection, JobEnding ending, IReadOnlyList<Guid> runs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(End, connection)
        {
            Parameters =
            {
                new() { Value = job.Id },
                new() { Value = claim },
                new() { Value = JobWords.Of(ending.State), NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = ending.IsAttemptUsed ? 0 : 1 },
                new() { Value = (object?)ending.Delay ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval },
                new() { Value = (object?)ending.Error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)ending.Hint ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)ending.Result ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = AllRuns(runs), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && ending.Delay is not null && reader.GetInt32(0) > turn
            ? [new ArmedJob(job.Id, reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1))]
            : [];
    }

    /// <summary>A row that is due, but whose terminal is at work, waits a moment.</summary>
    /// <returns>What is to be armed; nothing when there was nothing to do.</returns>
    public static async Task<IReadOnlyList<ArmedJob>> DeferAsync(NpgsqlConnection connection, long id, int turn, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Defer, connection) { Parameters = { new() { Value = id }, new() { Value = turn }, new() { Value = BusyDelay } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? [new ArmedJob(id, reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1))] : [];
    }

    private Guid[] AllRuns(IReadOnlyList<Guid> runs) => [.. job.RunIds.Union(runs)];
}
