using PayFlow.Admin.Jobs.Running;

namespace PayFlow.Admin.Jobs;

/// <summary>One job as it stands.</summary>
public sealed record JobRecord
{
    public required long Id { get; init; }

    /// <summary>Joins the jobs of one request.</summary>
    public Guid? GroupId { get; init; }

    public required JobRequest Request { get; init; }

    public JobKind Kind => Request.Kind;

    /// <summary>Null for a resolve.</summary>
    public string? Terminal { get; init; }

    public required JobState State { get; init; }

    public required JobOrigin Origin { get; init; }

    /// <summary>Who asked for it; a schedule's name for those of a schedule.</summary>
    public required string Actor { get; init; }

    public Guid? ScheduleId { get; init; }

    public string? ScheduleName { get; init; }

    /// <summary>The attempt under way, or the last one; 0 before the first.</summary>
    public int Attempt { get; init; }

    public int Attempts { get; init; }

    public required JobRetry Retry { get; init; }

    /// <summary>When it begins, or is tried again.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>The host that runs it, or ran it last.</summary>
    public string? Host { get; init; }

    /// <summary>Who asked that it be cancelled, while it still runs.</summary>
    public string? CancelBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its first attempt began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the attempt under way, or the last one, began.</summary>
    public DateTimeOffset? AttemptAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>The attempts that failed, oldest first.</summary>
    public IReadOnlyList<JobAttempt> History { get; init; } = [];

    /// <summary>How far it has got; null before it says anything.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>What it did, as a JSON object: the same that the command line prints with <c>--json</c>. Null until it succeeded.</summary>
    public string? Result { get; init; }

    /// <summary>Its runs in <c>sync_log</c>, oldest first; one for each attempt that got so far.</summary>
    public IReadOnlyList<Guid> RunIds { get; init; } = [];

    public bool IsFinished => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    public bool CanCancel => !IsFinished && CancelBy is null;

    public bool CanRetryNow => State is JobState.Retrying or JobState.Scheduled;

    public bool CanRequeue => State is JobState.Failed or JobState.Cancelled;

    public bool CanDelete => IsFinished;
}
