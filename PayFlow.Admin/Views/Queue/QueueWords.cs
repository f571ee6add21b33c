using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>Rows that wait, in words.</summary>
internal static class QueueWords
{
    /// <summary>The status as the badge takes it.</summary>
    public static string Status(QueuedRow row) => row.IsDeadLetter ? QueueFilter.DeadLetter : row.Status;

    public static string Action(string? action) => action switch
    {
        "INSERT" => "new row",
        "UPDATE" => "changed",
        "DELETE" => "deleted",
        null => "came from central",
        _ => action,
    };

    /// <summary>What happens next, where no instant says it.</summary>
    public static string Next(QueuedRow row) => row switch
    {
        { IsDeadLetter: true } => "not tried again by itself",
        { Status: "SYNCING" } => "on its way now",
        { Status: "CONFLICT" } => "waits for a decision",
        { WaitsFor: { } parent } => $"goes by itself when {parent} has gone",
        _ => "at the next sync",
    };

    /// <summary>The row that it waits for, apart: <c>orders/17</c>.</summary>
    public static (string Table, string Key)? Parent(QueuedRow row)
    {
        if (row.WaitsFor is not { } name || name.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash))
            return null;
        return (name[..slash], name[(slash + 1)..]);
    }

    public static string Would(DiscardStep step) => step.Effect switch
    {
        DiscardEffect.Restored => "takes central's values again",
        DiscardEffect.Removed => "goes from the terminal: central does not have it",
        DiscardEffect.Closed => "leaves the queue: neither side has the row",
        _ => $"stays: {step.Reason}",
    };
}
