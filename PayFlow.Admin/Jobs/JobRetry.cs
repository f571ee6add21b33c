namespace PayFlow.Admin.Jobs;

/// <summary>How often a job that fails is tried again, and when: the pause doubles from the first to the longest, and is spread a little so that many do not come back together.</summary>
public sealed record JobRetry
{
    public const int MaxAttempts = 100;

    public static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    /// <summary>All attempts, the first one counted.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause behind the first failure.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The pause behind a failed attempt.</summary>
    /// <param name="attempt">The one that failed, from 1.</param>
    /// <param name="random">From 0 to 1: up to a fifth is added.</param>
    public TimeSpan DelayAfter(int attempt, double random)
    {
        var doubled = FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30));
        return TimeSpan.FromSeconds(Math.Min(doubled, LongestDelay.TotalSeconds) * (1 + random / 5));
    }
}
