using PayFlow.Admin.Jobs;

namespace PayFlow.Admin.Components.Pages.Jobs;

/// <summary>A tab of the jobs page: its word in the address, what it is called, which jobs it lists and in what order.</summary>
/// <param name="Key">In the address.</param>
/// <param name="Title">For people.</param>
/// <param name="States">None for all, or where it lists no jobs.</param>
/// <param name="Sort">Their order.</param>
/// <param name="Count">How many there are; null where nobody counts.</param>
internal sealed record JobTab(string Key, string Title, JobState[] States, JobSort Sort, Func<JobCounts, long>? Count)
{
    public const string Recurring = "recurring";
    public const string Servers = "servers";

    public static IReadOnlyList<JobTab> All { get; } =
    [
        new("running", "Running", [JobState.Running, JobState.Waiting], JobSort.Oldest, c => Math.Min(c.Running + c.Waiting, JobCounts.Most)),
        new("retrying", "Retrying", [JobState.Retrying], JobSort.Due, c => c.Retrying),
        new("failed", "Failed", [JobState.Failed], JobSort.Newest, c => c.Failed),
        new("scheduled", "Scheduled", [JobState.Scheduled], JobSort.Due, c => c.Scheduled),
        new("succeeded", "Succeeded", [JobState.Succeeded], JobSort.Newest, c => c.Succeeded),
        new("cancelled", "Cancelled", [JobState.Cancelled], JobSort.Newest, c => c.Cancelled),
        new("all", "All", [], JobSort.Newest, null),
        new(Recurring, "Recurring", [], JobSort.Newest, null),
        new(Servers, "Servers", [], JobSort.Newest, null),
    ];

    public bool ListsJobs => Key is not (Recurring or Servers);

    /// <summary>What has ended stays where it is shown; what is at work comes and goes.</summary>
    public bool IsHistory => Sort == JobSort.Newest && ListsJobs;

    /// <summary>The tab of that word; the first one for any other.</summary>
    public static JobTab Of(string? key) => All.FirstOrDefault(t => t.Key == key) ?? All[0];
}
