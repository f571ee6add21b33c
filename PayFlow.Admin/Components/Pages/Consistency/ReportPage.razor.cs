using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views.Consistency;

namespace PayFlow.Admin.Components.Pages.Consistency;

/// <summary>One verify, repair or rollback: how far it has got, and then what it found or did.</summary>
public sealed partial class ReportPage
{
    private ConsistencyJob? _job;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Jobs;

    private string Title => _job is { } job
        ? $"{char.ToUpperInvariant(job.Kind[0])}{job.Kind[1..]} of {job.Terminal ?? "several terminals"}{(job.IsPreview ? " (preview)" : string.Empty)}"
        : "Report";

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        // What has ended does not change any more.
        if (_job is { Job.IsFinished: true } shown && shown.Job.Id == Id && shown.Job.State == "SUCCEEDED")
            return;
        var found = await Desk.ShowAsync(Id, cancellationToken);
        _job = found?.Kind is JobKind.Verify or JobKind.Repair or JobKind.Rollback ? ConsistencyJob.Of(found) : null;
    }

    private static string Status(ConsistencyJob job) => job.Verify is { } report ? report.IsEqual ? "EQUAL" : "DIFFERENT" : job.Job.State;
}
