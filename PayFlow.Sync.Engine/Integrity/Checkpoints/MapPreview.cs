using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Tables.Parity;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>Says what another map, or other attributes, would mean for a terminal: which tables begin and stop, and what is read again. Changes nothing.</summary>
/// <param name="path">The terminal's SQLite file.</param>
/// <param name="source">Central.</param>
public sealed class MapPreview(string path, NpgsqlDataSource source)
{
    /// <param name="map">The map as it would be; null for the one that central has.</param>
    /// <param name="attributes">The terminal's attributes as they would be; null for those that it has.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SyncException">One side cannot be read, or the file is no terminal of this central.</exception>
    public async Task<MapEffect> ReadAsync(TableMap? map, IReadOnlyDictionary<string, string>? attributes = null, CancellationToken cancellationToken = default)
    {
        using var database = SqliteDatabase.Open(path);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var store = new TerminalStore(database);
            var terminal = store.ReadState().TerminalId;
            var record = await new TerminalRegistry(source).FindAsync(terminal, cancellationToken)
                ?? throw new SyncException(SyncErrorCode.IdentityMismatch, $"{path} belongs to another central", "Name the central that it is attached to.") { Terminal = terminal };
            var stored = (await new TableMapStore(source).LoadAsync(cancellationToken)).Map;
            var before = stored.Tables.Count == 0 ? null : stored;
            var (here, there) = (store.ReadSchema(), await PostgresSchemaReader.ReadAsync(connection, cancellationToken));
            var check = SyncPlanner.Check(map ?? before, here, there);
            if (check.Plan is not { } plan)
                return new MapEffect { Terminal = terminal, Problems = check.Problems, Warnings = check.Warnings };
            // A map that has stopped fitting syncs nothing: by the new one everything begins.
            var old = SyncPlanner.Check(before, here, there).Plan;
            var (tables, problems) = await CompareAsync(connection, store, plan, old, terminal, attributes ?? record.Attributes, cancellationToken);
            return new MapEffect { Terminal = terminal, Problems = problems, Warnings = check.Warnings, Findings = SchemaComparer.Compare(map ?? before, here, there).Findings, Tables = tables };
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw CentralFailure.Translate(e, CentralFailure.Place(source.ConnectionString));
        }
    }

    private static async Task<(List<MapTableEffect> Tables, List<PlanProblem> Problems)> CompareAsync(
        NpgsqlConnection connection, TerminalStore store, SyncPlan plan, SyncPlan? old, string terminal, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellationToken)
    {
        var (tables, problems, states) = (new List<MapTableEffect>(), new List<PlanProblem>(), store.ReadTables());
        foreach (var table in plan.Tables.Where(IsSynced))
        {
            try
            {
                var before = old?.Find(table.Name) is { } was && IsSynced(was) ? was : null;
                var effect = Effect(table, before, states.GetValueOrDefault(table.Name), attributes, store, out var readsAll);
                // Also where nothing is read again: it is PostgreSQL that judges a filter.
                var rows = table.Pushes ? await TableCopy.CountAsync(connection, new PulledColumns(table, terminal, attributes), cancellationToken) : 0;
                await JudgeLimitAsync(connection, table, terminal, attributes, problems, cancellationToken);
                if (effect.Change != MapChange.None)
                    tables.Add(effect with { RowsDown = readsAll ? rows : 0 });
            }
            catch (PostgresException e) when (table.Entry.Filter is not null)
            {
                problems.Add(new PlanProblem(table.Name, null, $"the filter \"{table.Entry.Filter}\" is refused by PostgreSQL: {e.MessageText}", "correct the condition"));
            }
            catch (SyncException e) when (table.Entry.Filter is not null)
            {
                problems.Add(new PlanProblem(table.Name, null, $"the filter \"{table.Entry.Filter}\" cannot be used: {e.Message}", "give the terminal that attribute, or name another one"));
            }
        }
        foreach (var gone in old?.Tables.Where(t => IsSynced(t) && !(plan.Find(t.Name) is { } still && IsSynced(still))) ?? [])
            tables.Add(new MapTableEffect(gone.Name, MapChange.Stops) { Unsent = CountUnsent(store, gone.Name) });
        return (tables, problems);
    }

    // A terminal that lacks an attribute may be one that is attached, and is not asked for it.
    private static async Task JudgeLimitAsync(NpgsqlConnection connection, TablePlan table, string terminal, IReadOnlyDictionary<string, string> attributes, List<PlanProblem> problems, CancellationToken cancellationToken)
    {
        if (!table.Pulls || table.Entry.WriteFilter is not { } text || WriteLimit.IsAny(text) || !RowFilter.Parse(table.Name, text).Attributes.All(attributes.ContainsKey))
            return;
        if (await WriteLimits.FindFaultAsync(connection, table, WriteLimit.Of(table, terminal, attributes, PostgresName.Literal)!, cancellationToken) is { } fault)
            problems.Add(new PlanProblem(table.Name, null, fault, "correct the condition"));
    }

    // What TableStates does at the beginning of the next run, foretold.
    private static MapTableEffect Effect(TablePlan table, TablePlan? before, TableState? state, IReadOnlyDictionary<string, string> attributes, TerminalStore store, out bool readsAll)
    {
        var next = state is null ? TableStates.New(table, store, default) : HasGap(table, before) ? state with { WaitsForBootstrap = true, IsResent = false } : TableShape.Adopt(state, table, TableShape.Of(table, attributes));
        readsAll = table.Pushes && (CheckpointReader.IsLogged(table)
            ? next.Load != LoadState.Done && (before is not { Pushes: true } || !CheckpointReader.IsLogged(before) || next.Load != state?.Load)
            : next.PushStamp is null && before is not { Pushes: true, Entry.CentralCapture: CaptureMode.Timestamp });
        var compares = next.WaitsForBootstrap && state is not { WaitsForBootstrap: true };
        var stamped = table is { Pulls: true, Entry.TerminalCapture: CaptureMode.Timestamp } && before is not { Pulls: true, Entry.TerminalCapture: CaptureMode.Timestamp } && next.PullStamp is null;
        var change = before is null ? MapChange.Begins : readsAll || compares || stamped ? MapChange.Rereads : MapChange.None;
        return new MapTableEffect(table.Name, change) { RowsUp = compares || stamped ? store.CountRows(table.Name) : 0, NeedsBootstrap = compares && !next.IsResent };
    }

    // Its triggers are not there: what happened meanwhile was not captured.
    private static bool HasGap(TablePlan table, TablePlan? before) =>
        table is { Pulls: true, Entry.TerminalCapture: CaptureMode.Trigger } && before is not { Pulls: true, Entry.TerminalCapture: CaptureMode.Trigger };

    private static bool IsSynced(TablePlan table) => table.Pulls || table.Pushes;

    private static long CountUnsent(TerminalStore store, string table)
    {
        var row = store.Database.Prepare("SELECT count(*) FROM sync_queue WHERE entity_type = ?1 COLLATE NOCASE").Bind(1, table);
        row.Step();
        var count = row.Integer(0);
        row.Reset();
        return count;
    }
}
