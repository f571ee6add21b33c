using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>A POS program's long transaction holds the write lock for longer than the engine waits: from the start of a run, or from one of its steps on.</summary>
internal sealed class FileLocked(FaultScene scene) : Fault(scene)
{
    private const int Impatience = 5;

    public override int MostHits => 4;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var lockAt = random.Next(0, 9);
        var count = 0;
        ChainTransaction? held = null;
        till.Under = command => command with { BusyMilliseconds = Impatience, Attempts = 1 };
        try
        {
            if (lockAt == 0)
                held = Take("from the start");
            await RunAsync(till, request, step =>
            {
                if (++count == lockAt)
                    held = Take("from " + step);
            });
            if (random.Chance(80))
                held?.Commit();
        }
        finally
        {
            held?.Dispose();
            till.Under = command => command;
        }

        ChainTransaction? Take(string since)
        {
            var taken = World.BeginTill(till, random);
            if (taken is not null)
                Hit(since);
            return taken;
        }
    }
}
