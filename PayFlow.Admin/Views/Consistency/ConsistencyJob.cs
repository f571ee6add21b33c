using PayFlow.Admin.Jobs;
using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Admin.Views.Consistency;

/// <summary>A verify, repair or rollback as its page shows it.</summary>
public sealed record ConsistencyJob
{
    public required JobView Job { get; init; }

    /// <summary><c>verify</c>, <c>repair</c> or <c>rollback</c>; another kind has no page here.</summary>
    public required string Kind { get; init; }

    public string? Terminal { get; init; }

    /// <summary>All when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }

    public bool IsPreview { get; init; }

    /// <summary>Of a repair: the side that is believed.</summary>
    public RepairSource? From { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Reason { get; init; }

    public VerifyReport? Verify { get; init; }

    public RepairResult? Repair { get; init; }

    public RollbackResult? Rollback { get; init; }

    internal static ConsistencyJob Of(JobRecord job)
    {
        var read = new ConsistencyJob
        {
            Job = JobView.Of(job),
            Kind = JobWords.Of(job.Kind),
            Terminal = job.Terminal,
            Tables = job.Request.Tables,
            IsPreview = job.Request.IsDryRun,
            From = job.Request.From,
            Actor = job.Actor,
            At = job.CreatedAt,
            Reason = job.Request.Reason,
        };
        return (job.Kind, job.Result) switch
        {
            (JobKind.Verify, { } result) => read with { Verify = JobJson.ReadResult<VerifyReport>(result) },
            (JobKind.Repair, { } result) => read with { Repair = JobJson.ReadResult<RepairResult>(result) },
            (JobKind.Rollback, { } result) => read with { Rollback = JobJson.ReadResult<RollbackResult>(result) },
            _ => read,
        };
    }
}
