using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>Reads rows of <c>console.schedules</c>, and gives a draft's fields to statements.</summary>
internal static class ScheduleRows
{
    /// <summary>The columns that <see cref="Read"/> wants, in its order, of a table called s.</summary>
    public const string Columns = """
        s.id, s.name, s.cron, s.zone, s.direction, s.terminals, s.tables, s.overlap, s.attempts, s.first_delay, s.longest_delay, s.paused_at, s.paused_by, s.paused_reason,
        s.is_inherited, s.version, s.created_at, s.created_by, s.updated_at, s.updated_by, s.fired_at, s.fired_jobs, s.fired_skipped
        """;

    public static ScheduleRecord Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Draft = new ScheduleDraft
        {
            Name = row.GetString(1),
            Cron = row.GetString(2),
            Zone = row.GetString(3),
            Direction = JobWords.Read<SyncDirection>(row.GetString(4)),
            Terminals = Optional<string[]>(row, 5),
            Tables = Optional<string[]>(row, 6),
            Overlap = JobWords.Read<OverlapRule>(row.GetString(7)),
            Retry = new JobRetry { Attempts = row.GetInt32(8), FirstDelay = row.GetTimeSpan(9), LongestDelay = row.GetTimeSpan(10) },
        },
        Pause = row.IsDBNull(11) ? null : new SchedulePause(row.GetFieldValue<DateTimeOffset>(11), row.GetString(12), Optional<string>(row, 13) ?? string.Empty),
        IsInherited = row.GetBoolean(14),
        Version = row.GetInt32(15),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(16),
        CreatedBy = row.GetString(17),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(18),
        UpdatedBy = row.GetString(19),
        FiredAt = Optional<DateTimeOffset?>(row, 20),
        FiredJobs = row.GetInt32(21),
        FiredSkipped = row.GetInt32(22),
    };

    /// <summary>All rows of a statement.</summary>
    public static async Task<List<ScheduleRecord>> ReadAllAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var schedules = new List<ScheduleRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            schedules.Add(Read(reader));
        return schedules;
    }

    /// <summary>$1 name, $2 cron, $3 zone, $4 direction, $5 terminals, $6 tables, $7 overlap, $8 attempts, $9 first, $10 longest delay.</summary>
    public static void Add(NpgsqlCommand command, ScheduleDraft draft)
    {
        foreach (var text in new[] { draft.Name.Trim(), draft.Cron.Trim(), draft.Zone, JobWords.Of(draft.Direction) })
            command.Parameters.Add(new() { Value = text });
        foreach (var list in new[] { draft.Terminals, draft.Tables })
            command.Parameters.Add(new() { Value = (object?)list?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = JobWords.Of(draft.Overlap) });
        command.Parameters.Add(new() { Value = draft.Retry.Attempts });
        command.Parameters.Add(new() { Value = draft.Retry.FirstDelay });
        command.Parameters.Add(new() { Value = draft.Retry.LongestDelay });
    }

    private static T? Optional<T>(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? default : row.GetFieldValue<T>(ordinal);
}
