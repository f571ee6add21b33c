using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>There is no room left beside the till's file: from the start of a run, or from one of its steps on.</summary>
internal sealed class DiskFull(FaultScene scene) : Fault(scene)
{
    public override int MostHits => 4;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        if (!Scene.Disk.IsOwn)
        {
            // Where no file system may be mounted there is nothing to fill up; the table shows it as a seed without a hit.
            await RunAsync(till, request);
            return;
        }
        if (random.Chance(50))
            World.ChangeTill(till, random);
        var pages = random.Chance(40) ? 0 : random.Next(12);
        var (fillAt, count) = (random.Next(0, 8), 0);
        try
        {
            if (fillAt == 0)
                Scene.Disk.Fill(pages);
            var run = await RunAsync(till, request, step =>
            {
                if (++count == fillAt)
                    Scene.Disk.Fill(pages);
            });
            if (run is null)
                Hit("a run failed for it");
        }
        finally
        {
            Scene.Disk.Free();
        }
    }
}
