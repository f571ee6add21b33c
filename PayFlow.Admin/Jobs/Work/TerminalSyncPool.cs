using Npgsql;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Jobs.Work;

/// <summary>Terminals that this host has synced, kept open between their runs, so that a run with nothing to do costs next to nothing.</summary>
internal sealed class TerminalSyncPool(NpgsqlDataSource central, StoredSettings settings, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Each holds an open file.</summary>
    private const int Most = 200;

    /// <summary>A job is tried again by itself: what does not pass at once is its next attempt's.</summary>
    private const int TransientAttempts = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Path, SyncOptions Options, TerminalSync Sync)> _idle = new(StringComparer.Ordinal);

    /// <summary>The open one, or a new one where the file or the settings have changed; nobody else gets it until it is given back.</summary>
    public async Task<(TerminalSync Sync, SyncOptions Options)> TakeAsync(string terminal, string path, CancellationToken cancellationToken)
    {
        var options = await settings.OptionsAsync(cancellationToken);
        TerminalSync? outdated = null;
        lock (_gate)
        {
            if (_idle.Remove(terminal, out var known))
            {
                if (known.Path == path && known.Options == options)
                    return (known.Sync, options);
                outdated = known.Sync;
            }
        }
        if (outdated is not null)
            await outdated.DisposeAsync();
        return (new TerminalSync(path, new PostgresCentral(central, options.Journal), options with { TransientAttempts = TransientAttempts }, time), options);
    }

    public async Task GiveBackAsync(string terminal, string path, SyncOptions options, TerminalSync sync)
    {
        TerminalSync? surplus = null;
        lock (_gate)
        {
            if (_idle.Remove(terminal, out var other))
                surplus = other.Sync;
            else if (_idle.Count >= Most && _idle.Remove(_idle.Keys.First(), out var oldest))
                surplus = oldest.Sync;
            _idle[terminal] = (path, options, sync);
        }
        if (surplus is not null)
            await surplus.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        List<TerminalSync> all;
        lock (_gate)
        {
            all = [.. _idle.Values.Select(v => v.Sync)];
            _idle.Clear();
        }
        foreach (var sync in all)
            await sync.DisposeAsync();
    }
}
