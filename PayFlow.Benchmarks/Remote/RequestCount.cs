using System.Net;

namespace PayFlow.Benchmarks.Remote;

/// <summary>Counts the requests of many agents.</summary>
internal sealed class RequestCount
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>A way to the host for one agent, which disposes of it.</summary>
    public HttpMessageHandler Handler() => new Counting(this);

    private sealed class Counting(RequestCount requests) : DelegatingHandler(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests._count);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
