using Npgsql;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using Quartz;

namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>What people and programs do with schedules. A change takes effect on all hosts when it is made: row and trigger change in one transaction, which also writes the audit.</summary>
internal sealed class ScheduleDesk(NpgsqlDataSource central, JobTriggers triggers, JobDesk jobs, TimeProvider time)
{
    private const string All = $"""
        SELECT {ScheduleRows.Columns}, last.state, (SELECT count(*) FROM console.jobs o WHERE o.schedule_id = s.id AND o.state IN ('SCHEDULED', 'WAITING', 'RUNNING', 'RETRYING'))
        FROM console.schedules s
        LEFT JOIN LATERAL (SELECT j.state FROM console.jobs j WHERE j.schedule_id = s.id AND j.finished_at IS NOT NULL ORDER BY j.id DESC LIMIT 1) last ON true
        WHERE $1 IS NULL OR s.id = $1
        ORDER BY lower(s.name)
        """;

    private const string Insert = $"""
        INSERT INTO console.schedules AS s (name, cron, zone, direction, terminals, tables, overlap, attempts, first_delay, longest_delay, created_by, updated_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING {ScheduleRows.Columns}
        """;

    private const string Update = $"""
        UPDATE console.schedules s SET name = $1, cron = $2, zone = $3, direction = $4, terminals = $5, tables = $6, overlap = $7, attempts = $8, first_delay = $9, longest_delay = $10,
          updated_by = $11, updated_at = now(), version = s.version + 1, is_inherited = false
        WHERE s.id = $12 RETURNING {ScheduleRows.Columns}
        """;

    private const string SetPause = $"""
        UPDATE console.schedules s SET paused_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() END, paused_reason = $2, paused_by = CASE WHEN $2::text IS NULL THEN NULL ELSE $3 END, version = s.version + 1
        WHERE s.id = $1 RETURNING {ScheduleRows.Columns}
        """;

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<ScheduleRecord>> ListAsync(CancellationToken cancellationToken = default) => await ReadAsync(null, cancellationToken);

    /// <summary>The schedule of that id; null when it is gone.</summary>
    public async Task<ScheduleRecord?> FindAsync(Guid id, CancellationToken cancellationToken = default) => (await ReadAsync(id, cancellationToken)).SingleOrDefault();

    /// <summary>What is wrong with a draft; nothing when it can be saved.</summary>
    /// <param name="draft">What somebody wants.</param>
    /// <param name="own">The schedule that is to become so; null for a new one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<ScheduleError>> CheckAsync(ScheduleDraft draft, Guid? own = null, CancellationToken cancellationToken = default) => ScheduleCheck.CheckAsync(central, draft, own, cancellationToken);

    /// <summary>The terminals and tables that a draft can name.</summary>
    public async Task<ScheduleChoices> ChoicesAsync(CancellationToken cancellationToken = default) => new(
        [.. (await new TerminalRegistry(central).ListAsync(cancellationToken)).Select(t => t.Id)],
        [.. (await new TableMapStore(central).LoadAsync(cancellationToken)).Map.Tables.Select(t => t.Name)]);

    /// <exception cref="SyncException">The draft is wrong; the message says where.</exception>
    public async Task<ScheduleRecord> CreateAsync(ScheduleDraft draft, string actor, CancellationToken cancellationToken = default)
    {
        await RequireGoodAsync(draft, null, cancellationToken);
        return (await ChangeAsync(null, null, "schedule.create", actor, null, async (connection, _) =>
        {
            await using var command = new NpgsqlCommand(Insert, connection);
            ScheduleRows.Add(command, draft);
            command.Parameters.Add(new() { Value = actor });
            return (await ScheduleRows.ReadAllAsync(command, cancellationToken)).Single();
        }, cancellationToken))!;
    }

    /// <param name="id">Which.</param>
    /// <param name="version">The version that was looked at: the change is refused when somebody has changed it since.</param>
    /// <param name="draft">What it is to be.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SyncException">The draft is wrong, or somebody else was faster.</exception>
    public async Task<ScheduleRecord> UpdateAsync(Guid id, int version, ScheduleDraft draft, string actor, CancellationToken cancellationToken = default)
    {
        await RequireGoodAsync(draft, id, cancellationToken);
        return (await ChangeAsync(id, version, "schedule.edit", actor, null, async (connection, _) =>
        {
            await using var command = new NpgsqlCommand(Update, connection);
            ScheduleRows.Add(command, draft);
            command.Parameters.Add(new() { Value = actor });
            command.Parameters.Add(new() { Value = id });
            return (await ScheduleRows.ReadAllAsync(command, cancellationToken)).Single();
        }, cancellationToken))!;
    }

    /// <summary>No more firings until it is resumed; jobs that it has made go on.</summary>
    /// <exception cref="SyncException">No reason was given, it rests already, or it is gone.</exception>
    public async Task<ScheduleRecord> PauseAsync(Guid id, string reason, string actor, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(reason))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "It was not said why the schedule is paused", "Give a reason: whoever finds it resting wants to know.");
        return (await ChangeAsync(id, null, "schedule.pause", actor, reason, (connection, before) => before.IsPaused
            ? throw new SyncException(SyncErrorCode.Moved, $"Schedule {before.Name} was paused by {before.Pause!.By} already", "Look at it again.")
            : PauseAsync(connection, id, reason.Trim(), actor, cancellationToken), cancellationToken))!;
    }

    /// <summary>It goes on with its next time; what it missed is not made up for.</summary>
    /// <exception cref="SyncException">It does not rest, or is gone.</exception>
    public async Task<ScheduleRecord> ResumeAsync(Guid id, string actor, CancellationToken cancellationToken = default) =>
        (await ChangeAsync(id, null, "schedule.resume", actor, null, (connection, before) => before.IsPaused
            ? PauseAsync(connection, id, null, actor, cancellationToken)
            : throw new SyncException(SyncErrorCode.Moved, $"Schedule {before.Name} is not paused", "Look at it again."), cancellationToken))!;

    /// <summary>Jobs that it has made stay.</summary>
    /// <exception cref="SyncException">It is gone already.</exception>
    public Task DeleteAsync(Guid id, string actor, string? reason = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(id, null, "schedule.delete", actor, reason, async (connection, _) =>
        {
            await using var command = new NpgsqlCommand("DELETE FROM console.schedules WHERE id = $1", connection) { Parameters = { new() { Value = id } } };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }, cancellationToken);

    /// <summary>Makes its jobs now, also while it rests; its next time stays.</summary>
    /// <exception cref="SyncException">It is gone, or names a terminal that is.</exception>
    public async Task<JobSubmission> RunNowAsync(Guid id, string actor, CancellationToken cancellationToken = default)
    {
        var schedule = await FindAsync(id, cancellationToken) ?? throw Gone();
        var request = JobRequest.Sync(schedule.Draft.Direction, schedule.Draft.Terminals, schedule.Draft.Tables) with { Retry = schedule.Draft.Retry };
        return await jobs.SubmitAsync(request, actor, schedule, cancellationToken);
    }

    private async Task<ScheduleRecord?> ChangeAsync(
        Guid? id, int? version, string action, string actor, string? reason, Func<NpgsqlConnection, ScheduleRecord, Task<ScheduleRecord?>> change, CancellationToken cancellationToken)
    {
        var scheduler = await triggers.SchedulerAsync(cancellationToken);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        using var joined = scheduler.EnlistTransaction(transaction);
        var before = id is null ? null : await LockAsync(connection, id.Value, cancellationToken);
        if (before is not null && version is not null && before.Version != version)
            throw new SyncException(SyncErrorCode.Moved, $"Schedule {before.Name} was changed by {before.UpdatedBy} meanwhile, and nothing was saved", "Look at it as it is now, and make your change again.");
        var after = await TranslateAsync(() => change(connection, before!));
        await AuditLog.WriteAsync(connection, ScheduleAudit.Of(action, actor, reason, before, after), cancellationToken);
        if (before is not null)
            await ScheduleTriggers.DisarmAsync(scheduler, before.Id, before.Version, cancellationToken);
        if (after is { IsPaused: false })
            await ScheduleTriggers.ArmAsync(scheduler, after, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after is null ? null : WithNext(after);
    }

    private static async Task<ScheduleRecord?> TranslateAsync(Func<Task<ScheduleRecord?>> change)
    {
        try
        {
            return await change();
        }
        catch (PostgresException e) when (e.ConstraintName == "schedules_name")
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "Another schedule has this name", "Choose another one.", e);
        }
    }

    private static async Task<ScheduleRecord> LockAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {ScheduleRows.Columns} FROM console.schedules s WHERE s.id = $1 FOR UPDATE", connection) { Parameters = { new() { Value = id } } };
        return (await ScheduleRows.ReadAllAsync(command, cancellationToken)).SingleOrDefault() ?? throw Gone();
    }

    private static async Task<ScheduleRecord?> PauseAsync(NpgsqlConnection connection, Guid id, string? reason, string actor, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SetPause, connection) { Parameters = { new() { Value = id }, new() { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, new() { Value = actor } } };
        return (await ScheduleRows.ReadAllAsync(command, cancellationToken)).Single();
    }

    private async Task RequireGoodAsync(ScheduleDraft draft, Guid? own, CancellationToken cancellationToken)
    {
        var errors = await CheckAsync(draft, own, cancellationToken);
        if (errors.Count > 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, string.Join(' ', errors.Select(e => $"{e.Field}: {e.Message}")), "Correct it and save again.");
    }

    private async Task<IReadOnlyList<ScheduleRecord>> ReadAsync(Guid? id, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(All);
        command.Parameters.Add(new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var schedules = new List<ScheduleRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (state, open) = (reader.FieldCount - 2, reader.FieldCount - 1);
            schedules.Add(WithNext(ScheduleRows.Read(reader)) with { LastState = reader.IsDBNull(state) ? null : JobWords.Read<JobState>(reader.GetString(state)), OpenJobs = reader.GetInt64(open) });
        }
        return schedules;
    }

    // One that this host cannot read hides neither the others nor itself: somebody has to be able to mend it.
    private ScheduleRecord WithNext(ScheduleRecord schedule)
    {
        try
        {
            var cron = CronSchedule.Parse(schedule.Draft.Cron, schedule.Draft.Zone, schedule.Name);
            return schedule.IsPaused ? schedule : schedule with { NextAt = cron.Next(time.GetUtcNow()) };
        }
        catch (SyncException e)
        {
            return schedule with { Fault = e.Message };
        }
    }

    private static SyncException Gone() => new(SyncErrorCode.Moved, "The schedule was deleted meanwhile", "Look at the list again.");
}
