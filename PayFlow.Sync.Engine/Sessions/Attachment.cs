using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
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
        FileInstallation.RequireOwnFile(request, state);
        await RequireFreeIdAsync(request, isSame, cancellationToken);
        var isKnown = await _registry.FindAsync(request.Terminal, cancellationToken) is not null;
        await using var central = new PostgresCentral(source);
        await _registry.RegisterAsync(request.Terminal, request.Name, request.Attributes, Path.GetFullPath(request.Path), cancellationToken);
        if (!isSame)
            await TerminalReset.ExecuteAsync(source, request.Terminal, cancellationToken);
        try
        {
            return await new FileInstallation(central, store, request, _time).RunAsync(isSame ? state : null, cancellationToken);
        }
        catch when (!isSame)
        {
            // Nothing was changed in the file: the registration goes, too; the log keeps the run that failed.
            if (isKnown)
                await _registry.SetStateAsync(request.Terminal, Central.Metadata.TerminalState.Detached, CancellationToken.None);
            else
                await _registry.RemoveAsync(request.Terminal, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Removes the capture and PayFlow's tables from the file, and takes the terminal out of service in central: not for a copy of its file, with whose own the terminal goes on. Rows stay as they are.</summary>
    /// <exception cref="SyncException">The queue still holds what was never sent, and <paramref name="force"/> is not given.</exception>
    public async Task<DetachReport> DetachAsync(string path, bool force, CancellationToken cancellationToken)
    {
        using var database = SqliteDatabase.Open(path);
        var store = new TerminalStore(database);
        var state = store.ReadState();
        var waiting = store.CountQueue().Values.Sum();
        if (waiting > 0 && !force)
            throw new SyncException(SyncErrorCode.Busy, $"{path} still holds {waiting} changes that central does not have", "Sync first; or detach with --force: the rows stay in the file, but nobody will know that they were never sent.") { Terminal = state.TerminalId };
        var isCopy = await _registry.FindAsync(state.TerminalId, cancellationToken) is { } known && IsCopy(known, state, Fingerprint.Of(path));
        if (!isCopy)
            await _registry.SetStateAsync(state.TerminalId, Central.Metadata.TerminalState.Detached, cancellationToken);
        database.Write(() =>
        {
            store.EnsureTriggers(new SyncPlan([], []));
            BookkeepingTables.Drop(database);
        });
        return new DetachReport(state.TerminalId, isCopy);
    }

    // Of another history; or the terminal's own file is still where it was; or that is a till elsewhere, whose file is not where this one is.
    private static bool IsCopy(TerminalRecord known, TerminalIdentity state, string fingerprint) =>
        known.Lineage != state.Lineage || Fingerprint.IsElsewhere(known.Fingerprint, fingerprint) || (known is { FilePath: null, Fingerprint: { } place } && place != fingerprint);

    private async Task RequireFreeIdAsync(AttachRequest request, bool isSame, CancellationToken cancellationToken)
    {
        if (isSame || await _registry.FindAsync(request.Terminal, cancellationToken) is not { State: Central.Metadata.TerminalState.Active } other)
            return;
        throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {request.Terminal} is registered for another file ({other.FilePath ?? "a remote terminal"})", "Give this file another --terminal, or detach the other one first.") { Terminal = request.Terminal };
    }
}
