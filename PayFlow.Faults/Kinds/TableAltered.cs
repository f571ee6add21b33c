using PayFlow.Faults.Chain;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Kinds;

/// <summary>A new version of the POS program, or of the head office's, adds, drops or renames a column; the other side follows later or never, and the map with it.</summary>
internal sealed class TableAltered(FaultScene scene) : Fault(scene)
{
    private const string NewPrice = "amount";

    private readonly HashSet<(string Table, string Side, string What)> _done = [];

    public override int MostHits => 5;

    public override async Task StrikeAsync(EngineTill till, SyncRequest request, Random random)
    {
        var table = random.Pick(World.Shape.Tables);
        var side = random.Chance(45) ? ChainColumns.Central : random.Pick(World.Tills).Id;
        var what = random.Pick(["added", "dropped", "renamed"]);
        if (_done.Add((table.Name, side, what)))
        {
            World.EndSlow(commit: true);
            if (what == "renamed")
                await RenameAsync(table);
            else
                Alter(table, side, what);
            Hit($"{what} {(what == "renamed" ? "on both sides" : side == ChainColumns.Central ? "in central" : "in a till")}");
        }
        await RunAsync(till, request);
    }

    private void Alter(ChainTable table, string side, string what)
    {
        if (what == "added")
        {
            Execute(side, $"ALTER TABLE {table.Name} ADD COLUMN {ChainColumns.Added} TEXT");
            World.Columns.Set(table, ChainColumns.Added, side, ChainColumns.Added);
            return;
        }
        if (side == ChainColumns.Central)
            World.ExecuteCentral($"ALTER TABLE {table.Name} DROP COLUMN is_on");
        else
            TillSchema.DropColumn(World.Tills.Single(t => t.Id == side).File, table.Name, "is_on");
        World.Columns.Set(table, "is_on", side, null);
    }

    // Tills are altered one by one, too; a map that names a column which a till does not have yet is another matter, and refused.
    private async Task RenameAsync(ChainTable table)
    {
        if (_done.Count(d => d.Table == table.Name && d.What == "renamed") > 1)
            return;
        World.ExecuteCentral($"ALTER TABLE {table.Name} RENAME COLUMN price TO {NewPrice}");
        World.Columns.Set(table, "price", ChainColumns.Central, NewPrice);
        var renames = _done.Where(d => d.What == "renamed").Select(d => d.Table).Distinct().ToDictionary(t => t, IReadOnlyDictionary<string, string> (_) => new Dictionary<string, string> { ["price"] = NewPrice });
        await World.SaveMapAsync(renames);
    }

    private void Execute(string side, string sql)
    {
        if (side == ChainColumns.Central)
        {
            World.ExecuteCentral(sql);
            return;
        }
        World.Log.Add($"   {side}: {sql}");
        World.Tills.Single(t => t.Id == side).File.Execute(sql);
    }
}
