using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>Nothing but what tills and head offices do anyway, also while a run is under way.</summary>
internal sealed class NoFault(FaultScene scene) : Fault(scene)
{
    public override int MostHits => int.MaxValue;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var (changeAt, count) = (random.Next(1, 14), 0);
        await RunAsync(till, request, step =>
        {
            if (++count == changeAt)
                World.ChangeAt(step, till, random);
        });
    }
}
