using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Reads conflicts for the list and for the page of one.</summary>
internal sealed class ConflictReader(NpgsqlDataSource central, TimeProvider time)
{
    private const string Tables = "SELECT name FROM payflow.table_map ORDER BY name";

    // Written in the transaction that decided, so at the very same instant; what the row's history or the audit say otherwise would be another decision.
    private const string Run = """
        SELECT run_id FROM payflow.audit WHERE at = $1 AND action = 'conflict.resolve' AND terminal_id = $2 AND detail ->> 'conflict' = $3 AND run_id IS NOT NULL LIMIT 1
        """;

    private readonly ConflictDesk _desk = new(central);
    private readonly TerminalRegistry _terminals = new(central);

    /// <summary>A page of the list with everything around it.</summary>
    public async Task<ConflictList> ListAsync(ConflictQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        var filter = query.Filter;
        var conflicts = await _desk.ReadPartAsync(filter, page.Offset, page.Size, !query.IsOldestFirst, cancellationToken);
        var total = await _desk.CountUpToAsync(filter, PageRequest.CountLimit + 1L, cancellationToken);
        var open = await _desk.CountAsync(filter with { Table = null, Kind = null, State = ConflictState.Open }, cancellationToken);
        var terminals = await _terminals.ListAsync(cancellationToken);
        return new ConflictList(
            new Page<Conflict>(conflicts, Math.Min(total, PageRequest.CountLimit), total > PageRequest.CountLimit),
            [.. open.GroupBy(c => c.Table).Select(t => (t.Key, t.Sum(c => c.Conflicts)))],
            [.. terminals.Select(t => t.Id)],
            await ReadTablesAsync(cancellationToken));
    }

    /// <summary>The same conflicts in the same order, as they are now.</summary>
    public async Task<IReadOnlyList<Conflict>> ReadAgainAsync(IReadOnlyList<Conflict> shown, CancellationToken cancellationToken)
    {
        var now = await _desk.ReadPartAsync(new ConflictFilter { State = null, Ids = [.. shown.Select(c => c.Id)] }, 0, shown.Count, isNewestFirst: false, cancellationToken);
        var byId = now.ToDictionary(c => c.Id);
        return [.. shown.Select(c => byId.GetValueOrDefault(c.Id, c))];
    }

    /// <summary>One conflict with its neighbours among the open ones of a query.</summary>
    /// <exception cref="SyncException">There is none of that number.</exception>
    public async Task<ConflictView> ShowAsync(long id, ConflictQuery query, CancellationToken cancellationToken)
    {
        var detail = await _desk.ShowAsync(id, cancellationToken);
        var read = time.GetUtcNow();
        var (older, newer) = await _desk.FindNeighboursAsync(query.Filter with { State = ConflictState.Open }, id, cancellationToken);
        var run = detail.ResolvedAt is { } at ? await FindRunAsync(detail, at, cancellationToken) : null;
        var terminal = (await _terminals.ListAsync(cancellationToken)).FirstOrDefault(t => t.Id == detail.Terminal);
        var (previous, next) = query.IsOldestFirst ? (older, newer) : (newer, older);
        return new ConflictView(detail, SideNames.Of(detail.Terminal, terminal), read, previous, next, run);
    }

    private async Task<Guid?> FindRunAsync(Conflict conflict, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Run);
        command.Parameters.Add(new() { Value = at.ToUniversalTime() });
        command.Parameters.Add(new() { Value = conflict.Terminal });
        command.Parameters.Add(new() { Value = conflict.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    private async Task<IReadOnlyList<string>> ReadTablesAsync(CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Tables);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            tables.Add(reader.GetString(0));
        return tables;
    }
}
