using Npgsql;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Central.Log;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>The engine's process stands at a named step, where the parent kills it. The steps take turns over the seeds; each seed kills at its own step first.</summary>
internal sealed class KillAtStep(FaultScene scene) : Fault(scene)
{
    /// <summary>Every step that the engine names.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        "advance-announced", "advance-central", "advance-confirmed", "batch-claimed", "batch-applied", "batch-acknowledged", "recover-asked", "bootstrap-chunk-applied",
        "bootstrap-table-done", "load-chunk-written", "load-table-done", "page-read", "page-written", "sweep-chunk-written", "run-logged",
    ];

    private static readonly string[] OnTheWay = ["batch-claimed", "batch-applied"];

    private bool _isDone;

    private string Target => Steps[Scene.Round % Steps.Count];

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var step = _isDone ? random.Pick(Steps) : Target;
        if (step == "recover-asked" && await KillAsync(till, new SyncRequest(), random.Pick(OnTheWay), 1, random) is null)
            return;
        if (step == "sweep-chunk-written")
            await PruneAsync();
        if (!_isDone)
            request = new SyncRequest { Bootstrap = step.StartsWith("bootstrap", StringComparison.Ordinal) };
        if (await KillAsync(till, request, step, random.Chance(70) ? 1 : 2, random) is not null)
            _isDone = true;
    }

    // The log has a hole: tables are read again, and rows that are gone are looked for.
    private async Task PruneAsync()
    {
        await using var connection = await World.Source.OpenConnectionAsync();
        World.Log.Add("-- the change log is pruned");
        await ChangeLogPruning.ExecuteAsync(connection, TimeSpan.Zero, CancellationToken.None);
    }

    /// <returns>The step; null when the run did not come by it.</returns>
    private async Task<string?> KillAsync(EngineTill till, SyncRequest request, string step, int time, Random random)
    {
        var (seen, killed) = (0, false);
        // The POS program goes on selling while the engine is in the middle of it.
        var meddles = random.Chance(30);
        await RunAsync(till, request, name =>
        {
            Scene.Seen.Add(name);
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
