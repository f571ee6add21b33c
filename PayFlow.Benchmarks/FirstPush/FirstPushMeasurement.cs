using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;

namespace PayFlow.Benchmarks.FirstPush;

/// <summary>The first load of a terminal, against a plain insert loop over the same rows held in memory.</summary>
internal sealed class FirstPushMeasurement : IMeasurement
{
    private const int RoundCount = 5;

    public string Name => "first-push";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        var rows = SaleRows.Make(context.Rows).ToList();
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.CopyAsync(rows);
        await central.ExecuteAsync("VACUUM ANALYZE sales");
        await central.UseEngineAsync("sales");
        var rounds = await Rounds.AlternateAsync(RoundCount, round => LoadAsync(context, central, $"till{round}"), _ => InsertAsync(context, rows));
        return [new(Name, rounds.Subject, rounds.Floor, rounds.Ratio, 0.8, $"{context.Rows:N0} rows from central into an empty terminal; floor: one transaction of prepared inserts")];
    }

    private static async Task<double> LoadAsync(BenchContext context, BenchDatabase central, string terminal)
    {
        var path = context.NewFile();
        TillFile.Create(path).Dispose();
        await TillFile.AttachAsync(path, central, terminal);
        await context.SettleAsync();
        await using (var sync = TillFile.Sync(path, central))
        {
            var seconds = await Rounds.TimeAsync(async () => Require.Moved(await sync.RunAsync(), context.Rows));
            using (var till = TillFile.Open(path))
                Require.Equal(context.Rows, till.Count(), "rows in the terminal");
            TillFile.Delete(path);
            return seconds;
        }
    }

    private static async Task<double> InsertAsync(BenchContext context, List<SaleRow> rows)
    {
        var path = context.NewFile();
        using var till = TillFile.Create(path);
        await context.SettleAsync();
        var seconds = Rounds.Time(() => till.Insert(rows));
        Require.Equal(context.Rows, till.Count(), "rows in the file");
        till.Dispose();
        TillFile.Delete(path);
        return seconds;
    }
}
