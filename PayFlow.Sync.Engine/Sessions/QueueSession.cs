using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Journal;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Work by hand on a terminal's queue while central is at hand: it holds the terminal's lock, so that no run is under way, knows the plan, and writes everything into the audit.
/// It is a run of its own in the log.
/// </summary>
public sealed class QueueSession : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly ICentral _central;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _started;
    private readonly Guid _run;
    private readonly string _terminal;
    private readonly List<TableProgress> _done = [];

    private QueueSession(SqliteDatabase database, ICentral central, Welcome welcome, TerminalTools tools, Hello hello, TimeProvider time)
    {
        _database = database;
        _central = central;
        _time = time;
        _started = time.GetUtcNow();
        _run = hello.RunId;
        _terminal = hello.Terminal;
        Plan = welcome.Plan;
        Tools = tools;
    }

    internal SyncPlan Plan { get; }

    internal TerminalTools Tools { get; }

    internal SqliteDatabase Database => _database;

    internal ICentral Central => _central;

    /// <summary>Up to where the change log counts as read, when that was moved.</summary>
    internal LogPosition? Position { get; set; }

    internal string Now => TerminalStore.Instant(_time.GetUtcNow());

    /// <summary>Opens the file and takes the terminal's lock.</summary>
    /// <param name="path">The terminal's file.</param>
    /// <param name="central">Central for this terminal; disposed with the session.</param>
    /// <param name="what">Why, for the log: <c>edit</c>, <c>requeue</c>, <c>discard</c> or <c>reread</c>.</param>
    /// <param name="time">The clock for the log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SyncException">A run is under way, the file is locked or no terminal of this central, or central cannot be reached.</exception>
    public static async Task<QueueSession> OpenAsync(string path, ICentral central, string what, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(central);
        var clock = time ?? TimeProvider.System;
        SqliteDatabase? database = null;
        Hello? hello = null;
        try
        {
            database = SqliteDatabase.Open(path);
            var store = new TerminalStore(database);
            var state = store.ReadState();
            JournalTable.Ensure(database);
            var introduced = new Hello { Terminal = state.TerminalId, RunId = Guid.NewGuid(), SyncType = what, Direction = SyncDirection.Push, Schema = store.ReadSchema(), SchemaVersion = store.SchemaVersion(), Fingerprint = Fingerprint.Of(path) };
            var welcome = await central.OpenAsync(introduced, cancellationToken);
            hello = introduced;
            RequireOwnFile(store, state, welcome, path);
            var tools = new TerminalTools(database, welcome.Plan, new SyncOptions(), clock);
            tools.Journal.Begin(introduced.RunId);
            return new QueueSession(database, central, welcome, tools, introduced, clock);
        }
        catch (Exception e)
        {
            if (hello is not null)
                await central.CloseAsync(new RunReport { RunId = hello.RunId, Terminal = hello.Terminal, Status = RunStatus.Failed, StartedAt = clock.GetUtcNow(), CompletedAt = clock.GetUtcNow(), Error = e.Message }, CancellationToken.None);
            database?.Dispose();
            await central.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes into the audit what is about to be done.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="action">What: <c>queue.requeue</c>.</param>
    /// <param name="row">The row; null for many.</param>
    /// <param name="detail">What else is worth knowing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task AuditAsync(string actor, string action, (string Table, string? Key)? row, object detail, CancellationToken cancellationToken = default) =>
        _central.AuditAsync(new ManualAction(actor, action, row?.Table, row?.Key, System.Text.Json.JsonSerializer.Serialize(detail, CellJson.Options)), cancellationToken);

    /// <exception cref="SyncException">The table is not synced.</exception>
    internal TablePlan Table(string name) => Plan.Find(name)
        ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no synced table {name}", $"Synced are: {string.Join(", ", Plan.Tables.Select(t => t.Name))}.") { Terminal = _terminal, Table = name };

    /// <summary>Counts a row that was written into the terminal.</summary>
    internal void Count(TablePlan table, Terminals.Apply.ApplyOutcome outcome)
    {
        if (_done.FirstOrDefault(d => d.Table == table.Name) is not { } progress)
            _done.Add(progress = new TableProgress(table.Name, SyncDirection.Push));
        progress.Add(outcome);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            var store = new TerminalStore(_database);
            var queue = store.CountQueue();
            var waiting = store.ReadTables().Values.Where(t => t.WaitsForBootstrap && Plan.Find(t.Name) is not null).Sum(t => store.CountRows(t.Name));
            await _central.CloseAsync(new RunReport
            {
                RunId = _run,
                Terminal = _terminal,
                Status = RunStatus.Synced,
                StartedAt = _started,
                CompletedAt = _time.GetUtcNow(),
                Tables = _done,
                Queue = queue,
                DeadLetters = queue.GetValueOrDefault("FAILED") > 0 ? store.ReadDeadLetters() : [],
                WaitingForBootstrap = waiting,
                Position = Position,
            }, CancellationToken.None);
        }
        finally
        {
            _database.Dispose();
            await _central.DisposeAsync();
        }
    }

    private static void RequireOwnFile(TerminalStore store, TerminalIdentity state, Welcome welcome, string path)
    {
        IdentityCheck.RequireSameCentral(state, welcome, path);
        var fingerprint = Fingerprint.Of(path);
        if (IdentityCheck.Judge(state, welcome, fingerprint) == IdentityVerdict.Copied)
            throw IdentityCheck.CopiedFile(state, welcome, path, fingerprint);
        if (!store.TriggersFit(welcome.Plan))
            throw new SyncException(SyncErrorCode.SchemaMismatch, $"{path} does not capture what the table map says by now", $"Sync the till once: payflow sync --sqlite {path}") { Terminal = state.TerminalId };
    }
}
