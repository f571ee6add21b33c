namespace PayFlow.Admin.Jobs;

/// <summary>Which jobs; what is null or empty does not matter.</summary>
public sealed record JobFilter
{
    public IReadOnlyList<JobState> States { get; init; } = [];

    public JobKind? Kind { get; init; }

    public string? Terminal { get; init; }

    public JobOrigin? Origin { get; init; }

    public Guid? Schedule { get; init; }

    public Guid? Group { get; init; }

    /// <summary>The job that made this run.</summary>
    public Guid? Run { get; init; }

    /// <summary>Made then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Ended then or later.</summary>
    public DateTimeOffset? FinishedSince { get; init; }

    public DateTimeOffset? FinishedUntil { get; init; }

    /// <summary>Those that were made when this one was the last.</summary>
    public long? UpTo { get; init; }

    /// <summary>In the terminal, the schedule's name, the actor or the error.</summary>
    public string? Text { get; init; }

    public JobSort Sort { get; init; } = JobSort.Newest;
}
