namespace PayFlow.Sync.Engine.Http;

/// <summary>What an agent does at the moment.</summary>
public enum AgentState
{
    Starting,

    /// <summary>In step as far as it knows; waits for something to do.</summary>
    Waiting,

    Syncing,

    /// <summary>The host cannot be reached: what is sold waits in the till, and goes up by itself.</summary>
    Offline,

    /// <summary>Somebody has to look: <see cref="AgentStatus.Trouble"/> says at what.</summary>
    Trouble,

    /// <summary>The host no longer takes this device; the agent has ended.</summary>
    Refused,

    /// <summary>It was stopped.</summary>
    Stopped,
}
