using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>A receiver that answers byte for byte what no web server would; encrypted if it has a certificate.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Task _work;
    private int _connections;

    public RawReceiver(string answer, X509Certificate2? certificate = null)
    {
        (_answer, _certificate) = (answer, certificate);
        _listener.Start();
        _work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often somebody has come.</summary>
    public int Connections => _connections;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
                await AnswerAsync(client);
            }
        }
        // The second between two callers: nobody waits in the listener then.
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            await using Stream stream = _certificate is null ? client.GetStream() : new SslStream(client.GetStream());
            // Offline: it is not this side that looks for the issuer.
            if (stream is SslStream encrypted)
                await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(_certificate!, null, offline: true) });
            await stream.ReadAtLeastAsync(new byte[65_536], 1);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer));
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Whoever came did not like the certificate.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _work;
    }
}
