using PayFlow.Benchmarks.Data;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Benchmarks.Remote;

/// <summary>A till elsewhere with its agent, which sells now and then.</summary>
internal sealed class FleetTill : IAsyncDisposable
{
    private readonly TillFile _file;
    private readonly SaleInsert _insert;
    private readonly TerminalAgent _agent;
    private readonly Random _random;
    private CancellationTokenSource? _life;
    private Task _running = Task.CompletedTask;
    private SyncException? _failure;

    private FleetTill(string id, string path, DeviceCredentials device, AgentOptions options, RequestCount requests, int seed)
    {
        Id = id;
        _file = TillFile.Open(path);
        _insert = new SaleInsert(_file);
        _agent = new TerminalAgent(path, device, options, null, requests.Handler());
        _agent.Failed += (failure, _) => _failure ??= failure;
        _random = new Random(seed);
    }

    public string Id { get; }

    /// <summary>The first thing that went wrong.</summary>
    public Exception? Trouble => _running.Exception?.GetBaseException() ?? _failure;

    /// <summary>Registers a new file and brings it in step.</summary>
    public static async Task<FleetTill> CreateAsync(HostProcess host, string path, string id, AgentOptions options, RequestCount requests, int seed)
    {
        TillFile.Create(path).Dispose();
        var till = new FleetTill(id, path, await host.RegisterAsync(path, id), options, requests, seed);
        await till._agent.RunOnceAsync(CancellationToken.None);
        return till;
    }

    /// <summary>Lets the agent run, and sells, on average once in <paramref name="every"/>; not at all when null.</summary>
    public void Start(TimeSpan? every)
    {
        _life = new CancellationTokenSource();
        var agent = Task.Run(() => UntilStoppedAsync(_agent.RunAsync(_life.Token)));
        _running = every is { } pause ? Task.WhenAll(agent, Task.Run(() => UntilStoppedAsync(SellAsync(pause, _life.Token)))) : agent;
    }

    /// <summary>Ends selling and syncing.</summary>
    public async Task StopAsync()
    {
        if (_life is null)
            return;
        await _life.CancelAsync();
        await _running;
        _life.Dispose();
        _life = null;
    }

    /// <summary>Books many sales while the agent does not run.</summary>
    public void Stock(int rows) => _file.Insert(SaleRows.Make(rows, seed: 7));

    /// <summary>Entries that wait.</summary>
    public long Waiting => _file.Scalar("SELECT count(*) FROM sync_queue");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _agent.DisposeAsync();
        _insert.Dispose();
        _file.Dispose();
    }

    private async Task SellAsync(TimeSpan every, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(-Math.Log(1 - _random.NextDouble()) * every, cancellationToken);
            var now = TimeProvider.System.GetUtcNow();
            _insert.Run(new SaleRow(Guid.NewGuid().ToString(), "Espresso", 2.4m, 1, true, now.UtcDateTime, Id, now.ToUnixTimeMilliseconds()));
        }
    }

    private static async Task UntilStoppedAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }
    }
}
