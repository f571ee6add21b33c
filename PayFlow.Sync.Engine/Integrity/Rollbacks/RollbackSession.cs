using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Central.Runs;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>One rollback that holds the terminal's lock: central's part, then the terminal's, then its row in the log.</summary>
internal sealed class RollbackSession(NpgsqlConnection connection, RollbackRequest request, LoggedRun run, RollbackFile file, Hello hello, OpenedRun opened, TimeProvider time)
{
    private readonly RollbackTally _tally = new();
    private readonly List<string> _notes = [];
    private readonly DateTimeOffset _started = time.GetUtcNow();

    private Guid Id => hello.RunId;

    private string Terminal => hello.Terminal;

    public async Task<RollbackReport> ExecuteAsync(IReadOnlyDictionary<string, string> attributes, CancellationToken cancellationToken)
    {
        try
        {
            RequireOwnFile();
            var plan = (await CentralPlan.LoadAsync(connection, hello, attributes, isRemote: false, cancellationToken)).Plan;
            RequireKnownTables(plan);
            await CentralPartAsync(plan, cancellationToken);
            request.Step?.Invoke("rollback-central-done");
            // From here on there is no way back: what central has done is finished in the till even when nobody waits for it.
            var part = await TerminalPartAsync(plan);
            request.Step?.Invoke("rollback-terminal-done");
            var earlier = (await RollbackLog.EarlierAsync(connection, run.Id, CancellationToken.None)).LastOrDefault(id => id != Id);
            if (!request.IsDryRun)
                await RollbackLog.CloseAsync(connection, Id, Terminal, "SYNCED", _tally, LeftMessage(), part == TerminalPart.Waits ? _notes[0] : null, CancellationToken.None);
            Explain(plan);
            TakeApart(plan);
            return new RollbackReport
            {
                RunId = request.IsDryRun ? null : Id,
                Undone = run,
                Earlier = earlier == Guid.Empty ? null : earlier,
                TerminalPath = file.Store is null ? null : file.Path,
                IsDryRun = request.IsDryRun,
                Tables = [.. _tally.Tables.Where(t => t.Moved + t.AlreadyBack + t.Left > 0).OrderBy(t => t.Side).ThenBy(t => t.Table, StringComparer.Ordinal)],
                Left = _tally.Left,
                TerminalPart = part,
                Notes = _notes,
            };
        }
        catch (Exception e)
        {
            await FailAsync(e);
            throw;
        }
    }

    private async Task CentralPartAsync(SyncPlan plan, CancellationToken cancellationToken)
    {
        await using var transaction = request.IsDryRun ? null : await connection.BeginTransactionAsync(cancellationToken);
        await RollbackLog.RequireJournalAsync(connection, run.Id, cancellationToken);
        // Before the row says what it undoes, or this rollback would count among the earlier ones.
        await new CentralRollback(connection, plan, Id, Terminal).ExecuteAsync(run.Id, request.Tables, _tally, cancellationToken);
        await RollbackLog.NoteAsync(connection, Id, run.Id, cancellationToken);
        await AuditLog.WriteAsync(connection, new AuditRow
        {
            Actor = request.Actor,
            Action = "run.rollback",
            TerminalId = Terminal,
            RunId = Id,
            Detail = AuditLog.Detail(new { undoes = run.Id, tables = request.Tables, moved = _tally.Tables.Sum(t => t.Moved), left = _tally.Tables.Sum(t => t.Left) }),
        }, cancellationToken);
        request.Step?.Invoke("rollback-central-written");
        if (transaction is not null)
            await transaction.CommitAsync(cancellationToken);
    }

    private async Task<TerminalPart> TerminalPartAsync(SyncPlan plan)
    {
        var pushed = await RollbackLog.MovedAsync(connection, run.Id, "push", CancellationToken.None);
        if (file.Store is not { } store)
        {
            if (pushed == 0)
                return TerminalPart.Nothing;
            _notes.Add($"The till's part waits: {file.Trouble}. Call the rollback again where the till's file is: payflow rollback {run.Id} --sqlite FILE");
            return TerminalPart.Waits;
        }
        if (!TerminalRunJournal.Has(store.Database, run.Id))
        {
            if (pushed == 0)
                return TerminalPart.Nothing;
            _notes.Add($"The till no longer has the journal of this run, so {pushed} rows that it brought down stay there; payflow verify shows what differs.");
            return TerminalPart.Pruned;
        }
        var earlier = (await RollbackLog.EarlierAsync(connection, run.Id, CancellationToken.None)).Where(id => id != Id).ToList();
        if (request.IsDryRun)
        {
            store.Database.Preview(() => Write(store, plan, earlier));
            return TerminalPart.Done;
        }
        await AdvanceAsync(store);
        store.Database.WriteUncaptured(() =>
        {
            Write(store, plan, earlier);
            store.WriteLog(Id, hello.SyncType, "both", _tally.Tables.Sum(t => t.Moved), _started, time.GetUtcNow(), "SYNCED", LeftMessage());
            request.Step?.Invoke("rollback-terminal-written");
        });
        return TerminalPart.Done;
    }

    private void Write(TerminalStore store, SyncPlan plan, List<Guid> earlier)
    {
        var journal = new TerminalJournal(store.Database, time);
        journal.Begin(Id);
        new TerminalRollback(store.Database, plan, hello.Schema, journal).Execute(run.Id, earlier, request.Tables, _tally);
    }

    // Counted on both sides like every run that changes the file, so that a backup from before is recognised as one.
    private async Task AdvanceAsync(TerminalStore store)
    {
        var next = Math.Max(file.State!.Counter, opened.Counter) + 1;
        var nonce = Guid.NewGuid();
        store.Database.Write(() => store.AnnounceAdvance(next, nonce));
        await using var command = new NpgsqlCommand("UPDATE payflow.terminals SET counter = $3, nonce = $4 WHERE id = $1 AND counter = $2", connection)
        {
            Parameters = { new() { Value = Terminal }, new() { Value = opened.Counter }, new() { Value = next }, new() { Value = nonce } },
        };
        if (await command.ExecuteNonQueryAsync(CancellationToken.None) != 1)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {Terminal} was synced by somebody else meanwhile", "Call the rollback again.") { Terminal = Terminal };
        store.Database.Write(() => store.ConfirmAdvance(next, nonce));
    }

    private void RequireOwnFile()
    {
        if (file.State is not { } state)
            return;
        var welcome = new Welcome { CentralId = opened.CentralId, Number = opened.Number, Plan = new SyncPlan([], []), Counter = opened.Counter, Nonce = opened.Nonce, Lineage = opened.Lineage, Fingerprint = opened.Fingerprint };
        IdentityCheck.RequireSameCentral(state, welcome, file.Path!);
        var verdict = IdentityCheck.Judge(state, welcome, hello.Fingerprint);
        if (verdict == IdentityVerdict.Copied || (verdict == IdentityVerdict.Same && Fingerprint.IsElsewhere(opened.Fingerprint, hello.Fingerprint)))
            throw IdentityCheck.CopiedFile(state, welcome, file.Path!, hello.Fingerprint);
        if (verdict != IdentityVerdict.Same)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"{(verdict == IdentityVerdict.RestoredTerminal ? file.Path : "Central")} was restored from a backup, and the two have not caught up yet", "Sync the terminal first: payflow sync --sqlite FILE") { Terminal = Terminal };
    }

    private void RequireKnownTables(SyncPlan plan)
    {
        if (request.Tables?.FirstOrDefault(t => plan.Find(t) is null) is { } unknown)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no synced table {unknown}", $"Synced are: {string.Join(", ", plan.Tables.Select(t => t.Name))}.") { Table = unknown };
    }

    private void Explain(SyncPlan plan)
    {
        var central = _tally.Tables.Where(t => t is { Side: RollbackSide.Central, Moved: > 0 }).Select(t => plan.Find(t.Table)!).ToList();
        if (central.Any(t => t.Pushes))
            _notes.Add($"The tills follow at their next sync: {Names(central.Where(t => t.Pushes))}.");
        if (central.Where(t => !t.Pushes).ToList() is { Count: > 0 } upOnly)
            _notes.Add($"The till keeps its own rows of {Names(upOnly)} and does not send them again by itself; payflow verify lists them, payflow repair --from terminal sends them.");
        if (central.Where(t => t is { Pushes: true, Entry.CentralCapture: CaptureMode.Timestamp }).ToList() is { Count: > 0 } stamped)
            _notes.Add($"Central captures {Names(stamped)} by timestamp, and a row that went back carries its old one: payflow repair --from central brings it to the tills.");
    }

    // What went back in central and does not travel down by itself stays at the till as it is.
    private void TakeApart(SyncPlan plan)
    {
        foreach (var table in _tally.Tables.Where(t => t.Side == RollbackSide.Central))
        {
            if (plan.Find(table.Table) is not { } planned || !planned.Pushes || planned.Entry.CentralCapture == CaptureMode.Timestamp)
                table.Apart = table.Moved;
        }
    }

    private static string Names(IEnumerable<TablePlan> tables) => string.Join(", ", tables.Select(t => t.Name));

    private string? LeftMessage() => _tally.Tables.Sum(t => t.Left) is > 0 and var left ? $"{left} rows changed since, or cannot go back, and were left." : null;

    private async Task FailAsync(Exception e)
    {
        if (request.IsDryRun || connection.State != System.Data.ConnectionState.Open)
            return;
        try
        {
            await RollbackLog.CloseAsync(connection, Id, Terminal, e is OperationCanceledException ? "CANCELLED" : "FAILED", _tally, e.Message, (e as SyncException)?.Hint, CancellationToken.None);
        }
        catch (Exception also) when (also is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            // Central is gone, which is why it failed: that is what the caller hears. The next run closes this one's log row.
        }
    }
}
