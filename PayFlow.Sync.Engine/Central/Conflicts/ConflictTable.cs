using Npgsql;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>A table as decisions are made on it: the terminal's plan without its filter, under the policy that asks about everything that central changed meanwhile.</summary>
internal sealed class ConflictTable
{
    private readonly PulledColumns _columns;

    private ConflictTable(TablePlan plan, CentralPlan terminal, string id)
    {
        Plan = plan with { Entry = plan.Entry with { Conflicts = ConflictPolicy.Manual, Fallback = ConflictPolicy.Manual, Additive = [], Filter = null } };
        Terminal = terminal;
        _columns = new PulledColumns(Plan, id, new Dictionary<string, string>());
    }

    public TablePlan Plan { get; }

    /// <summary>The terminal's whole plan.</summary>
    public CentralPlan Terminal { get; }

    public IReadOnlyList<string> Names => [.. Plan.Columns.Select(c => c.Terminal.Name)];

    /// <exception cref="SyncException">The table is not synced any more.</exception>
    public static ConflictTable Of(CentralPlan plan, Conflict conflict) => plan.Plan.Find(conflict.Table) is { } table
        ? new ConflictTable(table, plan, conflict.Terminal)
        : throw new SyncException(SyncErrorCode.SchemaMismatch, $"{conflict.Table} is not synced any more, so conflict {conflict.Id} cannot be decided", "Put the table back into the map, or let the conflict rest.") { Terminal = conflict.Terminal, Table = conflict.Table };

    /// <summary>Merges one row as an upload would, in the caller's transaction.</summary>
    public SectionMerge Merge() => new(new StagedTable(Plan, "payflow_resolve") { Limit = Terminal.Limits.GetValueOrDefault(Plan.Name) });

    /// <summary>The central row that a conflict is about, as it is now; null when there is none.</summary>
    public Task<CellValue[]?> ReadAsync(NpgsqlConnection connection, Conflict conflict, bool isLocked, CancellationToken cancellationToken) =>
        (conflict.Kind == ConflictKind.Unique ? conflict.OtherKey : conflict.Key) is { } key ? ReadAsync(connection, key, isLocked, cancellationToken) : Task.FromResult<CellValue[]?>(null);

    /// <summary>Whether central's row of that key comes down to the terminal.</summary>
    public Task<bool> IsVisibleAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken) =>
        FitsAsync(connection, key, Terminal.Columns[Plan.Name].LiteralFilter, cancellationToken);

    /// <summary>Whether the till may know central's row of that key: it comes down, or the till may write it and so meets what stands in it.</summary>
    public Task<bool> IsKnowableAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken) =>
        FitsAsync(connection, key, Terminal.Limits.GetValueOrDefault(Plan.Name) is { } limit ? $"({Terminal.Columns[Plan.Name].LiteralFilter} OR {WriteLimits.Fits(limit, Plan, "t")})" : "true", cancellationToken);

    private async Task<bool> FitsAsync(NpgsqlConnection connection, string key, string condition, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM {PostgresName.Quote(Plan.Central)} t WHERE {Match} AND {condition})", connection);
        Bind(command, key);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Central's row of that key; null when there is none.</summary>
    public async Task<CellValue[]?> ReadAsync(NpgsqlConnection connection, string key, bool isLocked, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {_columns.Select} FROM {PostgresName.Quote(Plan.Central)} t WHERE {Match}{(isLocked ? " FOR UPDATE" : string.Empty)}", connection);
        Bind(command, key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? _columns.Read(reader, 1) : null;
    }

    private string Match => string.Join(" AND ", Plan.CentralKey.Select((c, i) => $"t.{PostgresName.Quote(c.Name)} = {_columns.Keys[i].KeyFromText($"${i + 1}")}"));

    private void Bind(NpgsqlCommand command, string key)
    {
        foreach (var part in RowKey.Parse(key, Plan.CentralKey.Count))
            command.Parameters.Add(new() { Value = part, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
    }
}
