using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Views.Tables;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Checkpoints;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>What administrators do to a terminal as a whole: attach, rename, give attributes, detach. Every one of these is written to the audit.</summary>
internal sealed class TerminalDesk(NpgsqlDataSource central)
{
    private const string Update = """
        UPDATE payflow.terminals SET name = $2, attributes = $3 WHERE id = $1 AND name IS NOT DISTINCT FROM $4 AND attributes = $5
        """;

    /// <summary>Makes a file a terminal.</summary>
    /// <exception cref="SyncException">The file cannot be used, the id is taken, or the map does not fit; the file is as it was then.</exception>
    public async Task<AttachReport> AttachAsync(AttachForm form, string actor, CancellationToken cancellationToken = default)
    {
        var path = form.Path.Trim();
        var id = form.Id.Trim() is { Length: > 0 } typed ? typed : TerminalInspection.FindTerminal(path) ?? Path.GetFileNameWithoutExtension(path);
        var attributes = AttributeText.Parse(form.Attributes);
        var name = form.Name.Trim() is { Length: > 0 } given ? given : null;
        var report = await Task.Run(() => new Attachment(central).AttachAsync(new AttachRequest { Path = path, Terminal = id, Name = name, Attributes = attributes, AsNew = form.IsCopy }, cancellationToken), cancellationToken);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await AuditLog.WriteAsync(connection, new AuditRow
        {
            Actor = actor,
            Action = "terminal.attach",
            TerminalId = report.Terminal,
            Detail = AuditLog.Detail(new { before = (object?)null, after = new { file = path, name, attributes }, copy = form.IsCopy, tables = report.Tables, waiting = report.WaitingForBootstrap }),
        }, cancellationToken);
        return report;
    }

    /// <summary>What other attributes would mean for the terminal's tables; of a till elsewhere only whether its next run would be refused.</summary>
    /// <exception cref="SyncException">The terminal's file cannot be looked into, and nothing that central knows speaks against the attributes.</exception>
    public async Task<MapEffect> PreviewAsync(TerminalRecord terminal, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellationToken = default)
    {
        if (terminal.FilePath is null)
        {
            var map = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map;
            if (AttributeCheck.Problems(FilterAttributes.Missing(map, attributes, isElsewhere: true)) is { Length: > 0 } problems)
                return new MapEffect { Terminal = terminal.Id, Problems = problems };
        }
        return await Task.Run(() => new MapPreview(TerminalFilePath.Require(terminal), central).ReadAsync(null, attributes, cancellationToken), cancellationToken);
    }

    /// <summary>Changes name and attributes.</summary>
    /// <exception cref="SyncException">Somebody else has changed them meanwhile.</exception>
    public async Task EditAsync(TerminalEdit edit, string actor, string? reason, CancellationToken cancellationToken = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var update = new NpgsqlCommand(Update, connection)
        {
            Parameters = { new() { Value = edit.Before.Id }, Text(edit.Name), Json(edit.Attributes), Text(edit.Before.Name), Json(edit.Before.Attributes) },
        })
        {
            if (await update.ExecuteNonQueryAsync(cancellationToken) == 0)
                throw new SyncException(SyncErrorCode.Busy, $"Terminal {edit.Before.Id} was changed by somebody else meanwhile", "What you typed is still here: compare it with what stands there now, and save again.") { Terminal = edit.Before.Id };
        }
        await AuditLog.WriteAsync(connection, new AuditRow
        {
            Actor = actor,
            Action = "terminal.edit",
            TerminalId = edit.Before.Id,
            Detail = AuditLog.Detail(new { reason, before = new { name = edit.Before.Name, attributes = edit.Before.Attributes }, after = new { name = edit.Name, attributes = edit.Attributes } }),
        }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Takes a terminal out of service: the capture is removed from its file where this host can reach it; its rows stay.</summary>
    /// <param name="terminal">Which.</param>
    /// <param name="isFileLost">The file cannot be reached any more: only central forgets it.</param>
    /// <param name="actor">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends it before anything is done.</param>
    public async Task DetachAsync(TerminalRecord terminal, bool isFileLost, string actor, string reason, CancellationToken cancellationToken = default)
    {
        var path = isFileLost ? null : TerminalFilePath.Require(terminal);
        if (path is not null && TerminalInspection.FindTerminal(path) is { } found && found != terminal.Id)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"{path} is {found}'s file by now, not {terminal.Id}'s", "Detach it without its file.") { Terminal = terminal.Id };
        await using (var connection = await central.OpenConnectionAsync(cancellationToken))
        {
            await AuditLog.WriteAsync(connection, new AuditRow
            {
                Actor = actor,
                Action = "terminal.detach",
                TerminalId = terminal.Id,
                Detail = AuditLog.Detail(new { reason, before = "active", after = "detached", file = path, unsent = terminal.Queue }),
            }, cancellationToken);
        }
        // Whoever says here that the terminal ends means the terminal, whatever its file has become.
        if (path is null || (await Task.Run(() => new Attachment(central).DetachAsync(path, force: true, cancellationToken), cancellationToken)).IsCopy)
            await ForgetAsync(terminal, actor, reason, cancellationToken);
    }

    // A till elsewhere would go on with its key.
    private async Task ForgetAsync(TerminalRecord terminal, string actor, string reason, CancellationToken cancellationToken)
    {
        await using (var connection = await central.OpenConnectionAsync(cancellationToken))
            await DeviceDesk.RevokeAsync(connection, terminal.Id, actor, reason, cancellationToken);
        await new TerminalRegistry(central).SetStateAsync(terminal.Id, TerminalState.Detached, cancellationToken);
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Json(IReadOnlyDictionary<string, string> attributes) => new() { Value = JsonSerializer.Serialize(attributes), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
