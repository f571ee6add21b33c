using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>The file's part of attaching, whichever way central is reached: bookkeeping tables and capture, in one transaction of the file. The terminal is registered in central already.</summary>
internal sealed class FileInstallation(ICentral central, TerminalStore store, AttachRequest request, TimeProvider time)
{
    /// <exception cref="SyncException">The file is another terminal's.</exception>
    public static void RequireOwnFile(AttachRequest request, TerminalIdentity? state)
    {
        if (state is not null && !request.AsNew && state.TerminalId != request.Terminal)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"{request.Path} is attached as terminal {state.TerminalId} already",
                "Use that id; detach the file first; or, if the file is a copy for another till, attach it with --as-new.")
            { Terminal = state.TerminalId };
        if (state is not null && request.AsNew && state.TerminalId == request.Terminal)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"A copy needs an id of its own, and {request.Terminal} is the id of the file it was copied from", "Give another --terminal.") { Terminal = request.Terminal };
    }

    /// <summary>Opens a run of its own, installs, and closes it.</summary>
    /// <param name="state">What the file remembers when it is attached under this id already; null for a file that is new to it.</param>
    /// <param name="cancellationToken">Ends it before the file is changed.</param>
    /// <exception cref="SyncException">The file belongs to another central or registration, or the two have no table in common.</exception>
    public async Task<AttachReport> RunAsync(TerminalIdentity? state, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
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
            return await InstallAsync(state, hello, welcome, started, cancellationToken);
        }
        catch (Exception e)
        {
            await FailAsync(hello, started, e);
            throw;
        }
    }

    private async Task<AttachReport> InstallAsync(TerminalIdentity? state, Hello hello, Welcome welcome, DateTimeOffset started, CancellationToken cancellationToken)
    {
        if (state is not null)
            IdentityCheck.RequireSameCentral(state, welcome, request.Path);
        else if (welcome.Counter > 0)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {request.Terminal} has synced from another file, and {request.Path} knows nothing of it",
                "Put the terminal's own file back; or, if this one is to take its place, register it with a new code: payflow terminals code --terminal ID")
            { Terminal = request.Terminal };
        if (!welcome.Plan.Tables.Any(t => t.Pulls || t.Pushes))
            throw new SyncException(SyncErrorCode.SchemaMismatch, $"{request.Path} and central have no table that can be synced", string.Join(" ", welcome.Plan.Warnings.Append("Create the missing tables with payflow provision, or give a table map with --map.")));
        var position = await central.PositionAsync(cancellationToken);
        store.Database.Write(() => Install(welcome, position, isNew: state is null));
        var tables = store.ReadTables();
        var waiting = tables.Values.Where(t => t.WaitsForBootstrap && welcome.Plan.Find(t.Name) is not null).ToDictionary(t => t.Name, t => store.CountRows(t.Name));
        await central.CloseAsync(new RunReport
        {
            RunId = hello.RunId,
            Terminal = request.Terminal,
            Status = RunStatus.Synced,
            StartedAt = started,
            CompletedAt = time.GetUtcNow(),
            Queue = store.CountQueue(),
            WaitingForBootstrap = waiting.Values.Sum(),
        }, cancellationToken);
        return new AttachReport(request.Terminal, [.. welcome.Plan.Tables.Where(t => t.Entry.Enabled).Select(t => t.Name)], waiting, welcome.Plan.Warnings, state is not null);
    }

    // Or the log would show it as running until the terminal's next run.
    private async Task FailAsync(Hello hello, DateTimeOffset started, Exception e)
    {
        try
        {
            await central.CloseAsync(
                new RunReport { RunId = hello.RunId, Terminal = hello.Terminal, Status = RunStatus.Failed, StartedAt = started, CompletedAt = time.GetUtcNow(), Error = e.Message, Hint = (e as SyncException)?.Hint },
                CancellationToken.None);
        }
        catch (SyncException)
        {
            // Central is gone, which is why it failed: that is what the caller hears.
        }
    }

    private void Install(Welcome welcome, LogPosition position, bool isNew)
    {
        var database = store.Database;
        BookkeepingTables.Create(database);
        if (request.AsNew && isNew)
            RemoveUnsentRows(database, welcome.Plan);
        if (isNew)
        {
            database.Execute("DELETE FROM sync_queue; DELETE FROM payflow_state; DELETE FROM payflow_tables; DELETE FROM payflow_aside; DELETE FROM payflow_echo; DELETE FROM payflow_journal");
            database.Prepare("INSERT INTO payflow_state (id, terminal_id, central_id, lineage, attached_at) VALUES (1, ?, ?, ?, ?)")
                .Bind(1, request.Terminal).Bind(2, welcome.CentralId.ToString()).Bind(3, welcome.Lineage.ToString()).Bind(4, TerminalStore.Instant(time.GetUtcNow())).Run();
        }
        store.EnsureTriggers(welcome.Plan);
        var known = store.ReadTables();
        foreach (var table in welcome.Plan.Tables.Where(t => (t.Pulls || t.Pushes) && !known.ContainsKey(t.Name)))
            store.WriteTable(TableStates.New(table, store, position));
        foreach (var table in welcome.Plan.Tables.Where(t => t.Entry.KeyBlock is not null))
            store.BeginKeyBlock(table.Name, table.Entry.KeyBlock!.Value * welcome.Number);
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
