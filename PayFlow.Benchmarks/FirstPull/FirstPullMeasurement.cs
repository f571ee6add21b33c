using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.FirstPull;

/// <summary>The first upload of a terminal that was there before PayFlow, against a bare binary COPY of the same rows held in memory.</summary>
internal sealed class FirstPullMeasurement : IMeasurement
{
    private const int RoundCount = 5;

    public string Name => "first-pull";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        var rows = SaleRows.Make(context.Rows).ToList();
        var template = context.NewFile();
        using (var till = TillFile.Create(template))
            till.Insert(rows);
        var rounds = await Rounds.AlternateAsync(RoundCount, _ => UploadAsync(context, template), _ => CopyAsync(context, rows));
        return [new(Name, rounds.Subject, rounds.Floor, rounds.Ratio, 1.5, $"{context.Rows:N0} rows of a terminal into an empty central table; floor: bare binary COPY without triggers")];
    }

    private static async Task<double> UploadAsync(BenchContext context, string template)
    {
        var path = context.NewFile();
        File.Copy(template, path);
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.UseEngineAsync("sales");
        await TillFile.AttachAsync(path, central);
        await context.SettleAsync();
        await using var sync = TillFile.Sync(path, central);
        var seconds = await Rounds.TimeAsync(async () => Require.Moved(await sync.RunAsync(new SyncRequest { Bootstrap = true }), context.Rows));
        Require.Equal(context.Rows, await central.CountAsync(), "rows in central");
        return seconds;
    }

    private static async Task<double> CopyAsync(BenchContext context, List<SaleRow> rows)
    {
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await context.SettleAsync();
        var seconds = await Rounds.TimeAsync(() => central.CopyAsync(rows));
        Require.Equal(context.Rows, await central.CountAsync(), "rows in central");
        return seconds;
    }
}
