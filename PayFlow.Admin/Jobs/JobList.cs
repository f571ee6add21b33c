using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Jobs;

/// <summary>Reads lists of jobs, page by page.</summary>
internal sealed class JobList(NpgsqlDataSource central)
{
    public async Task<JobPage> ReadAsync(JobFilter filter, int page, int size, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var count = new NpgsqlCommand { Connection = connection };
        var where = Where(filter, count);
        count.CommandText = $"SELECT count(*) FROM (SELECT FROM console.jobs j {where} LIMIT {JobCounts.Most}) c";
        var total = (long)(await count.ExecuteScalarAsync(cancellationToken))!;

        await using var command = new NpgsqlCommand { Connection = connection };
        Where(filter, command);
        command.Parameters.Add(new() { Value = size });
        command.Parameters.Add(new() { Value = (long)(page - 1) * size });
        command.CommandText = $"SELECT {JobRows.Columns} FROM console.jobs j {where} {Order(filter.Sort)} LIMIT ${command.Parameters.Count - 1} OFFSET ${command.Parameters.Count}";
        return new JobPage(await JobRows.ReadAllAsync(command, cancellationToken), Math.Min(total, JobCounts.Most - 1), total == JobCounts.Most);
    }

    public async Task<IReadOnlyList<long>> ReadIdsAsync(JobFilter filter, int limit, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand();
        var where = Where(filter, command);
        command.Parameters.Add(new() { Value = limit });
        command.CommandText = $"SELECT j.id FROM console.jobs j {where} {Order(filter.Sort)} LIMIT ${command.Parameters.Count}";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetInt64(0));
        return ids;
    }

    private static string Order(JobSort sort) => sort switch
    {
        JobSort.Oldest => "ORDER BY j.id",
        JobSort.Due => "ORDER BY j.due_at, j.id",
        JobSort.Finished => "ORDER BY j.finished_at DESC NULLS LAST, j.id DESC",
        _ => "ORDER BY j.id DESC",
    };

    // Only what is asked for stands in the statement, so that PostgreSQL can take the index that fits.
    private static string Where(JobFilter filter, NpgsqlCommand command)
    {
        var conditions = new List<string>();
        void Add(string condition, object value, NpgsqlDbType? type = null)
        {
            command.Parameters.Add(type is { } known ? new NpgsqlParameter { Value = value, NpgsqlDbType = known } : new NpgsqlParameter { Value = value });
            conditions.Add(condition.Replace("$?", $"${command.Parameters.Count}", StringComparison.Ordinal));
        }

        if (filter.States.Count > 0)
            Add("j.state = ANY ($?)", filter.States.Select(JobWords.Of).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        if (filter.Kind is { } kind)
            Add("j.kind = $?", JobWords.Of(kind));
        if (filter.Terminal is { } terminal)
            Add("j.terminal_id = $?", terminal);
        if (filter.Origin is { } origin)
            Add("j.origin = $?", JobWords.Of(origin));
        if (filter.Schedule is { } schedule)
            Add("j.schedule_id = $?", schedule);
        if (filter.Group is { } group)
            Add("j.group_id = $?", group);
        if (filter.Run is { } run)
            Add("j.run_ids @> ARRAY[$?]", run);
        if (filter.Since is { } since)
            Add("j.created_at >= $?", since.ToUniversalTime());
        if (filter.Until is { } until)
            Add("j.created_at < $?", until.ToUniversalTime());
        if (filter.FinishedSince is { } finishedSince)
            Add("j.finished_at >= $?", finishedSince.ToUniversalTime());
        if (filter.FinishedUntil is { } finishedUntil)
            Add("j.finished_at < $?", finishedUntil.ToUniversalTime());
        if (filter.UpTo is { } last)
            Add("j.id <= $?", last);
        if (!string.IsNullOrWhiteSpace(filter.Text))
            Add("strpos(lower(concat_ws(' ', j.terminal_id, j.schedule_name, j.actor, j.error)), lower($?)) > 0", filter.Text.Trim());
        return conditions.Count == 0 ? string.Empty : "WHERE " + string.Join(" AND ", conditions);
    }
}
