using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Line;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>An administrator takes a till's key away while it syncs. It sells on, gets a new code, registers again, over a line that may fail at that, too, and goes on with the same file.</summary>
internal sealed class KeyRevoked(FaultScene scene) : Fault(scene)
{
    private const int Unauthorized = 401;
    private const int ManyRequests = 9;

    private RemoteSide Remote => Scene.Remote!;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        Remote.Line.Expected.Add(Unauthorized);
        if (random.Chance(60))
            World.ChangeTill(till, random);
        var (isUpload, number, isBefore) = (random.Chance(40), random.Next(ManyRequests), random.Chance(60));
        var (count, isRevoked) = (0, false);
        Remote.Line.Disturb = async exchange =>
        {
            var isIt = !isRevoked && (isUpload ? exchange.Request.Name == "upload" : count++ == number);
            isRevoked |= isIt;
            if (isIt)
                Hit($"{(isBefore ? "before" : "during")} {exchange.Request.Name}");
            if (isIt && isBefore)
                await Remote.RevokeAsync(till);
            // Together with the request, whichever is first.
            var revoking = isIt && !isBefore ? Remote.RevokeAsync(till) : Task.CompletedTask;
            await exchange.PassAsync();
            await revoking;
        };
        await RunAsync(till, request);
        Remote.Line.Disturb = null;
        if (!isRevoked)
            return;
        if (random.Chance(50))
            World.ChangeTill(till, random);
        await RequireRefusedAsync(till);
        await RegisterAsync(till, random);
        if (random.Chance(50))
            await RunAsync(till, new SyncRequest());
    }

    // A till that has no key any more is told so, and in words that help.
    private async Task RequireRefusedAsync(EngineTill till)
    {
        if (await RunAsync(till, new SyncRequest()) is not null)
            Scene.Findings.Add(new Finding(FindingKind.Wedged, $"{till.Id} syncs with a key that was revoked"));
        else if (till.Trouble?.Contains("revoked", StringComparison.Ordinal) != true)
            Scene.Findings.Add(new Finding(FindingKind.Wedged, $"{till.Id} is not told that its key was revoked, but: {till.Trouble}"));
    }

    private async Task RegisterAsync(EngineTill till, Random random)
    {
        var code = await Remote.CodeAsync(till);
        var losses = random.Chance(40) ? random.Next(1, 3) : 0;
        Remote.Line.Disturb = async exchange =>
        {
            if (losses-- <= 0)
            {
                await exchange.PassAsync();
                return;
            }
            await Remote.Line.SendAsync(exchange.Request);
            exchange.Cut(isRude: random.Chance(50));
        };
        for (var isIn = false; !isIn;)
        {
            try
            {
                await Remote.RegisterAsync(till, code);
                isIn = true;
            }
            catch (SyncException e) when (e.IsTransient && losses >= 0)
            {
                World.Log.Add($"   {till.Id} registers again: {e.Message}");
            }
        }
        Remote.Line.Disturb = null;
    }
}
