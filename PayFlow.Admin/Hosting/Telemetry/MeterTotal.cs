using System.Diagnostics.Metrics;

namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>The sum of one instrument for one set of labels; of a histogram also its buckets.</summary>
internal sealed class MeterTotal(string name, string labels, Instrument instrument)
{
    /// <summary>Seconds, for jobs that take from nothing to an hour.</summary>
    public static readonly double[] Bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600];

    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[Bounds.Length];
    private double _sum;
    private long _count;

    public string Name => name;

    public string Labels => labels;

    public string Help => instrument.Description ?? name;

    public string? Unit => instrument.Unit;

    public bool IsHistogram { get; } = instrument is Histogram<double>;

    public void Add(double value)
    {
        lock (_gate)
        {
            _sum += value;
            _count++;
            for (var i = 0; i < Bounds.Length; i++)
                if (value <= Bounds[i])
                    _buckets[i]++;
        }
    }

    /// <summary>The sum, how many there were, and how many were not above each bound.</summary>
    public (double Sum, long Count, long[] Buckets) Read()
    {
        lock (_gate)
            return (_sum, _count, [.. _buckets]);
    }
}
