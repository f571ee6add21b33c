using Npgsql;
using PayFlow.Admin.Jobs.Running;

namespace PayFlow.Admin.Jobs;

/// <summary>Reads rows of <c>console.jobs</c>.</summary>
internal static class JobRows
{
    /// <summary>The columns that <see cref="Read"/> wants, in its order, of a table called j.</summary>
    public const string Columns = """
        j.id, j.group_id, j.request::text, j.terminal_id, j.state, j.origin, j.actor, j.schedule_id, j.schedule_name, j.attempt, j.attempts, j.first_delay, j.longest_delay, j.due_at,
        j.host, j.cancel_by, j.created_at, j.started_at, j.attempt_at, j.finished_at, j.error, j.hint, j.history::text, j.progress::text, j.result::text, j.run_ids
        """;

    public static JobRecord Read(NpgsqlDataReader row)
    {
        var retry = new JobRetry { Attempts = row.GetInt32(10), FirstDelay = row.GetTimeSpan(11), LongestDelay = row.GetTimeSpan(12) };
        var (terminal, origin) = (Optional<string>(row, 3), JobWords.Read<JobOrigin>(row.GetString(5)));
        return new JobRecord
        {
            Id = row.GetInt64(0),
            GroupId = Optional<Guid?>(row, 1),
            Request = JobJson.Read<JobRequest>(row.GetString(2)) with { Terminals = terminal is null ? null : [terminal], Origin = origin, Retry = retry },
            Terminal = terminal,
            State = JobWords.Read<JobState>(row.GetString(4)),
            Origin = origin,
            Actor = row.GetString(6),
            ScheduleId = Optional<Guid?>(row, 7),
            ScheduleName = Optional<string>(row, 8),
            Attempt = row.GetInt32(9),
            Attempts = retry.Attempts,
            Retry = retry,
            DueAt = row.GetFieldValue<DateTimeOffset>(13),
            Host = Optional<string>(row, 14),
            CancelBy = Optional<string>(row, 15),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(16),
            StartedAt = Optional<DateTimeOffset?>(row, 17),
            AttemptAt = Optional<DateTimeOffset?>(row, 18),
            FinishedAt = Optional<DateTimeOffset?>(row, 19),
            Error = Optional<string>(row, 20),
            Hint = Optional<string>(row, 21),
            History = JobJson.Read<List<JobAttempt>>(row.GetString(22)),
            Progress = Optional<string>(row, 23) is { } progress ? JobJson.Read<JobProgress>(progress) : null,
            Result = Optional<string>(row, 24),
            RunIds = row.GetFieldValue<Guid[]>(25),
        };
    }

    public static async Task<List<JobRecord>> ReadAllAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var jobs = new List<JobRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            jobs.Add(Read(reader));
        return jobs;
    }

    private static T? Optional<T>(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? default : row.GetFieldValue<T>(ordinal);
}
