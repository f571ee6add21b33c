using Microsoft.AspNetCore.Http.Features;
using PayFlow.Admin.Live;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote.Events;

/// <summary><c>GET /api/sync/events</c>: server-sent events for one till (docs/protocol.md). Holds a connection of the till's and nothing else: no lock, no connection to PostgreSQL.</summary>
internal static class EventEndpoint
{
    /// <summary>How often something is sent on a quiet line, so that both ends notice when it is gone.</summary>
    public static TimeSpan KeepAlive { get; } = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly (HostSignal Signal, string Text)[] Texts =
    [
        (HostSignal.Decision, "event: decision\ndata: {}\n\n"),
        (HostSignal.Changed, "event: changed\ndata: {}\n\n"),
    ];

    public static async Task RunAsync(HttpContext context, ListeningTills tills, TillWatch watch, LiveFeed feed, IHostApplicationLifetime lifetime)
    {
        using var stream = tills.Enter(Device.Of(context.User));
        feed.Publish(LiveTopic.Terminals);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, stream.Ended);
        try
        {
            await WatchedAsync(watch, stream.Device, over.Token);
            await SendAsync(context.Response, stream, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The till has gone or listens elsewhere, its key was revoked, or the host stops: it comes back by itself.
        }
        finally
        {
            tills.Leave(stream);
            feed.Publish(LiveTopic.Terminals);
        }
    }

    private static async Task WatchedAsync(TillWatch watch, Device device, CancellationToken cancellationToken)
    {
        try
        {
            await watch.WatchingAsync(Patience, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new SyncException(SyncErrorCode.CentralUnavailable, "Central does not answer, and changes there cannot be told", "It is asked again by itself.", e) { Terminal = device.Terminal, IsTransient = true };
        }
    }

    private static async Task SendAsync(HttpResponse response, TillStream stream, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // For nginx, which would collect what is sent: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await WriteAsync(response, "retry: 2000\nevent: ready\ndata: {}\n\n", cancellationToken);
        while (true)
        {
            var signal = await stream.NextAsync(KeepAlive, cancellationToken);
            var text = string.Concat(Texts.Where(t => signal.HasFlag(t.Signal)).Select(t => t.Text));
            await WriteAsync(response, text.Length > 0 ? text : ": still here\n\n", cancellationToken);
        }
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
