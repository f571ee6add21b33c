using PayFlow.Admin.Jobs;

namespace PayFlow.Admin.Views;

/// <summary>A job as a page shows its progress.</summary>
public sealed record JobView
{
    public required long Id { get; init; }

    /// <summary>As the database spells it.</summary>
    public required string State { get; init; }

    public string? Terminal { get; init; }

    public int Attempt { get; init; }

    public int Attempts { get; init; }

    /// <summary>When it begins, or is tried again.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>"pull products: 1,200 of 5,000 rows, 800 a second, 4.8 s left"; null before it says anything.</summary>
    public string? Progress { get; init; }

    /// <summary>Rows so far, of those that are known to come; null where nobody knows.</summary>
    public (long Rows, long Total)? Part { get; init; }

    public bool IsFinished { get; init; }

    public bool CanCancel { get; init; }

    public bool IsCancelling { get; init; }

    public string? Error { get; init; }

    public string? Hint { get; init; }

    public Guid? Run { get; init; }

    /// <summary>What it did, as a JSON object; null until it succeeded.</summary>
    public string? Result { get; init; }

    internal static JobView Of(JobRecord job) => new()
    {
        Id = job.Id,
        State = JobWords.Of(job.State),
        Terminal = job.Terminal,
        Attempt = job.Attempt,
        Attempts = job.Attempts,
        DueAt = job.DueAt,
        Progress = job.Progress is { } progress ? Describe(progress) : null,
        Part = job.Progress is { Total: { } total } known ? (known.Rows, total) : null,
        IsFinished = job.IsFinished,
        CanCancel = job.CanCancel,
        IsCancelling = !job.IsFinished && job.CancelBy is not null,
        Error = job.Error,
        Hint = job.Hint,
        Run = job.RunIds is [.., var run] ? run : null,
        Result = job.Result,
    };

    private static string Describe(JobProgress progress)
    {
        var text = $"{progress.Phase}{(progress.Table is { } table ? $" {table}" : string.Empty)}: {LagText.Rows(progress.Rows)}{(progress.Total is { } total ? $" of {LagText.Rows(total)}" : string.Empty)} rows";
        if (progress.RowsPerSecond >= 1)
            text += $", {LagText.Rows((long)progress.RowsPerSecond)} a second";
        return progress.TimeLeft is { } left ? $"{text}, {RelativeText.Duration(left)} left" : text;
    }
}
