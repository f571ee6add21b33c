using System.CommandLine;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Commands;

/// <summary>Which rows of a till's queue a verb is about.</summary>
internal sealed class QueueOptions
{
    private static readonly string[] States = ["PENDING", "SYNCING", "FAILED", "CONFLICT", QueueFilter.SetAside];

    public QueueRowArguments Row { get; } = new();

    public Option<string?> InTable { get; } = new("--table") { Description = "Only rows of this table.", HelpName = "NAME" };

    public Option<string?> Status { get; } = new("--status") { Description = "Only rows in this state: pending, syncing, failed, conflict, or aside for what came down and was refused.", HelpName = "STATE" };

    /// <exception cref="SyncException">A state is not understood, or a table was named twice.</exception>
    public QueueFilter Read(Invocation call)
    {
        var (table, key) = Row.Read(call);
        var option = call.Get(InTable);
        if (table is not null && option is not null)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "The table was named twice", "Name it once: TABLE KEY for a row, --table for all of its rows.");
        var status = call.Get(Status)?.ToUpperInvariant();
        if (status is not null && !States.Contains(status))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"'{call.Get(Status)}' is no state of a row", "States are pending, syncing, failed, conflict and aside.");
        return new QueueFilter { Table = table ?? option, Key = key, Status = status };
    }

    /// <summary>As <see cref="Read"/>, for verbs that change something: without a row, a filter or <c>--all</c> nothing is meant.</summary>
    /// <exception cref="SyncException">Nothing was named.</exception>
    public QueueFilter ReadSome(Invocation call, bool all)
    {
        var filter = Read(call);
        if (!all && filter is { Key: null, Table: null, Status: null })
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "No row was named", "Give TABLE KEY, a filter such as --status failed, or --all; payflow queue list shows what waits.");
        if (all && filter is not { Key: null, Table: null, Status: null })
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "--all was given, and rows were named as well", "Give one or the other.");
        return filter;
    }
}
