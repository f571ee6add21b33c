using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Faults.Chain;

/// <summary>Somebody at the head office who decides conflicts.</summary>
internal sealed class ChainDecider(ChainWorld world, NpgsqlDataSource source)
{
    private static readonly ConflictSide[] OfValues = [ConflictSide.Terminal, ConflictSide.Central];
    private static readonly ConflictSide[] OfDeletes = [ConflictSide.Terminal, ConflictSide.Central, ConflictSide.Keep, ConflictSide.Delete];

    /// <returns>How many were decided; the engine may refuse one, with a reason.</returns>
    public async Task<int> DecideAsync(Random random, int limit)
    {
        var decided = 0;
        foreach (var conflict in (await new ConflictDesk(source).ListAsync(new ConflictFilter(), null, limit)).Conflicts)
        {
            var side = random.Pick(conflict.Kind.Contains("delete", StringComparison.Ordinal) ? OfDeletes : OfValues);
            var before = world.SnapshotCentral();
            try
            {
                await new ConflictResolver(source).ResolveAsync(conflict.Id, conflict.Version, ConflictChoice.Of(side), "faults");
                decided++;
                if (side is ConflictSide.Central or ConflictSide.Delete)
                    await ForgiveAsync(conflict.Id);
                world.Log.Add($"   conflict #{conflict.Id} {conflict.Table}/{conflict.Key ?? conflict.LocalKey} decided: {side}");
            }
            catch (SyncException refused)
            {
                world.Log.Add($"   conflict #{conflict.Id} {conflict.Table}/{conflict.Key ?? conflict.LocalKey} not decided: {refused.Message}");
            }
            var after = world.SnapshotCentral();
            foreach (var gone in before.Rows.Keys.Where(t => !after.Rows.ContainsKey(t)))
                world.Ledger.Forgive(gone);
        }
        return decided;
    }

    // A new row of a till that had to give way never was in central, and goes from the till as well.
    private async Task ForgiveAsync(long conflict)
    {
        await using var command = source.CreateCommand("SELECT coalesce(terminal::text, '') FROM payflow.conflicts WHERE id = $1");
        command.Parameters.Add(new() { Value = conflict });
        var image = (string)(await command.ExecuteScalarAsync())!;
        foreach (var token in world.Ledger.Committed.Keys.Where(t => image.Contains(t + '"', StringComparison.Ordinal)))
            world.Ledger.Forgive(token);
    }
}
