using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Jobs.Work;

/// <summary>Terminals that this host has synced, kept open between their runs, so that a run with nothing to do costs next to nothing.</summary>
internal sealed class TerminalSyncPool(NpgsqlDataSource central, SyncSettings settings, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Each holds an open file.</summary>
    private const int Most = 200;

    /// <summary>A job is tried again by itself: what does not pass at once is its next attempt's.</summary>
    private const int TransientAttempts = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Path, TerminalSync Sync)> _idle = new(StringComparer.Ordinal);

    /// <summary>The open one, or a new one; nobody else gets it until it is given back.</summary>
    public TerminalSync Take(string terminal, string path)
    {
        lock (_gate)
        {
            if (_idle.TryGetValue(terminal, out var known) && known.Path == path)
            {
                _idle.Remove(terminal);
                return known.Sync;
            }
        }
        return new TerminalSync(path, new PostgresCentral(central, settings.Options.Journal), settings.Options with { TransientAttempts = TransientAttempts }, time);
    }

    public async Task GiveBackAsync(string terminal, string path, TerminalSync sync)
    {
        TerminalSync? surplus = null;
        lock (_gate)
        {
            if (_idle.Remove(terminal, out var other))
                surplus = other.Sync;
            else if (_idle.Count >= Most && _idle.Remove(_idle.Keys.First(), out var oldest))
                surplus = oldest.Sync;
            _idle[terminal] = (path, sync);
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
