using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>What the page of one row that waits shows.</summary>
/// <param name="Detail">The row.</param>
/// <param name="Columns">Those that travel; none when the table has left the map.</param>
/// <param name="ConflictId">The open conflict that it waits for; null when there is none.</param>
internal sealed record QueueEntryView(QueuedRowDetail Detail, IReadOnlyList<RowColumn> Columns, long? ConflictId)
{
    public RowColumn? Column(string name) => Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Names in the order in which they are shown: what travels first.</summary>
    public IReadOnlyList<string> Names => [.. Columns.Select(c => c.Name).Concat(new[] { Detail.Row, Detail.Base }.Where(r => r is not null).SelectMany(r => r!.Keys)).Distinct(StringComparer.OrdinalIgnoreCase)];
}
