using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>One kind of trouble, as it strikes the runs of one seed.</summary>
internal abstract class Fault(FaultScene scene)
{
    protected FaultScene Scene => scene;

    protected ChainWorld World => scene.World;

    /// <summary>How often it may strike in one seed: a killed process costs half a second.</summary>
    public virtual int MostHits => 3;

    /// <summary>One run of a till with the trouble in it.</summary>
    public abstract Task StrikeAsync(EngineTill till, SyncRequest request, Random random);

    /// <summary>The trouble is over; what it left behind is for the engine to mend.</summary>
    public virtual Task EndAsync(Random random) => Task.CompletedTask;

    /// <summary>A run at whose steps nothing happens but what <paramref name="step"/> does.</summary>
    protected async Task<ChainRun?> RunAsync(EngineTill till, SyncRequest request, Action<string>? step = null)
    {
        var run = await till.SyncAsync(request, step);
        World.LogRun(run);
        if (run is null)
            World.Log.Add($"   {till.Trouble}");
        return run;
    }

    protected void Hit(string where)
    {
        World.Log.Add($"   {where}");
        Scene.Hits[where] = Scene.Hits.GetValueOrDefault(where) + 1;
    }
}
