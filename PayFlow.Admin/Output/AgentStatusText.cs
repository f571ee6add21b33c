using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Output;

/// <summary>An agent's status for people.</summary>
internal static class AgentStatusText
{
    public static void Show(CommandOutput output, AgentStatus status, bool isRunning, bool isStale)
    {
        output.Line($"Terminal {status.Terminal} at {status.Host}");
        output.Line($"  agent         {Agent(status, isRunning, isStale)}, version {status.Version}");
        output.Line($"  last sync     {Instant(status.LastSync, "none yet")}");
        output.Line($"  last attempt  {Instant(status.LastAttempt, "none yet")}");
        if (isRunning)
            output.Line($"  next attempt  {Instant(status.NextAttempt, "now")}{(status.IsListening ? ", or when something happens" : string.Empty)}");
        output.Line($"  queue         {Queue(status)}");
        foreach (var waiting in status.Waiting)
            output.Line($"    priority {waiting.Priority}  {Figures.Count(waiting.Pending)} pending, {Figures.Count(waiting.Conflicts, "conflict")}, {Figures.Count(waiting.Failed)} failed");
        if (status.Trouble is { } trouble)
        {
            output.Line($"  trouble       {Figures.Instant(trouble.At)}  {trouble.Message}");
            if (trouble.Hint is { } hint)
                output.Line($"                hint: {hint}");
        }
        if (isStale)
            output.Line($"  next: it has written nothing since {Figures.Instant(status.UpdatedAt)}, so it hangs; start it again");
        else if (!isRunning)
            output.Line(status.State == AgentState.Refused ? "  next: get a code from an administrator, and start it once with --code CODE" : "  next: start it; what is sold meanwhile waits in the till");
    }

    /// <summary>All of it in one line.</summary>
    public static string Line(AgentStatus status) =>
        $"{status.State.ToString().ToLowerInvariant()}, {Queue(status)}{(status.Trouble is { } trouble ? $"; {trouble.Message}" : string.Empty)}";

    private static string Agent(AgentStatus status, bool isRunning, bool isStale) => (isRunning, isStale) switch
    {
        (false, _) when status.State is AgentState.Stopped or AgentState.Refused => $"{status.State.ToString().ToLowerInvariant()} at {Figures.Instant(status.UpdatedAt)}",
        (false, _) => $"not running: it ended without a word after {Figures.Instant(status.UpdatedAt)}",
        (_, true) => "running, but silent",
        _ => $"running, {status.State.ToString().ToLowerInvariant()}, {(status.IsOnline ? "online" : "offline")}",
    };

    private static string Queue(AgentStatus status) => status is { Pending: 0, Conflicts: 0, Failures: 0 }
        ? "empty"
        : $"{Figures.Count(status.Pending)} pending, {Figures.Count(status.Conflicts, "conflict")}, {Figures.Count(status.Failures)} failed";

    private static string Instant(DateTimeOffset? at, string otherwise) => at is { } instant ? Figures.Instant(instant) : otherwise;
}
