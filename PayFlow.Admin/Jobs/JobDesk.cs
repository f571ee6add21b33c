using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Jobs;

/// <summary>What people and programs do with jobs: hand them in, look at them, cancel, try again, requeue, delete. Every action is written to the audit in its own transaction.</summary>
internal sealed class JobDesk(NpgsqlDataSource central, JobTriggers triggers)
{
    private readonly JobSubmit _submit = new(central, triggers);

    /// <summary>Makes the jobs of a request, one per terminal, and has them begin. A sync that waits already, or was asked for twice at once, is not made again.</summary>
    /// <exception cref="SyncException">The request names what there is not, or lacks something.</exception>
    public Task<JobSubmission> SubmitAsync(JobRequest request, string actor, CancellationToken cancellationToken = default) => _submit.ExecuteAsync(request, actor, null, cancellationToken);

    /// <inheritdoc cref="SubmitAsync(JobRequest, string, CancellationToken)"/>
    /// <param name="request">What is to be done.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="schedule">The schedule that the jobs belong to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task<JobSubmission> SubmitAsync(JobRequest request, string actor, ScheduleRecord? schedule, CancellationToken cancellationToken) => _submit.ExecuteAsync(request, actor, schedule, cancellationToken);

    /// <param name="filter">Which.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Jobs on a page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<JobPage> ListAsync(JobFilter filter, int page, int size, CancellationToken cancellationToken = default) => new JobList(central).ReadAsync(filter, page, size, cancellationToken);

    /// <summary>The jobs of a filter by their numbers, for an action on all of them.</summary>
    public Task<IReadOnlyList<long>> FindAsync(JobFilter filter, int limit, CancellationToken cancellationToken = default) => new JobList(central).ReadIdsAsync(filter, limit, cancellationToken);

    /// <summary>The job of that number; null when it was deleted, or never was.</summary>
    public async Task<JobRecord?> ShowAsync(long id, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand($"SELECT {JobRows.Columns} FROM console.jobs j WHERE j.id = $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        return (await JobRows.ReadAllAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Calls jobs off: those that run end at their next batch border, the others at once.</summary>
    public Task<BulkJobResult> CancelAsync(IReadOnlyList<long> ids, string actor, string? reason = null, CancellationToken cancellationToken = default) =>
        ActAsync(JobAction.Cancel, ids, actor, reason, cancellationToken);

    /// <summary>Jobs that wait for their next attempt, or for their time, begin at once.</summary>
    public Task<BulkJobResult> RetryNowAsync(IReadOnlyList<long> ids, string actor, CancellationToken cancellationToken = default) =>
        ActAsync(JobAction.RetryNow, ids, actor, null, cancellationToken);

    /// <summary>Jobs that failed or were cancelled begin again, with all their attempts.</summary>
    public Task<BulkJobResult> RequeueAsync(IReadOnlyList<long> ids, string actor, CancellationToken cancellationToken = default) =>
        ActAsync(JobAction.Requeue, ids, actor, null, cancellationToken);

    /// <summary>Forgets jobs that have ended; what they did, and the audit, stay.</summary>
    public Task<BulkJobResult> DeleteAsync(IReadOnlyList<long> ids, string actor, string? reason = null, CancellationToken cancellationToken = default) =>
        ActAsync(JobAction.Delete, ids, actor, reason, cancellationToken);

    private async Task<BulkJobResult> ActAsync(JobAction action, IReadOnlyList<long> ids, string actor, string? reason, CancellationToken cancellationToken)
    {
        var scheduler = await triggers.SchedulerAsync(cancellationToken);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        using var arming = new JobArming(scheduler, transaction);
        var before = await ReadForUpdateAsync(connection, ids, cancellationToken);
        var allowed = before.Where(b => action.Allows(b.Job)).ToList();
        if (allowed.Count > 0)
        {
            await using (var command = new NpgsqlCommand(action.Sql, connection) { Parameters = { new() { Value = allowed.Select(b => b.Job.Id).ToArray() }, new() { Value = actor } } })
                await command.ExecuteNonQueryAsync(cancellationToken);
            await arming.DisarmAsync(allowed.Where(b => !b.Job.IsFinished && b.Job.State != JobState.Running).Select(b => new ArmedJob(b.Job.Id, b.Turn, b.Job.DueAt)), cancellationToken);
            if (action.Arms)
                await arming.ArmAsync(allowed.Select(b => new ArmedJob(b.Job.Id, b.Turn + 1, DateTimeOffset.UnixEpoch)), cancellationToken);
            foreach (var (job, _) in allowed)
                await AuditAsync(connection, action, job, actor, reason, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        var refused = ids.Distinct().Except(allowed.Select(b => b.Job.Id)).ToDictionary(id => id, id => action.Refusal(before.Find(b => b.Job is { } job && job.Id == id).Job, id));
        return new BulkJobResult([.. allowed.Select(b => b.Job.Id)], refused);
    }

    private static async Task<List<(JobRecord Job, int Turn)>> ReadForUpdateAsync(NpgsqlConnection connection, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        // In the order of their numbers, so that two people do not wait for each other.
        await using var command = new NpgsqlCommand($"SELECT {JobRows.Columns}, j.turn FROM console.jobs j WHERE j.id = ANY ($1) ORDER BY j.id FOR UPDATE", connection);
        command.Parameters.Add(new() { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        var jobs = new List<(JobRecord, int)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            jobs.Add((JobRows.Read(reader), reader.GetInt32(reader.FieldCount - 1)));
        return jobs;
    }

    private static Task AuditAsync(NpgsqlConnection connection, JobAction action, JobRecord job, string actor, string? reason, CancellationToken cancellationToken) =>
        AuditLog.WriteAsync(connection, new AuditRow
        {
            Actor = actor,
            Action = action.Name,
            TerminalId = job.Terminal,
            Key = job.Id.ToString(CultureInfo.InvariantCulture),
            Detail = AuditLog.Detail(new { reason, kind = JobWords.Of(job.Kind), before = JobWords.Of(job.State), after = job.State == JobState.Running ? "CANCELLING" : action.After, attempt = job.Attempt, error = job.Error }),
        }, cancellationToken);
}
