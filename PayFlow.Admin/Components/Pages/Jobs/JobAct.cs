using PayFlow.Admin.Jobs;

namespace PayFlow.Admin.Components.Pages.Jobs;

/// <summary>Something that can be done to jobs, as buttons offer it.</summary>
/// <param name="Verb">What the button says.</param>
/// <param name="Done">What is said when it is done: "requeued".</param>
/// <param name="Effect">What will happen.</param>
/// <param name="Asks">It is asked about first, because it is not undone so easily.</param>
/// <param name="HasReason">It goes into the audit with a reason.</param>
/// <param name="IsDanger">Something is lost for good.</param>
/// <param name="Allows">Whether a job is in a state for it.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record JobAct(
    string Verb, string Done, string Effect, bool Asks, bool HasReason, bool IsDanger, Func<JobRecord, bool> Allows, Func<JobDesk, IReadOnlyList<long>, string, string?, CancellationToken, Task<BulkJobResult>> RunAsync)
{
    public static JobAct RetryNow { get; } = new("Start now", "started", "They begin at once.", false, false, false, j => j.CanRetryNow, (desk, ids, actor, _, token) => desk.RetryNowAsync(ids, actor, token));

    public static JobAct Requeue { get; } = new("Requeue", "requeued", "They begin again, with all their attempts.", false, false, false, j => j.CanRequeue, (desk, ids, actor, _, token) => desk.RequeueAsync(ids, actor, token));

    public static JobAct Cancel { get; } = new(
        "Cancel", "cancelled", "What runs ends at its next batch border; what it has done until then stays. The others do not begin. They can be requeued.", true, true, false, j => j.CanCancel, (desk, ids, actor, reason, token) => desk.CancelAsync(ids, actor, reason, token));

    public static JobAct Delete { get; } = new(
        "Delete", "deleted", "They vanish from these lists, with their errors and results. Their runs and the audit stay.", true, true, true, j => j.CanDelete, (desk, ids, actor, reason, token) => desk.DeleteAsync(ids, actor, reason, token));

    public static IReadOnlyList<JobAct> All { get; } = [RetryNow, Requeue, Cancel, Delete];

    /// <summary>What makes sense for the jobs of a tab.</summary>
    public static IReadOnlyList<JobAct> Of(JobTab tab) => tab.Key switch
    {
        "running" => [Cancel],
        "retrying" or "scheduled" => [RetryNow, Cancel],
        "failed" or "cancelled" => [Requeue, Delete],
        "succeeded" => [Delete],
        _ => [],
    };
}
