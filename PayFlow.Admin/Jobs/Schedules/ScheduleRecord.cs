namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>A schedule as it stands.</summary>
public sealed record ScheduleRecord
{
    public required Guid Id { get; init; }

    /// <summary>What it says; to be changed with <c>with</c> and handed to <see cref="ScheduleDesk.UpdateAsync"/>.</summary>
    public required ScheduleDraft Draft { get; init; }

    public string Name => Draft.Name;

    /// <summary>Of what somebody looked at, to be given back when it is changed.</summary>
    public required int Version { get; init; }

    /// <summary>Why it rests; null while it runs.</summary>
    public SchedulePause? Pause { get; init; }

    public bool IsPaused => Pause is not null;

    /// <summary>It follows <c>SYNC_MODE</c> and <c>SYNC_CRON</c>, because nobody has edited it here.</summary>
    public bool IsInherited { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    /// <summary>The last time that it was due.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>Jobs that it made then.</summary>
    public int FiredJobs { get; init; }

    /// <summary>Terminals that it left out then, because they were not done with the time before.</summary>
    public int FiredSkipped { get; init; }

    /// <summary>The next time; null while it rests.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Why it cannot fire on this host, such as for a zone that is not known here; null when it can.</summary>
    public string? Fault { get; init; }

    /// <summary>How its last finished job went; null when there is none.</summary>
    public JobState? LastState { get; init; }

    /// <summary>Its jobs that are not finished.</summary>
    public long OpenJobs { get; init; }
}
