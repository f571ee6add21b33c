using PayFlow.Sync.Engine.Sessions;
using Spectre.Console;

namespace PayFlow.Admin.Output;

/// <summary>Shows how a run goes on, in the way that fits where it is printed.</summary>
internal static class ProgressDisplay
{
    public static async Task<T> RunAsync<T>(CommandOutput output, string terminal, Func<IProgress<SyncProgress>?, Task<T>> work)
    {
        if (output.IsJson)
            return await work(null);
        if (!output.IsLive)
            return await work(new ProgressLines(output, terminal, TimeProvider.System));
        return await output.Live.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new SpinnerColumn(), new ProgressBarColumn { Width = 24 }, new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(context => work(new ProgressBars(context, terminal, TimeProvider.System)));
    }
}
