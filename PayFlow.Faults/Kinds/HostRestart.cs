using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Line;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>The host dies in the middle of an upload, or at any instant, or is stopped by its administrator; then it is there again, and remembers nothing.</summary>
internal sealed class HostRestart(FaultScene scene) : Fault(scene)
{
    private const int PatientAttempts = 60;

    private RemoteSide Remote => Scene.Remote!;

    public override int MostHits => 2;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var (isUpload, isKill, isPatient, isWhole) = (random.Chance(60), random.Chance(70), random.Chance(50), random.Chance(70));
        var delay = TimeSpan.FromMilliseconds(random.NextDouble() * (isUpload ? 12 : 30));
        if (isUpload)
            World.FillTill(till, random, random.Chance(50) ? 200 : 20);
        till.Under = command => command with { Attempts = isPatient ? PatientAttempts : command.Attempts };
        var uploading = new TaskCompletionSource();
        Remote.Line.Disturb = exchange => !isUpload || exchange.Request.Name != "upload" || uploading.Task.IsCompleted ? exchange.PassAsync() : UploadAsync(exchange, uploading, isWhole, random.Next());
        try
        {
            var run = await till.SyncAsync(isUpload ? new SyncRequest() : request, async reading =>
            {
                if (isUpload)
                    await Task.WhenAny(reading, uploading.Task);
                await Task.WhenAny(reading, Task.Delay(delay));
                Hit($"{(isKill ? "killed" : "stopped")} {(reading.IsCompleted ? "between runs" : !isUpload ? "in a run" : isWhole ? "in mid-upload" : "with half an upload read")}");
                await (isKill ? Remote.KillHostAsync() : Remote.StopHostAsync());
                Remote.Line.Disturb = null;
                await Remote.StartHostAsync();
                // A patient run waits for whoever has its rows locked, and in this world he does nothing while it does.
                if (isPatient)
                    World.EndSlow(commit: true);
            });
            World.LogRun(run);
        }
        finally
        {
            Remote.Line.Disturb = null;
            till.Under = command => command;
        }
    }

    private static async Task UploadAsync(LineExchange exchange, TaskCompletionSource uploading, bool isWhole, int seed)
    {
        uploading.SetResult();
        if (isWhole)
        {
            await exchange.PassAsync();
            return;
        }
        // The rest of it never comes: what the host has is not a batch.
        await exchange.Line.SendPartAsync(exchange.Request, new Random(seed).Next(1, exchange.Request.Bytes.Length), isRude: false);
        exchange.Cut(isRude: true);
    }
}
