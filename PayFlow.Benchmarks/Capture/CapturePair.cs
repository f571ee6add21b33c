using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;

namespace PayFlow.Benchmarks.Capture;

/// <summary>Two files with the same table: one that is attached, one that PayFlow does not know.</summary>
internal sealed class CapturePair : IAsyncDisposable
{
    private readonly BenchDatabase _central;

    private CapturePair(BenchDatabase central, TillFile captured, TillFile plain)
    {
        _central = central;
        Captured = new SaleInsert(captured);
        Plain = new SaleInsert(plain);
    }

    public SaleInsert Captured { get; }

    public SaleInsert Plain { get; }

    public static async Task<CapturePair> CreateAsync(BenchContext context)
    {
        var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.UseEngineAsync("sales");
        var captured = TillFile.Create(context.NewFile());
        await TillFile.AttachAsync(captured.Path, central);
        return new CapturePair(central, captured, TillFile.Create(context.NewFile()));
    }

    public void Execute(string sql)
    {
        Captured.Till.Execute(sql);
        Plain.Till.Execute(sql);
    }

    /// <summary>Empties a file's queue, as a sync would have done.</summary>
    public void Forget(TillFile till)
    {
        if (till == Captured.Till)
            till.Execute("DELETE FROM sync_queue");
    }

    public void RequireQueued(int rows) => Require.Equal(rows, Captured.Till.Scalar("SELECT count(*) FROM sync_queue WHERE status = 'PENDING'"), "entries in the queue");

    public async ValueTask DisposeAsync()
    {
        foreach (var insert in new[] { Captured, Plain })
        {
            insert.Dispose();
            insert.Till.Dispose();
            TillFile.Delete(insert.Till.Path);
        }
        await _central.DisposeAsync();
    }
}
