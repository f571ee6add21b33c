using Npgsql;
using PayFlow.Faults.Chain;

namespace PayFlow.Admin.Tests.Engine.Convergence;

/// <summary>One case: a seed draws the tables and the actions. A failing one is made smaller by leaving actions out as long as it still fails.</summary>
internal sealed class ChainHistory(NpgsqlDataSource source, int seed)
{
    private static int _schemas;

    /// <summary>Null when it converges; otherwise the faults and the history.</summary>
    public async Task<string?> RunAsync(bool shrinks)
    {
        var random = new Random(seed);
        var actions = Enumerable.Range(0, random.Next(6, 40)).Select(_ => random.Next()).ToList();
        if (await PlayAsync(actions) is not { } failure)
            return null;
        return shrinks ? await ShrinkAsync(actions, failure) : failure;
    }

    private async Task<string> ShrinkAsync(List<int> actions, string failure)
    {
        for (var size = Math.Max(1, actions.Count / 2); size >= 1; size /= 2)
        {
            for (var from = 0; from < actions.Count;)
            {
                var fewer = actions.Where((_, i) => i < from || i >= from + size).ToList();
                if (fewer.Count < actions.Count && await PlayAsync(fewer) is { } still)
                    (actions, failure) = (fewer, still);
                else
                    from += size;
            }
        }
        return failure;
    }

    private async Task<string?> PlayAsync(IReadOnlyList<int> actions)
    {
        var schema = $"s{Interlocked.Increment(ref _schemas)}";
        var shape = ChainShape.Draw(new Random(seed));
        IChainTill[] tills = [new ChainTill(schema + "-A", shape, source), new ChainTill(schema + "-B", shape, source)];
        var world = await ChainWorld.CreateAsync(source, shape, schema, tills, new Random(seed));
        var faults = new List<string>();
        var failed = true;
        try
        {
            foreach (var action in actions)
                await world.ActAsync(action);
            if (await new Quiescence(world).ReachAsync(rounds: 12) is { } restless)
                faults.Add(restless);
            else
                faults.AddRange(new ConvergenceCheck(world).Run().Select(f => f.ToString()));
            failed = faults.Count > 0;
        }
        catch (Exception e)
        {
            faults.Add(e.ToString());
        }
        if (failed)
            ChainPicture.Rows(world.Log, shape, world.Central, world.Tills);
        await world.DropAsync();
        if (!failed)
            return null;
        return $"""
            Seed {seed} does not converge:
            {string.Join('\n', faults)}

            {string.Join('\n', shape.Tables)}
            batch size {shape.BatchSize}

            {string.Join('\n', world.Log)}

            To replay: PAYFLOW_TEST_SEED={seed} PAYFLOW_TEST_CASES=1 dotnet test --filter FullyQualifiedName~ConvergenceTests
            """;
    }
}
