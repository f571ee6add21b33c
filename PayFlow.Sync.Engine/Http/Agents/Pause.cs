namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>How long to wait before the next attempt.</summary>
internal static class Pause
{
    /// <summary>Pauses differ by so much, lest all tills come back at the same moment after a failure of the host.</summary>
    private const double Jitter = 0.3;

    /// <summary>Doubles with each failure.</summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan longest) =>
        TimeSpan.FromTicks(Math.Min(longest.Ticks, first.Ticks << Math.Clamp(failures - 1, 0, 16)));

    public static TimeSpan Spread(TimeSpan pause) => pause * (1 - Jitter + 2 * Jitter * Random.Shared.NextDouble());
}
