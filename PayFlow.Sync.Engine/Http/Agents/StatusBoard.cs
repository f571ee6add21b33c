using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>Keeps what the agent says of itself, and writes it to the status file: when it changes, at most a few times a second, and now and then in any case, so that a silent one is known to hang.</summary>
internal sealed class StatusBoard(string sqlitePath, AgentStatus first, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly AgentBell _changed = new(time);
    private AgentStatus _status = first;
    private long _setAside;

    public Action<AgentStatus>? Changed { get; set; }

    public AgentStatus Status
    {
        get
        {
            lock (_gate)
                return _status;
        }
    }

    /// <summary>Takes over when the till was in step last.</summary>
    public void Recall()
    {
        try
        {
            if (AgentStatusFile.Read(sqlitePath) is { LastSync: { } last } before)
                Set(s => s with { LastSync = s.LastSync ?? (before.Terminal == s.Terminal ? last : null) });
        }
        catch (SyncException e)
        {
            // It is written anew in a moment, unless the same is in the way then, which is told.
            Set(s => s with { Trouble = Of(e) });
        }
    }

    public void Begin() => Set(s => s with { State = AgentState.Syncing, LastAttempt = time.GetUtcNow(), NextAttempt = null });

    /// <param name="report">The run.</param>
    /// <param name="pause">Null when no other follows.</param>
    public void Done(RunReport report, TimeSpan? pause)
    {
        Volatile.Write(ref _setAside, report.SetAside);
        Set(s => s with
        {
            State = report.HasMore ? AgentState.Syncing : AgentState.Waiting,
            IsOnline = true,
            LastSync = report.HasMore ? s.LastSync : time.GetUtcNow(),
            NextAttempt = pause is null ? null : time.GetUtcNow() + (report.HasMore ? TimeSpan.Zero : pause),
            Trouble = null,
        });
    }

    public void Failed(SyncException failure, TimeSpan? pause) => Set(s => s with
    {
        State = failure.Code == SyncErrorCode.NotPermitted ? AgentState.Refused : failure.Code == SyncErrorCode.CentralUnavailable ? AgentState.Offline : AgentState.Trouble,
        IsOnline = failure.Code != SyncErrorCode.CentralUnavailable && s.IsOnline,
        NextAttempt = pause is { } wait ? time.GetUtcNow() + wait : null,
        Trouble = Of(failure),
    });

    public void Listening(bool isOpen) => Set(s => s with { IsListening = isOpen, IsOnline = isOpen || s.State is not AgentState.Offline && s.IsOnline });

    public void Looked(QueueLook look) => Set(s => s with
    {
        // The same list as long as it says the same: what has not changed is not told.
        Waiting = s.Waiting.SequenceEqual(look.Waiting) ? s.Waiting : look.Waiting,
        Pending = look.Waiting.Sum(w => w.Pending),
        Conflicts = look.Waiting.Sum(w => w.Conflicts),
        Failures = look.Waiting.Sum(w => w.Failed) + Volatile.Read(ref _setAside),
    });

    /// <summary>Writes the file again and again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Write();
            await Task.Delay(Gap, time, cancellationToken);
            await _changed.WaitAsync(WakeReason.Any, Heartbeat, cancellationToken);
            _changed.Silence();
        }
    }

    /// <summary>The agent has ended.</summary>
    public void End()
    {
        Set(s => s with { State = s.State == AgentState.Refused ? s.State : AgentState.Stopped, IsOnline = false, IsListening = false, NextAttempt = null });
        Write();
    }

    private void Write()
    {
        try
        {
            AgentStatusFile.Write(sqlitePath, Status with { UpdatedAt = time.GetUtcNow() });
        }
        catch (SyncException e)
        {
            // That nobody can read how the till stands is no reason not to sync; the program that holds the agent is told.
            var trouble = Of(e);
            Set(s => s with { Trouble = s.Trouble ?? trouble });
        }
    }

    private AgentTrouble Of(SyncException failure) => new(failure.Code, failure.Message, failure.Hint, time.GetUtcNow());

    private void Set(Func<AgentStatus, AgentStatus> change)
    {
        AgentStatus status;
        lock (_gate)
        {
            status = change(_status);
            if (status == _status)
                return;
            _status = status;
        }
        _changed.Ring(WakeReason.Asked);
        Changed?.Invoke(status);
    }
}
