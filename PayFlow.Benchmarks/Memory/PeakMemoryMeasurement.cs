using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;

namespace PayFlow.Benchmarks.Memory;

/// <summary>The peak resident size of a process that does a terminal's first load, for a large and a small table: it must not follow the rows.</summary>
internal sealed class PeakMemoryMeasurement : IMeasurement
{
    private const double TargetMegabytes = 250;

    public string Name => "peak-memory";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context) =>
        [await MeasureAsync(context, Name, context.Rows * 10), await MeasureAsync(context, Name + "-small", context.Rows)];

    private static async Task<BenchResult> MeasureAsync(BenchContext context, string name, int rows)
    {
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.CopyAsync(SaleRows.Make(rows));
        await central.ExecuteAsync("VACUUM ANALYZE sales");
        await central.UseEngineAsync("sales");
        var path = context.NewFile();
        TillFile.Create(path).Dispose();
        await TillFile.AttachAsync(path, central);
        var (seconds, bytes) = await LoadChild.StartAsync(path, central.ConnectionString);
        using (var till = TillFile.Open(path))
            Require.Equal(rows, till.Count(), "rows in the terminal");
        TillFile.Delete(path);
        var megabytes = bytes / 1e6;
        return new(name, seconds, null, megabytes / TargetMegabytes, 1, $"{megabytes:0} MB resident at most while {rows:N0} rows are loaded; ratio: to {TargetMegabytes} MB");
    }
}
