using System.Collections.Concurrent;

namespace PayFlow.Faults.Matrix;

/// <summary>All seeds, over all workers.</summary>
internal static class FaultMatrix
{
    /// <param name="options">Which seeds.</param>
    /// <param name="done">Told of each seed as it ends, one at a time.</param>
    /// <param name="cancellationToken">No further seed is begun.</param>
    /// <returns>The results, by seed.</returns>
    public static async Task<IReadOnlyList<SeedResult>> RunAsync(FaultOptions options, Action<SeedResult> done, CancellationToken cancellationToken)
    {
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(options.First, options.Seeds));
        var results = new List<SeedResult>();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Workers, options.Seeds)).Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
        return [.. results.OrderBy(r => r.Seed)];

        async Task WorkAsync()
        {
            await using var worker = await FaultWorker.StartAsync(options);
            while (!cancellationToken.IsCancellationRequested && seeds.TryDequeue(out var seed))
            {
                var result = await worker.RunAsync(seed);
                lock (results)
                {
                    results.Add(result);
                    done(result);
                }
            }
        }
    }
}
