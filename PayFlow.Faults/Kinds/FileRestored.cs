using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>A till's file is put back as it was some time ago, with the host running or stopped.</summary>
internal sealed class FileRestored(FaultScene scene) : Fault(scene)
{
    private readonly Dictionary<string, (ChainSnapshot Rows, int Made)> _backups = [];

    public override int MostHits => 3;

    /// <summary>
    /// A sale that a backup sends again may have the number of another one, made since. Where the tills number their rows themselves, a natural key (or <c>created_at</c>) tells
    /// which it is; without either, central can only compare all values.
    /// </summary>
    public static ChainShape Adapt(ChainShape shape, int seed) => shape.With(t => t with { HasNaturalKey = true });

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        if (!_backups.ContainsKey(till.Id))
        {
            await RunAsync(till, request);
            // What the backup has not sent is sent twice: by the file that it was made of, and by the restored one.
            for (var i = random.Next(4); i > 0; i--)
                World.ChangeTill(till, random);
            BackUp(till);
            return;
        }
        await RestoreAsync(till, random);
        if (random.Chance(60))
            World.ChangeTill(till, random);
        await RunAsync(till, request);
    }

    private static string Copy(EngineTill till) => till.File.Path + ".backup";

    private void BackUp(EngineTill till)
    {
        World.Log.Add($"-- {till.Id} is backed up");
        File.Delete(Copy(till));
        till.File.Execute($"VACUUM INTO '{Copy(till)}'");
        _backups[till.Id] = (World.Snapshot(till), World.Ledger.Made.Count);
    }

    private async Task RestoreAsync(EngineTill till, Random random)
    {
        var isStopped = random.Chance(50);
        Hit(isStopped ? "with the host stopped" : "under a running host");
        if (isStopped)
            await Scene.Engine.CloseAsync();
        Excuse(till);
        foreach (var file in new[] { string.Empty, "-wal", "-shm", "-journal" })
            File.Delete(till.File.Path + file);
        File.Copy(Copy(till), till.File.Path);
    }

    // What central never got is gone with the file.
    private void Excuse(EngineTill till)
    {
        var (backup, made) = _backups[till.Id];
        var (now, central) = (World.Snapshot(till), World.SnapshotCentral());
        foreach (var token in now.Rows.Keys.Where(t => !backup.Rows.ContainsKey(t) && !central.Rows.ContainsKey(t)))
            World.Ledger.Forgive(token);
        foreach (var token in now.Rows.Where(r => !backup.Rows.TryGetValue(r.Key, out var old) || old != r.Value).Select(r => r.Key))
            World.Ledger.Uncount(token);
        var kept = central.Rows.Values.SelectMany(r => new[] { r.V1, r.V2 }).ToHashSet(StringComparer.Ordinal);
        foreach (var (side, change) in World.Ledger.Made.Skip(made))
        {
            if (side == till.Id && !kept.Contains(change))
                World.Ledger.Excuse(change);
        }
    }
}
