namespace PayFlow.Admin.Jobs;

/// <summary>What can be done to jobs that are there, and to which.</summary>
/// <param name="Name">For the audit.</param>
/// <param name="After">The state behind it, for the audit.</param>
/// <param name="Sql">Does it to the numbers in $1 for the person in $2.</param>
/// <param name="Arms">Whether they are to begin at once.</param>
/// <param name="Allows">Whether a job is in a state for it.</param>
/// <param name="Wants">What a job must be for it, in words.</param>
internal sealed record JobAction(string Name, string After, string Sql, bool Arms, Func<JobRecord, bool> Allows, string Wants)
{
    public static readonly JobAction Cancel = new("job.cancel", "CANCELLED", """
        UPDATE console.jobs SET
          cancel_by = $2,
          finished_at = CASE WHEN state = 'RUNNING' THEN NULL ELSE now() END,
          state = CASE WHEN state = 'RUNNING' THEN state ELSE 'CANCELLED' END
        WHERE id = ANY ($1)
        """, false, j => j.CanCancel, "scheduled, waiting, retrying or running");

    public static readonly JobAction RetryNow = new("job.retry-now", "WAITING", """
        UPDATE console.jobs SET state = 'WAITING', due_at = now(), turn = turn + 1 WHERE id = ANY ($1) AND $2 IS NOT NULL
        """, true, j => j.CanRetryNow, "retrying or scheduled");

    public static readonly JobAction Requeue = new("job.requeue", "WAITING", """
        UPDATE console.jobs SET state = 'WAITING', due_at = now(), turn = turn + 1, attempt = 0, cancel_by = NULL, finished_at = NULL, error = NULL, hint = NULL, progress = NULL
        WHERE id = ANY ($1) AND $2 IS NOT NULL
        """, true, j => j.CanRequeue, "failed or cancelled");

    public static readonly JobAction Delete = new("job.delete", "deleted", """
        DELETE FROM console.jobs WHERE id = ANY ($1) AND $2 IS NOT NULL
        """, false, j => j.CanDelete, "succeeded, failed or cancelled");

    /// <summary>Why it was not done to a job.</summary>
    public string Refusal(JobRecord? job, long id) => job switch
    {
        null => $"There is no job {id} any more.",
        { CancelBy: { } by, State: JobState.Running } => $"Job {id} is being cancelled by {by} already.",
        _ => $"Job {id} is {job.State.ToString().ToLowerInvariant()}, and only one that is {Wants} can be taken.",
    };
}
