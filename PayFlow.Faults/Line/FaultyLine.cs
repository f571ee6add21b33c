using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PayFlow.Faults.Line;

/// <summary>
/// The line between the tills and their host: everything that goes through is read here and sent on, request by request, each to the host over a connection of its own. What a fault does to a request stands in <see cref="Disturb"/>.
/// </summary>
internal sealed class FaultyLine : IAsyncDisposable
{
    private const int MostRemembered = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Task, bool> _open = [];
    private readonly ConcurrentQueue<string> _surprises = [];
    private readonly ConcurrentQueue<HttpMessage> _passed = [];
    private readonly Task _accepting;

    public FaultyLine()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where tills believe their host to be.</summary>
    public Uri Address { get; }

    /// <summary>Where the host is at the moment; null while there is none.</summary>
    public Uri? Host { get; set; }

    /// <summary>What happens to each request; null: it passes.</summary>
    public Func<LineExchange, Task>? Disturb { get; set; }

    /// <summary>Statuses that this seed's fault brings about.</summary>
    public HashSet<int> Expected { get; } = [];

    /// <summary>What the host answered that no fault explains.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    /// <summary>The last requests, oldest first.</summary>
    public IReadOnlyList<HttpMessage> Passed => [.. _passed];

    /// <summary>Forgets what an earlier seed left.</summary>
    public void Reset()
    {
        Disturb = null;
        Expected.Clear();
        _surprises.Clear();
        _passed.Clear();
    }

    /// <summary>Sends a request to the host and reads its answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isHarmed">It is not as the till made it, so that the host may well refuse it.</param>
    /// <exception cref="IOException">There is no host, or it closed the connection.</exception>
    public async Task<HttpMessage> SendAsync(HttpMessage request, bool isHarmed = false)
    {
        using var host = await ConnectAsync();
        Remember(request);
        await host.GetStream().WriteAsync(request.Bytes);
        var answer = await HttpMessage.ReadAsync(new LineReader(host.GetStream()), isAnswer: true).WaitAsync(Patience) ?? throw new IOException("The host closed the connection.");
        Judge(request, answer, isHarmed);
        return answer;
    }

    /// <summary>Sends the first bytes of a request, and closes.</summary>
    public async Task SendPartAsync(HttpMessage request, int bytes, bool isRude)
    {
        using var host = await ConnectAsync();
        await host.GetStream().WriteAsync(request.Bytes.AsMemory(0, bytes));
        if (isRude)
            host.LingerState = new LingerOption(enable: true, seconds: 0);
        else
            await SeeOffAsync(host);
    }

    /// <summary>Waits until nothing is under way.</summary>
    public async Task DrainAsync()
    {
        Disturb = null;
        foreach (var exchange in _open.Keys)
            await exchange.WaitAsync(Patience);
    }

    /// <summary>Something that goes on for itself, and is waited for in the end.</summary>
    public void Track(Func<Task> work) => Add(GuardAsync(work));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var host = new TcpClient { NoDelay = true };
        try
        {
            var address = Host ?? throw new IOException("There is no host.");
            await host.ConnectAsync(address.Host, address.Port);
            return host;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            host.Dispose();
            throw new IOException("The host cannot be reached.", e);
        }
    }

    // So that the host reads what was sent before it sees the end.
    private static async Task SeeOffAsync(TcpClient host)
    {
        host.Client.Shutdown(SocketShutdown.Send);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await host.GetStream().ReadAtLeastAsync(new byte[1024], 1, throwOnEndOfStream: false, limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It has seen it.
        }
    }

    private void Remember(HttpMessage request)
    {
        _passed.Enqueue(request);
        while (_passed.Count > MostRemembered)
            _passed.TryDequeue(out _);
    }

    // 409 is a run that is over, 503 a central that does not answer: both are part of the protocol. Everything else that is no answer has to be somebody's fault.
    private void Judge(HttpMessage request, HttpMessage answer, bool isHarmed)
    {
        if (answer.Status is 200 or 204 or 409 or 503 || Expected.Contains(answer.Status) || isHarmed && answer.Status is >= 400 and < 500)
            return;
        _surprises.Enqueue($"{request.Name} was answered {answer.Status}: {System.Text.Encoding.UTF8.GetString(answer.Content)}");
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient till;
            try
            {
                till = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = ServeAsync(till);
        }
    }

    private async Task ServeAsync(TcpClient till)
    {
        using (till)
        {
            till.NoDelay = true;
            var reader = new LineReader(till.GetStream());
            try
            {
                while (await HttpMessage.ReadAsync(reader, isAnswer: false) is { } request)
                {
                    var exchange = new LineExchange(this, request, till);
                    var work = (Disturb ?? (e => e.PassAsync()))(exchange);
                    Add(work);
                    await work;
                    if (exchange.IsCut)
                        return;
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // One of both ends has gone; the other one notices.
            }
        }
    }

    private void Add(Task work)
    {
        _open[work] = true;
        _ = work.ContinueWith(done => _open.TryRemove(done, out _), TaskScheduler.Default);
    }

    private static async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The host had gone.
        }
    }
}
