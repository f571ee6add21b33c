using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>A line to the test's PostgreSQL that can be cut and mended, as a network does it: what is open ends, and nobody gets through until it is mended.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Socket> _open = [];
    private readonly (string Host, int Port) _server;
    private readonly Task _accepting;
    private volatile bool _isCut;

    public Line(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        _server = (builder.Host!, builder.Port);
        _listener.Start();
        (builder.Host, builder.Port) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        ConnectionString = builder.ConnectionString;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Central by this line.</summary>
    public string ConnectionString { get; }

    public void Cut()
    {
        _isCut = true;
        lock (_open)
        {
            _open.ForEach(s => s.Dispose());
            _open.Clear();
        }
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_ended.Token);
                if (_isCut)
                    client.Dispose();
                else
                    _ = RelayAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, _ended.Token);
            lock (_open)
                _open.AddRange([client, server]);
            if (_isCut)
                Cut();
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut: both ends hear it by their own connection.
        }
        client.Dispose();
        server.Dispose();
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var target = new NetworkStream(to);
            await source.CopyToAsync(target);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The same.
        }
    }
}
