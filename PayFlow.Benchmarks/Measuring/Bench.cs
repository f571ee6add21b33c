using PayFlow.Admin.Hosting;
using PayFlow.Benchmarks.Capture;
using PayFlow.Benchmarks.FirstPull;
using PayFlow.Benchmarks.FirstPush;
using PayFlow.Benchmarks.Idle;
using PayFlow.Benchmarks.Incremental;
using PayFlow.Benchmarks.Memory;
using PayFlow.Benchmarks.Pages;
using PayFlow.Benchmarks.Remote;
using PayFlow.Benchmarks.Verify;
using PayFlow.Sync.Engine;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>The whole benchmark: a server, a folder, the measurements one after the other, and the report.</summary>
internal static class Bench
{
    private static readonly IReadOnlyList<IMeasurement> All =
    [
        new FirstPushMeasurement(),
        new FirstPullMeasurement(),
        new FlatnessMeasurement(),
        new IdleMeasurement(),
        new SingleSaleMeasurement(),
        new BulkCaptureMeasurement(),
        new PeakMemoryMeasurement(),
        new VerifyMeasurement(),
        new PagesMeasurement(),
        new OpenPagesMeasurement(),
        new LineMeasurement(),
    ];

    public static async Task RunAsync(BenchOptions options)
    {
        var chosen = Choose(options.Only);
        var say = options.AsJson ? (Action<string>)(_ => { }) : line => Console.Error.WriteLine(line);
        var folder = MakeFolder();
        try
        {
            await using var central = await CentralServer.OpenAsync(options.Central, folder, say, CancellationToken.None);
            var context = new BenchContext(central.ConnectionString, folder, options.Rows, say);
            var machine = await Machine.DescribeAsync(central.ConnectionString);
            if (!options.AsJson)
                Console.WriteLine($"{machine}\n");
            var results = new List<BenchResult>();
            foreach (var measurement in chosen)
            {
                say($"Measuring {measurement.Name}");
                results.AddRange(await measurement.RunAsync(context));
            }
            Console.WriteLine(options.AsJson ? Report.Json(options.Rows, machine, results) : Report.Table(results));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Others may pass through it: the private server runs as another user where we are root.
    private static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("payflow-bench-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    private static List<IMeasurement> Choose(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(n => All.All(m => m.Name != n)) is { } unknown)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no measurement {unknown}", $"There are: {string.Join(", ", All.Select(m => m.Name))}.");
        return [.. All.Where(m => names.Count == 0 || names.Contains(m.Name))];
    }
}
