using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables;

/// <summary>What the planner makes of one table.</summary>
internal static class Planned
{
    public static TablePlan One(TableMapEntry entry, TableSchema terminal, TableSchema central) =>
        Assert.Single(SyncPlanner.Build(new TableMap([entry]), Schemas.Of(terminal), Schemas.Of(central)).Tables);

    public static SyncException Fault(TableMapEntry entry, TableSchema terminal, TableSchema central) =>
        Assert.Throws<SyncException>(() => SyncPlanner.Build(new TableMap([entry]), Schemas.Of(terminal), Schemas.Of(central)));

    public static Dictionary<string, string> Renames(string from, string to) => new() { [from] = to };
}
