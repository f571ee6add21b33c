namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>When a refused row is tried again: the delay doubles from <see cref="First"/> to <see cref="Longest"/>, spread by a fifth either way, and ends after <see cref="Attempts"/>.</summary>
public sealed record RetryDelay
{
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(6);

    /// <summary>After so many refusals the entry is a dead letter: it stays FAILED and is not tried again by itself.</summary>
    public int Attempts { get; init; } = 10;

    /// <summary>The instant of the next attempt after <paramref name="attempts"/> refusals; null when there is none.</summary>
    /// <param name="attempts">Refusals so far, this one included.</param>
    /// <param name="now">The instant of this one.</param>
    /// <param name="spread">0 to 1: where in the spread it falls.</param>
    public DateTimeOffset? After(int attempts, DateTimeOffset now, double spread)
    {
        if (attempts >= Attempts)
            return null;
        var delay = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, 30)), Longest.TotalSeconds);
        return now.AddSeconds(delay * (0.8 + 0.4 * spread));
    }
}
