using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Output;

/// <summary>A run as the one document of <c>--json</c>.</summary>
internal static class RunReportJson
{
    public static object Of(RunReport report) => new
    {
        ok = report.IsClean,
        runId = report.RunId,
        terminal = report.Terminal,
        status = report.Status.ToString().ToUpperInvariant(),
        startedAt = report.StartedAt,
        completedAt = report.CompletedAt,
        moved = report.Moved,
        tables = report.Tables.Select(t => new
        {
            table = t.Table,
            direction = t.Direction.ToString().ToLowerInvariant(),
            read = t.Read,
            inserted = t.Inserted,
            updated = t.Updated,
            deleted = t.Deleted,
            unchanged = t.Unchanged,
            conflicts = t.Conflicts,
            failed = t.Failed,
            waiting = t.Waiting,
            skipped = t.Skipped,
            milliseconds = (long)t.Duration.TotalMilliseconds,
        }),
        queue = report.Queue,
        conflicts = report.Conflicts,
        failed = report.FailedRows,
        setAside = report.SetAside,
        waitingForBootstrap = report.WaitingForBootstrap,
        position = report.Position?.ToString(),
        warnings = report.Warnings,
    };
}
