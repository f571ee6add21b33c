using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PayFlow.Sync.Engine.Http;

/// <summary>The line to a host: one request, one answer, both compressed. Nothing is repeated here: what may be sent again is known to the session alone.</summary>
public sealed class HostLine : IDisposable
{
    /// <summary>The protocol that this program speaks (docs/protocol.md).</summary>
    public const string Protocol = "1";

    public const string ProtocolHeader = "PayFlow-Protocol";

    /// <summary>The run to which a request belongs.</summary>
    public const string RunHeader = "PayFlow-Run";

    /// <summary>The digest of a body as it is sent (RFC 9530).</summary>
    public const string DigestHeader = "Content-Digest";

    /// <summary>The algorithm of the digest, as the header names it.</summary>
    public const string DigestAlgorithm = "sha-256";

    /// <summary>The scheme of <c>Authorization: Device KEY</c>.</summary>
    public const string Scheme = "Device";

    /// <summary>What is shorter is sent as it is.</summary>
    private const int WorthCompressing = 1_024;

    /// <summary>What is longer is not sent before the host says that it takes it.</summary>
    private const int WorthAsking = 1 << 20;

    private const string EventField = "event:";

    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(5);

    /// <summary>A host sends something every 20 seconds; when two of them are missing the line is dead.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(50);

    private readonly HttpClient _client;
    private readonly Uri _host;
    private volatile AuthenticationHeaderValue? _authorization;

    /// <param name="host">The host's address.</param>
    /// <param name="key">The device key; null before the registration.</param>
    /// <param name="handler">Another way to the host, for tests; disposed with the line.</param>
    public HostLine(Uri host, string? key, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        _client = new HttpClient(handler ?? new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        })
        {
            BaseAddress = host,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.Add(ProtocolHeader, Protocol);
        if (key is not null)
            UseKey(key);
    }

    /// <summary>Large bodies are packed, both ways. Not worth it where the line is faster than the packing.</summary>
    public bool Packs { get; set; } = true;

    /// <summary>How long nothing may move before the line counts as dead: from each piece of the request to the next, from its end to the answer's beginning, and from each of its pieces to the next.</summary>
    public TimeSpan Patience { get; init; } = DefaultPatience;

    /// <summary>The clock by which a silent line counts as dead.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Shows another key from the next request on.</summary>
    public void UseKey(string key) => _authorization = new AuthenticationHeaderValue(Scheme, key);

    /// <exception cref="SyncException">The host refused, or the line failed; then it is transient.</exception>
    public Task<TAnswer> GetAsync<TAnswer>(string path, Guid? run, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), run, answer, cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    public Task<TAnswer> PostAsync<TBody, TAnswer>(string path, Guid? run, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(body, bodyType) }, run, answer, cancellationToken);

    /// <summary>The same where the answer is only that it was done.</summary>
    public async Task PostAsync<TBody>(string path, Guid? run, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken) =>
        await SendAsync<object>(new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(body, bodyType) }, run, null, cancellationToken);

    /// <summary>Listens to server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) until the host ends them.</summary>
    /// <param name="path">Where.</param>
    /// <param name="heard">Told each event that is known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SyncException">The host refused, or the line failed; then it is transient.</exception>
    public async Task ListenAsync(string path, Action<HostSignal> heard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(heard);
        using var silence = new CancellationTokenSource(Silence, Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = _authorization;
            request.Headers.Accept.ParseAdd("text/event-stream");
            // Packed, an event would wait for the next one.
            request.Headers.AcceptEncoding.ParseAdd("identity");
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
            if (!answer.IsSuccessStatusCode)
                throw await HttpFailure.OfAnswerAsync(answer, _host, ended.Token);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ended.Token));
            while (await reader.ReadLineAsync(ended.Token) is { } text)
            {
                silence.CancelAfter(Silence);
                if (text.StartsWith(EventField, StringComparison.Ordinal) && Enum.TryParse<HostSignal>(text.AsSpan(EventField.Length).Trim(), ignoreCase: true, out var signal))
                    heard(signal);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            throw HttpFailure.OfLine(e, _host);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<TAnswer> SendAsync<TAnswer>(HttpRequestMessage request, Guid? run, JsonTypeInfo<TAnswer>? type, CancellationToken cancellationToken)
    {
        using (request)
        {
            request.Headers.Authorization = _authorization;
            if (run is { } id)
                request.Headers.Add(RunHeader, id.ToString());
            // What is too long for the host, or for something before it, is refused before it is sent: while it is, the refusal would look like a line that broke.
            if (request.Content?.Headers.ContentLength >= WorthAsking)
                request.Headers.ExpectContinue = true;
            if (!Packs)
                request.Headers.Add("Accept-Encoding", "identity");
            using var stall = new CancellationTokenSource(Patience, Time);
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
            if (request.Content is PiecedContent pieces)
                pieces.Sent = () => stall.CancelAfter(Patience);
            try
            {
                using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, giveUp.Token);
                if (!answer.IsSuccessStatusCode)
                    throw await HttpFailure.OfAnswerAsync(answer, _host, giveUp.Token);
                if (type is null)
                    return default!;
                await using var body = new StallGuard(await answer.Content.ReadAsStreamAsync(giveUp.Token), stall, Patience);
                return await JsonSerializer.DeserializeAsync(body, type, giveUp.Token) ?? throw new JsonException("It is empty.");
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is HttpRequestException or IOException or InvalidDataException or OperationCanceledException or JsonException)
            {
                throw HttpFailure.OfLine(e, _host);
            }
        }
    }

    private PiecedContent Content<TBody>(TBody body, JsonTypeInfo<TBody> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        var isCompressed = Packs && bytes.Length >= WorthCompressing;
        if (isCompressed)
            bytes = Compress(bytes);
        var content = new PiecedContent(bytes);
        content.Headers.Add(DigestHeader, $"{DigestAlgorithm}=:{Convert.ToBase64String(SHA256.HashData(bytes))}:");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (isCompressed)
            content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
