namespace PayFlow.Admin.Views.Terminals;

/// <summary>How a terminal stands, in the one word of its badge, and why.</summary>
/// <param name="Status"><c>ONLINE</c> (in step), <c>IDLE</c> (synced from here, in step, and nothing to do), <c>RUNNING</c>, <c>LATE</c>, <c>STALLED</c>, <c>DIFFERENT</c> (synced, but proven not to hold what central holds), <c>NEVER</c> or <c>DETACHED</c>.</param>
/// <param name="Why">In words; null where the word says it all.</param>
public sealed record TerminalStanding(string Status, string? Why)
{
    /// <summary>Every status, what needs somebody first.</summary>
    public static IReadOnlyList<string> All { get; } = ["STALLED", "DIFFERENT", "LATE", "NEVER", "RUNNING", "ONLINE", "IDLE", "DETACHED"];

    /// <summary>Judges by the terminal's own schedule. A run that failed, or two times that were missed, make it stalled; one makes it late. Who has nothing to do is idle, which is well.</summary>
    /// <param name="facts">What central knows of it.</param>
    /// <param name="expected">When it should be synced; null when no schedule names it.</param>
    /// <param name="now">The time.</param>
    public static TerminalStanding Judge(TerminalFacts facts, SyncExpectation? expected, DateTimeOffset now)
    {
        if (facts.IsDetached)
            return new("DETACHED", "It is out of service: neither synced nor waited for.");
        if (facts.LastRun is not { } run)
            return new("NEVER", expected?.Agent is not null ? "Its agent was let in, and has not synced yet." : expected?.Next(facts.RegisteredAt) is { } first ? $"Its schedule {expected.Name} begins {RelativeText.Of(first, now)}." : "No schedule names it, and nobody has synced it by hand.");
        if (run.Status == "RUNNING" && now - run.StartedAt < SyncExpectation.LongestRun)
            return new("RUNNING", null);
        if (run.Error is { } error)
            return new("STALLED", $"Its last run failed: {error}");
        if (Missed(expected, run.StartedAt, now) is { } missed)
            return missed;
        if (facts.Different is { } different)
            return new("DIFFERENT", $"It and central differ in {LagText.Count(different.Rows, "row")}, as compared {RelativeText.Of(different.At, now)}.");
        // Idle is said of one that waits to be synced; this one listens, and has nothing to say.
        if (expected?.Agent is { } agent)
            return new("ONLINE", agent.Describe(now));
        if (facts is { Open: 0, Waiting: 0 } && run.Rows == 0)
            return new("IDLE", expected is null ? "Nothing to do at its last run. No schedule names it." : "Nothing to do at its last run.");
        return new("ONLINE", expected is null ? "No schedule names it." : expected.Next(now) is { } next ? $"Next by {expected.Name} {RelativeText.Of(next, now)}." : null);
    }

    private static TerminalStanding? Missed(SyncExpectation? expected, DateTimeOffset last, DateTimeOffset now)
    {
        if (expected?.Next(last) is not { } due || due + SyncExpectation.Grace >= now)
            return null;
        var text = expected.Agent switch
        {
            null => $"{expected.Name} was due {RelativeText.Of(due, now)}, and nothing came.",
            { IsOpen: true } => $"Its agent is online, and has not synced since {RelativeText.Of(last, now)}.",
            { LastSeenAt: { } seen } => $"Offline: its agent was last heard {RelativeText.Of(seen, now)}.",
            _ => $"Offline: its agent last synced {RelativeText.Of(last, now)}.",
        };
        return expected.Next(due) is { } second && second + SyncExpectation.Grace < now ? new("STALLED", text) : new("LATE", text);
    }
}
