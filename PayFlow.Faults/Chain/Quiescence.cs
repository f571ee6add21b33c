using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Chain;

/// <summary>Leaves a case in peace: nobody writes any more, and everybody syncs.</summary>
internal sealed class Quiescence(ChainWorld world)
{
    private const int FailedRunsInARow = 4;

    /// <summary>Ends what is open and syncs until a whole round moves nothing; null when it settles, otherwise what it does.</summary>
    public async Task<string?> ReachAsync(int rounds)
    {
        world.EndSlow(commit: true);
        foreach (var till in world.Tills)
        {
            if (await SyncInPeaceAsync(till, new SyncRequest { Bootstrap = true }) is null)
                return $"{till.Id} cannot bootstrap: {till.Trouble}";
        }
        var moves = string.Empty;
        for (var round = 1; round <= rounds; round++)
        {
            moves = string.Empty;
            foreach (var till in world.Tills)
            {
                if (await SyncInPeaceAsync(till, new SyncRequest()) is not { } run)
                    return $"{till.Id} cannot sync: {till.Trouble}";
                if (run.Moved > 0)
                    moves += $"{till.Id} moves {run.Moves}; ";
            }
            world.Log.Add($"round {round}: {moves}");
            foreach (var till in world.Tills)
                ChainPicture.Queue(world.Log, till);
            if (moves.Length == 0)
                return null;
        }
        return $"does not settle in {rounds} rounds: {moves}";
    }

    /// <summary>A run that nobody disturbs any more. Passing troubles may outlive their cause for a moment: a killed engine's lock, say.</summary>
    private async Task<ChainRun?> SyncInPeaceAsync(IChainTill till, SyncRequest request)
    {
        await WaitForHorizonAsync();
        for (var i = 1; i < FailedRunsInARow; i++)
        {
            if (await till.SyncAsync(request) is { } run)
                return run;
        }
        return await till.SyncAsync(request);
    }

    // Other databases of the same server hold the horizon back, too.
    private async Task WaitForHorizonAsync()
    {
        for (var i = 0; i < 2_000; i++)
        {
            if (ChainWriter.Column(world.Central, null, "SELECT count(*)::text FROM payflow.change_log WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())")[0] == "0")
                return;
            await Task.Delay(10);
        }
        throw new TimeoutException("Another transaction on the server holds the change log's horizon back.");
    }
}
