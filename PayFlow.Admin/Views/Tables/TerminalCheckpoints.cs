using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Checkpoints;

namespace PayFlow.Admin.Views.Tables;

/// <summary>Where one table stands at one terminal.</summary>
/// <param name="Terminal">The terminal.</param>
/// <param name="Checkpoints">One for each direction; none when they cannot be read.</param>
/// <param name="Problem">Why not.</param>
public sealed record TerminalCheckpoints(string Terminal, IReadOnlyList<Checkpoint> Checkpoints, SyncException? Problem = null);
