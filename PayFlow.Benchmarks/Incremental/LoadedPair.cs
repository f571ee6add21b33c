using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.Incremental;

/// <summary>A central and a terminal with the same rows, and the same number of changes made on both sides before each sync.</summary>
internal sealed class LoadedPair : IAsyncDisposable
{
    /// <summary>On each side and in each round: 600 updated rows, 300 new ones, 100 deleted.</summary>
    public const int Changes = Updates + Inserts + Deletes;

    private const int Updates = 600;
    private const int Inserts = 300;
    private const int Deletes = 100;

    private readonly BenchDatabase _central;
    private readonly TillFile _till;
    private readonly TerminalSync _sync;
    private readonly Queue<string> _keys;
    private int _round;
    private long _left;

    private LoadedPair(BenchDatabase central, TillFile till, TerminalSync sync, int rows, Queue<string> keys)
    {
        _central = central;
        _till = till;
        _sync = sync;
        _keys = keys;
        Rows = rows;
        _left = rows;
    }

    public int Rows { get; }

    public static async Task<LoadedPair> CreateAsync(BenchContext context, int rows)
    {
        var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.CopyAsync(SaleRows.Make(rows));
        await central.ExecuteAsync("VACUUM ANALYZE sales");
        await central.UseEngineAsync("sales");
        var path = context.NewFile();
        var till = TillFile.Create(path);
        await TillFile.AttachAsync(path, central);
        var sync = TillFile.Sync(path, central);
        Require.Moved(await sync.RunAsync(), rows);
        // Rows in the order in which they were made, which is no order of the keys: changes fall all over the table.
        return new LoadedPair(central, till, sync, rows, new Queue<string>(SaleRows.Make(Math.Min(rows, 20_000)).Select(r => r.Id)));
    }

    /// <summary>Makes the changes, and gives the seconds of the sync that carries them.</summary>
    public async Task<double> RoundAsync(BenchContext context)
    {
        _round++;
        await ChangeCentralAsync();
        ChangeTill();
        await context.SettleAsync();
        var seconds = await Rounds.TimeAsync(async () => Require.Moved(await _sync.RunAsync(), 2 * Changes));
        _left += 2 * (Inserts - Deletes);
        Require.Equal(_left, _till.Count(), "rows in the terminal");
        Require.Equal(_left, await _central.CountAsync(), "rows in central");
        return seconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _sync.DisposeAsync();
        _till.Dispose();
        TillFile.Delete(_till.Path);
        await _central.DisposeAsync();
    }

    private async Task ChangeCentralAsync()
    {
        await _central.ExecuteAsync($"UPDATE sales SET quantity = quantity + 1, note = 'central {_round}' WHERE id IN ({Keys(Updates)})");
        await _central.CopyAsync(SaleRows.Make(Inserts, seed: 1_000 + 2 * _round));
        await _central.ExecuteAsync($"DELETE FROM sales WHERE id IN ({Keys(Deletes, forGood: true)})");
    }

    private void ChangeTill()
    {
        _till.Execute($"UPDATE sales SET quantity = quantity + 1, note = 'till {_round}' WHERE id IN ({Keys(Updates)})");
        _till.Insert(SaleRows.Make(Inserts, seed: 1_001 + 2 * _round));
        _till.Execute($"DELETE FROM sales WHERE id IN ({Keys(Deletes, forGood: true)})");
    }

    // A list for IN; rows that are not deleted come round again.
    private string Keys(int count, bool forGood = false)
    {
        var keys = Enumerable.Range(0, count).Select(_ => _keys.Dequeue()).ToList();
        if (!forGood)
            keys.ForEach(_keys.Enqueue);
        return string.Join(", ", keys.Select(k => $"'{k}'"));
    }
}
