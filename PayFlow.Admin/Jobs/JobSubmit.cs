using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Jobs;

/// <summary>Makes rows and triggers of a request, in one transaction.</summary>
internal sealed class JobSubmit(NpgsqlDataSource central, JobTriggers triggers)
{
    // One submission at a time, all hosts over: of two clicks at once the second finds what the first has made.
    private const string Lock = "SELECT pg_advisory_xact_lock(1346786115, 1)";

    private const string Same = $"""
        SELECT {JobRows.Columns} FROM console.jobs j
        WHERE j.kind = 'sync' AND j.state = 'WAITING' AND j.terminal_id = ANY ($1) AND j.request = $2::jsonb AND j.cancel_by IS NULL
        ORDER BY j.id
        """;

    private const string Insert = $"""
        INSERT INTO console.jobs AS j (group_id, kind, request, terminal_id, state, origin, actor, attempts, first_delay, longest_delay, due_at, schedule_id, schedule_name)
        SELECT $1, $2, $3::jsonb, t.id, CASE WHEN $9 > now() THEN 'SCHEDULED' ELSE 'WAITING' END, $4, $5, $6, $7, $8, greatest($9, now()), $11, $12
        FROM unnest($10::text[]) WITH ORDINALITY AS t (id, place) ORDER BY t.place
        RETURNING {JobRows.Columns}
        """;

    public async Task<JobSubmission> ExecuteAsync(JobRequest request, string actor, ScheduleRecord? schedule, CancellationToken cancellationToken)
    {
        var terminals = await new JobTargets(central).FindAsync(request, cancellationToken);
        var scheduler = await triggers.SchedulerAsync(cancellationToken);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        using var arming = new JobArming(scheduler, transaction);
        await using (var single = new NpgsqlCommand(Lock, connection))
            await single.ExecuteNonQueryAsync(cancellationToken);
        var same = await SameAsync(connection, request, terminals, cancellationToken);
        var left = terminals.Where(t => !same.Exists(s => s.Terminal == t)).ToList();
        var made = left.Count == 0 ? [] : await InsertAsync(connection, request, actor, schedule, left, cancellationToken);
        await arming.ArmAsync(made.Select(j => new ArmedJob(j.Id, 1, j.DueAt)), cancellationToken);
        if (made.Count > 0)
            await AuditAsync(connection, request, actor, made, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new JobSubmission([.. same.Concat(made).OrderBy(j => j.Terminal, StringComparer.Ordinal).ThenBy(j => j.Id)], made.Count, made.FirstOrDefault()?.GroupId);
    }

    private static async Task<List<JobRecord>> SameAsync(NpgsqlConnection connection, JobRequest request, IReadOnlyList<string?> terminals, CancellationToken cancellationToken)
    {
        if (request is not { Kind: JobKind.Sync, At: null })
            return [];
        await using var command = new NpgsqlCommand(Same, connection);
        command.Parameters.Add(new() { Value = terminals.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = JobJson.WriteRequest(request) });
        var found = await JobRows.ReadAllAsync(command, cancellationToken);
        return [.. found.DistinctBy(j => j.Terminal)];
    }

    private static async Task<List<JobRecord>> InsertAsync(NpgsqlConnection connection, JobRequest request, string actor, ScheduleRecord? schedule, List<string?> terminals, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = Guid.NewGuid() },
                new() { Value = JobWords.Of(request.Kind) },
                new() { Value = JobJson.WriteRequest(request) },
                new() { Value = JobWords.Of(request.Origin) },
                new() { Value = actor },
                new() { Value = request.Retry.Attempts },
                new() { Value = request.Retry.FirstDelay },
                new() { Value = request.Retry.LongestDelay },
                new() { Value = (object?)request.At?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = terminals.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = (object?)schedule?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = (object?)schedule?.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        return await JobRows.ReadAllAsync(command, cancellationToken);
    }

    private static Task AuditAsync(NpgsqlConnection connection, JobRequest request, string actor, List<JobRecord> made, CancellationToken cancellationToken) =>
        AuditLog.WriteAsync(connection, new AuditRow
        {
            Actor = actor,
            Action = $"job.{JobWords.Of(request.Kind)}",
            TerminalId = made is [var single] ? single.Terminal : null,
            Key = made is [var only] ? only.Id.ToString(CultureInfo.InvariantCulture) : null,
            Detail = AuditLog.Detail(new
            {
                reason = request.Reason,
                origin = JobWords.Of(request.Origin),
                direction = request.Kind == JobKind.Sync ? JobWords.Of(request.Direction) : null,
                bootstrap = request.IsBootstrap ? true : (bool?)null,
                tables = request.Tables,
                run = request.Run,
                from = request.From?.ToString().ToLowerInvariant(),
                limit = request.Limit,
                dryRun = request.IsDryRun,
                filter = request.Filter,
                take = request.Choice?.Take?.ToString().ToLowerInvariant(),
                jobs = made.Select(j => j.Id),
                terminals = made.Where(j => j.Terminal is not null).Select(j => j.Terminal),
                before = (string?)null,
                after = made[0].State.ToString().ToUpperInvariant(),
            }),
        }, cancellationToken);
}
