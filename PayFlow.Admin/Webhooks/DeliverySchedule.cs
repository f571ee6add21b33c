namespace PayFlow.Admin.Webhooks;

/// <summary>When a delivery that failed is tried again.</summary>
/// <param name="Pauses">Behind the first attempt, the second, …; behind the last of them it is given up.</param>
/// <param name="Jitter">How much of a pause is left to chance, so that what failed together does not come back together.</param>
internal sealed record DeliverySchedule(IReadOnlyList<TimeSpan> Pauses, double Jitter)
{
    /// <summary>Ten attempts in about 24 hours.</summary>
    public static DeliverySchedule Standard { get; } = new(
        [.. new[] { 5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200 }.Select(s => TimeSpan.FromSeconds(s))], 0.2);

    public int Attempts => Pauses.Count + 1;

    /// <summary>The pause behind an attempt; null when there is none to come.</summary>
    /// <param name="attempt">From 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    /// <param name="asked">What the receiver asked for (<c>Retry-After</c>); no pause is shorter, and none longer than the longest.</param>
    public TimeSpan? After(int attempt, double chance, TimeSpan? asked = null)
    {
        if (attempt > Pauses.Count)
            return null;
        var pause = Pauses[Math.Max(0, attempt - 1)] * (1 - Jitter + 2 * Jitter * chance);
        var longest = Pauses[^1];
        return asked is { } wanted && wanted > pause ? wanted < longest ? wanted : longest : pause;
    }
}
