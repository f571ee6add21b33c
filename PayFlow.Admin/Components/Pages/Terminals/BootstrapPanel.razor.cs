using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Components.Pages.Terminals;

/// <summary>The comparison of a terminal's rows of old with central: looked at first, then run, both as jobs.</summary>
public sealed partial class BootstrapPanel
{
    private ConfirmDialog? _confirm;
    private BootstrapReport? _preview;
    private BootstrapReport? _done;
    private bool _isPreview;

    [Parameter, EditorRequired]
    public string Terminal { get; set; } = string.Empty;

    /// <summary>Rows that wait, as central knows it.</summary>
    [Parameter]
    public long Waiting { get; set; }

    /// <summary>The tables that they are of, where the file can be read.</summary>
    [Parameter]
    public IReadOnlyList<TableCheckpoint> Tables { get; set; } = [];

    private BootstrapReport? Shown => Job is { IsFinished: false } ? null : _isPreview ? _preview : _done;

    private protected override Task FinishedAsync(JobView job)
    {
        if (job.Result is not { } result)
            return Task.CompletedTask;
        if (_isPreview)
            _preview = BootstrapReport.Read(result);
        else
            (_done, _preview) = (BootstrapReport.Read(result), null);
        return Task.CompletedTask;
    }

    private Task PreviewAsync()
    {
        (_isPreview, _preview) = (true, null);
        return StartAsync(JobRequest.Bootstrap(Terminal, isDryRun: true));
    }

    private async Task RunAsync(string? reason)
    {
        await SubmitAsync(JobRequest.Bootstrap(Terminal, reason: reason));
        _isPreview = false;
    }
}
