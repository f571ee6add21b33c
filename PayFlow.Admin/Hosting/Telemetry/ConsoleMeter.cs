using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>What this host counts and traces of its own work. What is true of the chain as a whole is read from central: <see cref="CentralReadings"/>.</summary>
internal static class ConsoleMeter
{
    /// <summary>The name of meter and activity source.</summary>
    public const string Name = "PayFlow";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Runs = Meter.CreateCounter<long>("payflow.runs", null, "Runs by outcome");

    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("payflow.rows", null, "Rows that runs moved");

    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>("payflow.jobs", null, "Attempts of jobs by how they ended");

    private static readonly Histogram<double> Latency = Meter.CreateHistogram<double>("payflow.job.latency", "s", "From when a job was due until it began");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("payflow.job.duration", "s", "How long an attempt of a job took");

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>A run has ended.</summary>
    /// <param name="outcome"><c>synced</c>, <c>conflict</c> (rows are left for somebody) or <c>failed</c>.</param>
    /// <param name="trigger">Why it ran.</param>
    /// <param name="rows">Rows that it moved.</param>
    public static void RunEnded(string outcome, string trigger, long rows)
    {
        Runs.Add(1, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("trigger", trigger));
        Rows.Add(rows);
    }

    /// <summary>A job begins.</summary>
    /// <param name="kind">What it does.</param>
    /// <param name="waited">Since it was due.</param>
    public static void JobBegun(string kind, TimeSpan waited) => Latency.Record(Math.Max(0, waited.TotalSeconds), new KeyValuePair<string, object?>("kind", kind));

    /// <summary>An attempt of a job has ended.</summary>
    public static void JobEnded(string kind, string state, TimeSpan took)
    {
        Jobs.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("state", state));
        Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }
}
