namespace PayFlow.Admin.Jobs.Running;

/// <summary>What every line about a job says beside its message, for whoever looks through the log by job, terminal or run.</summary>
internal static class LogScopes
{
    private static readonly Func<ILogger, long, string?, IDisposable?> Job = LoggerMessage.DefineScope<long, string?>("job {JobId} of terminal {TerminalId}");

    private static readonly Func<ILogger, Guid, IDisposable?> Run = LoggerMessage.DefineScope<Guid>("run {RunId}");

    /// <summary>Everything that is logged until it is disposed is about this job.</summary>
    public static IDisposable? OfJob(ILogger logger, long id, string? terminal) => Job(logger, id, terminal);

    /// <summary>Everything that is logged until it is disposed is about this run.</summary>
    public static IDisposable? OfRun(ILogger logger, Guid run) => Run(logger, run);
}
