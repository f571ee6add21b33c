using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace PayFlow.Admin.Webhooks.Sending;

/// <summary>Makes the client that sends: it checks the address that it connects to, whatever the name said before, and follows nothing.</summary>
internal static class WebhookLine
{
    private const int HeaderKilobytes = 32;

    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);

    public static HttpMessageInvoker Create(WebhookSettings settings) => new(new SocketsHttpHandler
    {
        // A proxy would connect in our place, to whatever it likes.
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = HeaderKilobytes,
        PooledConnectionLifetime = ConnectionLife,
        ConnectTimeout = settings.Timeout,
        // A receiver's certificate may name an address where its issuer's is to be had: nothing is fetched from there.
        SslOptions = { CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck } },
        // Traces of the host are nobody's business outside.
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, settings, cancellationToken),
    });

    /// <summary>The name is looked up here, and what is connected to is what was checked: a name that answers differently the next time changes nothing.</summary>
    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint place, WebhookSettings settings, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(place.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(place.Host, cancellationToken);
        var allowed = found.Where(a => PublicAddress.IsAllowed(a, settings.Networks)).ToArray();
        if (allowed.Length == 0)
            throw new RefusedAddressException($"{place.Host} is {string.Join(", ", found.Select(a => a.ToString()).Take(3))}, which is not a public address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, place.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
