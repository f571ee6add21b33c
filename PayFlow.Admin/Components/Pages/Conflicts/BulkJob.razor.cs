using System.Globalization;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Views.Conflicts;

namespace PayFlow.Admin.Components.Pages.Conflicts;

/// <summary>A job that decides conflicts.</summary>
public sealed partial class BulkJob
{
    [Parameter, EditorRequired]
    public object Shown { get; set; } = null!;

    /// <summary>Why it cannot be cancelled; null when it can.</summary>
    [Parameter]
    public string? Forbidden { get; set; }

    [Parameter]
    public EventCallback Cancel { get; set; }

    [Parameter]
    public EventCallback Close { get; set; }

    // Components' parameters have to be public types, and a job's record is none.
    private JobRecord Job => (JobRecord)Shown;

    private BulkOutcome Outcome => BulkOutcome.Read(Job.Result);

    private string Tone => Job.State switch
    {
        JobState.Succeeded when Outcome.RefusedCount == 0 => "notice-good",
        JobState.Succeeded or JobState.Retrying or JobState.Cancelled => "notice-warn",
        JobState.Failed => "notice-bad",
        _ => string.Empty,
    };

    private string Said => Job.State switch
    {
        JobState.Succeeded => $"{Count(Outcome.Resolved)} decided{(Outcome.RefusedCount > 0 ? $", {Outcome.RefusedCount.ToString("N0", CultureInfo.InvariantCulture)} refused" : string.Empty)}.",
        JobState.Failed => $"The decision failed: {Job.Error}. What was decided until then stays so.",
        JobState.Cancelled => "The decision was cancelled. What was decided until then stays so.",
        JobState.Retrying => "The decision was interrupted and is tried again.",
        JobState.Running => Job.CancelBy is null ? "Deciding." : "Being cancelled.",
        _ => "About to decide.",
    };

    private static string Count(long conflicts) => conflicts == 1 ? "1 conflict" : $"{conflicts.ToString("N0", CultureInfo.InvariantCulture)} conflicts";
}
