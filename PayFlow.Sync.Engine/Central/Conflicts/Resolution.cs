using System.Globalization;
using Npgsql;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>One decision, one transaction. The decided row is merged like an uploaded one whose before-image is central's row as it was looked at.</summary>
internal sealed class Resolution(NpgsqlConnection connection, ConflictTable table, ConflictChoice choice, string actor, string? reason, bool isRemote)
{
    private const string Logged = """
        WITH run AS (
          INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, started_at, completed_at, status, records_count, host)
          VALUES ($1, $2, 'resolve', 'pull', now(), clock_timestamp(), 'SYNCED', $3 + $4 + $5, $6) RETURNING id)
        INSERT INTO payflow.sync_log_tables (run_id, table_name, direction, rows_read, inserted, updated, deleted, unchanged)
        SELECT id, $7, 'pull', 1, $3, $4, $5, 1 - ($3 + $4 + $5) FROM run
        """;

    private readonly Guid _run = Guid.NewGuid();

    /// <summary>Central's row is locked before the conflict's, in the order in which an upload takes them.</summary>
    public async Task<ResolutionOutcome> ExecuteAsync(ConflictDetail seen, int? expectedVersion, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // No origin: whoever reads the log gets the row, the conflict's own terminal included, should its open entry be gone with a restored file.
        await ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE", [], cancellationToken);
        var central = await table.ReadAsync(connection, seen, isLocked: true, cancellationToken);
        var conflict = await ConflictStore.ReadAsync(connection, seen.Id, isLocked: true, cancellationToken);
        // A unique conflict is about two central rows: the one that has the value, and the terminal's own, if it ever got there.
        var own = conflict.Kind != ConflictKind.Unique ? central : conflict.Key is { } key ? await table.ReadAsync(connection, key, isLocked: true, cancellationToken) : null;
        // Before a word is said of what central has.
        if (isRemote && !await ConflictSight.IsFreeAsync(connection, table, conflict, cancellationToken))
            throw ConflictSight.Refuse(conflict);
        var rules = new ConflictRules(table, conflict, own);
        if (conflict.State == ConflictState.Resolved)
            return Already(conflict, rules);
        if (conflict.Version != (expectedVersion ?? seen.Version))
            throw expectedVersion > conflict.Version ? NeverWas(conflict, expectedVersion.Value) : MovedAtTerminal(conflict, expectedVersion ?? seen.Version);
        if (CentralMove.Find(table, conflict, central) is { } move)
        {
            await ConflictStore.RefreshAsync(connection, conflict.Id, central is null ? null : ConflictImage.Of(table.Plan, central), move.Kind, move.Fields, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw move.ToException(conflict);
        }
        var decided = rules.Decide(choice);
        var (result, serverKey) = await ApplyAsync(conflict, central, own, decided, cancellationToken);
        var outcome = await CloseAsync(conflict, rules.Word(choice), result, serverKey, decided, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    private async Task<(SectionResult? Result, string? ServerKey)> ApplyAsync(ConflictDetail conflict, CellValue[]? central, CellValue[]? own, CellValue[]? decided, CancellationToken cancellationToken)
    {
        var links = new ResolutionLinks(connection, table.Plan, conflict);
        if (conflict.Kind == ConflictKind.Unique && own is null && decided is null)
        {
            if (central is not null && !await table.IsVisibleAsync(connection, conflict.OtherKey!, cancellationToken))
                throw ConflictSight.RefuseForeign(conflict);
            return (null, await links.TakeOtherAsync(central is not null, cancellationToken));
        }
        // Central's row stands, and what the terminal deleted there comes down to it as another row of its own.
        var isSame = decided is null ? own is null : own is not null && decided.AsSpan().SequenceEqual(own);
        if (isSame || decided is null || conflict.TerminalRow is null)
            await links.DropAsync(cancellationToken);
        if (isSame)
            return (null, null);
        await TypedValues.CheckAsync(connection, table.Plan, conflict, choice, cancellationToken);
        var change = new RowChange
        {
            Key = conflict.LocalKey ?? conflict.Key!,
            ServerKey = table.Plan.KeyMode == KeyMode.Linked ? conflict.Key : null,
            Values = decided,
            Base = own,
        };
        return await MergeAsync(conflict, change, cancellationToken);
    }

    private async Task<(SectionResult Result, string? ServerKey)> MergeAsync(ConflictDetail conflict, RowChange change, CancellationToken cancellationToken)
    {
        var plan = table.Terminal;
        var batch = new ChangeBatch { Id = Guid.NewGuid(), RunId = _run, Sections = [new TableSection { Table = table.Plan.Name, Columns = table.Names, Rows = [change] }] };
        var context = new MergeContext(connection, conflict.Terminal, batch, plan.Captured, plan.Plan.Tables.Where(t => t.Pulls).ToDictionary(t => t.Central.Name, t => t.Name, StringComparer.Ordinal));
        var result = await table.Merge().MergeAsync(context, batch.Sections[0], cancellationToken);
        var outcome = result.Outcomes.FirstOrDefault(o => o.Key == change.Key);
        switch (outcome?.Status)
        {
            case RowStatus.Failed or RowStatus.Skipped:
                throw Refused(conflict, outcome.Reason!, "Give the field another value, or take the other side.");
            case RowStatus.Waits:
                throw Refused(conflict, $"it refers to {outcome.Reason}, which central does not have", "Sync the terminal until that row is there, or give the field another value.");
            case RowStatus.Conflict:
                throw new SyncException(SyncErrorCode.Moved, $"Conflict {conflict.Id} ({conflict.Row}) was not decided: central's row changes at this very moment", $"Look again: payflow conflicts show {conflict.Id}") { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.Key };
            default:
                return (result, outcome?.ServerKey);
        }
    }

    private async Task<ResolutionOutcome> CloseAsync(ConflictDetail conflict, string word, SectionResult? result, string? serverKey, CellValue[]? decided, CancellationToken cancellationToken)
    {
        var key = conflict.Key ?? serverKey ?? (table.Plan.KeyMode == KeyMode.Shared ? conflict.LocalKey : null);
        // As central holds it now: scale, defaults and triggers have had their say.
        var row = decided is null || key is null ? null : await table.ReadAsync(connection, key, isLocked: false, cancellationToken);
        var values = row is null ? null : ConflictImage.Of(table.Plan, row);
        await ConflictStore.CloseAsync(connection, conflict, word, values, key, actor, reason, cancellationToken);
        await ExecuteAsync(Logged, [_run, conflict.Terminal, (long)(result?.Inserted ?? 0), (long)(result?.Updated ?? 0), (long)(result?.Deleted ?? 0), Environment.MachineName, table.Plan.Name], cancellationToken);
        await AuditLog.WriteAsync(connection, new AuditRow
        {
            Actor = actor,
            Action = "conflict.resolve",
            TerminalId = conflict.Terminal,
            TableName = conflict.Table,
            Key = key ?? conflict.LocalKey,
            RunId = _run,
            Detail = AuditLog.Detail(new { conflict = conflict.Id, version = conflict.Version, kind = conflict.Kind, resolution = word, reason, fields = conflict.Fields }),
        }, cancellationToken);
        return Outcome(conflict, word) with { RunId = _run, Values = values, Note = Note(conflict, decided) };
    }

    private string? Note(ConflictDetail conflict, CellValue[]? decided) => (conflict.Kind, decided, table.Plan.KeyMode) switch
    {
        (ConflictKind.Unique, null, KeyMode.Linked) => $"Terminal {conflict.Terminal} takes central's row {conflict.OtherKey} for its own at its next sync.",
        (ConflictKind.Unique, null, _) => $"At its next sync the row {conflict.LocalKey} goes from terminal {conflict.Terminal}, unless other rows there refer to it; central's row {conflict.OtherKey} takes its place.",
        _ => $"Terminal {conflict.Terminal} takes it over at its next sync.",
    };

    private ResolutionOutcome Outcome(ConflictDetail conflict, string word) => new()
    {
        Id = conflict.Id,
        Terminal = conflict.Terminal,
        Row = conflict.Row,
        Resolution = word,
        By = conflict.ResolvedBy ?? actor,
        At = conflict.ResolvedAt ?? TimeProvider.System.GetUtcNow(),
    };

    private ResolutionOutcome Already(ConflictDetail conflict, ConflictRules rules)
    {
        if (conflict.Resolution is { } resolution && rules.Repeats(choice, resolution))
            return Outcome(conflict, resolution) with { WasResolved = true, Values = conflict.Resolved };
        var why = conflict.Reason is { Length: > 0 } given ? $" ({given})" : string.Empty;
        throw new SyncException(SyncErrorCode.Moved,
            $"Conflict {conflict.Id} ({conflict.Row}) was decided already, on {conflict.ResolvedAt?.ToString("u", CultureInfo.InvariantCulture)} by {conflict.ResolvedBy}: {conflict.Resolution}{why}",
            "To change the row now, change it in central or at a till.")
        { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.Key };
    }

    private static SyncException NeverWas(ConflictDetail conflict, int expected) =>
        new(SyncErrorCode.Moved,
            $"Conflict {conflict.Id} ({conflict.Row}) was not decided: it never had a version {expected}; it is at version {conflict.Version}",
            $"Look at it, then decide by the version that it says: payflow conflicts show {conflict.Id}")
        { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.Key };

    private static SyncException MovedAtTerminal(ConflictDetail conflict, int expected)
    {
        var row = conflict.TerminalRow;
        var now = row is null ? "it has deleted the row" : "it has " + string.Join(", ", conflict.Fields.Where(row.ContainsKey).Select(f => $"{f} {ConflictImage.Words(row[f])}"));
        return new SyncException(SyncErrorCode.Moved,
            $"Conflict {conflict.Id} ({conflict.Row}) was not decided: it is at version {conflict.Version} now, not {expected}; terminal {conflict.Terminal} or central changed the row again, and of the terminal {now}",
            $"Look again, then decide: payflow conflicts show {conflict.Id}")
        { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.Key };
    }

    private static SyncException Refused(ConflictDetail conflict, string why, string hint) =>
        new(SyncErrorCode.ValueRefused, $"Conflict {conflict.Id} ({conflict.Row}) was not decided: {why}", hint) { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.Key };

    private async Task ExecuteAsync(string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
