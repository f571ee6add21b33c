using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>Makes rows of one side what they are on the other.</summary>
internal interface IRepairSide
{
    /// <summary>Repairs a handful of rows of one table, in one transaction; rows that are refused are counted with their reason, and hold up no other.</summary>
    /// <param name="table">The run's plan of the table.</param>
    /// <param name="subject">How its rows are laid out.</param>
    /// <param name="rows">Rows that differ, as both sides have them now.</param>
    /// <param name="isLast">What waits for another row now is refused.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>Rows that wait for another one.</returns>
    Task<IReadOnlyList<VerifyFinding>> RepairAsync(TablePlan table, VerifyTable subject, IReadOnlyList<VerifyVerdict> rows, bool isLast, CancellationToken cancellationToken);
}
