using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>Reads the terminals' queues: how much waits from what they reported to central, the rows themselves from the terminals' files.</summary>
internal sealed class QueueReader(NpgsqlDataSource central)
{
    /// <summary>Rows that are read at once where all are wanted.</summary>
    private const int Part = 1_000;

    private readonly TerminalRegistry _terminals = new(central);

    /// <summary>A page of one terminal's queue. A file that this host cannot open is said, and the rest is there.</summary>
    public async Task<QueueView> ReadAsync(QueueQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        var terminals = await ListAsync(cancellationToken);
        if (Choose(terminals, query) is not { } chosen)
            return QueueView.Empty;
        try
        {
            var path = RequireFile(chosen);
            var part = await Task.Run(() => QueueReading.ReadPart(path, query.Filter, page.Offset, page.Size), cancellationToken);
            return new QueueView(terminals, chosen, new Page<QueuedRow>(part.Rows, part.Total), part.Counts, null);
        }
        catch (SyncException e)
        {
            return new QueueView(terminals, chosen, new Page<QueuedRow>([], 0), [], e);
        }
    }

    /// <summary>All rows of one terminal's queue, by table and key, read part by part: the till waits for nobody who is slow to take them.</summary>
    /// <exception cref="SyncException">There is no such terminal, or this host cannot open its file.</exception>
    public async IAsyncEnumerable<(string Terminal, QueuedRow Row)> StreamAsync(QueueQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Choose(await ListAsync(cancellationToken), query) is not { } chosen)
            yield break;
        var path = RequireFile(chosen);
        IReadOnlyList<QueuedRow> part = [];
        do
        {
            var last = part.Count == 0 ? null : part[^1];
            part = await Task.Run(() => QueueReading.ReadBehind(path, query.Filter, last, Part), cancellationToken);
            foreach (var row in part)
                yield return (chosen.Id, row);
        }
        while (part.Count == Part);
    }

    /// <summary>One row with its values.</summary>
    /// <exception cref="SyncException">Nothing of it waits, or the file cannot be opened here.</exception>
    public async Task<QueueEntryView> ShowAsync(string terminal, string table, string key, CancellationToken cancellationToken)
    {
        var path = await FindFileAsync(terminal, cancellationToken);
        var detail = await Task.Run(() => QueueReading.Show(path, table, key), cancellationToken);
        var columns = await RowColumns.LoadAsync(central, terminal, table, cancellationToken);
        var conflict = detail.Entry.Status == "CONFLICT" ? await FindConflictAsync(terminal, detail.Entry, cancellationToken) : null;
        return new QueueEntryView(detail, columns, conflict);
    }

    /// <summary>Where a terminal's file lies.</summary>
    /// <exception cref="SyncException">There is no such terminal, or it has no file.</exception>
    public async Task<string> FindFileAsync(string terminal, CancellationToken cancellationToken) =>
        RequireFile(await _terminals.FindAsync(terminal, cancellationToken) is { } known
            ? Terminal(known)
            : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know a terminal {terminal}", "The list of terminals shows those that there are.") { Terminal = terminal });

    private async Task<List<QueuedTerminal>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _terminals.ListAsync(cancellationToken)).Where(t => t.State == TerminalState.Active).Select(Terminal)];

    private static QueuedTerminal? Choose(List<QueuedTerminal> terminals, QueueQuery query) => query.Terminal is { Length: > 0 } named
        ? terminals.Find(t => t.Id == named) ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central does not know an attached terminal {named}", "Choose one of the list.")
        : terminals.OrderByDescending(t => t.Failed > 0).ThenByDescending(t => t.Total > 0).FirstOrDefault();

    private static string RequireFile(QueuedTerminal terminal) => terminal.FilePath
        ?? throw new SyncException(SyncErrorCode.TerminalUnavailable, $"Terminal {terminal.Id} has no file that a host could open: it reaches central over the network", "Look at its queue where it runs: payflow queue list --sqlite FILE") { Terminal = terminal.Id };

    private async Task<long?> FindConflictAsync(string terminal, QueuedRow entry, CancellationToken cancellationToken)
    {
        var found = await new ConflictDesk(central).ListAsync(new ConflictFilter { Terminal = terminal, Table = entry.Table, KeyPrefix = entry.Key }, cancellationToken: cancellationToken);
        return found.Conflicts.FirstOrDefault(c => (c.LocalKey ?? c.Key) == entry.Key)?.Id;
    }

    private static QueuedTerminal Terminal(TerminalRecord terminal)
    {
        using var queue = JsonDocument.Parse(terminal.Queue);
        var counts = queue.RootElement.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number).ToDictionary(p => p.Name, p => p.Value.GetInt64(), StringComparer.Ordinal);
        return new QueuedTerminal(terminal.Id, terminal.Name, terminal.FilePath, counts, terminal.LastSeenAt);
    }
}
