using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>PostgreSQL is stopped at once while a run is under way, recovers, and is there again: for the same run if that is patient, else for the next.</summary>
internal sealed class ServerCrash(FaultScene scene) : Fault(scene)
{
    private const int PatientAttempts = 60;

    public override int MostHits => 2;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var isPatient = random.Chance(50);
        var delay = TimeSpan.FromMilliseconds(random.NextDouble() * 25);
        till.Under = command => command with { Attempts = isPatient ? PatientAttempts : command.Attempts };
        var run = await till.SyncAsync(request, async reading =>
        {
            await Task.WhenAny(reading, Task.Delay(delay));
            Hit(reading.IsCompleted ? "between runs" : isPatient ? "in a run that waits" : "in a run that gives up");
            await Scene.Cluster.CrashAsync();
            await Scene.Cluster.StartServerAsync();
        });
        till.Under = command => command;
        World.LogRun(run);
        await World.ConnectAsync();
    }
}
