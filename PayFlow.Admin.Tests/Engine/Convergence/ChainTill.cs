using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Tests.Engine.Convergence;

/// <summary>One till of a case: its file, and the engine on it, which a crash replaces by a fresh one.</summary>
internal sealed class ChainTill : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly int _batchSize;
    private TerminalSync? _sync;
    private Action<string>? _step;

    public ChainTill(string id, ChainShape shape, NpgsqlDataSource source)
    {
        Id = id;
        File = new TerminalFile(shape.TerminalDdl);
        _source = source;
        _batchSize = shape.BatchSize;
    }

    public string Id { get; }

    public TerminalFile File { get; }

    public Task AttachAsync() => new Attachment(_source).AttachAsync(new AttachRequest { Path = File.Path, Terminal = Id }, CancellationToken.None);

    /// <param name="request">What to do.</param>
    /// <param name="step">Called at every step; may throw <see cref="CrashException"/>.</param>
    /// <returns>The report; null when the run crashed or gave way to a lock.</returns>
    public async Task<RunReport?> SyncAsync(SyncRequest? request = null, Action<string>? step = null)
    {
        _sync ??= new TerminalSync(File.Path, new PostgresCentral(_source), new SyncOptions
        {
            BatchSize = _batchSize,
            TransientAttempts = 2,
            TransientDelay = TimeSpan.FromMilliseconds(1),
            Retry = new RetryDelay { First = TimeSpan.Zero, Longest = TimeSpan.Zero, Attempts = 30 },
            Step = name => _step?.Invoke(name),
        });
        _step = step;
        try
        {
            return await _sync.RunAsync(request);
        }
        catch (CrashException)
        {
            await _sync.DisposeAsync();
            _sync = null;
            return null;
        }
        catch (PayFlow.Sync.Engine.SyncException e) when (e.IsTransient)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sync is not null)
            await _sync.DisposeAsync();
        File.Dispose();
    }
}
