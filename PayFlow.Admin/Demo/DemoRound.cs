using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Demo;

/// <summary>What one round over all tills did.</summary>
internal sealed record DemoRound(IReadOnlyList<RunReport> Reports)
{
    public long Moved => Reports.Sum(r => r.Moved);

    public TimeSpan Time => Reports.Aggregate(TimeSpan.Zero, (sum, r) => sum + (r.CompletedAt - r.StartedAt));

    /// <summary>Conflicts and failed rows as each till reported them last.</summary>
    public long RowsLeft => Reports.GroupBy(r => r.Terminal).Sum(g => g.Last().Conflicts + g.Last().FailedRows);

    public IEnumerable<string> Tables => Reports.SelectMany(r => r.Tables).Where(t => t.Moved > 0).Select(t => t.Table).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Rows of one table that one till sent or got; of all tables when <paramref name="table"/> is null.</summary>
    public long MovedOf(string terminal, SyncDirection direction, string? table = null) =>
        Reports.Where(r => r.Terminal == terminal).SelectMany(r => r.Tables).Where(t => t.Direction == direction && (table is null || t.Table.Equals(table, StringComparison.OrdinalIgnoreCase))).Sum(t => t.Moved);

    /// <summary>A figure of one till, over its tables.</summary>
    public long SumOf(string terminal, Func<TableProgress, long> figure) => Reports.Where(r => r.Terminal == terminal).SelectMany(r => r.Tables).Sum(figure);
}
