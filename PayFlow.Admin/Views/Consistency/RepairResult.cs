using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Admin.Views.Consistency;

/// <summary>What a repair found and did.</summary>
/// <param name="Found">The comparison that it began with.</param>
/// <param name="RunId">Its run; null when nothing was done.</param>
/// <param name="Tables">What it did by table.</param>
/// <param name="Refused">The first rows that the other side did not take.</param>
public sealed record RepairResult(VerifyReport Found, Guid? RunId, IReadOnlyList<RepairedTable> Tables, IReadOnlyList<RefusedRow> Refused);
