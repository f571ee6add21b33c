using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Makes a SQLite file a terminal of a central, and undoes it.</summary>
public sealed class Attachment(NpgsqlDataSource source, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly TerminalRegistry _registry = new(source);

    /// <summary>Registers the terminal and installs the capture, in one transaction of the file. Done again it brings the triggers up to date.</summary>
    /// <exception cref="SyncException">The file or the id belongs to another terminal, or the map does not fit.</exception>
    public async Task<AttachReport> AttachAsync(AttachRequest request, CancellationToken cancellationToken)
    {
        using var database = SqliteDatabase.Open(request.Path);
        var store = new TerminalStore(database);
        var state = store.IsAttached ? store.ReadState() : null;
        var isSame = state is not null && !request.AsNew && state.TerminalId == request.Terminal;
        RequireOwnFile(request, state);
        await RequireFreeIdAsync(request, isSame, cancellationToken);
        await using var central = new PostgresCentral(source);
        await _registry.RegisterAsync(request.Terminal, request.Name, request.Attributes, Path.GetFullPath(request.Path), cancellationToken);
        if (!isSame)
            await TerminalReset.ExecuteAsync(source, request.Terminal, cancellationToken);
        try
        {
            return await InstallAsync(central, store, request, isSame ? state : null, cancellationToken);
        }
        catch when (!isSame)
        {
            // Nothing was changed in the file: the registration goes, too.
            await _registry.SetStateAsync(request.Terminal, Central.Metadata.TerminalState.Detached, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Removes the capture and PayFlow's tables from the file, and takes the terminal out of service in central. Rows stay as they are.</summary>
    /// <exception cref="SyncException">The queue still holds what was never sent, and <paramref name="force"/> is not given.</exception>
    public async Task<string> DetachAsync(string path, bool force, CancellationToken cancellationToken)
    {
        using var database = SqliteDatabase.Open(path);
        var store = new TerminalStore(database);
        var state = store.ReadState();
        var waiting = store.CountQueue().Values.Sum();
        if (waiting > 0 && !force)
            throw new SyncException(SyncErrorCode.Busy, $"{path} still holds {waiting} changes that central does not have", "Sync first; or detach with --force: the rows stay in the file, but nobody will know that they were never sent.") { Terminal = state.TerminalId };
        await _registry.SetStateAsync(state.TerminalId, Central.Metadata.TerminalState.Detached, cancellationToken);
        database.Write(() =>
        {
            store.EnsureTriggers(new SyncPlan([], []));
            BookkeepingTables.Drop(database);
        });
        return state.TerminalId;
    }

    private static void RequireOwnFile(AttachRequest request, TerminalIdentity? state)
    {
        if (state is not null && !request.AsNew && state.TerminalId != request.Terminal)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"{request.Path} is attached as terminal {state.TerminalId} already",
                "Use that id; detach the file first; or, if the file is a copy for another till, attach it with --as-new.")
            { Terminal = state.TerminalId };
        if (state is not null && request.AsNew && state.TerminalId == request.Terminal)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"A copy needs an id of its own, and {request.Terminal} is the id of the file it was copied from", "Give another --terminal.") { Terminal = request.Terminal };
    }

    private async Task RequireFreeIdAsync(AttachRequest request, bool isSame, CancellationToken cancellationToken)
    {
        if (isSame || await _registry.FindAsync(request.Terminal, cancellationToken) is not { State: Central.Metadata.TerminalState.Active } other)
            return;
        throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {request.Terminal} is registered for another file ({other.FilePath ?? "a remote terminal"})", "Give this file another --terminal, or detach the other one first.") { Terminal = request.Terminal };
    }

    private async Task<AttachReport> InstallAsync(PostgresCentral central, TerminalStore store, AttachRequest request, TerminalIdentity? state, CancellationToken cancellationToken)
    {
        var started = _time.GetUtcNow();
        var hello = new Hello
        {
            Terminal = request.Terminal,
            RunId = Guid.NewGuid(),
            SyncType = "attach",
            Schema = store.ReadSchema(),
            SchemaVersion = store.SchemaVersion(),
            Fingerprint = Fingerprint.Of(request.Path),
        };
        var welcome = await central.OpenAsync(hello, cancellationToken);
        try
        {
            return await InstallAsync(central, store, request, state, hello, welcome, started, cancellationToken);
        }
        catch (Exception e)
        {
            await FailAsync(central, hello, started, e);
            throw;
        }
    }

    private async Task<AttachReport> InstallAsync(PostgresCentral central, TerminalStore store, AttachRequest request, TerminalIdentity? state, Hello hello, Welcome welcome, DateTimeOffset started, CancellationToken cancellationToken)
    {
        if (state is not null)
            IdentityCheck.RequireSameCentral(state, welcome, request.Path);
        if (!welcome.Plan.Tables.Any(t => t.Pulls || t.Pushes))
            throw new SyncException(SyncErrorCode.SchemaMismatch, $"{request.Path} and central have no table that can be synced", string.Join(" ", welcome.Plan.Warnings.Append("Create the missing tables with payflow provision, or give a table map with --map.")));
        var position = await central.PositionAsync(cancellationToken);
        var number = (await _registry.FindAsync(request.Terminal, cancellationToken))!.Number;
        store.Database.Write(() => Install(store, request, welcome, position, number, isNew: state is null));
        var tables = store.ReadTables();
        var waiting = tables.Values.Where(t => t.WaitsForBootstrap && welcome.Plan.Find(t.Name) is not null).ToDictionary(t => t.Name, t => store.CountRows(t.Name));
        await central.CloseAsync(new RunReport
        {
            RunId = hello.RunId,
            Terminal = request.Terminal,
            Status = RunStatus.Synced,
            StartedAt = started,
            CompletedAt = _time.GetUtcNow(),
            Queue = store.CountQueue(),
            WaitingForBootstrap = waiting.Values.Sum(),
        }, cancellationToken);
        return new AttachReport(request.Terminal, [.. welcome.Plan.Tables.Where(t => t.Entry.Enabled).Select(t => t.Name)], waiting, welcome.Plan.Warnings, state is not null);
    }

    // Or the log would show it as running until the terminal's next run.
    private async Task FailAsync(PostgresCentral central, Hello hello, DateTimeOffset started, Exception e)
    {
        try
        {
            await central.CloseAsync(
                new RunReport { RunId = hello.RunId, Terminal = hello.Terminal, Status = RunStatus.Failed, StartedAt = started, CompletedAt = _time.GetUtcNow(), Error = e.Message, Hint = (e as SyncException)?.Hint },
                CancellationToken.None);
        }
        catch (SyncException)
        {
            // Central is gone, which is why it failed: that is what the caller hears.
        }
    }

    private void Install(TerminalStore store, AttachRequest request, Welcome welcome, LogPosition position, int number, bool isNew)
    {
        var database = store.Database;
        BookkeepingTables.Create(database);
        if (request.AsNew && isNew)
            RemoveUnsentRows(database, welcome.Plan);
        if (isNew)
        {
            database.Execute("DELETE FROM sync_queue; DELETE FROM payflow_state; DELETE FROM payflow_tables; DELETE FROM payflow_aside; DELETE FROM payflow_echo; DELETE FROM payflow_journal");
            database.Prepare("INSERT INTO payflow_state (id, terminal_id, central_id, lineage, attached_at) VALUES (1, ?, ?, ?, ?)")
                .Bind(1, request.Terminal).Bind(2, welcome.CentralId.ToString()).Bind(3, welcome.Lineage.ToString()).Bind(4, TerminalStore.Instant(_time.GetUtcNow())).Run();
        }
        store.EnsureTriggers(welcome.Plan);
        var known = store.ReadTables();
        foreach (var table in welcome.Plan.Tables.Where(t => (t.Pulls || t.Pushes) && !known.ContainsKey(t.Name)))
            store.WriteTable(TableStates.New(table, store, position));
        foreach (var table in welcome.Plan.Tables.Where(t => t.Entry.KeyBlock is not null))
            store.BeginKeyBlock(table.Name, table.Entry.KeyBlock!.Value * number);
        // Rows that come down are found by server_id.
        foreach (var table in welcome.Plan.Tables.Where(t => t.KeyMode == KeyMode.Linked && !t.Terminal.Indexes.Any(i => i.IsPlain && i.Columns[0] == t.ServerIdColumn)))
            database.Execute($"CREATE INDEX IF NOT EXISTS {SqliteName.Quote($"payflow_{table.Name}_server_id")} ON {SqliteName.Quote(table.Name)} ({SqliteName.Quote(table.ServerIdColumn!)})");
    }

    // Sales that the copied file had not sent are the other till's to send, from where they come down here as well. With keys of their own nothing
    // would tell the two apart, and each would be booked twice.
    private static void RemoveUnsentRows(SqliteDatabase database, SyncPlan plan)
    {
        if (!BookkeepingTables.Exist(database))
            return;
        database.Execute("PRAGMA defer_foreign_keys = ON; UPDATE payflow_state SET applying = 1");
        foreach (var table in plan.Tables.Where(t => t.KeyMode == KeyMode.Linked))
        {
            database.Prepare($"""
                DELETE FROM {SqliteName.Quote(table.Name)} AS t
                WHERE EXISTS (SELECT 1 FROM sync_queue q WHERE q.entity_type = ?1 AND q.base IS NULL AND q.entity_id = {KeySql.Text(table, "t")})
                """).Bind(1, table.Name).Run();
        }
    }
}
