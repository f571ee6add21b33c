using System.Diagnostics;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>Times of a subject and its floor, taken alternately, so that a machine that slows down slows down both.</summary>
internal sealed class Rounds
{
    private readonly List<double> _subject = [];
    private readonly List<double> _floor = [];

    public double Subject => Median(_subject);

    public double Floor => Median(_floor);

    public double Ratio => Subject / Floor;

    /// <summary>Runs both sides <paramref name="count"/> times; each is given the round, and gives its own seconds. Every other round the floor goes first.</summary>
    public static async Task<Rounds> AlternateAsync(int count, Func<int, Task<double>> subject, Func<int, Task<double>> floor)
    {
        var rounds = new Rounds();
        for (var round = 0; round < count; round++)
        {
            if (round % 2 == 1)
                rounds._floor.Add(await floor(round));
            rounds._subject.Add(await subject(round));
            if (round % 2 == 0)
                rounds._floor.Add(await floor(round));
        }
        return rounds;
    }

    /// <summary>Seconds that <paramref name="work"/> takes.</summary>
    public static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <inheritdoc cref="TimeAsync"/>
    public static double Time(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
