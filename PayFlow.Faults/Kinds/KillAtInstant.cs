using System.Diagnostics;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>The engine's process dies some microseconds or milliseconds after it was asked to sync.</summary>
internal sealed class KillAtInstant(FaultScene scene) : Fault(scene)
{
    private const double WarmMilliseconds = 40;

    private double _cold = 500;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        // What a run takes shrinks to a tenth once its process has done one.
        if (random.Chance(50))
            await RunAsync(till, new SyncRequest { Tables = [World.Shape.Tables[0].Name] });
        var isWarm = Scene.Engine.IsWarm;
        var delay = random.NextDouble() * (isWarm ? WarmMilliseconds : _cold);
        var killed = false;
        var started = Stopwatch.GetTimestamp();
        var run = await till.SyncAsync(request, async reading =>
        {
            while (Stopwatch.GetElapsedTime(started).TotalMilliseconds < delay && !reading.IsCompleted)
                await Pause(delay - Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            killed = !reading.IsCompleted;
            if (killed)
                await Scene.Engine.KillAsync();
        });
        if (killed && run is null)
            Hit(isWarm ? "in a warm process" : "in a cold process");
        else if (!isWarm)
            _cold = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        World.LogRun(run);
    }

    private static Task Pause(double milliseconds)
    {
        if (milliseconds > 3)
            return Task.Delay(TimeSpan.FromMilliseconds(milliseconds - 2));
        Thread.SpinWait(50);
        return Task.CompletedTask;
    }
}
