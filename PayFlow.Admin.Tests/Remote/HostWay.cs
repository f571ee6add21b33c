using PayFlow.Admin.Tests.Fixtures;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>The way from tills to the host that serves at the moment, over real connections; a test may cut it, or look at what passes.</summary>
internal sealed class HostWay
{
    /// <summary>Where requests go; another host takes the place of one that was stopped.</summary>
    public required ConsoleHost Host { get; set; }

    /// <summary>Nothing gets through.</summary>
    public bool IsCut { get; set; }

    /// <summary>Called before a request is sent; may throw, as a line does.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Called when the host has answered; what it throws is what the till sees instead of the answer.</summary>
    public Func<string, Task>? After { get; set; }

    /// <summary>Sends each request to this path twice, and gives the second answer.</summary>
    public string? Doubled { get; set; }

    /// <summary>How many bytes of an answer a second get through; all at once when null.</summary>
    public int? Width { get; set; }

    /// <summary>How long a request may be as it is sent, as a proxy has it that knows nothing of what passes.</summary>
    public long? MostBytes { get; set; }

    /// <summary>A handler of its own for each line, which disposes of it.</summary>
    public HttpMessageHandler Handler() => new Passage(this);

    private sealed class Passage(HostWay way) : DelegatingHandler(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.All })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (way.IsCut)
                throw new HttpRequestException("The line is cut.");
            if (request.Content?.Headers.ContentLength > way.MostBytes)
                return new HttpResponseMessage(System.Net.HttpStatusCode.RequestEntityTooLarge);
            await (way.Before?.Invoke(path) ?? Task.CompletedTask);
            request.RequestUri = new UriBuilder(request.RequestUri) { Host = way.Host.Address.Host, Port = way.Host.Address.Port }.Uri;
            if (path == way.Doubled)
                (await base.SendAsync(await CopyAsync(request, cancellationToken), cancellationToken)).Dispose();
            var answer = await base.SendAsync(request, cancellationToken);
            await (way.After?.Invoke(path) ?? Task.CompletedTask);
            if (way.Width is { } width)
                answer.Content = await ThinStream.WrapAsync(answer.Content, width, cancellationToken);
            return answer;
        }

        private static async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var copy = new HttpRequestMessage(request.Method, request.RequestUri);
            foreach (var header in request.Headers)
                copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
            if (request.Content is null)
                return copy;
            copy.Content = new ByteArrayContent(await request.Content.ReadAsByteArrayAsync(cancellationToken));
            foreach (var header in request.Content.Headers)
                copy.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            return copy;
        }
    }
}
