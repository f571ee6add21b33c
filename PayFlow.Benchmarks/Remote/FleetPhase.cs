using System.Globalization;

namespace PayFlow.Benchmarks.Remote;

/// <summary>What was seen of a fleet for a while.</summary>
/// <param name="Seconds">How long.</param>
/// <param name="Times">Seconds from till to central of each sale, in order.</param>
/// <param name="Requests">Requests of all agents.</param>
/// <param name="Busy">Processor time of the host.</param>
internal sealed record FleetPhase(double Seconds, IReadOnlyList<double> Times, long Requests, TimeSpan Busy)
{
    public double P50 => At(0.5);

    public double P99 => At(0.99);

    private double At(double share) => Times.Count == 0 ? throw new InvalidOperationException("No sale was booked.") : Times[(int)Math.Ceiling(share * Times.Count) - 1];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Times.Count} sales, p50 {P50 * 1_000:0} ms, p99 {P99 * 1_000:0} ms, {Requests / Seconds:0} requests/s, host's processor {Busy.TotalSeconds / Seconds * 100:0} %");
}
