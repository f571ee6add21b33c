using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Commands;

/// <summary>One run of one till, with its progress on the screen.</summary>
internal static class RunExecution
{
    /// <summary>Somebody is waiting: a trouble that does not pass soon is told.</summary>
    private const int Attempts = 3;

    public static async Task<RunReport> RunAsync(Invocation call, OpenedCentral central, string path, string terminal, SyncRequest request)
    {
        var options = call.ReadSettings().Options with { TransientAttempts = Attempts };
        await using var sync = new TerminalSync(path, new PostgresCentral(central.Source, options.Journal), options);
        return await ProgressDisplay.RunAsync(call.Output, terminal, progress => sync.RunAsync(request, progress, call.Cancelled));
    }

    public static int ExitCodeOf(RunReport report) => report.IsClean ? ExitCode.Done : ExitCode.RowsLeft;
}
