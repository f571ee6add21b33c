using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Log;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Faults.Kinds;

/// <summary>The engine's process stands at a named step, where the parent kills it. The steps take turns over the seeds; each seed kills at its own step first.</summary>
internal sealed class KillAtStep(FaultScene scene) : Fault(scene)
{
    /// <summary>Every step that the engine names.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        "advance-announced", "advance-central", "advance-confirmed", "batch-claimed", "batch-applied", "batch-acknowledged", "recover-asked", "bootstrap-chunk-applied",
        "bootstrap-table-done", "load-chunk-written", "load-table-done", "page-read", "page-written", "sweep-chunk-written", "run-logged", "decisions-asked", "decisions-applied",
        "decisions-delivered",
    ];

    private static readonly string[] OnTheWay = ["batch-claimed", "batch-applied"];

    private bool _isDone;

    private string Target => TargetOf(Scene.Seed);

    /// <summary>Steps of decisions are come by only where conflicts wait for one.</summary>
    public static ChainShape Adapt(ChainShape shape, int seed) => !TargetOf(seed).StartsWith("decisions", StringComparison.Ordinal)
        ? shape
        : shape.With(t => t with { Policy = ConflictPolicy.Manual });

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var step = Scene.Engine.Sabotage == Sabotage.AdvanceFirst ? "page-sabotaged" : _isDone ? random.Pick(Steps) : Target;
        if (!await SetTheSceneAsync(step, till, random))
            return;
        if (!_isDone)
            request = new SyncRequest { Bootstrap = step.StartsWith("bootstrap", StringComparison.Ordinal) };
        if (await KillAsync(till, request, step, random.Chance(80) ? 1 : 2, random) is not null)
            _isDone = true;
    }

    // Spread over the kinds of faults, which take turns by the seed, too.
    private static string TargetOf(int seed) => Steps[(int)((uint)seed * 2654435761u >> 8) % Steps.Count];

    private async Task<bool> SetTheSceneAsync(string step, EngineTill till, Random random)
    {
        if (step.StartsWith("batch", StringComparison.Ordinal))
            World.ChangeTill(till, random);
        else if (step == "recover-asked")
            return await KillAsync(till, new SyncRequest(), random.Pick(OnTheWay), 1, random) is not null;
        else if (step == "sweep-chunk-written" || step.StartsWith("load", StringComparison.Ordinal))
            await PruneAsync(random);
        else if (step.StartsWith("bootstrap", StringComparison.Ordinal))
            Rebuild(till, random);
        else if (step.StartsWith("decisions", StringComparison.Ordinal))
            await DisputeAsync(till, random);
        return true;
    }

    // The log has a hole: tables are read again, and rows that are gone are looked for.
    private async Task PruneAsync(Random random)
    {
        World.ChangeCentral(random);
        await using var connection = await World.Source.OpenConnectionAsync();
        World.Log.Add("-- the change log is pruned");
        await ChangeLogPruning.ExecuteAsync(connection, TimeSpan.Zero, CancellationToken.None);
    }

    // A table that was rebuilt has lost its triggers, and waits to be compared.
    private void Rebuild(EngineTill till, Random random)
    {
        var table = random.Pick(World.Shape.Tables);
        World.Log.Add($"   {till.Id}: {table.Name} is rebuilt");
        TillSchema.DropColumn(till.File, table.Name, null);
    }

    private async Task DisputeAsync(EngineTill till, Random random)
    {
        await RunAsync(till, new SyncRequest { Bootstrap = true });
        await RunAsync(till, new SyncRequest());
        if (!World.Dispute(till))
            return;
        await RunAsync(till, new SyncRequest());
        await World.DecideAsync(random, limit: 10);
    }

    /// <returns>The step; null when the run did not come by it.</returns>
    private async Task<string?> KillAsync(EngineTill till, SyncRequest request, string step, int time, Random random)
    {
        var (seen, killed) = (0, false);
        // The POS program goes on selling while the engine is in the middle of it.
        var meddles = random.Chance(30);
        await RunAsync(till, request, name =>
        {
            if (name != step || ++seen != time)
                return;
            if (meddles)
                World.ChangeAt(name, till, random);
            killed = true;
            Hit(name);
            throw new CrashException(name);
        });
        return killed ? step : null;
    }
}
