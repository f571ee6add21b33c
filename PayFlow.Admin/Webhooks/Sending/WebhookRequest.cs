using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Webhooks.Sending;

/// <summary>Sends one delivery and says what came of it. Nothing that a receiver does makes it throw.</summary>
internal sealed class WebhookRequest(HttpMessageInvoker line, WebhookSecrets secrets, WebhookSettings settings, TimeProvider time)
{
    /// <summary>Of an answer's body, in bytes; the rest is not read.</summary>
    public const int BodyLimit = 16 * 1024;

    private const int HeaderLimit = 1_000;
    private const int Headers = 50;

    public async Task<DeliveryAttempt> SendAsync(ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var started = time.GetTimestamp();
        var made = new DeliveryAttempt { At = at, Duration = TimeSpan.Zero };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(settings.Timeout);
            using var request = Make(delivery, at);
            made = made with { RequestHeaders = Read(request.Headers, request.Content!.Headers) };
            try
            {
                using var answer = await line.SendAsync(request, limit.Token);
                // Before its body, which may never end: what came is kept.
                made = ReadHead(made, answer);
                var (body, isCut) = await ReadBodyAsync(answer.Content, limit.Token);
                made = Judge(made with { ResponseBody = body, IsCut = isCut }, answer);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"No complete answer within {settings.Timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s", e);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or TimeoutException or SyncException or FormatException or InvalidOperationException)
        {
            var (error, hint) = Explain(e);
            made = made with { Error = error, Hint = hint };
        }
        return made with { Duration = time.GetElapsedTime(started), Error = Plain(made.Error), Hint = Plain(made.Hint) };
    }

    private HttpRequestMessage Make(ClaimedDelivery delivery, DateTimeOffset at)
    {
        // Looked at once more: the setting may have been withdrawn since somebody typed it.
        if (WebhookAddress.Fault(delivery.Url, settings) is { } fault)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"The address is not allowed: {fault}", "Change the webhook's address, or allow it on the hosts.");
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.ParseAdd("PayFlow-Webhooks/1");
        request.Headers.Add("webhook-id", delivery.EventId);
        request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSecret.Sign(delivery.Secrets.Select(secrets.Unprotect), delivery.EventId, at, delivery.Body));
        return request;
    }

    private static DeliveryAttempt ReadHead(DeliveryAttempt made, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        return made with { Status = status, ResponseHeaders = Read(answer.Headers, answer.Content.Headers), RetryAfter = status is 429 or 503 ? Pause(answer.Headers.RetryAfter, made.At) : null };
    }

    private static TimeSpan? Pause(RetryConditionHeaderValue? asked, DateTimeOffset at) => asked?.Delta ?? asked?.Date - at;

    private static DeliveryAttempt Judge(DeliveryAttempt made, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode)
            return made;
        return status is >= 300 and < 400
            ? made with { Error = $"The receiver answered {status}, a redirect, which is not followed", Hint = answer.Headers.Location is { } to ? $"Change the address if that is where it should go: {to}" : "Change the address to the one that answers." }
            : made with { Error = $"The receiver answered {status}{(string.IsNullOrWhiteSpace(answer.ReasonPhrase) ? null : $" {answer.ReasonPhrase}")}", Hint = HintOf(status) };
    }

    private static string? HintOf(int status) => status switch
    {
        401 or 403 => "The receiver refuses the request: does it check the signature with the secret of this webhook?",
        404 => "There is nothing at this address.",
        405 => "The address takes no POST.",
        410 => "It wants no more: the webhook is switched off.",
        >= 500 => "The receiver failed; its log may say why.",
        _ => null,
    };

    private static async Task<(string Body, bool IsCut)> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BodyLimit + 1];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        // PostgreSQL keeps no NUL.
        return (Encoding.UTF8.GetString(buffer, 0, Math.Min(read, BodyLimit)).Replace('\0', '\uFFFD'), read > BodyLimit);
    }

    private static Dictionary<string, string> Read(params ReadOnlySpan<HttpHeaders> all)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var some in all)
        {
            foreach (var (name, values) in some.NonValidated)
            {
                if (headers.Count < Headers)
                    headers[name] = IsSecret(name) ? "(not kept)" : Short(string.Join(", ", values));
            }
        }
        return headers;
    }

    private static bool IsSecret(string name) => name.Equals("set-cookie", StringComparison.OrdinalIgnoreCase) || name.Equals("authorization", StringComparison.OrdinalIgnoreCase);

    // Never half of a character, which central would not take.
    private static string Short(string text) =>
        (text.Length <= HeaderLimit ? text : text[..(char.IsHighSurrogate(text[HeaderLimit - 1]) ? HeaderLimit - 1 : HeaderLimit)] + "…").Replace('\0', '\uFFFD');

    private static (string Error, string? Hint) Explain(Exception e) => e switch
    {
        SyncException known => (known.Message, known.Hint),
        TimeoutException => (e.Message, "The receiver should answer at once and work afterwards."),
        RefusedAddressException => (e.Message, $"If it is meant to be reached, name its network in {WebhookSettings.NetworksVariable} on every host."),
        HttpRequestException { InnerException: RefusedAddressException refused } => Explain(refused),
        HttpRequestException { InnerException: AuthenticationException tls } => ($"No encrypted connection: {tls.Message}", "Its certificate must be valid for the name in the address."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } } => ("The name in the address is not known", "Check the address, and the name service of the host."),
        HttpRequestException { InnerException: SocketException socket } => ($"No connection: {socket.Message}", "Is the receiver running, and may the host reach it?"),
        _ => (e.Message, null),
    };

    // Much of it may be the receiver's own words, and it goes into the host's log.
    private static string? Plain(string? text) => text is null ? null : string.Concat(Short(text.ReplaceLineEndings(" ")).Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
