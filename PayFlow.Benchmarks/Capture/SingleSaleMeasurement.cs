using System.Diagnostics;
using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;

namespace PayFlow.Benchmarks.Capture;

/// <summary>What a cashier pays: one sale in a transaction of its own, on the disk when it is done, with capture and without.</summary>
internal sealed class SingleSaleMeasurement : IMeasurement
{
    private const int Warmup = 50;
    private const int Sales = 1_500;

    public string Name => "capture-single";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        await using var pair = await CapturePair.CreateAsync(context);
        pair.Execute("PRAGMA synchronous = FULL");
        var rows = SaleRows.Make(Warmup + Sales).ToList();
        foreach (var row in rows.Take(Warmup))
        {
            Sell(pair.Captured, row);
            Sell(pair.Plain, row);
        }
        await context.SettleAsync();
        // The disk's mood changes by the second, so the two files take turns sale by sale.
        var rounds = await Rounds.AlternateAsync(Sales, i => Task.FromResult(Sell(pair.Captured, rows[Warmup + i])), i => Task.FromResult(Sell(pair.Plain, rows[Warmup + i])));
        pair.RequireQueued(Warmup + Sales);
        return [new(Name, rounds.Subject, rounds.Floor, rounds.Ratio, 1.3, $"one sale a transaction, journal_mode=WAL, synchronous=FULL; floor: without capture; medians of {Sales:N0}")];
    }

    private static double Sell(SaleInsert insert, SaleRow row)
    {
        var started = Stopwatch.GetTimestamp();
        insert.Run(row);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
