using System.Globalization;
using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>Says where every table of a terminal stands, in both directions, and how much is behind it. Changes nothing; a run may go on meanwhile.</summary>
/// <param name="path">The terminal's SQLite file.</param>
/// <param name="source">Central.</param>
public sealed class CheckpointReader(string path, NpgsqlDataSource source)
{
    /// <summary>Every direction of every table of the map that the terminal can sync, in the order in which they travel.</summary>
    /// <exception cref="SyncException">One side cannot be read, or the file is not this central's.</exception>
    public async Task<IReadOnlyList<Checkpoint>> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var database = SqliteDatabase.Open(path);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var store = new TerminalStore(database);
            var scope = await VerifyScope.LoadAsync(source, connection, store, cancellationToken);
            var states = store.ReadTables();
            var places = scope.Plan.Tables.Where(t => t.Pushes && IsLogged(t) && scope.Captured.ContainsKey(t.Name) && states.ContainsKey(t.Name))
                .ToDictionary(t => scope.Captured[t.Name], t => states[t.Name].Position);
            var behind = await new LogPlaces(connection, scope.Terminal).BehindAsync(places, cancellationToken);
            var queue = ReadQueue(database);
            var found = new List<Checkpoint>();
            foreach (var table in scope.Plan.Tables)
            {
                var state = states.GetValueOrDefault(table.Name);
                if (table.Pulls)
                    found.Add(Pull(table, state, store, queue));
                if (table.Pushes)
                    found.Add(Push(table, state, scope.Captured.TryGetValue(table.Name, out var number) && behind.TryGetValue(number, out var rows) ? rows : default));
            }
            return found;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw CentralFailure.Translate(e, CentralFailure.Place(source.ConnectionString));
        }
    }

    internal static bool IsLogged(TablePlan table) => table.Entry.CentralCapture == CaptureMode.Trigger;

    internal static CheckpointState StateOf(TableState? state, SyncDirection direction) => state switch
    {
        null => CheckpointState.Never,
        { WaitsForBootstrap: true, IsResent: true } => CheckpointState.Comparing,
        { WaitsForBootstrap: true } => CheckpointState.WaitsForBootstrap,
        _ when direction == SyncDirection.Push && state.Load != LoadState.Done && state.PushStamp is null => CheckpointState.Loading,
        _ => CheckpointState.Following,
    };

    private static Checkpoint Pull(TablePlan table, TableState? state, TerminalStore store, Dictionary<string, (long Rows, DateTimeOffset? Oldest)> queue)
    {
        var (rows, oldest) = queue.GetValueOrDefault(table.Name);
        var standing = StateOf(state, SyncDirection.Pull);
        return new Checkpoint
        {
            Table = table.Name,
            Direction = SyncDirection.Pull,
            State = standing,
            Position = state?.PullStamp,
            Rows = rows + (standing is CheckpointState.WaitsForBootstrap or CheckpointState.Comparing ? store.CountRows(table.Name) : 0),
            Oldest = oldest,
        };
    }

    private static Checkpoint Push(TablePlan table, TableState? state, (long Rows, bool IsAll, DateTimeOffset? Oldest, bool IsMore) behind) => new()
    {
        Table = table.Name,
        Direction = SyncDirection.Push,
        State = StateOf(state, SyncDirection.Push),
        Position = state is null ? null : IsLogged(table) ? state.Position == default ? null : state.Position.ToString() : state.PushStamp,
        Rows = behind.Rows,
        IsMore = behind.IsMore || behind.IsAll,
        Oldest = behind.Oldest,
    };

    private static Dictionary<string, (long Rows, DateTimeOffset? Oldest)> ReadQueue(SqliteDatabase database)
    {
        var queue = new Dictionary<string, (long, DateTimeOffset?)>(StringComparer.OrdinalIgnoreCase);
        // What waits for a decision is not on its way.
        var row = database.Prepare("SELECT entity_type, count(*), min(created_at) FROM sync_queue WHERE status <> 'CONFLICT' GROUP BY entity_type");
        while (row.Step())
        {
            queue[row.Text(0)!] = (row.Integer(1), DateTimeOffset.TryParse(row.Text(2), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null);
        }
        return queue;
    }
}
