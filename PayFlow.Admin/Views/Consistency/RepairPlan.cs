using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Admin.Views.Consistency;

/// <summary>What a repair would do with what a comparison has found.</summary>
/// <param name="Written">Rows that are inserted or changed.</param>
/// <param name="Removed">Rows that are deleted.</param>
public sealed record RepairPlan(long Written, long Removed)
{
    /// <summary>In some tables, or in all when null.</summary>
    public static RepairPlan Of(VerifyReport found, RepairSource from, IReadOnlyCollection<string>? tables)
    {
        var chosen = found.Tables.Where(t => tables is null || tables.Contains(t.Table)).ToList();
        var (terminal, central, different) = (chosen.Sum(t => t.MissingInTerminal), chosen.Sum(t => t.MissingInCentral), chosen.Sum(t => t.Different));
        return from == RepairSource.Central ? new(terminal + different, central) : new(central + different, terminal);
    }

    public long Rows => Written + Removed;
}
