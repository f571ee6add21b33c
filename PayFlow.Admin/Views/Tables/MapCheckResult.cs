using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Checkpoints;

namespace PayFlow.Admin.Views.Tables;

/// <summary>What a map would mean, terminal by terminal.</summary>
/// <param name="Effects">Of the terminals that could be looked at.</param>
/// <param name="Skipped">Of those that could not, why.</param>
/// <param name="Others">Attached terminals beyond those that were looked at.</param>
/// <param name="Elsewhere">Tills elsewhere, of which nothing but what central knows can be looked at.</param>
public sealed record MapCheckResult(IReadOnlyList<MapEffect> Effects, IReadOnlyDictionary<string, SyncException> Skipped, int Others, int Elsewhere)
{
    public bool HasProblems => Effects.Any(e => e.Problems.Count > 0);

    public long RowsRead => Effects.Sum(e => e.Tables.Sum(t => t.RowsDown + t.RowsUp));
}
