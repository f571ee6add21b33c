using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>How an attempt went.</summary>
/// <param name="State">The job's state behind it.</param>
/// <param name="Delay">When it is tried again; null when it has ended.</param>
/// <param name="IsAttemptUsed">False when it could not begin, or was cut short by its host.</param>
internal sealed record JobEnding(JobState State, TimeSpan? Delay = null, bool IsAttemptUsed = true)
{
    private static readonly TimeSpan BusyDelay = TimeSpan.FromSeconds(2);

    public string? Error { get; init; }

    public string? Hint { get; init; }

    public string? Result { get; init; }

    public static JobEnding Done(string result) => new(JobState.Succeeded) { Result = result };

    /// <summary>The host stops: another one goes on.</summary>
    public static JobEnding HandedBack { get; } = new(JobState.Waiting, TimeSpan.Zero, IsAttemptUsed: false);

    public static JobEnding CalledOff(string by) => new(JobState.Cancelled) { Error = $"Cancelled by {by}", Hint = "What was done until then stays; requeue the job to go on." };

    /// <summary>Tried again with a growing pause until the attempts are used up, also where somebody has to mend something first: an attempt costs little, and finds it mended. A wrong request alone fails at once.</summary>
    public static JobEnding Failed(JobRecord job, SyncException reason, double random)
    {
        if (reason.Code == SyncErrorCode.Busy)
            return new(JobState.Waiting, BusyDelay, IsAttemptUsed: false);
        var isLast = job.Attempt >= job.Attempts || IsHopeless(reason);
        return new(isLast ? JobState.Failed : JobState.Retrying, isLast ? null : job.Retry.DelayAfter(job.Attempt, random)) { Error = reason.Message, Hint = reason.Hint };
    }

    // A wrong request stays wrong, and what was looked at has moved for good.
    private static bool IsHopeless(SyncException reason) => reason is { IsTransient: false, Code: SyncErrorCode.InvalidConfiguration or SyncErrorCode.Moved };
}
