namespace PayFlow.Admin.Views.Terminals;

/// <summary>The line to the agent of a till elsewhere.</summary>
/// <param name="LastSeenAt">Its last request, to the minute; null before the first.</param>
/// <param name="IsOpen">It listens on this host at the moment. When it does not it may listen on another one.</param>
public sealed record AgentLine(DateTimeOffset? LastSeenAt, bool IsOpen)
{
    /// <summary>In words.</summary>
    public string Describe(DateTimeOffset now) =>
        IsOpen ? "Its agent is online." : LastSeenAt is { } seen ? $"Its agent was last heard {RelativeText.Of(seen, now)}." : "Its agent was not heard yet.";
}
