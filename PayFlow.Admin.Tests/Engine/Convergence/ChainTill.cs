using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Faults.Chain;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Tests.Engine.Convergence;

/// <summary>One till of a case: its file, and the engine on it in this very process, which a crash replaces by a fresh one.</summary>
internal sealed class ChainTill : IChainTill
{
    private readonly NpgsqlDataSource _source;
    private readonly int _batchSize;
    private readonly TerminalFile _file;
    private TerminalSync? _sync;
    private Action<string>? _step;

    public ChainTill(string id, ChainShape shape, NpgsqlDataSource source)
    {
        Id = id;
        _file = new TerminalFile(shape.TerminalDdl);
        File = new TillFile(_file.Path);
        _source = source;
        _batchSize = shape.BatchSize;
    }

    public string Id { get; }

    public TillFile File { get; }

    public string? Trouble { get; private set; }

    public Task AttachAsync() => new Attachment(_source).AttachAsync(
        new AttachRequest { Path = File.Path, Terminal = Id, Attributes = new Dictionary<string, string> { ["store"] = ChainWorld.StoreOf(this) } }, CancellationToken.None);

    public async Task<ChainRun?> SyncAsync(SyncRequest request, Action<string>? step = null)
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
            return ChainRun.Of(await _sync.RunAsync(request));
        }
        catch (CrashException)
        {
            await _sync.DisposeAsync();
            _sync = null;
            return null;
        }
        catch (PayFlow.Sync.Engine.SyncException e) when (e.IsTransient)
        {
            Trouble = e.Message;
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sync is not null)
            await _sync.DisposeAsync();
        _file.Dispose();
    }
}
