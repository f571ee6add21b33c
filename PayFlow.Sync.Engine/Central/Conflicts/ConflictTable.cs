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
    public SectionMerge Merge() => new(new StagedTable(Plan, "payflow_resolve"));

    /// <summary>The central row that a conflict is about, as it is now; null when there is none.</summary>
    public Task<CellValue[]?> ReadAsync(NpgsqlConnection connection, Conflict conflict, bool isLocked, CancellationToken cancellationToken) =>
        (conflict.Kind == ConflictKind.Unique ? conflict.OtherKey : conflict.Key) is { } key ? ReadAsync(connection, key, isLocked, cancellationToken) : Task.FromResult<CellValue[]?>(null);

    /// <summary>Central's row of that key; null when there is none.</summary>
    public async Task<CellValue[]?> ReadAsync(NpgsqlConnection connection, string key, bool isLocked, CancellationToken cancellationToken)
    {
        var match = string.Join(" AND ", Plan.CentralKey.Select((c, i) => $"t.{PostgresName.Quote(c.Name)} = {_columns.Keys[i].KeyFromText($"${i + 1}")}"));
        await using var command = new NpgsqlCommand($"SELECT {_columns.Select} FROM {PostgresName.Quote(Plan.Central)} t WHERE {match}{(isLocked ? " FOR UPDATE" : string.Empty)}", connection);
        foreach (var part in RowKey.Parse(key, Plan.CentralKey.Count))
            command.Parameters.Add(new() { Value = part, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? _columns.Read(reader, 1) : null;
    }
}
