using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Chain;

/// <summary>What one run of a till did.</summary>
/// <param name="Moved">Rows that made a difference on the other side.</param>
/// <param name="Moves">The same in words, by table and direction.</param>
/// <param name="Status">The run's state in words.</param>
internal sealed record ChainRun(long Moved, string Moves, string Status)
{
    public static ChainRun Of(RunReport report) =>
        new(report.Moved, string.Join(", ", report.Tables.Where(t => t.Moved > 0).Select(t => $"{t.Moved} {t.Direction} of {t.Table}")), report.Status.ToString());
}
