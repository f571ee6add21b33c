using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;

namespace PayFlow.Benchmarks.Capture;

/// <summary>A hundred thousand rows in one transaction, as a price update or an import makes them, with capture and without.</summary>
internal sealed class BulkCaptureMeasurement : IMeasurement
{
    private const int RoundCount = 5;
    private const int Rows = 100_000;
    private const double InsertTarget = 4;

    public string Name => "capture-bulk";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        await using var pair = await CapturePair.CreateAsync(context);
        var rows = SaleRows.Make(Rows).ToList();
        var results = new List<BenchResult>();
        var inserts = await Rounds.AlternateAsync(RoundCount, _ => FromEmptyAsync(pair.Captured.Till), _ => FromEmptyAsync(pair.Plain.Till));
        pair.RequireQueued(Rows);
        results.Add(Result(Name, inserts, InsertTarget, "inserts"));
        results.Add(Result(Name + "-update", await OnAgreedRowsAsync("UPDATE sales SET quantity = quantity + 1"), null, "updates"));
        // With a condition, because without one SQLite drops the table's pages unread as long as there is no trigger.
        results.Add(Result(Name + "-delete", await OnAgreedRowsAsync("DELETE FROM sales WHERE quantity > 0", refill: true), null, "deletes"));
        return results;

        async Task<double> FromEmptyAsync(TillFile till)
        {
            pair.Forget(till);
            till.Execute("DELETE FROM sales");
            pair.Forget(till);
            await context.SettleAsync();
            return Rounds.Time(() => till.Insert(rows));
        }

        async Task<Rounds> OnAgreedRowsAsync(string sql, bool refill = false)
        {
            var measured = await Rounds.AlternateAsync(RoundCount, _ => RunAsync(pair.Captured.Till), _ => RunAsync(pair.Plain.Till));
            pair.RequireQueued(Rows);
            return measured;

            async Task<double> RunAsync(TillFile till)
            {
                if (refill && till.Count() == 0)
                    till.Insert(rows);
                pair.Forget(till);
                await context.SettleAsync();
                return Rounds.Time(() => Require.Equal(Rows, till.Execute(sql), "rows changed"));
            }
        }
    }

    private static BenchResult Result(string name, Rounds rounds, double? target, string what) =>
        new(name, rounds.Subject, rounds.Floor, rounds.Ratio, target, $"{Rows:N0} {what} in one transaction; floor: without capture");
}
