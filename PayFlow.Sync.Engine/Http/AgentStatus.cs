namespace PayFlow.Sync.Engine.Http;

/// <summary>How a till stands, for the sync indicator of its POS program: as <see cref="TerminalAgent.Status"/>, and as a small JSON file beside the SQLite file. Times are UTC.</summary>
public sealed record AgentStatus
{
    public required string Terminal { get; init; }

    public required Uri Host { get; init; }

    /// <summary>This program's.</summary>
    public required string Version { get; init; }

    public AgentState State { get; init; }

    /// <summary>The host answers.</summary>
    public bool IsOnline { get; init; }

    /// <summary>The host tells at once what happens; otherwise it is found by the interval.</summary>
    public bool IsListening { get; init; }

    /// <summary>When the last run that came to its end ended.</summary>
    public DateTimeOffset? LastSync { get; init; }

    /// <summary>When the last run began, whatever became of it.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>When the next one begins, unless something calls for it earlier.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>What waits in the queue, by priority.</summary>
    public IReadOnlyList<WaitingRows> Waiting { get; init; } = [];

    /// <summary>Rows that wait to go up.</summary>
    public long Pending { get; init; }

    /// <summary>Rows that wait for a decision.</summary>
    public long Conflicts { get; init; }

    /// <summary>Rows that one side has refused.</summary>
    public long Failures { get; init; }

    /// <summary>What went wrong last; null when nothing has since the last run.</summary>
    public AgentTrouble? Trouble { get; init; }

    /// <summary>When this was written; an agent at work writes it again every 15 seconds.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
