using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>What the queue's page shows.</summary>
/// <param name="Terminals">All attached ones.</param>
/// <param name="Chosen">Whose queue it is; null when there is no terminal.</param>
/// <param name="Rows">The page.</param>
/// <param name="Counts">Of the whole queue, by table and status.</param>
/// <param name="Unreadable">Why this host cannot open its file; null when it could.</param>
internal sealed record QueueView(IReadOnlyList<QueuedTerminal> Terminals, QueuedTerminal? Chosen, Page<QueuedRow> Rows, IReadOnlyList<QueuedCount> Counts, SyncException? Unreadable)
{
    public static QueueView Empty { get; } = new([], null, new Page<QueuedRow>([], 0), [], null);
}
