using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>What a comparison knows of the terminal and of its plan. Made by reading alone: neither side is changed by being compared.</summary>
internal sealed class VerifyScope
{
    private const string CapturedTables = "SELECT schema_name, table_name, id FROM payflow.captured_tables";

    private readonly IReadOnlyDictionary<string, string> _attributes;

    private VerifyScope(TerminalIdentity state, SyncPlan plan, IReadOnlyDictionary<string, string> attributes, IReadOnlyDictionary<string, int> captured)
    {
        Terminal = state.TerminalId;
        IsRestored = state.Restored == "terminal";
        Plan = plan;
        _attributes = attributes;
        Captured = captured;
    }

    public string Terminal { get; }

    /// <summary>The file was restored and catches up: what it sent itself comes down as well.</summary>
    public bool IsRestored { get; }

    public SyncPlan Plan { get; }

    /// <summary>Terminal table to its number in the change log.</summary>
    public IReadOnlyDictionary<string, int> Captured { get; }

    /// <exception cref="SyncException">The file is not this central's.</exception>
    public static async Task<VerifyScope> LoadAsync(NpgsqlDataSource source, NpgsqlConnection connection, TerminalStore store, CancellationToken cancellationToken)
    {
        var state = store.ReadState();
        var record = await new TerminalRegistry(source).FindAsync(state.TerminalId, cancellationToken);
        await using (var id = new NpgsqlCommand("SELECT id FROM payflow.central", connection))
        {
            if ((Guid)(await id.ExecuteScalarAsync(cancellationToken))! != state.CentralId || record is null)
                throw new SyncException(SyncErrorCode.IdentityMismatch, $"{store.Database.Path} belongs to another central", "Name the central that it is attached to: --central, or --data for the folder with its private PostgreSQL.") { Terminal = state.TerminalId };
        }
        if (record.Lineage != state.Lineage || record.State != Central.Metadata.TerminalState.Active)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"{store.Database.Path} is not the file that is registered as terminal {state.TerminalId}", "Attach it under an id of its own: payflow attach --as-new --terminal ID") { Terminal = state.TerminalId };
        var stored = await new TableMapStore(source).LoadAsync(cancellationToken);
        var central = await PostgresSchemaReader.ReadAsync(connection, cancellationToken);
        var plan = SyncPlanner.Build(stored.Map.Tables.Count == 0 ? null : stored.Map, store.ReadSchema(), central);
        return new VerifyScope(state, plan, record.Attributes, await ReadCapturedAsync(connection, plan, cancellationToken));
    }

    /// <summary>How a table is read for the terminal.</summary>
    public PulledColumns Columns(TablePlan table) => new(table, Terminal, _attributes);

    /// <summary>A table ready to be compared. One that only travels up is none of its filter's business.</summary>
    public VerifyTable Table(TablePlan table)
    {
        var plan = table.Pushes ? table : table with { Entry = table.Entry with { Filter = null } };
        return new VerifyTable(plan, Plan, Columns(plan));
    }

    /// <summary>Why a table cannot be compared now; null when it can.</summary>
    public string? Obstacle(TablePlan table, TableState? state)
    {
        if (!table.Pulls && !table.Pushes)
            return "disabled in the table map";
        if (state is null)
            return "never synced yet: sync first";
        if (state.WaitsForBootstrap)
            return "its rows wait to be compared for the first time: run payflow bootstrap";
        if (state.Shape is { } shape && shape != TableShape.Of(table, _attributes))
            return "it travels with other columns or for other rows than at the last sync: sync first";
        return table.Pushes && table.Entry.CentralCapture == CaptureMode.Trigger && state.Load != LoadState.Done ? "not loaded completely yet: sync first" : null;
    }

    private static async Task<Dictionary<string, int>> ReadCapturedAsync(NpgsqlConnection connection, SyncPlan plan, CancellationToken cancellationToken)
    {
        var captured = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        await using var command = new NpgsqlCommand(CapturedTables, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (plan.Tables.FirstOrDefault(t => (t.Central.Schema ?? "public") == reader.GetString(0) && t.Central.Name == reader.GetString(1)) is { } table)
                captured[table.Name] = reader.GetInt32(2);
        }
        return captured;
    }
}
